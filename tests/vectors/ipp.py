"""Vectors of drivers.document.ipp: the example of RFC 8010 A.1, every kind of value, broken messages."""

from drivers.document import attributes, ipp

PRINT_JOB = (
    b"\x01\x01\x00\x02\x00\x00\x00\x01\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
    b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
    b"\x42\x00\x08job-name\x00\x06foobar"
    b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01"
    b"\x02"
    b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
    b"\x44\x00\x05sides\x00\x13two-sided-long-edge"
    b"\x03%!PDF"
)
MEDIA_COL = (
    b"\x34\x00\x09media-col\x00\x00"
    b"\x4a\x00\x00\x00\x0bmedia-color\x44\x00\x00\x00\x04blue"
    b"\x4a\x00\x00\x00\x0amedia-size\x34\x00\x00\x00\x00"
    b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x52\x08"
    b"\x4a\x00\x00\x00\x0by-dimension\x21\x00\x00\x00\x04\x00\x00\x74\x04"
    b"\x37\x00\x00\x00\x00"
    b"\x37\x00\x00\x00\x00"
)
VALUES = (
    (attributes.INTEGER, -2),
    (attributes.ENUM, 9),
    (attributes.BOOLEAN, False),
    (attributes.OCTETS, b"\x00\xff"),
    (attributes.DATE_TIME, (2026, 11, 23, 22, 58, 47, 0, "+", 9, 0)),
    (attributes.RESOLUTION, (600, 600, 3)),
    (attributes.RANGE, (1, 999)),
    (attributes.TEXT_LANGUAGE, ("ja", "用紙がありません")),
    (attributes.TEXT, "紙"),
    (attributes.MIME_TYPE, "application/pdf"),
    (attributes.UNKNOWN, None),
    (0x7F, b"\x00\x00\x01\x00new"),
)


def header(attributes: bytes) -> bytes:
    return b"\x02\x00\x00\x00\x00\x00\x00\x01\x04" + attributes + b"\x03"


def refused(body: bytes) -> bool:
    try:
        ipp.decode(body)
    except attributes.IppError:
        return True
    return False


def check_the_example_of_the_rfc_is_read() -> None:
    message = ipp.decode(PRINT_JOB)
    assert (message.version, message.code, message.request) == ((1, 1), 0x0002, 1)
    operation, job = message.group(attributes.OPERATION_GROUP), message.group(attributes.JOB_GROUP)
    assert operation.text("job-name") == "foobar"
    assert operation.boolean("ipp-attribute-fidelity", False) is True
    assert job.integer("copies") == 20
    assert job.texts("sides") == ["two-sided-long-edge"]
    assert message.data == b"%!PDF"


def check_the_example_of_the_rfc_is_written() -> None:
    assert ipp.encode(ipp.decode(PRINT_JOB)) == PRINT_JOB


def check_collections_nest() -> None:
    message = ipp.decode(header(MEDIA_COL))
    found = message.group(attributes.PRINTER_GROUP).get("media-col")
    assert found is not None
    media = found.values[0].data
    assert isinstance(media, attributes.Group)
    assert media.text("media-color") == "blue"
    size = media.get("media-size")
    assert size is not None
    dimensions = size.values[0].data
    assert isinstance(dimensions, attributes.Group)
    assert (dimensions.integer("x-dimension"), dimensions.integer("y-dimension")) == (21000, 29700)
    assert ipp.encode(message) == header(MEDIA_COL)


def check_every_kind_of_value_comes_back() -> None:
    written = [attributes.attribute("value-{}".format(tag), tag, data) for tag, data in VALUES]
    message = attributes.message(0, 7, groups=[attributes.Group(attributes.PRINTER_GROUP, written)])
    assert ipp.decode(ipp.encode(message)) == message


def check_several_values_keep_their_order() -> None:
    written = [
        attributes.attribute("sides-supported", attributes.KEYWORD, "one-sided", "two-sided-long-edge")
    ]
    message = attributes.message(0, 7, groups=[attributes.Group(attributes.PRINTER_GROUP, written)])
    group = ipp.decode(ipp.encode(message)).group(attributes.PRINTER_GROUP)
    assert group.texts("sides-supported") == ["one-sided", "two-sided-long-edge"]


def check_of_a_duplicate_attribute_the_first_counts() -> None:
    twice = b"\x44\x00\x01a\x00\x03one" + b"\x44\x00\x01a\x00\x03two"
    assert ipp.decode(header(twice)).group(attributes.PRINTER_GROUP).texts("a") == ["one"]


def check_text_that_is_not_utf_8_does_not_lose_the_reply() -> None:
    group = ipp.decode(header(b"\x41\x00\x01a\x00\x02\xe9!")).group(attributes.PRINTER_GROUP)
    assert group.text("a") == "\u00e9!"


def check_an_absent_attribute_reads_as_its_default() -> None:
    group = ipp.decode(header(b"")).group(attributes.PRINTER_GROUP)
    assert (group.text("a", "x"), group.integer("a", 5), group.boolean("a", True)) == ("x", 5, True)
    assert ipp.decode(header(b"")).group(attributes.JOB_GROUP) == attributes.Group(attributes.JOB_GROUP, [])


def check_every_truncation_is_refused() -> None:
    body = header(MEDIA_COL)
    assert not refused(body)
    for size in range(len(body)):
        assert refused(body[:size]), size


def check_broken_structure_is_refused() -> None:
    assert refused(b"\x02\x00\x00\x00\x00\x00\x00\x01\x44\x00\x01a\x00\x01b\x03"), "no group"
    assert refused(header(b"\x44\x00\x00\x00\x01b")), "a further value of nothing"
    assert refused(header(b"\x21\x00\x01a\x00\x02\x00\x01")), "an integer of two octets"
    assert refused(header(b"\x37\x00\x01a\x00\x00")), "the end of no collection"
    assert refused(header(b"\x34\x00\x01a\x00\x00" * 2 + b"\x37\x00\x00\x00\x00")), "a value without a name"


def check_collections_do_not_nest_for_ever() -> None:
    member = b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00"
    assert refused(header(b"\x34\x00\x01a\x00\x00" + member * 2000))


def check_a_value_that_does_not_fit_is_not_written() -> None:
    wrong = (
        (attributes.RANGE, (1,)),
        (attributes.COLLECTION, 3),
        (attributes.TEXT, "x" * 40000),
    )
    for tag, data in wrong:
        message = attributes.message(0, 1, [attributes.attribute("a", tag, data)])
        try:
            ipp.encode(message)
        except attributes.IppError:
            continue
        raise AssertionError((tag, data))

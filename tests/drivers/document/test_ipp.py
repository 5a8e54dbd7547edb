"""The codec: whatever can be written is read back the same, whatever comes in ends quickly."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from drivers.document import attributes as a
from drivers.document.ipp import decode, encode

int32 = st.integers(-(2**31), 2**31 - 1)
octet = st.integers(0, 255)
text = st.text(st.characters(codec="utf-8"), max_size=40)
name = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)

simple = st.one_of(
    st.builds(a.Value, st.sampled_from((a.INTEGER, a.ENUM)), int32),
    st.builds(a.Value, st.just(a.BOOLEAN), st.booleans()),
    st.builds(a.Value, st.sampled_from((a.OCTETS, 0x7F, 0x50)), st.binary(max_size=40)),
    st.builds(a.Value, st.sampled_from(a.STRINGS), text),
    st.builds(a.Value, st.sampled_from((a.UNSUPPORTED, a.UNKNOWN, a.NO_VALUE)), st.none()),
    st.builds(a.Value, st.just(a.RANGE), st.tuples(int32, int32)),
    st.builds(a.Value, st.just(a.RESOLUTION), st.tuples(int32, int32, st.sampled_from((3, 4)))),
    st.builds(a.Value, st.sampled_from((a.TEXT_LANGUAGE, a.NAME_LANGUAGE)), st.tuples(text, text)),
    st.builds(
        a.Value,
        st.just(a.DATE_TIME),
        st.tuples(
            st.integers(0, 65535), *[octet] * 6, st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59)
        ),
    ),
)


def attributes_of(values: st.SearchStrategy[a.Value]) -> st.SearchStrategy[list[a.Attribute]]:
    one = st.builds(a.Attribute, name, st.lists(values, min_size=1, max_size=3))
    return st.lists(one, max_size=4)


def collection_of(values: st.SearchStrategy[a.Value]) -> st.SearchStrategy[a.Value]:
    return st.builds(
        a.Value, st.just(a.COLLECTION), st.builds(a.Group, st.just(a.COLLECTION), attributes_of(values))
    )


values = st.recursive(simple, collection_of, max_leaves=8)
tags = st.sampled_from((a.OPERATION_GROUP, a.JOB_GROUP, a.PRINTER_GROUP, a.UNSUPPORTED_GROUP))
messages = st.builds(
    a.Message,
    code=st.integers(0, 65535),
    request=st.integers(0, 2**31 - 1),
    groups=st.lists(st.builds(a.Group, tags, attributes_of(values)), max_size=3),
    data=st.binary(max_size=60),
    version=st.sampled_from(((1, 0), (1, 1), (2, 0))),
)


@given(messages)
def test_what_is_written_is_read_back(message: a.Message) -> None:
    assert decode(encode(message)) == message


def ends(body: bytes) -> None:
    with suppress(a.IppError):
        decode(body)


@given(st.binary(max_size=300))
def test_noise_is_read_or_refused(body: bytes) -> None:
    ends(b"\x02\x00\x00\x0b\x00\x00\x00\x01\x01" + body)


@given(messages, st.data())
def test_a_damaged_message_is_read_or_refused(message: a.Message, data: st.DataObject) -> None:
    body = bytearray(encode(message))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] = data.draw(octet)
    ends(bytes(body))
    ends(bytes(body[:at]))

"""The Internet Printing Protocol's messages (RFC 8010) as bytes, for both sides of the wire.

Rule: what is read is never trusted. Malformed input raises IppError and never loops; text that is not UTF-8
is read as Latin-1 rather than losing the whole reply. MicroPython subset.
"""

from drivers.document.attributes import (
    BOOLEAN,
    COLLECTION,
    DATE_TIME,
    END,
    END_COLLECTION,
    ENUM,
    INTEGER,
    MEMBER_NAME,
    NAME_LANGUAGE,
    RANGE,
    RESOLUTION,
    STRINGS,
    TEXT_LANGUAGE,
    UNSUPPORTED,
    Attribute,
    Group,
    IppError,
    Message,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from drivers.document.attributes import Data

DEEPEST = 8  # collections in collections; media-col needs 2
LAYOUTS = {RESOLUTION: (4, 4, 1), RANGE: (4, 4), DATE_TIME: (2, 1, 1, 1, 1, 1, 1, 1, 1, 1)}
DIRECTION = 7  # where DATE_TIME has the sign of the UTC offset


# ---------------------------------------------------------------- writing


def encode(message: Message) -> bytes:
    """The bytes of a message. Raises IppError: a value does not fit its tag, or a string is too long."""
    out = bytearray(message.version) + _octets(message.code, 2) + message.request.to_bytes(4, "big")
    for group in message.groups:
        out.append(group.tag)
        for item in group.attributes:
            _write_attribute(out, item)
    out.append(END)
    return bytes(out) + message.data


def _write_attribute(out: bytearray, item: Attribute) -> None:
    if not item.name or not item.values:
        raise IppError("an attribute needs a name and a value: {!r}".format(item.name))
    name = item.name
    for value in item.values:
        _write_value(out, value, name)
        name = ""


def _write_value(out: bytearray, value: Value, name: str) -> None:
    out.append(value.tag)
    _write_bytes(out, name.encode())
    if value.tag != COLLECTION:
        _write_bytes(out, _pack(value))
        return
    if not isinstance(value.data, Group):
        raise IppError("a collection needs a Group: {!r}".format(name))
    _write_bytes(out, b"")
    for member in value.data.attributes:
        _write_value(out, Value(MEMBER_NAME, member.name.encode()), "")
        for item in member.values:
            _write_value(out, item, "")
    _write_value(out, Value(END_COLLECTION, b""), "")


def _write_bytes(out: bytearray, raw: bytes) -> None:
    if len(raw) > 0x7FFF:
        raise IppError("{} octets do not fit an IPP string (32767)".format(len(raw)))
    out.extend(_octets(len(raw), 2))
    out.extend(raw)


def _pack(value: Value) -> bytes:
    data = value.data
    if data is None:
        return b""
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, bytes):
        return data
    if isinstance(data, tuple):
        return _pack_tuple(value.tag, data)
    if isinstance(data, Group):
        raise IppError("a Group needs the tag COLLECTION")
    return _octets(data, 1 if value.tag == BOOLEAN else 4)


def _pack_tuple(tag: int, data: "tuple[int | str, ...]") -> bytes:
    if tag in (TEXT_LANGUAGE, NAME_LANGUAGE):
        raws = [str(part).encode() for part in data]
        return b"".join([_octets(len(raw), 2) + raw for raw in raws])
    if tag not in LAYOUTS or len(data) != len(LAYOUTS[tag]):
        raise IppError("{!r} does not fit tag 0x{:02x}".format(data, tag))
    numbers = [ord(part) if isinstance(part, str) else part for part in data]
    return b"".join([_octets(number, size) for number, size in zip(numbers, LAYOUTS[tag])])  # noqa: B905 (MicroPython's zip has no strict)


def _octets(number: int, size: int) -> bytes:
    """Big-endian: four octets are signed, fewer are not. MicroPython packs without checking the range."""
    low, high = (-(1 << 31), 1 << 31) if size == 4 else (0, 1 << 8 * size)
    if not low <= number < high:
        raise IppError("{} does not fit {} octets".format(number, size))
    return (number % (1 << 8 * size)).to_bytes(size, "big")


# ---------------------------------------------------------------- reading


def decode(body: bytes) -> Message:
    """Reads a message; what stands behind its end is the document. Raises IppError."""
    reader = _Reader(body)
    version = (reader.byte(), reader.byte())
    code, request = reader.number(2), reader.number(4)
    groups: list[Group] = []
    tag = reader.byte()
    while tag != END:
        if tag < UNSUPPORTED:
            groups.append(Group(tag, []))
        elif groups:
            _read_attribute(reader, tag, groups[-1].attributes)
        else:
            raise IppError("an attribute stands before the first group")
        tag = reader.byte()
    return Message(code, request, groups, reader.rest(), version)


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, size: int) -> bytes:
        raw = self._body[self._at : self._at + size]
        if len(raw) < size:
            raise IppError("the message ends at octet {} in the middle of something".format(len(self._body)))
        self._at += size
        return raw

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def string(self) -> bytes:
        return self.take(self.number(2))

    def rest(self) -> bytes:
        return self._body[self._at :]


def _read_attribute(reader: _Reader, tag: int, attributes: "list[Attribute]") -> None:
    name = _text(reader.string())
    value = _read_value(reader, tag, 0)
    if name:
        attributes.append(Attribute(name, [value]))
    elif attributes:
        attributes[-1].values.append(value)
    else:
        raise IppError("a further value stands before any attribute")


def _read_value(reader: _Reader, tag: int, depth: int) -> Value:
    raw = reader.string()
    if tag == COLLECTION:
        return Value(tag, _read_members(reader, depth + 1))
    if tag in (END_COLLECTION, MEMBER_NAME):
        raise IppError("a collection's tag stands outside of a collection")
    return Value(tag, _unpack(tag, raw))


def _read_members(reader: _Reader, depth: int) -> Group:
    if depth > DEEPEST:
        raise IppError("collections nested deeper than {}".format(DEEPEST))
    members: list[Attribute] = []
    tag = reader.byte()
    while tag != END_COLLECTION:
        reader.string()
        if tag == MEMBER_NAME:
            members.append(Attribute(_text(reader.string()), []))
        elif members and tag >= UNSUPPORTED:
            members[-1].values.append(_read_value(reader, tag, depth))
        else:
            raise IppError("a collection holds a value without a name")
        tag = reader.byte()
    reader.string()
    reader.string()
    return Group(COLLECTION, members)


def _unpack(tag: int, raw: bytes) -> "Data":
    if tag < INTEGER - 1:
        return None
    if tag in STRINGS:
        return _text(raw)
    if tag in (TEXT_LANGUAGE, NAME_LANGUAGE):
        reader = _Reader(raw)
        return (_text(reader.string()), _text(reader.string()))
    if tag in (INTEGER, ENUM, BOOLEAN) or tag in LAYOUTS:
        return _unpack_numbers(tag, raw)
    return raw


def _unpack_numbers(tag: int, raw: bytes) -> "Data":
    layout = LAYOUTS.get(tag, (1,) if tag == BOOLEAN else (4,))
    if len(raw) != sum(layout):
        raise IppError("a value of tag 0x{:02x} has {} octets, not {}".format(tag, len(raw), sum(layout)))
    reader = _Reader(raw)
    numbers = [_signed(reader.number(size), size) for size in layout]
    if tag == BOOLEAN:
        return numbers[0] != 0
    if tag == DATE_TIME:
        return tuple([chr(n) if at == DIRECTION else n for at, n in enumerate(numbers)])
    return tuple(numbers) if tag in LAYOUTS else numbers[0]


def _signed(number: int, size: int) -> int:
    return number - (1 << 32) if size == 4 and number >> 31 else number


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeError:
        return "".join([chr(octet) for octet in raw])

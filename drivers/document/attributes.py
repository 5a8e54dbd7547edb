"""What an IPP message holds: groups of named attributes, each with one or more tagged values (RFC 8010 §3).

Rule: nothing is trusted to be there or to be of the right kind; every accessor takes what fits, and of a
duplicate attribute the first counts (ippeveprinter 2.4.2 sends some twice). MicroPython subset.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Data: TypeAlias = bool | int | str | bytes | tuple[int | str, ...] | "Group" | None

# Delimiter tags (RFC 8010 §3.5.1).
OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP, UNSUPPORTED_GROUP = 0x01, 0x02, 0x03, 0x04, 0x05

# Value tags (§3.5.2). Data beside each: what ``Value.data`` holds.
UNSUPPORTED, UNKNOWN, NO_VALUE = 0x10, 0x12, 0x13  # None, like all of 0x10-0x1F
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23  # int, bool, int
OCTETS = 0x30  # bytes
DATE_TIME = 0x31  # (year, month, day, hour, minute, second, tenths, "+" or "-", hours, minutes of UTC offset)
RESOLUTION = 0x32  # (x, y, unit: 3 = dots per inch, 4 = per cm)
RANGE = 0x33  # (lower, upper)
COLLECTION, END_COLLECTION, MEMBER_NAME = 0x34, 0x37, 0x4A  # Group of the members
TEXT_LANGUAGE, NAME_LANGUAGE = 0x35, 0x36  # (language, text)
TEXT, NAME, KEYWORD, URI, URI_SCHEME = 0x41, 0x42, 0x44, 0x45, 0x46  # str
CHARSET, LANGUAGE, MIME_TYPE = 0x47, 0x48, 0x49  # str
STRINGS = (TEXT, NAME, KEYWORD, URI, URI_SCHEME, CHARSET, LANGUAGE, MIME_TYPE)


class IppError(ValueError):
    """The bytes are no IPP message, or a value does not fit its tag; the text says where."""


class _Plain:
    """Equal by content, shown by content; built once, then left as it is."""

    __slots__: "tuple[str, ...]" = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(type(self).__name__)  # the content holds lists

    def __repr__(self) -> str:
        return "{}{!r}".format(type(self).__name__, self._fields())

    def _fields(self) -> "tuple[object, ...]":
        return tuple([getattr(self, name) for name in type(self).__slots__])


class Value(_Plain):
    """One value. data: by tag, see the tags above; bytes for tags not named there."""

    __slots__ = ("data", "tag")

    def __init__(self, tag: int, data: "Data") -> None:
        self.tag = tag
        self.data = data


class Attribute(_Plain):
    """A name and its values: one, or several (1setOf)."""

    __slots__ = ("name", "values")

    def __init__(self, name: str, values: "list[Value]") -> None:
        self.name = name
        self.values = values


class Group(_Plain):
    """Attributes in order, looked up by name: of a message (tag: its delimiter), or of a COLLECTION."""

    __slots__ = ("attributes", "tag")

    def __init__(self, tag: int, attributes: "list[Attribute]") -> None:
        self.tag = tag
        self.attributes = attributes

    def get(self, name: str) -> "Attribute | None":
        """The first attribute of this name."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def ints(self, name: str) -> "list[int]":
        """Its integers and enums; empty if absent."""
        return [data for data in self._data(name) if isinstance(data, int) and not isinstance(data, bool)]

    def texts(self, name: str) -> "list[str]":
        """Its strings, without their language; empty if absent."""
        found = [data[1] if isinstance(data, tuple) else data for data in self._data(name)]
        return [text for text in found if isinstance(text, str)]

    def octets(self, name: str) -> "list[bytes]":
        """Its octet strings; empty if absent."""
        return [data for data in self._data(name) if isinstance(data, bytes)]

    def tuples(self, name: str) -> "list[tuple[int | str, ...]]":
        """Its resolutions, ranges and times; empty if absent."""
        return [data for data in self._data(name) if isinstance(data, tuple)]

    def integer(self, name: str, default: int = 0) -> int:
        """Its first integer."""
        found = self.ints(name)
        return found[0] if found else default

    def text(self, name: str, default: str = "") -> str:
        """Its first string."""
        found = self.texts(name)
        return found[0] if found else default

    def boolean(self, name: str, default: bool) -> bool:
        """Its first boolean."""
        found = [data for data in self._data(name) if isinstance(data, bool)]
        return found[0] if found else default

    def _data(self, name: str) -> "list[Data]":
        attribute = self.get(name)
        return [value.data for value in attribute.values] if attribute else []


class Message(_Plain):
    """A request (code: operation) or a response (code: status). data: the document behind the attributes."""

    __slots__ = ("code", "data", "groups", "request", "version")

    def __init__(
        self,
        code: int,
        request: int,
        groups: "Sequence[Group]",
        data: bytes = b"",
        version: "tuple[int, int]" = (2, 0),
    ) -> None:
        self.code = code
        self.request = request
        self.groups = list(groups)
        self.data = data
        self.version = version

    @property
    def succeeded(self) -> bool:
        """Of a response."""
        return self.code < 0x0100

    def group(self, tag: int) -> Group:
        """The first group with this tag; an empty one if there is none."""
        found = self.all(tag)
        return found[0] if found else Group(tag, [])

    def all(self, tag: int) -> "list[Group]":
        """Every group with this tag (Get-Jobs answers with one for each job)."""
        return [group for group in self.groups if group.tag == tag]


def attribute(name: str, tag: int, *data: "Data") -> Attribute:
    """An attribute with one tag for all its values."""
    return Attribute(name, [Value(tag, item) for item in data])


def message(
    code: int,
    request: int,
    operation: "Iterable[Attribute]" = (),
    groups: "Sequence[Group]" = (),
    data: bytes = b"",
) -> Message:
    """A message with the two attributes that must come first in every one (RFC 8011 §4.1.4)."""
    first = [
        attribute("attributes-charset", CHARSET, "utf-8"),
        attribute("attributes-natural-language", LANGUAGE, "en"),
    ]
    first.extend(operation)
    own = [Group(OPERATION_GROUP, first)]
    own.extend(groups)
    return Message(code, request, own, data)

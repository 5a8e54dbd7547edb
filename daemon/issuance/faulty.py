"""What is wrong in a file that people write, told all at once: place, reason, and what to do.

``Checked`` is a value that knows its own rules; ``examine`` holds raw TOML against the shape of such values
and collects every complaint, of form and of rule, so that nobody mends a file one fault at a time.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Literal, Protocol, TypeGuard, get_args, get_origin, runtime_checkable

import msgspec
from msgspec import Struct

Path = tuple[str | int, ...]
"""Where in the file: ("certificates", 0, "fees", 1, "yen"); indexes from 0."""


@dataclass(frozen=True)
class Complaint:
    """reason: what is wrong and what to do, for the clerk who wrote the file."""

    path: Path
    reason: str

    def under(self, *above: str | int) -> "Complaint":
        return Complaint((*above, *self.path), self.reason)

    @property
    def key(self) -> str:
        """The path as people read it, entries counted from 1: certificates 2 fees 1 yen."""
        words = [str(step + 1) if isinstance(step, int) else step for step in self.path]
        return " ".join(words) or "the file"


@runtime_checkable
class Checked(Protocol):
    """A value with rules beyond its form. complaints: paths from the value itself."""

    def complaints(self) -> Iterator[Complaint]: ...


def examine(raw: object, shape: object) -> list[Complaint]:
    """Everything wrong with this raw value of that shape; nothing: ``msgspec.convert`` takes it."""
    return _examined(raw, shape)[1]


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint at what was meant: "; did you mean kind?", or all there is."""
    found = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {found[0]}?" if found else f"; there are only: {', '.join(known)}"


class _Gone:
    """Stands for a value that cannot be used."""


_GONE = _Gone()
_Result = tuple[object, list[Complaint]]


def _examined(raw: object, shape: object) -> _Result:
    """And what can still be used of the value, for the rules of what is around it."""
    origin = get_origin(shape)
    if origin is UnionType:  # X | None: TOML has no null, so what is there is an X
        return _examined(raw, next(one for one in get_args(shape) if one is not type(None)))
    if origin is Literal:
        return _literal(raw, [str(word) for word in get_args(shape)])
    if origin is tuple:
        return _items(raw, get_args(shape)[0])
    if origin is dict:
        return _mapping(raw, *get_args(shape))
    return _table(raw, shape) if _is_struct(shape) else _leaf(raw, shape)


def _leaf(raw: object, shape: object) -> _Result:
    try:
        msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        return _GONE, [Complaint((), _plain(str(error), raw, shape))]
    return raw, []


def _literal(raw: object, words: Sequence[str]) -> _Result:
    if isinstance(raw, str) and raw in words:
        return raw, []
    return _GONE, [Complaint((), f"{raw!r} is not known{nearest(str(raw), words)}")]


def _items(raw: object, shape: object) -> _Result:
    if not isinstance(raw, list):
        return _GONE, [Complaint((), "a list in [ ] is meant")]
    usable, complaints = [], []
    for at, item in enumerate(raw):
        value, found = _examined(item, shape)
        usable.append(value)
        complaints += [one.under(at) for one in found]
    return usable, complaints


def _mapping(raw: object, key_shape: object, shape: object) -> _Result:
    if not isinstance(raw, dict):
        return _GONE, [Complaint((), "a table of name = value is meant")]
    usable, complaints = {}, []
    for key, item in raw.items():
        name, strange = _examined(key, key_shape)
        value, found = _examined(item, shape)
        complaints += [one.under(key) for one in strange or found]
        if not isinstance(name, _Gone) and not isinstance(value, _Gone):
            usable[key] = value
    return usable, complaints


def _table(raw: object, shape: type[Struct]) -> _Result:
    if not isinstance(raw, dict):
        return _GONE, [Complaint((), "a table of key = value is meant")]
    fields = {one.encode_name: one for one in msgspec.structs.fields(shape)}
    strange = [key for key in raw if key not in fields]
    complaints = [Complaint((key,), f"no such key{nearest(key, list(fields))}") for key in strange]
    usable: dict[str, object] = {}
    for name, field in fields.items():
        written = name if name in raw else _misspelt(name, strange)
        if written is not None:
            usable[name], found = _examined(raw[written], field.type)
            complaints += [one.under(written) for one in found]
        elif field.required:
            complaints.append(Complaint((), f"{name} is missing; add {name} = …"))
    return _ruled(usable, shape, complaints)


def _ruled(usable: Mapping[str, object], shape: type[Struct], found: list[Complaint]) -> _Result:
    """Rules of a table as far as its usable part is one; not of what is complained of anyhow."""
    places: dict[str, list[int]] = {}
    try:
        value = msgspec.convert(_without_gone(usable, places), shape)
    except msgspec.ValidationError:
        return _GONE, found
    if isinstance(value, Checked):
        told = {one.path[:1] for one in found}
        ruled = [_replaced(one, places) for one in value.complaints()]
        found = found + [one for one in ruled if one.path[:1] not in told or len(one.path) > 1]
    return dict(usable), found


def _misspelt(name: str, strange: Sequence[str]) -> str | None:
    """The unknown key that must be this one: its value counts, so that it is complained of only once."""
    found = difflib.get_close_matches(name, strange, n=1)
    return found[0] if found else None


def _is_struct(shape: object) -> TypeGuard[type[Struct]]:
    return isinstance(shape, type) and issubclass(shape, Struct)


def _without_gone(usable: Mapping[str, object], places: dict[str, list[int]]) -> dict[str, object]:
    """What is left, and in ``places`` where the items that are left of each list had stood."""
    left: dict[str, object] = {}
    for name, value in usable.items():
        if isinstance(value, list):
            places[name] = [at for at, item in enumerate(value) if not isinstance(item, _Gone)]
        if not isinstance(value, _Gone):
            left[name] = _cleaned(value)
    return left


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items() if not isinstance(one, _Gone)}
    if isinstance(value, list):
        return [_cleaned(one) for one in value if not isinstance(one, _Gone)]
    return value


def _replaced(complaint: Complaint, places: Mapping[str, list[int]]) -> Complaint:
    """With the index in the file instead of that among the usable items."""
    match complaint.path:
        case (str(name), int(at), *rest) if name in places:
            return Complaint((name, places[name][at], *rest), complaint.reason)
    return complaint


TYPES = {
    "str": 'text in quotes ("…")',
    "int": "a whole number",
    "bool": "true or false",
    "date": "a day like 2026-04-01",
    "time": "a time like 09:00:00",
    "datetime": "a moment like 2026-04-01T09:00:00",
}


def _plain(text: str, raw: object, shape: object) -> str:
    """What msgspec says, in the words of somebody who writes the file."""
    words = text.split("`")
    if "matching regex" in text and get_origin(shape) is Annotated:
        return f"{raw!r} is none: {get_args(shape)[1].description}"
    if text.startswith("Expected") and len(words) >= 4:
        return f"{TYPES.get(words[1], words[1])} is meant, not {TYPES.get(words[3], words[3])}"
    return text

"""A TOML file as a typed value. A complaint names the file, the table and the key, and what there is instead.

msgspec checks; this module puts what it says into the words of the file that the technician has before him.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import inspect

Shape = TypeVar("Shape")

_PLACE = re.compile(r" - at `\$(?P<place>.*)`$")
_NAME = re.compile(r"`(.+)`$")
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]")


class TomlError(ValueError):
    """The text names the file and what is wrong with it."""


def read_toml(path: Path, shape: type[Shape]) -> Shape:
    """The file as a value of this Struct. Raises TomlError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), shape)
    except OSError as error:
        raise TomlError(f"{path}: {error.strerror or error}") from None
    except msgspec.ValidationError as error:
        raise TomlError(f"{path}: {complaint(error, shape)}") from None
    except (ValueError, RecursionError) as error:  # tomllib's own, not UTF-8, a number or a depth without end
        raise TomlError(f"{path}: not TOML in UTF-8: {error}") from None


def complaint(error: msgspec.ValidationError, shape: type, table: str = "") -> str:
    """``[kiosk] terminal: …``. shape: what the value should have been; table: where in the file it stands."""
    text = str(error)
    found = _PLACE.search(text)
    place, what = (found["place"], text[: found.start()]) if found else ("", text)
    name = _NAME.search(what)
    if name and what.startswith("Object contains unknown field"):
        what = f"there is no {name[1]}, only: {', '.join(_known(shape, place))}"
    elif name and what.startswith("Object missing required field"):
        what = f"needs {name[1]}"
    return _placed([table] * bool(table) + _words(place), what)


def _words(place: str) -> list[str]:
    """``.step[0].press[1]`` → step, 1, press, 2: people count from 1."""
    return [step["key"] or str(int(step["index"]) + 1) for step in _STEP.finditer(place)]


def _placed(words: list[str], what: str) -> str:
    """``[step 1] press 2: what``."""
    length = 2 if len(words) > 1 and words[1].isdigit() else 1
    table, key = " ".join(words[:length]), " ".join(words[length:])
    return (f"[{table}] " if table else "") + (f"{key}: " if key else "") + what


def _known(shape: type, place: str) -> Iterator[str]:
    """The keys that the table at this place may have."""
    kind = inspect.type_info(shape)
    for step in _STEP.finditer(place):
        if isinstance(kind, inspect.StructType):
            kind = next(field.type for field in kind.fields if field.encode_name == step["key"])
        elif isinstance(kind, inspect.VarTupleType):
            kind = kind.item_type
    if isinstance(kind, inspect.StructType):
        yield from (field.encode_name for field in kind.fields)

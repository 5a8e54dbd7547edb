"""What a running process has in its memory, and what of it can be recognised: the process is not asked."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

PIECE, OVERLAP = 1 << 20, 1 << 12
"""Bytes: small pieces let other threads come in between; what is looked for is shorter than the overlap."""


def memory(pid: int) -> Iterator[bytes]:
    """Every part of it that can be written: heap, stacks, buffers. What is read only comes from files.

    A large block that was given back since the list was read is gone from the memory: nothing stands in it.
    """
    maps = Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for place, rights, *_ in map(str.split, maps):
            if rights.startswith("rw"):
                begin, end = (int(at, 16) for at in place.split("-"))
                for at in range(begin, end, PIECE):
                    with suppress(OSError):
                        file.seek(at)
                        yield file.read(min(PIECE + OVERLAP, end - at))


def found(parts: Iterable[bytes], wanted: Mapping[str, Iterable[bytes]]) -> dict[str, int]:
    """What of ``wanted`` stands in the parts: its name → how many of its words were seen."""
    places = dict.fromkeys(wanted, 0)
    for part in parts:
        for name, words in wanted.items():
            places[name] += sum(word in part for word in words)
    return {name: number for name, number in places.items() if number}


def as_text(*words: str) -> list[bytes]:
    """In every form that a program may keep a text in: UTF-8, and the two of CPython (and of PDFium)."""
    return [word.encode(form) for word in words for form in ("utf-8", "utf-16-le", "utf-32-le")]


def slices(data: bytes, length: int = 64, step: int = 2003) -> list[bytes]:
    """Pieces from all over it."""
    return [data[at : at + length] for at in range(0, len(data) - length, step)]

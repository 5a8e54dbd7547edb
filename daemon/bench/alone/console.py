"""Lines on standard input become hands on a virtual device, each line answered by one line.

An answer begins with ``ok``, or with ``error`` and says why; so a program can hold the other end as well as a
person. ``help`` is the exception: it lists the words.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from hal import faults
from hal.faults import DeviceError

CHUNK = 4096
END = ("quit", "exit")

Act = Callable[[Sequence[str]], Awaitable[str | None] | str | None]


class Mistake(ValueError):
    """The hand cannot do this; the text says why and what it can do."""


@dataclass(frozen=True)
class Hand:
    """One word. takes: its arguments, as ``help`` shows them; act: does it, returns what there is to say."""

    name: str
    takes: str
    help: str
    act: Act


class Console:
    """The words of one device."""

    def __init__(self, hands: Sequence[Hand]) -> None:
        self._hands = {hand.name: hand for hand in hands}

    async def serve(self, lines: AsyncIterator[str], out: TextIO) -> None:
        """Answers until the lines end, or one is ``quit``."""
        async for line in lines:
            words = line.split()
            if not words:
                continue
            out.write(f"{self.help() if words[0] == 'help' else await self.obey(words)}\n")
            out.flush()
            if words[0] in END:
                return

    async def obey(self, words: Sequence[str]) -> str:
        """Carries out one line; the answer's line."""
        name, *rest = words
        if name in END:
            return "ok"
        hand = self._hands.get(name)
        if hand is None:
            return f"error unknown command {name!r}; help lists them"
        try:
            said = hand.act(rest)
            if said is not None and not isinstance(said, str):
                said = await said
        except (ValueError, OSError, RuntimeError, DeviceError) as error:
            usage = f"; {_usage(hand)}" if isinstance(error, Mistake) else ""
            return f"error {error}{usage}"
        return f"ok {said}" if said else "ok"

    def help(self) -> str:
        width = max(len(_usage(hand)) for hand in self._hands.values())
        lines = [f"  {_usage(hand):<{width}}  {hand.help}" for hand in self._hands.values()]
        return "\n".join([*lines, f"  {'quit':<{width}}  end (as Ctrl-C, and the end of the input)"])


def _usage(hand: Hand) -> str:
    return f"{hand.name} {hand.takes}".rstrip()


def number(words: Sequence[str], default: int | None = None) -> int:
    """The only argument, a number. Raises Mistake."""
    if not words and default is not None:
        return default
    if len(words) != 1 or not words[0].isdecimal():
        raise Mistake("a number is meant")
    return int(words[0])


def one_of(words: Sequence[str], *choices: str) -> str:
    """The only argument, one of these. Raises Mistake."""
    if len(words) != 1 or words[0] not in choices:
        raise Mistake(f"one of {', '.join(choices)} is meant")
    return words[0]


def switches(device: str, inject: Callable[[str], None], repair: Callable[[str], None]) -> list[Hand]:
    """``fault`` and ``mend``: faults by their code in the catalogue."""

    def by_code(act: Callable[[str], None]) -> Act:
        def switch(words: Sequence[str]) -> None:
            codes = [code for code in vars(faults).values() if str(code).startswith(f"{device}.")]
            try:
                act(one_of(words, *codes))
            except KeyError:
                raise Mistake(f"this device cannot have {words[0]}") from None

        return switch

    return [
        Hand(
            "fault", "CODE", f"makes a fault of the catalogue true, say {device}.paper-out", by_code(inject)
        ),
        Hand("mend", "CODE", "ends such a fault", by_code(repair)),
    ]


async def lines_of(fd: int) -> AsyncIterator[str]:
    """The lines of an open file of any kind, until its end.

    Read in a thread of its own, without a buffer that the end of the process would wait for: the event loop
    can wait for a terminal and for a pipe, but for neither a file nor /dev/null.
    """
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        data = b"-"
        while data:
            try:
                data = os.read(fd, CHUNK)
            except OSError:  # a terminal that has gone
                data = b""
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(queue.put_nowait, data)

    threading.Thread(target=read, name="standard input", daemon=True).start()
    rest = b""
    while data := await queue.get():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")

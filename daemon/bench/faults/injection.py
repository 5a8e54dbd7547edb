"""What an injection is: a story in two parts with a pause between them, told to the machine from outside."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from daemon.bench.rig import Rig

Act = Callable[[Rig], AsyncGenerator[None, None]]
"""Makes the fault true, yields, and ends it as somebody in the shop would."""


@dataclass(frozen=True)
class Injection:
    """note: what is done to the machine, for the page; and what to do then, if it does not act at once."""

    note: str
    act: Act
    at_once: bool = True


def switch(on: Callable[[Rig], object], off: Callable[[Rig], object]) -> Act:
    """For what one movement of a hand does, and another one undoes."""

    async def act(rig: Rig) -> AsyncGenerator[None, None]:
        on(rig)
        yield
        off(rig)

    return act


async def resolve(rig: Rig, code: str) -> None:
    """Staff look into the tray, take out what lies there, and settle the cases that this fault has opened."""
    printed = bool(rig.printer.tray)
    for case in await rig.cases():
        if case.code == code:
            rig.take_paper()
            tray = ("delivered" if printed else "missing") if case.kind == "in-doubt" else ""
            await rig.resolve(case.case, tray)

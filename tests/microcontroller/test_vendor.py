"""Credit and payout on a microcontroller: the same modules, a small loop, and the virtual bus over TCP."""

import asyncio
import platform
import sys
from collections.abc import Sequence

import pytest

from drivers.cash import cctalk
from drivers.cash.virtual import VirtualBus
from tests.layout import ROOT, STARRED, imports
from tests.test_micropython import MICROPYTHON

PROGRAM = "import sys; sys.path.insert(0, {root!r}); import tests.microcontroller.vendor as v; v.main({at})"
INTERPRETERS = {"cpython": [sys.executable, "-u"], "micropython": [str(MICROPYTHON)]}
HERE = tuple(INTERPRETERS) if platform.machine() == "x86_64" else ("cpython",)
PRICE = 340


class Controller:
    """The program, running; its lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[str] = []

    async def until(self, line: str) -> None:
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while line not in self.told:
                told = await self._process.stdout.readline()
                assert told, f"it ended without saying {line!r}: {self.told}"
                self.told.append(told.decode().strip())


async def sale(interpreter: str, bus: VirtualBus, coins: Sequence[int]) -> list[str]:
    """Starts it, drops the coins in one after the other, waits for its end."""
    async with bus.serve_tcp(pace=True) as port:
        program = PROGRAM.format(root=str(ROOT), at=f"'127.0.0.1', {port}, {PRICE}")
        process = await asyncio.create_subprocess_exec(
            *INTERPRETERS[interpreter], "-c", program, stdout=asyncio.subprocess.PIPE
        )
        controller = Controller(process)
        await controller.until("taking")
        for value in coins:
            assert bus.insert(value) == "accepted"
            await controller.until(f"credited {value}")
        await controller.until("done")
        assert await process.wait() == 0
    assert bus.conserved
    return controller.told


@pytest.mark.parametrize("interpreter", HERE)
async def test_it_takes_coins_and_pays_change_at_the_pace_of_the_wire(interpreter: str) -> None:
    bus = VirtualBus({3: (10, 50)}, echo=True)
    told = await sale(interpreter, bus, (100, 50, 500))
    assert told[:4] == ["taking", "credited 100", "credited 50", "credited 500"]
    assert told[4:] == ["intent 20", "paid 20 True", "intent 11", "paid 11 True", "done"]
    assert bus.tray == [10] * 31


@pytest.mark.parametrize("interpreter", HERE)
async def test_a_lost_reply_pays_and_credits_nothing_twice(interpreter: str) -> None:
    bus = VirtualBus({3: (10, 50)})
    bus.drop_replies(1, cctalk.DISPENSE)
    bus.corrupt_replies(2, cctalk.READ_CREDITS)
    told = await sale(interpreter, bus, (500,))
    assert told == ["taking", "credited 500", "intent 16", "paid 16 True", "done"]
    assert bus.tray == [10] * 16


def test_the_program_uses_nothing_of_the_kiosk_that_a_microcontroller_lacks() -> None:
    program = imports(ROOT / "tests" / "microcontroller" / "vendor.py")
    used = {found.name for found in program if found.is_ours and not found.for_types}
    assert used <= {*STARRED, "drivers.cash"}

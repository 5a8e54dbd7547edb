"""Plays a scenario on a rig: one line a step with its time, a picture of every screen, and the verdict."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from daemon.bench.pictures import side_of
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario, Step

Tell = Callable[[str], None]


class Player:
    """out: a folder for pictures, or None for none. tell: where the lines go."""

    def __init__(self, rig: Rig, out: Path | None, tell: Tell) -> None:
        self._rig = rig
        self._out = out
        self._tell = tell
        self._began = time.monotonic()
        self._pictures = 0

    async def play(self, scenario: Scenario) -> list[str]:
        """Every step in turn; returns what was not as the script expects."""
        for number, step in enumerate(scenario.step, start=1):
            try:
                await self._step(step)
            except ChildFailed as error:
                return [f"step {number} ({step.told()}): {error}"]
            self._tell(f"{time.monotonic() - self._began:7.2f} s  {step.told()}")
        return self._verdict(scenario)

    async def _step(self, step: Step) -> None:
        if step.see:
            await self._rig.see(step.see, within=step.within)
            self._picture(step.see)
        for button in step.press:
            await self._rig.press(button, within=step.within)
        if step.place:
            await self._rig.wallet.place(step.place)
        if step.pin:
            await self._rig.type_pin(step.pin)
        for coin in step.insert:
            await self._insert(coin, step.within)
        if step.take:
            await self._take(step)
        if step.tap:
            self._rig.tap_anywhere()

    async def _insert(self, coin: int, within: float) -> None:
        """Waits, as a citizen would, until the slot is open for this coin."""
        try:
            async with asyncio.timeout(within):
                while coin not in self._rig.bus.acceptor.accepting:  # noqa: ASYNC110 the slot has no events
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise ChildFailed(f"the slot does not open for a coin of {coin} yen") from None
        self._rig.bus.insert(coin)

    async def _take(self, step: Step) -> None:
        match step.take:
            case "card":
                await self._rig.wallet.lift()
            case "paper":
                self._save_papers()
            case "money":
                self._tell(f"           coins in the tray: {self._rig.bus.take_tray()}")
            case "receipt":
                self._save_receipts()

    # ------------------------------------------------------------ pictures

    def _picture(self, name: str) -> None:
        if self._out is not None:
            self._pictures += 1
            self._rig.picture().convert("RGB").save(self._out / f"{self._pictures:02d}-{name}.png")

    def _save_papers(self) -> None:
        sheets = self._rig.take_paper()
        for number, sheet in enumerate(sheets, start=1):
            if self._out is not None:
                side_of(sheet, "front").save(self._out / f"page-{number}.png")
        self._tell(f"           sheets taken: {len(sheets)}")

    def _save_receipts(self) -> None:
        for number, strip in enumerate(self._rig.receipts.take(), start=1):
            if self._out is not None:
                strip.save(self._out / f"receipt-{number}.png")

    # ------------------------------------------------------------ the verdict

    def _verdict(self, scenario: Scenario) -> list[str]:
        expect = scenario.expect
        entries = self._rig.entries()
        ended = [str(data["reason"]) for _, _, event, data in entries if event == "session.ended"]
        delivered = sum(event == "print.done" for _, _, event, _ in entries)
        credited = _sum(entries, "cash.credited", "value")
        returned = sum(
            _int(data["value"]) * _int(data["paid"])
            for _, _, event, data in entries
            if event == "payout.outcome"
        )
        kept = credited - returned - _sum(entries, "claim.recorded", "yen")
        found = {"ended": ended[-1] if ended else "", "delivered": delivered, "kept": kept}
        wanted = {"ended": expect.ended, "delivered": expect.delivered, "kept": expect.kept}
        return [
            f"{key}: expected {wanted[key]}, found {found[key]}"
            for key in wanted
            if wanted[key] != found[key]
        ]


def _sum(entries: Sequence[tuple[int, str, str, Mapping[str, object]]], event: str, field: str) -> int:
    return sum(_int(data[field]) for _, _, name, data in entries if name == event)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

"""A card that has to go home: when it is told how, and what is switched on and off again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemon.session.journal import Journal
from daemon.session.reminder import DEVICE, CardReminder
from hal.events import DeviceChanged
from hal.faults import CARD_LEFT, Fault
from tests.session.fakes import FakeCabinet
from tests.session.stage import journal, virtual_time


class Lying:
    """A card that lies there."""

    def __init__(self, kept: Journal) -> None:
        self.cabinet = FakeCabinet()
        self.reported: list[DeviceChanged] = []
        self.reminder = CardReminder(kept, self.cabinet, self.reported.append)
        self._journal = kept

    async def after(self, seconds: float) -> str:
        """How urgent it is then, whatever else has woken the kiosk meanwhile."""
        await asyncio.sleep(seconds)
        return await self.reminder.remind("s1")

    async def alerts(self) -> list[str]:
        """Those in the journal."""
        return [entry.text("urgency") for entry in await self._journal.events("card.alert")]

    @property
    def codes(self) -> list[str]:
        """Of the faults that were reported; "": it is over."""
        assert {change.device for change in self.reported} <= {DEVICE}
        faults = [change.fault for change in self.reported]
        return [fault.code if isinstance(fault, Fault) else "" for fault in faults]


@asynccontextmanager
async def a_card() -> AsyncIterator[Lying]:
    async with journal() as kept:
        yield Lying(kept)


@virtual_time
async def test_it_is_asked_for_at_once_and_louder_after_30_seconds_and_staff_are_called_after_3_minutes() -> (
    None
):
    async with a_card() as card:
        urgencies = [await card.after(seconds) for seconds in (0, 29, 1, 149, 1, 600)]
        assert urgencies == ["asked", "asked", "louder", "louder", "staff", "staff"]


@virtual_time
async def test_every_step_is_journaled_once_with_its_session() -> None:
    async with a_card() as card:
        for _ in range(30):
            await card.after(10)
        assert await card.alerts() == ["asked", "louder", "staff"]


@virtual_time
async def test_steps_that_were_slept_through_are_taken_one_after_the_other() -> None:
    async with a_card() as card:
        await card.after(0)
        assert await card.after(1000) == "staff"
        assert await card.alerts() == ["asked", "louder", "staff"]


@virtual_time
async def test_the_attention_lamp_goes_on_with_the_louder_alert_and_off_with_the_card() -> None:
    async with a_card() as card:
        await card.after(0)
        assert card.cabinet.lamps == set()
        await card.after(30)
        assert card.cabinet.lamps == {"attention"}
        card.reminder.over()
        assert card.cabinet.lamps == set()


@virtual_time
async def test_staff_are_called_by_a_fault_that_is_over_when_the_card_is_taken() -> None:
    async with a_card() as card:
        await card.after(0)
        await card.after(30)
        assert card.codes == []
        await card.after(150)
        assert card.codes == [CARD_LEFT]
        for _ in range(2):
            card.reminder.over()
        assert card.codes == [CARD_LEFT, ""]


@virtual_time
async def test_the_next_card_is_asked_for_from_the_beginning() -> None:
    async with a_card() as card:
        await card.after(0)
        await card.after(200)
        card.reminder.over()
        assert await card.after(1000) == "asked"
        assert card.reminder.seconds == 30


@virtual_time
async def test_it_says_when_the_next_step_is_due() -> None:
    async with a_card() as card:
        due = [card.reminder.seconds]
        for seconds in (0, 10, 20, 100, 50):
            await card.after(seconds)
            due.append(card.reminder.seconds)
        assert due == [None, 30, 20, 150, 50, None]

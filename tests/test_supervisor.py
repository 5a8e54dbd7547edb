"""The pumps of all devices: each is kept running by itself, and a defect in one is told without its text."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from daemon.supervisor import FIRST_BACKOFF, LONGEST_BACKOFF, Supervisor, where
from hal.contracts import Emit
from hal.events import DeviceChanged, Event, TrayChanged
from hal.faults import CABINET_LOST, CASH_LINK_LOST, PCSC_DOWN, DeviceError, Fault
from tests.virtual_time import run_virtual

CANARY = "山田 太郎 1234"
JAM = Fault("document.jam", "document", "open the rear door")

Main = Callable[[Supervisor, list[Event]], Awaitable[None]]


def supervised(main: Main) -> list[Event]:
    """Runs this under virtual time, stops the supervisor; what the pumps emitted."""

    async def run() -> list[Event]:
        events: list[Event] = []
        supervisor = Supervisor(events.append)
        await main(supervisor, events)
        await supervisor.stop()
        return events

    return run_virtual(run())


class Crashing:
    """A pump that notes when it was started, works for so many seconds and then raises."""

    def __init__(self, error: Exception, seconds: float = 0.0) -> None:
        self.error = error
        self.seconds = seconds
        self.starts: list[float] = []

    async def run(self, emit: Emit) -> None:
        self.starts.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.seconds)
        raise self.error

    @property
    def waits(self) -> list[float]:
        """Seconds between an end and the next start."""
        pairs = zip(self.starts, self.starts[1:], strict=False)
        return [round(later - earlier - self.seconds, 3) for earlier, later in pairs]


async def quiet(emit: Emit) -> None:
    await asyncio.Event().wait()


# ---------------------------------------------------------------- a defect


def test_a_pump_that_crashes_is_started_again_with_growing_patience() -> None:
    pump = Crashing(RuntimeError())

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("card", pump.run, PCSC_DOWN)
        await asyncio.sleep(130)

    supervised(main)
    assert pump.waits == [
        FIRST_BACKOFF,
        2.0,
        4.0,
        8.0,
        16.0,
        LONGEST_BACKOFF,
        LONGEST_BACKOFF,
        LONGEST_BACKOFF,
    ]


def test_after_a_long_good_run_a_crash_is_answered_at_once_again() -> None:
    pump = Crashing(RuntimeError(), seconds=LONGEST_BACKOFF + 1)

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("card", pump.run, PCSC_DOWN)
        await asyncio.sleep(200)

    supervised(main)
    assert len(pump.waits) > 3
    assert set(pump.waits) == {FIRST_BACKOFF}


def test_a_crash_is_a_fault_of_its_device() -> None:
    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("cash", Crashing(KeyError(CANARY)).run, CASH_LINK_LOST)
        await asyncio.sleep(0.5)

    assert supervised(main) == [DeviceChanged("cash", Fault(CASH_LINK_LOST, "cash", "KeyError"))]


def test_a_crash_is_logged_by_type_and_place_never_by_its_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("card", Crashing(ValueError(CANARY)).run, PCSC_DOWN)
        await asyncio.sleep(10)

    events = supervised(main)
    assert "card pump: ValueError at test_supervisor.py:" in caplog.text
    assert CANARY not in caplog.text
    assert not any(record.exc_info for record in caplog.records)
    assert not any(CANARY in repr(event) for event in events)


def test_the_place_is_the_newest_first_and_without_the_text() -> None:
    def inner() -> None:
        raise ValueError(CANARY)

    try:
        inner()
    except ValueError as error:
        places = where(error).split(" < ")
    assert len(places) == 2
    assert all(place.startswith("test_supervisor.py:") for place in places)
    assert int(places[0].rpartition(":")[2]) < int(places[1].rpartition(":")[2])


def test_a_device_error_is_told_as_the_device_says_it() -> None:
    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("document", Crashing(DeviceError(JAM)).run, PCSC_DOWN)
        await asyncio.sleep(0.5)

    assert supervised(main) == [DeviceChanged("document", JAM)]


def test_a_pump_that_only_ends_is_started_again_without_a_fault() -> None:
    starts: list[float] = []

    async def ends(emit: Emit) -> None:
        starts.append(asyncio.get_running_loop().time())

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("voice", ends, PCSC_DOWN)
        await asyncio.sleep(3.5)

    assert supervised(main) == []
    assert starts == [0.0, 1.0, 3.0]


# ---------------------------------------------------------------- the others


def test_the_others_go_on_while_one_crashes() -> None:
    async def ticking(emit: Emit) -> None:
        while True:
            emit(TrayChanged(True))
            await asyncio.sleep(1)

    async def main(supervisor: Supervisor, events: list[Event]) -> None:
        supervisor.keep("card", Crashing(RuntimeError()).run, PCSC_DOWN)
        supervisor.keep("cabinet", ticking, CABINET_LOST)
        await asyncio.sleep(59.5)
        assert events.count(TrayChanged(True)) == 60

    supervised(main)


def test_a_pump_between_two_attempts_still_counts_as_running() -> None:
    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("cash", Crashing(RuntimeError()).run, CASH_LINK_LOST)
        running = supervisor.running("cash")
        await asyncio.sleep(20)
        assert await running()
        await supervisor.stop()
        assert not await running()
        assert not await supervisor.running("nobody")()

    supervised(main)


# ---------------------------------------------------------------- the end


def test_stop_waits_until_every_pump_has_let_go() -> None:
    let_go: list[str] = []

    def slow(name: str, seconds: float) -> Callable[[Emit], Awaitable[None]]:
        async def run(emit: Emit) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(seconds)
                let_go.append(name)

        return run

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        for name, seconds in (("cash", 3.0), ("card", 1.0), ("receipt", 0.0)):
            supervisor.keep(name, slow(name, seconds), PCSC_DOWN)
        await asyncio.sleep(0)
        await supervisor.stop()
        assert let_go == ["receipt", "card", "cash"]

    supervised(main)


def test_a_pump_that_fails_while_it_lets_go_does_not_keep_the_others_from_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(emit: Emit) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError(CANARY)

    async def main(supervisor: Supervisor, _: list[Event]) -> None:
        supervisor.keep("card", fails, PCSC_DOWN)
        supervisor.keep("cash", quiet, CASH_LINK_LOST)
        await asyncio.sleep(0)
        await supervisor.stop()
        assert not await supervisor.running("cash")()
        assert not await supervisor.running("card")()

    supervised(main)
    assert CANARY not in caplog.text

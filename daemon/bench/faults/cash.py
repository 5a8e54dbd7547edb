"""The coin vendor: acceptor, hoppers and their line."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from daemon.bench.faults.injection import Injection, resolve, switch
from daemon.bench.rig import Rig
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_ACCEPTOR_RESET,
    CASH_BILLS_OFF,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_HOPPER_EMPTY,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    CASH_SUSPECT,
)

FELL_THROUGH, STUCK, ON_A_STRING = 1, 14, 20
"""Events of a coin acceptor."""
STACKER_IN, STACKER_FULL = 12, 14
"""Events of a bill validator."""
SENSOR_BLOCKED = 2
"""An answer of its self-check."""
MORE_THAN_IT_REMEMBERS = 7
CHANGE = 100
"""Yen: the hopper that gives change for a 500 yen coin first."""
POLL = 0.02
LISTENING_SECONDS = 2.0


def _silence(rig: Rig, on: bool) -> None:
    validator = [rig.bus.validator.address] if rig.bus.validator else []
    for address in (rig.bus.acceptor.address, *rig.bus.hoppers, *validator):
        rig.bus.silence(address, on)


def _hopper(rig: Rig) -> int:
    """The address of the one with change."""
    return next(address for address, hopper in rig.bus.hoppers.items() if hopper.value == CHANGE)


async def _off_and_on(rig: Rig) -> None:
    """Staff switch the acceptor off and on, once the kiosk has heard what it had to tell, if it listens."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LISTENING_SECONDS):
            while not rig.bus.acceptor.heard_out:  # noqa: ASYNC110 the wire has no events
                await asyncio.sleep(POLL)
    rig.bus.power_cycle(rig.bus.acceptor.address)


async def _another_acceptor(rig: Rig) -> AsyncGenerator[None, None]:
    acceptor, serial = rig.bus.acceptor.address, rig.bus.acceptor.serial
    rig.bus.exchange(acceptor, serial + 1)
    yield
    rig.bus.swap(acceptor, serial)


async def _another_hopper(rig: Rig) -> AsyncGenerator[None, None]:
    hopper = _hopper(rig)
    serial = rig.bus.hoppers[hopper].serial
    rig.bus.exchange(hopper, serial + 1)
    yield
    rig.bus.swap(hopper, serial)


async def _blocked(rig: Rig) -> AsyncGenerator[None, None]:
    rig.bus.acceptor.fault = SENSOR_BLOCKED
    rig.bus.acceptor.event(STUCK)
    yield
    rig.bus.acceptor.fault = 0
    await _off_and_on(rig)


async def _reset(rig: Rig) -> AsyncGenerator[None, None]:
    rig.bus.acceptor.event(FELL_THROUGH)  # one that has nothing to count loses nothing
    await _off_and_on(rig)
    yield


async def _swallowed(rig: Rig) -> AsyncGenerator[None, None]:
    rig.bus.acceptor.swallow(CHANGE)
    yield
    await _off_and_on(rig)


async def _stacker_full(rig: Rig) -> AsyncGenerator[None, None]:
    assert rig.bus.validator is not None
    rig.bus.validator.event(STACKER_FULL)
    yield
    rig.bus.validator.event(STACKER_IN)


async def _fraud(rig: Rig) -> AsyncGenerator[None, None]:
    rig.bus.acceptor.event(ON_A_STRING)
    yield
    await _off_and_on(rig)


async def _events_lost(rig: Rig) -> AsyncGenerator[None, None]:
    rig.bus.acceptor.counts = False  # or the kiosk would find out what they were
    for _ in range(MORE_THAN_IT_REMEMBERS):
        rig.bus.acceptor.event(FELL_THROUGH)
    yield
    rig.bus.acceptor.counts = True
    await resolve(rig, CASH_EVENTS_LOST)
    await rig.daemon.stop()
    await rig.start_daemon()


async def _empty(rig: Rig) -> AsyncGenerator[None, None]:
    hopper = rig.bus.hoppers[_hopper(rig)]
    coins = hopper.coins
    hopper.empty()
    yield
    hopper.fill(coins)


async def _suspect(rig: Rig) -> AsyncGenerator[None, None]:
    hopper = rig.bus.hoppers[_hopper(rig)]
    hopper.miscount()
    yield
    hopper.miscount(False)
    await resolve(rig, CASH_SUSPECT)


CASH: Mapping[str, Injection] = {
    CASH_LINK_LOST: Injection(
        "The coin vendor's cable is pulled: nobody answers on its line.",
        switch(lambda rig: _silence(rig, True), lambda rig: _silence(rig, False)),
    ),
    CASH_IDENTITY_CHANGED: Injection(
        "The coin acceptor is exchanged for another unit of the same make.", _another_acceptor
    ),
    CASH_ACCEPTOR_BLOCKED: Injection("Something is stuck in the coin acceptor.", _blocked),
    CASH_ACCEPTOR_RESET: Injection("The coin acceptor loses power for a moment.", _reset),
    CASH_BILLS_OFF: Injection("The box for bills is full; to clear it staff empty it.", _stacker_full),
    CASH_COIN_SWALLOWED: Injection(
        "A 100 yen coin stays inside the acceptor, which cannot say what it was.", _swallowed
    ),
    CASH_FRAUD: Injection("Somebody pulls a coin on a string out of the acceptor.", _fraud),
    CASH_EVENTS_LOST: Injection(
        "More falls through the acceptor at once than it can remember; to clear it the kiosk is restarted.",
        _events_lost,
    ),
    CASH_HOPPER_EMPTY: Injection(
        "All coins are taken out of the 100 yen hopper: pay with 500 yen and wait for the change.",
        _empty,
        at_once=False,
    ),
    CASH_HOPPER_JAM: Injection(
        "A coin will get stuck in the 100 yen hopper: pay with 500 yen and wait for the change.",
        switch(
            lambda rig: rig.bus.hoppers[_hopper(rig)].jam(stays=True),
            lambda rig: rig.bus.hoppers[_hopper(rig)].clear_jam(),
        ),
        at_once=False,
    ),
    CASH_HOPPER_WRONG: Injection(
        "The 100 yen hopper is exchanged for another one; the kiosk notices within ten seconds.",
        _another_hopper,
    ),
    CASH_SUSPECT: Injection(
        "The two counters of the 100 yen hopper will disagree: pay with 500 yen and wait for the change.",
        _suspect,
        at_once=False,
    ),
}

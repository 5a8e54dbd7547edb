"""What can go wrong with a coin vendor and its wire, by name: for the bench, for probes, for tests.

Each makes one thing go wrong now, or the next time it can; ``VirtualBus.mend`` ends what lasts.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from drivers.cash import cctalk
from drivers.cash.coin_events import ON_A_STRING, REJECTED

if TYPE_CHECKING:
    from drivers.cash.virtual import VirtualBus
    from drivers.cash.virtual_hopper import VirtualHopper

Fault = Callable[["VirtualBus"], Awaitable[None] | None]

LATE_SECONDS = 0.3
"""Later than a host waits."""

GAP_SECONDS = 0.08
"""More silence than a frame may hold."""

UNPOLLED = 12
"""Lost polls, with their repetitions: more than a second."""

MORE_THAN_IT_REMEMBERS = 6
JUST_BEFORE_THE_WRAP = 254


def _first(bus: "VirtualBus") -> "VirtualHopper":
    return next(iter(bus.hoppers.values()))


def _flood(bus: "VirtualBus") -> None:
    for _ in range(MORE_THAN_IT_REMEMBERS):
        bus.acceptor.event(REJECTED)


def _counts_late(bus: "VirtualBus") -> None:
    for hopper in bus.hoppers.values():
        hopper.counts_late = True


FAULTS: Mapping[str, Fault] = {
    "request dropped": lambda bus: bus.drop_requests(),
    "request corrupted": lambda bus: bus.corrupt_requests(),
    "request delayed": lambda bus: bus.delay_requests(LATE_SECONDS),
    "reply dropped": lambda bus: bus.drop_replies(),
    "reply corrupted": lambda bus: bus.corrupt_replies(),
    "reply delayed": lambda bus: bus.delay_replies(LATE_SECONDS),
    "reply split": lambda bus: bus.split_replies(GAP_SECONDS),
    "echo garbled": lambda bus: bus.garble_echoes(),
    "refused": lambda bus: bus.nak(),
    "busy": lambda bus: bus.busy(),
    "acceptor silent": lambda bus: bus.silence(bus.acceptor.address),
    "acceptor not polled": lambda bus: bus.drop_requests(UNPOLLED, cctalk.READ_CREDITS),
    "acceptor reset": lambda bus: bus.power_cycle(bus.acceptor.address),
    "coin on a string": lambda bus: bus.acceptor.event(ON_A_STRING),
    "acceptor swapped": lambda bus: bus.swap_unit(bus.acceptor.address),
    "counter about to wrap": lambda bus: bus.acceptor.run_in(JUST_BEFORE_THE_WRAP),
    "events lost": _flood,
    "dispense reply lost": lambda bus: bus.drop_replies(1, cctalk.DISPENSE),
    "dispense counter late": _counts_late,
    "hopper reset": lambda bus: bus.power_cycle(_first(bus).address),
    "hopper jammed": lambda bus: _first(bus).jam(),
    "hopper stuck": lambda bus: _first(bus).stick(),
    "hopper late coin": lambda bus: _first(bus).late_coin(),
    "hopper swapped": lambda bus: bus.swap_unit(_first(bus).address),
    "line cut": lambda bus: bus.unplug(),
}

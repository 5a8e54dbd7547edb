"""What the coin acceptor has counted itself (150 by type, else 225 in all), against what is credited of it.

The rule it keeps: a difference is believed only if every coin of it has a type, none is negative, and it was
read while no event came. Many acceptors do not count, or forget at a power cut: then nothing is known.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from drivers.cash import cctalk
from drivers.cash.bus import Bus, Refused, Silent
from drivers.cash.credit import Step
from drivers.cash.payloads import COUNT_MODULUS, Events, parse_count

ROUNDS = 5
CREDIBLE = 255
"""More coins than this between two looks are no difference but another memory."""

OF_ANY_TYPE = 0

Reread = Callable[[], Awaitable[Events]]


class Tally:
    """``open`` it when everything the device has told of is credited, then tell it of every coin credited."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus = bus
        self._address = address
        self._kinds: tuple[int, ...] = ()
        self._expected: dict[int, int] | None = None

    async def open(self, kinds: Iterable[int], reread: Reread) -> None:
        """From here on it compares. Raises bus.Silent, bus.Refused (of the re-reading), PortLost."""
        for self._kinds in (tuple(kinds), (OF_ANY_TYPE,)):
            _, self._expected = await self._steady(await reread(), reread)
            if self._expected is not None:
                return

    def credited(self, kind: int) -> None:
        """A coin of this type that the device told of."""
        if self._expected is not None:
            self._expected[kind if kind in self._expected else OF_ANY_TYPE] += 1

    async def more(self, events: Events, reread: Reread) -> tuple[Events, Mapping[int, int] | None]:
        """Coins by type that it took beyond those credited (None: nobody can know), as of these events.

        The device is asked for its events again: the newest are handed back. Raises as ``open``.
        """
        if self._expected is None:
            return events, None
        events, counted = await self._steady(events, reread)
        if counted is None:
            return events, None
        more = {kind: (n - self._expected[kind]) % COUNT_MODULUS for kind, n in counted.items()}
        if max(more.values()) > CREDIBLE:
            self._expected = counted  # it has forgotten what it had counted: from here on, then
            return events, None
        return events, more

    async def _steady(self, events: Events, reread: Reread) -> tuple[Events, dict[int, int] | None]:
        """The newest events, and the counters that belong to them."""
        for _ in range(ROUNDS):
            try:
                counted = {kind: await self._count(kind) for kind in self._kinds}
            except (Silent, Refused):
                return events, None
            before, events = events, await reread()
            if before.counter == events.counter:
                return events, counted
        return events, None

    async def _count(self, kind: int) -> int:
        header, data = (cctalk.COUNT_BY_TYPE, bytes([kind])) if kind else (cctalk.ACCEPTED_COUNT, b"")
        return await self._bus.query(self._address, header, parse_count, data)


def beyond(more: Mapping[int, int], step: Step) -> list[int] | None:
    """The types of the coins it took but neither told of before nor in this step; None: nobody can know."""
    rest = dict(more)
    for result in step.results:
        if result.a:
            kind = result.a if result.a in rest else OF_ANY_TYPE
            rest[kind] = rest.get(kind, 0) - 1
    if rest.get(OF_ANY_TYPE) or min(rest.values(), default=0) < 0:
        return None
    return [kind for kind, number in sorted(rest.items()) for _ in range(number)]

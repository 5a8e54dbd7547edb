"""Exactly-once credit from a device whose event counter we only ever read (headers 229 and 159).

The device counts its events 1..255 and wraps to 1; 0 means it has been reset and counted nothing since.
It shows the last five. We keep how far we have credited (epoch, last, seq) in the same transaction as the
credits, so reading again after any crash or lost reply changes nothing. ``None`` (never seen this device)
and ``0`` (the device said 0) are different, and confusing them is where other drivers lose or invent
coins. MicroPython subset.
"""

from drivers.cash.payloads import RESULTS, Events

CYCLE = 255


class Position:
    """How far a device is credited. epoch: resets seen; last: its counter; seq: events since we know it."""

    __slots__ = ("epoch", "last", "seq")

    def __init__(self, epoch: int, last: int, seq: int) -> None:
        self.epoch = epoch
        self.last = last
        self.seq = seq

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return "Position{!r}".format(self._key())

    def _key(self) -> "tuple[int, int, int]":
        return (self.epoch, self.last, self.seq)


class Result:
    """One event of the device, counted by seq. a > 0: money of type a; a == 0: event b."""

    __slots__ = ("a", "b", "seq")

    def __init__(self, seq: int, a: int, b: int) -> None:
        self.seq = seq
        self.a = a
        self.b = b


class Step:
    """What one reply brings.

    position: to be stored with the credits. results: new ones, the oldest first. first_seen: the device
    was unknown, nothing before this reply is credited. reset: it lost its counter since the last reply.
    lost: events that had left its five-place memory before we read it.
    """

    __slots__ = ("first_seen", "lost", "position", "reset", "results")

    def __init__(
        self,
        position: Position,
        results: "list[Result]",
        first_seen: bool = False,
        reset: bool = False,
        lost: int = 0,
    ) -> None:
        self.position = position
        self.results = results
        self.first_seen = first_seen
        self.reset = reset
        self.lost = lost

    @property
    def changed(self) -> bool:
        """Whether there is anything to store."""
        return self.first_seen or self.reset or bool(self.results) or self.lost > 0


def advance(known: "Position | None", events: Events) -> Step:
    """From what is credited and what the device says now to what is new."""
    counter = events.counter
    if known is None:
        return Step(Position(0, counter, 0), [], first_seen=True)
    if counter == known.last:
        return Step(known, [])
    if counter == 0:
        return Step(Position(known.epoch + 1, 0, known.seq), [], reset=True)
    happened = counter - known.last if counter > known.last else counter - known.last + CYCLE
    seq = known.seq + happened
    shown = min(happened, RESULTS)
    results = [Result(seq - age, *events.results[age]) for age in range(shown - 1, -1, -1)]
    return Step(Position(known.epoch, counter, seq), results, lost=happened - shown)

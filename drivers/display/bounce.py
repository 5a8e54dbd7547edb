"""A contact that bounces is one touch: a finger that is down again at once, where it was lifted; no I/O."""

from dataclasses import dataclass

NEAR = 0.05
"""Of the panel's width or height."""


@dataclass(frozen=True)
class _Lift:
    at: float
    x: float
    y: float


class Bounce:
    """seconds: within which a finger cannot have been lifted and set down again; 0: lets everything pass."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lift: _Lift | None = None
        self._swallows = False

    def down(self, x: float, y: float, at: float) -> bool:
        """Whether this is a new touch. x, y: parts of the panel; at: seconds."""
        lift = self._lift
        self._swallows = lift is not None and (
            at - lift.at < self._seconds and abs(x - lift.x) < NEAR and abs(y - lift.y) < NEAR
        )
        return not self._swallows

    def up(self, x: float, y: float, at: float) -> bool:
        """Whether a new touch ends by this."""
        self._lift = _Lift(at, x, y)
        return not self._swallows

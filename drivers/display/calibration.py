"""How a touch panel lies on the glass, found from a few touches; no I/O.

A panel is glued on by hand: shifted, stretched, mirrored or turned. Six numbers say all of that. They are
fitted by least squares to more touches than are needed, so that a touch beside its cross shows as a
residual: a calibration that is not right on every cross is refused, never stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.display.geometry import Matrix, moved

Place = tuple[float, float]
"""Parts from 0 to 1."""

CROSSES: tuple[Place, ...] = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.5, 0.5))
"""Where a person touches, of the picture as it is seen; the last one checks the others."""
MOST_MM = 3.0
"""Less than the gap between two targets."""
LEAST_SPREAD = 1e-3


class NoFit(ValueError):
    """The touches do not tell how the panel lies."""


@dataclass(frozen=True)
class Fit:
    """matrix: from the panel's parts to the glass. residual: the farthest a touch lies from its cross, mm."""

    matrix: Matrix
    residual: float


def fit(touched: Sequence[Place], meant: Sequence[Place], size_mm: tuple[int, int]) -> Fit:
    """The best matrix for these touches. size_mm: of the glass. Raises NoFit."""
    x, y = (_solved(touched, [place[axis] for place in meant]) for axis in (0, 1))
    matrix: Matrix = (*x, *y)
    away = [
        (((tx - mx) * size_mm[0]) ** 2 + ((ty - my) * size_mm[1]) ** 2) ** 0.5
        for (tx, ty), (mx, my) in zip((moved(matrix, *place) for place in touched), meant, strict=True)
    ]
    if max(away) > MOST_MM:
        raise NoFit(f"a touch lies {max(away):.1f} mm beside its cross ({MOST_MM} mm are allowed); try again")
    return Fit(matrix, max(away))


def _solved(places: Sequence[Place], wanted: Sequence[float]) -> tuple[float, float, float]:
    """a, b, c with a·x + b·y + c nearest to what is wanted, by the normal equations and Cramer's rule."""
    rows = [(x, y, 1.0) for x, y in places]
    normal = [[sum(row[i] * row[j] for row in rows) for j in range(3)] for i in range(3)]
    right = [sum(row[i] * value for row, value in zip(rows, wanted, strict=True)) for i in range(3)]
    whole = _determinant(normal)
    if abs(whole) < LEAST_SPREAD:
        raise NoFit("the touches lie on one line: touch each cross in its place; try again")
    a, b, c = (_determinant(_with_column(normal, column, right)) / whole for column in range(3))
    return a, b, c


def _with_column(matrix: list[list[float]], column: int, values: list[float]) -> list[list[float]]:
    return [
        [values[i] if j == column else value for j, value in enumerate(row)] for i, row in enumerate(matrix)
    ]


def _determinant(m: list[list[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )

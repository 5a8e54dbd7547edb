"""What the benchmark tells: figures with their spread and budget, as lines of a terminal or a table. Pure."""

import math
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

NAME_WIDTH = 62


@dataclass(frozen=True)
class Figure:
    """One measured value. low, high: of the runs, where there were several. most: the budget.

    Where nothing is promised there is no budget.
    """

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    most: float | None = None

    @property
    def verdict(self) -> str:
        if self.most is None:
            return ""
        return f"{'ok' if self.value <= self.most else 'over'} (at most {self.most:.3g} {self.unit})".replace(
            " )", ")"
        )


@dataclass(frozen=True)
class Heading:
    """Opens a group of figures."""

    text: str


Line = Figure | Heading


def median(
    name: str, values: Sequence[float], unit: str, factor: float = 1.0, most: float | None = None
) -> Figure:
    """Of several runs. factor: from the values' unit to the one that is told."""
    scaled = [value * factor for value in values]
    low, high = (min(scaled), max(scaled)) if len(scaled) > 1 else (None, None)
    return Figure(name, statistics.median(scaled), unit, low, high, most)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part (0 to 1) of all does not exceed. Raises ValueError: none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


def in_terminal(line: Line) -> str:
    if isinstance(line, Heading):
        return f"\n{line.text}"
    told = f"{padded(line.name, NAME_WIDTH)} {number(line.value):>9} {line.unit}"
    spread = f"  ({_spread(line)})" if line.low is not None else ""
    return f"{told}{spread}{'  ' + line.verdict if line.verdict else ''}"


def in_markdown(line: Line) -> str:
    """A row of a table of three columns; a heading opens a table of its own."""
    if isinstance(line, Heading):
        return f"\n| {line.text} | | |\n|---|---|---|"
    spread = f" ({_spread(line)})" if line.low is not None else ""
    name = f"– {line.name.strip()}" if line.name.startswith(" ") else line.name
    return f"| {name} | {f'{number(line.value)} {line.unit}'.strip()}{spread} | {line.verdict} |"


def _spread(figure: Figure) -> str:
    return f"{number(figure.low or 0.0)} to {number(figure.high or 0.0)}"


def number(value: float) -> str:
    """With as many digits as can be meant."""
    digits = 0 if abs(value) >= 1000 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def padded(text: str, width: int) -> str:
    """Filled up to this many columns of a terminal, on which 全角 take two."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return text + " " * (width - len(text) - wide)

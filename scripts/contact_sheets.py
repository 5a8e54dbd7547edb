"""Every screen in every language on one picture a language: ``docs/screens/<language>.webp``.

``make sheets`` draws them with the kiosk's own renderer from the example screens of the tests, which are
filled with the longest contents that are to be expected. Look at them after any change of texts or layout.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from daemon.face.fonts import TYPEFACE
from daemon.face.renderer import Renderer
from daemon.face.texts import LANGUAGES
from daemon.session.widgets import Screen
from hal.contracts import Emit, Rect
from tests.face.example_screens import all_screens

SIZE = (1280, 800)
THUMBNAIL = (400, 250)
COLUMNS, GAP, CAPTION = 5, 12, 20
FOLDER = Path(__file__).parent.parent / "docs" / "screens"


class Canvas:
    """hal.contracts.Display without glass."""

    virtual = True
    size = SIZE
    size_mm = (217, 136)
    distance_mm = 600
    rotation: Literal[0, 90, 180, 270] = 0

    def __init__(self) -> None:
        self.canvas = bytearray(SIZE[0] * SIZE[1] * 4)

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        """There is nobody to see it."""

    def blank(self, on: bool) -> None:
        """Nor to miss it."""

    async def run(self, emit: Emit) -> None:
        """Never fails."""


def picture(screen: Screen, canvas: Canvas, renderer: Renderer) -> Image.Image:
    """The screen at its full size."""
    renderer.show(screen)
    return Image.frombytes("RGB", SIZE, bytes(canvas.canvas), "raw", "BGRX")


def contact_sheet(language: str) -> Image.Image:
    """All example screens of a language, each with its name above it."""
    shown = all_screens(language)
    rows = -(-len(shown) // COLUMNS)
    cell = (THUMBNAIL[0] + GAP, THUMBNAIL[1] + GAP + CAPTION)
    sheet = Image.new("RGB", (COLUMNS * cell[0] + GAP, rows * cell[1] + GAP), "#d9d6ce")
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(TYPEFACE.format(weight="Regular"), 14)
    canvas = Canvas()
    renderer = Renderer(canvas)
    for at, (name, screen) in enumerate(shown.items()):
        x, y = GAP + at % COLUMNS * cell[0], GAP + at // COLUMNS * cell[1]
        pen.text((x, y - 3), name, "#23221f", font)
        small = picture(screen, canvas, renderer).resize(THUMBNAIL, Image.Resampling.LANCZOS)
        sheet.paste(small, (x, y + CAPTION))
    return sheet


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        contact_sheet(language).save(FOLDER / f"{language}.webp", quality=78, method=6)


if __name__ == "__main__":
    main()

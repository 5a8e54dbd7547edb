"""Every screen in every language on one picture a language: ``docs/screens/<language>.webp``; and in Japanese
with large text, strong colours, and on the smallest and tallest glass: ``docs/screens/ja-<variant>.webp``.

``make sheets`` draws them with the kiosk's own renderer from the example screens of the tests, which are
filled with the longest contents that are to be expected. Look at them after any change of texts or layout.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from daemon.face.design import Panel
from daemon.face.fonts import TYPEFACE
from daemon.face.renderer import Renderer
from daemon.face.texts import LANGUAGES
from daemon.session.access import Access
from hal.contracts import Emit, Rect
from tests.face.example_screens import TEXTS, all_screens
from tests.face.panels import PANELS

THUMBNAIL = 400
COLUMNS, GAP, CAPTION = 5, 12, 20
FOLDER = Path(__file__).parent.parent / "docs" / "screens"
VARIANTS: Mapping[str, tuple[str, Access]] = {
    "large": ("10-inch", Access(large=True)),
    "strong": ("10-inch", Access(strong=True, voice=2)),
    "small": ("7-inch", Access()),
    "tall": ("10-inch-tall", Access()),
}


class Canvas:
    """hal.contracts.Display without glass."""

    virtual = True

    def __init__(self, panel: Panel) -> None:
        self.size = panel.size
        self.size_mm = panel.mm
        self.distance_mm = panel.distance_mm
        self.canvas = bytearray(panel.size[0] * panel.size[1] * 4)

    @property
    def rotation(self) -> Literal[0, 90, 180, 270]:
        return 0

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        """There is nobody to see it."""

    def blank(self, on: bool) -> None:
        """Nor anything to darken."""

    async def run(self, emit: Emit) -> None:
        """Never fails."""


def pictures(language: str, panel: Panel, access: Access) -> Iterator[tuple[str, Image.Image]]:
    """Every page of every example screen, with its name."""
    canvas = Canvas(panel)
    renderer = Renderer(canvas)
    for name, screen in all_screens(language).items():
        page, pages = 0, 1
        while page < pages:
            renderer.show(screen, access.view(TEXTS(language), "", page))
            page, pages = page + 1, renderer.pages
            caption = name if pages == 1 else f"{name} {page}/{pages}"
            yield caption, Image.frombytes("RGB", panel.size, bytes(canvas.canvas), "raw", "BGRX")


def contact_sheet(language: str, panel: Panel, access: Access) -> Image.Image:
    """All of them on one picture, each with its name above it."""
    shown = list(pictures(language, panel, access))
    width = THUMBNAIL if not panel.tall else THUMBNAIL * 5 // 8
    columns = COLUMNS if not panel.tall else COLUMNS * 8 // 5
    thumbnail = (width, round(width * panel.size[1] / panel.size[0]))
    cell = (thumbnail[0] + GAP, thumbnail[1] + GAP + CAPTION)
    sheet = Image.new("RGB", (columns * cell[0] + GAP, -(-len(shown) // columns) * cell[1] + GAP), "#d9d6ce")
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(TYPEFACE.format(weight="Regular"), 14)
    for at, (name, picture) in enumerate(shown):
        x, y = GAP + at % columns * cell[0], GAP + at // columns * cell[1]
        pen.text((x, y - 3), name, "#23221f", font)
        sheet.paste(picture.resize(thumbnail, Image.Resampling.LANCZOS), (x, y + CAPTION))
    return sheet


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        sheet = contact_sheet(language, PANELS["10-inch"], Access())
        sheet.save(FOLDER / f"{language}.webp", quality=70, method=6)
    for name, (glass, access) in VARIANTS.items():
        contact_sheet("ja", PANELS[glass], access).save(FOLDER / f"ja-{name}.webp", quality=60, method=6)


if __name__ == "__main__":
    main()

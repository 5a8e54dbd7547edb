"""The pictures a story leaves: every screen that was seen, every sheet and every receipt that was taken."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
from PIL import Image

from daemon.bench.pictures import side_of
from drivers.document.virtual import Sheet

Tell = Callable[[str], None]


class Album:
    """folder: where they go, or None for nowhere. tell: where the lines about them go."""

    def __init__(self, folder: Path | None, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self._screens = self._sheets = self._receipts = 0
        self.words = ""

    def screen(self, name: str, picture: Callable[[], Image.Image]) -> None:
        """picture: what stands on the glass now."""
        self._screens += 1
        if self._folder is not None:
            picture().convert("RGB").save(self._folder / f"{self._screens:02d}-{name}.png")

    def sheets(self, taken: Sequence[Sheet]) -> None:
        """Their fronts; ``words`` grows by what stands on them."""
        for sheet in taken:
            self._sheets += 1
            self.words += words_of(sheet)
            if self._folder is not None:
                side_of(sheet, "front").save(self._folder / f"page-{self._sheets}.png")
        self._tell(f"           sheets taken: {len(taken)}")

    def receipts(self, taken: Sequence[Image.Image]) -> None:
        for strip in taken:
            self._receipts += 1
            if self._folder is not None:
                strip.save(self._folder / f"receipt-{self._receipts}.png")

    def coins(self, taken: Sequence[int]) -> None:
        self._tell(f"           coins in the tray: {list(taken)}")


def words_of(sheet: Sheet) -> str:
    """What stands on the front, without any space."""
    document = pypdfium2.PdfDocument(sheet.document)
    page = document[sheet.pages[0]].get_textpage()
    text: str = page.get_text_range()
    page.close()
    document.close()
    return "".join(text.split())

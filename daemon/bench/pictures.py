"""What came out of the machine, as pictures: both sides of a sheet."""

from typing import Literal

import pypdfium2
from PIL import Image

from drivers.document.virtual import Sheet

Side = Literal["front", "back"]
A4_POINTS = (595, 842)


def side_of(sheet: Sheet, side: Side, dpi: int = 150) -> Image.Image:
    """One side of a sheet. A back that nothing was printed on is white paper."""
    scale = dpi / 72
    at = 0 if side == "front" else 1
    if at >= len(sheet.pages):
        return Image.new("RGB", (round(A4_POINTS[0] * scale), round(A4_POINTS[1] * scale)), "white")
    document = pypdfium2.PdfDocument(sheet.document)
    try:
        picture: Image.Image = document[sheet.pages[at]].render(scale=scale).to_pil()
    finally:
        document.close()
    return picture

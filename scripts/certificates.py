"""Every kind of certificate as a picture: ``docs/certificates/<name>.webp``, of an invented family, all 見本.

``make sheets`` draws them with the center's own press and PDFium. Look at them after a change of a template.
"""

from pathlib import Path

import pypdfium2
from PIL import Image

from tests.center.documents.examples import examples
from tests.center.world import press

DPI = 84
GAP = 12
NUMBER = "162027-20260401-T01-000001-0"
FOLDER = Path(__file__).parent.parent / "docs" / "certificates"


def picture(pdf: bytes) -> Image.Image:
    """All sheets side by side."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L") for page in document]
    document.close()
    width = sum(page.width + GAP for page in pages) + GAP
    sheet = Image.new("L", (width, pages[0].height + 2 * GAP), 150)
    for at, page in enumerate(pages):
        sheet.paste(page, (GAP + at * (page.width + GAP), GAP))
    return sheet


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, certificate in examples().items():
        picture(press().draw(certificate, NUMBER).pdf).save(FOLDER / f"{name}.webp", quality=60, method=6)


if __name__ == "__main__":
    main()

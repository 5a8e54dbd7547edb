"""A scan or photo of paper, as the codes of ours that are seen on it. Nothing of it is kept.

What comes in is a stranger's file: pictures are bounded before they are opened, and a PDF is drawn page by
page at the resolution of an office scanner.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

from daemon.center.paper.codes import Part, assembled, part_of

LARGEST_FILE = 64 << 20
LARGEST_PICTURE = 80_000_000
"""Pixels: A4 at 600 dpi is half of it."""
MOST_PAGES = 40
DRAWN_AT = 300 / 72
FORMATS = ("PNG", "JPEG")
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
SMALL = 1400
"""Pixels: what is smaller is looked at enlarged."""


class NotAScan(ValueError):
    """The text says why the file is none."""


@dataclass(frozen=True)
class Seen:
    """parts: of our codes, in the order of the pages. foreign: how many other codes were there."""

    parts: tuple[Part, ...]
    foreign: int


def read(file: bytes) -> Seen:
    """What can be read on it: PNG, JPEG or PDF. Raises NotAScan."""
    if len(file) > LARGEST_FILE:
        raise NotAScan(f"larger than {LARGEST_FILE >> 20} MB")
    parts: list[Part] = []
    foreign = 0
    for picture in _pictures(file):
        for data in _codes(picture):
            part = part_of(data)
            if part is None:
                foreign += 1
            else:
                parts.append(part)
    return Seen(tuple(parts), foreign)


def _codes(picture: Image.Image) -> list[bytes]:
    """The bytes of every QR code; while one is missing, the picture is looked at in another size too."""
    found: dict[bytes, None] = {}
    for view in _views(picture):
        found |= dict.fromkeys(one.bytes for one in zxingcpp.read_barcodes(view, QR_CODES))
        if found and not any(whole.missing for whole in assembled(_ours(found))):
            break
    return list(found)


def _ours(found: Iterable[bytes]) -> Iterator[Part]:
    return (part for part in map(part_of, found) if part is not None)


def _views(picture: Image.Image) -> Iterator[Image.Image]:
    """As it is; then half the size, where a fine scan's grain goes, or twice if it is small."""
    yield picture
    width, height = picture.size
    if min(width, height) > SMALL:
        yield picture.resize((width // 2, height // 2), Image.Resampling.BOX)
    else:
        yield picture.resize((width * 2, height * 2), Image.Resampling.BICUBIC)


def _pictures(file: bytes) -> Iterator[Image.Image]:
    """Grey, a page each. Raises NotAScan."""
    if file.startswith(b"%PDF"):
        yield from _drawn(file)
        return
    try:
        with Image.open(io.BytesIO(file), formats=FORMATS) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise NotAScan(f"more than {LARGEST_PICTURE // 1_000_000} million pixels: scan it at 300 dpi")
            yield _on_white(picture)
    except NotAScan:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAScan("not a picture (PNG or JPEG) nor a PDF") from None


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent is paper."""
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    return picture.convert("L")


def _drawn(file: bytes) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        raise NotAScan("a PDF that cannot be read") from None
    try:
        if len(document) > MOST_PAGES:
            raise NotAScan(f"a PDF of more than {MOST_PAGES} pages")
        for index in range(len(document)):
            yield _page(document[index])
    except pypdfium2.PdfiumError:
        raise NotAScan("a PDF of which a page cannot be read") from None
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    if width * height * DRAWN_AT**2 > LARGEST_PICTURE:
        raise NotAScan("a PDF with a page that is larger than any paper of ours")
    drawn: Image.Image = page.render(scale=DRAWN_AT, grayscale=True).to_pil()
    grey = drawn.convert("L")
    page.close()
    return grey

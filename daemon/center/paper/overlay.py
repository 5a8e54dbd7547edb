"""Puts the pattern and the codes under the text of a page, pixel by pixel of a 600 dpi printer.

Each is a stencil of one bit a pixel on a page of exactly 4960 × 7016 of them: such a raster comes out of
poppler, Ghostscript and printers unchanged, where a tiling pattern or a rounded page size does not.
"""

import zlib
from dataclasses import dataclass
from decimal import Decimal

import pikepdf
from pikepdf import Name
from PIL import Image

from daemon.center.paper.pattern import DPI, PAGE

POINT = Decimal(72) / DPI
WIDTH, HEIGHT = PAGE[0] * POINT, PAGE[1] * POINT


HAIR = Decimal("0.02")
"""Pixels: a stencil is so much within its edges, or rounding could let it reach into the next pixel."""
Pixels = int | Decimal


class WrongPage(ValueError):
    """A page that has not the size which keeps the raster."""


@dataclass(frozen=True)
class Stencil:
    """packed: rows of bits, 0 is ink, compressed as a PDF has them. Made once, used on many pages."""

    size: tuple[int, int]
    packed: bytes

    @classmethod
    def of(cls, mask: Image.Image) -> "Stencil":
        """mask: mode 1; black is ink."""
        return cls(mask.size, zlib.compress(mask.tobytes(), 9))

    def into(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """As an object of this document, for any number of its pages."""
        width, height = self.size
        image = pikepdf.Stream(pdf, b"")
        image.write(self.packed, filter=Name.FlateDecode)
        return _with(
            image,
            Type=Name.XObject,
            Subtype=Name.Image,
            ImageMask=True,
            Width=width,
            Height=height,
            BitsPerComponent=1,
        )


@dataclass(frozen=True)
class Placed:
    """A stencil on a page: its upper left corner in pixels from the page's, and how many pixels a bit is.

    alone: nothing else is to show through; so many pixels around it stay white too.
    """

    image: pikepdf.Object
    left: int = 0
    top: int = 0
    scale: int = 1
    alone: int | None = None

    def drawn(self, name: Name) -> str:
        width, height = int(self.image.Width) * self.scale, int(self.image.Height) * self.scale
        white = ""
        if self.alone is not None:
            around = self.alone
            box = (self.left - around, self.top - around, width + 2 * around, height + 2 * around)
            white = f"1 g {_box(*box)} re f 0 g "
        x, y, across, down = _box(
            self.left + HAIR, self.top + HAIR, width - 2 * HAIR, height - 2 * HAIR
        ).split()
        return f"{white}q {across} 0 0 {down} {x} {y} cm {name} Do Q\n"


def lay_under(pdf: pikepdf.Pdf, page: pikepdf.Page, stencils: list[Placed]) -> None:
    """Beneath whatever the page has, in this order. Raises WrongPage."""
    box = [Decimal(str(edge)) for edge in page.mediabox.as_list()]
    snapped = [Decimal(0), Decimal(0), WIDTH, HEIGHT]
    if any(abs(edge - wanted) > POINT / 100 for edge, wanted in zip(box, snapped, strict=True)):
        raise WrongPage("a page of a certificate is 595.2 x 841.92 points")
    drawn = [one.drawn(page.add_resource(one.image, Name.XObject)) for one in stencils]
    page.contents_add(f"q 0 g 0 G\n{''.join(drawn)}Q\n".encode(), prepend=True)


def _box(left: Pixels, top: Pixels, width: Pixels, height: Pixels) -> str:
    """x, y, width and height in points; y grows upwards."""
    corner = (left * POINT, HEIGHT - (top + height) * POINT)
    return " ".join(f"{side.normalize():f}" for side in (*corner, width * POINT, height * POINT))


def _with(image: pikepdf.Stream, **entries: object) -> pikepdf.Object:
    for key, value in entries.items():
        image[Name("/" + key)] = value
    return image

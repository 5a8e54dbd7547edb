"""Paper on an office scanner: poppler draws the page, then it lies askew, is blurred a little and noisy."""

import functools
import io
import subprocess

import numpy as np
from PIL import Image, ImageFilter


@functools.cache
def drawn(pdf: bytes, page: int, dpi: int) -> Image.Image:
    """page: from 1. Grey."""
    command = ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"]
    ended = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(ended.stdout)).copy()


def scanned(
    pdf: bytes, page: int = 2, dpi: int = 300, turned: float = 0.0, noise: float = 0.0, whole: bool = False
) -> Image.Image:
    """turned: degrees. noise: standard deviation in levels of 255. whole: not only where a single code is."""
    picture = drawn(pdf, page, dpi)
    if not whole:
        left, top, right, bottom = (side * dpi // 600 for side in (1200, 1200, 3760, 3200))
        picture = picture.crop((left, top, right, bottom))
    if turned:
        picture = picture.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    if noise:
        soft = picture.filter(ImageFilter.GaussianBlur(dpi / 600))
        grain = np.random.default_rng(1).normal(0.0, noise, (soft.height, soft.width)).astype(np.float32)
        picture = Image.fromarray(np.clip(np.asarray(soft, np.float32) + grain, 0, 255).astype(np.uint8))
    return picture


def file_of(picture: Image.Image, kind: str = "png") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **({"compress_level": 1} if kind == "png" else {"quality": 85}))
    return out.getvalue()

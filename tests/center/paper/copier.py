"""A printer and a copier, simulated: what becomes of a mask of dots on paper, and of that on a copy.

Grey is reflectance, 1 is bare paper; a picture repeats over its edges. The printer's spot of 22 µm smears
each pixel, and development makes ink of what is dark enough, a little more than was exposed. The scanner
blurs by 38 µm and by the width of its sensors, samples askew and with noise, and takes what is lighter than
its white point for paper; that is brought to the printer's resolution, error-diffused and printed as before.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.float32]

FINE = 2
"""Samples a printer's pixel and direction."""
DPI = 600
MICRON = FINE * DPI / 25_400
"""Samples."""
SPOT, LENS = 22.0, 38.0
"""Standard deviations in micrometres."""
THRESHOLD, STEEPNESS = 0.4, 12.0
SKEW_DEGREES, NOISE = 0.2, 0.012


def printed(mask: Image.Image, spot: float = SPOT) -> Grey:
    """mask: mode 1, 0 is ink. Reflectance, FINE samples a pixel."""
    ink = 1.0 - np.asarray(mask.convert("L"), dtype=np.float32) / 255.0
    return _developed(np.kron(ink, np.ones((FINE, FINE))), spot)


def copied(paper: Grey, dpi: int, white: float, seed: int = 1) -> Grey:
    """What comes out of a copier of this resolution that takes reflectance above ``white`` for bare paper."""
    size = paper.shape[0] * dpi // (FINE * DPI)
    sensor = 25_400 / dpi / math.sqrt(12)
    seen = _blurred(paper, math.hypot(LENS, sensor) * MICRON)
    rows, columns = np.mgrid[0:size, 0:size] * (FINE * DPI / dpi)
    angle = math.radians(SKEW_DEGREES)
    y = rows * math.cos(angle) - columns * math.sin(angle)
    x = rows * math.sin(angle) + columns * math.cos(angle)
    sampled = seen[y.astype(int) % seen.shape[0], x.astype(int) % seen.shape[1]]
    noisy = sampled + np.random.default_rng(seed).normal(0.0, NOISE, sampled.shape)
    cleaned = np.clip(noisy / white, 0.0, 1.0)
    engine = paper.shape[1] // FINE, paper.shape[0] // FINE
    grey = Image.fromarray((cleaned * 255).astype(np.uint8)).resize(engine, Image.Resampling.BILINEAR)
    return printed(grey.convert("1"))  # Floyd and Steinberg


def contrast(paper: Grey, letters: NDArray[np.bool_]) -> float:
    """How much lighter the ground is than the letters, in reflectance. letters: which columns are of them."""
    return float(paper[:, ~letters].mean() - paper[:, letters].mean())


def _developed(ink: Grey, spot: float) -> Grey:
    exposed = _blurred(ink, spot * MICRON)
    developed: Grey = 1.0 - 0.95 / (1.0 + np.exp(-STEEPNESS * (exposed - THRESHOLD)))
    return developed


def _blurred(picture: Grey, sigma: float) -> Grey:
    """Gaussian, over the edges."""
    reach = math.ceil(3 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        picture = np.sum(
            [w * np.roll(picture, k, axis) for k, w in zip(range(-reach, reach + 1), weights, strict=True)],
            axis=0,
        )
    return picture

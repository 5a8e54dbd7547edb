"""How a colour reaches the canvas, and how well one is seen on another. Which ones there are: `design`.

The canvas is XRGB8888, which Pillow does not know; it is drawn on as RGBX with red and blue exchanged, so no
frame is ever converted.
"""

Ink = tuple[int, int, int]


def ink(colour: str) -> Ink:
    """#rrggbb as the canvas wants it: blue first."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red


def contrast(one: Ink, other: Ink) -> float:
    """Contrast ratio by WCAG 2.1, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Ink) -> float:
    blue, green, red = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

"""Crosses on the real screen, for a person to touch: they say how the touch panel lies on the glass."""

from PIL import Image, ImageDraw

from hal.contracts import Display

ARM_MM, WIDTH_MM = 8.0, 1.0
PAPER, INK = (255, 255, 255), (0, 0, 0)


def draw_cross(display: Display, x: float, y: float) -> None:
    """An empty picture with one cross. x, y: parts of it."""
    width, height = display.size
    image = Image.frombuffer("RGBX", display.size, display.canvas, "raw", "RGBX", width * 4, 1)
    image.readonly = 0
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width, height), PAPER)
    across, down = round(x * (width - 1)), round(y * (height - 1))
    unit = width / display.size_mm[0]
    arm, thick = round(ARM_MM * unit), max(1, round(WIDTH_MM * unit))
    pen.line((across - arm, down, across + arm, down), INK, thick)
    pen.line((across, down - arm, across, down + arm), INK, thick)
    pen.ellipse((across - arm // 2, down - arm // 2, across + arm // 2, down + arm // 2), None, INK, thick)
    display.present(None)

"""The seals of samples, as pictures: a square 公印 and a round 印影 that both say 見本.

Pictures and not type, as real seals are, so that nothing of them is found when the page's text is read.
``make sheets`` draws them from the font of the certificates.
"""

from PIL import Image, ImageDraw, ImageFont

from daemon.center.documents.press import FONT
from daemon.center.settings import TEMPLATES

SIZE = 520  # 22 mm at 600 dpi
BOLD = 6


def letter(char: str, width: int, height: int) -> Image.Image:
    """The letter stretched until it fills its field, as those of seals are."""
    font = ImageFont.truetype(str(FONT), 400)
    picture = Image.new("L", (600, 600), 255)
    ImageDraw.Draw(picture).text((60, 60), char, 0, font, stroke_width=BOLD, stroke_fill=0)
    ink = picture.point(lambda value: 255 - value).getbbox()
    return picture.crop(ink).resize((width, height), Image.Resampling.LANCZOS)


def square() -> Image.Image:
    """見本公印, read from the right downwards."""
    seal = Image.new("L", (SIZE, SIZE), 255)
    ImageDraw.Draw(seal).rounded_rectangle((4, 4, SIZE - 5, SIZE - 5), 24, 255, 0, 22)
    field = (SIZE - 2 * 60) // 2
    for at, char in enumerate("見本公印"):
        x, y = 60 + (1 - at // 2) * (field + 12) - 6, 60 + at % 2 * (field + 12) - 6
        seal.paste(letter(char, field - 12, field - 12), (x + 6, y + 6))
    return seal.convert("1", dither=Image.Dither.NONE)


def round_one() -> Image.Image:
    """見本 in a circle, read downwards."""
    seal = Image.new("L", (SIZE, SIZE), 255)
    ImageDraw.Draw(seal).ellipse((4, 4, SIZE - 5, SIZE - 5), 255, 0, 16)
    for at, char in enumerate("見本"):
        seal.paste(letter(char, 220, 180), ((SIZE - 220) // 2, 68 + at * 204))
    return seal.convert("1", dither=Image.Dither.NONE)


def main() -> None:
    square().save(TEMPLATES / "sample-seal.png", optimize=True)
    round_one().save(TEMPLATES / "sample-impression.png", optimize=True)


if __name__ == "__main__":
    main()

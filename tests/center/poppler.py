"""A printed page read back by poppler, which is not what the kiosk reads with."""

import re
import subprocess
from dataclasses import dataclass


def poppler(pdf: bytes) -> str:
    """The text of all pages as it stands on them; each page ends with a form feed."""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def value_beside(label: str, text: str) -> str:
    """What stands beside a label, up to the next column or the end of the line."""
    spread = r"\s*".join(label)
    found = re.search(rf"(?:^|\s){spread} +(\S.*?)(?: {{2,}}|$)", text, re.MULTILINE)
    assert found, label
    return found[1]


def is_a_line(words: str, text: str) -> bool:
    return re.search(rf"^\s*{re.escape(words)}\s*$", text, re.MULTILINE) is not None


def letters(text: str) -> str:
    """Without space, which a reader finds where type is set wide."""
    return "".join(text.split())


def raw_pages(pdf: bytes) -> list[str]:
    """The letters of each page in the order in which they were set: a wrapped value stays in one piece."""
    command = ["pdftotext", "-raw", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [letters(page) for page in text.split("\f")[:-1]]


@dataclass(frozen=True)
class Word:
    """Where a word stands on its page, in points from the upper left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def words(pdf: bytes) -> list[list[Word]]:
    """The words of each page."""
    command = ["pdftotext", "-bbox", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    found = r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
    return [
        [Word(float(a), float(b), float(c), float(d), word) for a, b, c, d, word in re.findall(found, page)]
        for page in text.split("<page ")[1:]
    ]

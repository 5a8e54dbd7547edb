"""The certificate number: 団体コード-yyyymmdd-terminal-serial-check digit (REQUIREMENTS §6). Pure.

One 通 has one number, on each of its pages; a number is never used again, whatever became of its 通. The
check digit finds any one mistyped digit and swapped neighbouring digits when staff read a number aloud.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

TERMINAL = r"[A-Z0-9]{1,12}"
_PATTERN = re.compile(rf"([0-9]{{6}})-([0-9]{{8}})-({TERMINAL})-([0-9]{{6}})-([0-9])")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class CertificateNumber:
    """municipality: 団体コード. serial: 1.. of this terminal and day."""

    municipality: str
    day: date
    terminal: str
    serial: int

    def __str__(self) -> str:
        body = f"{self.municipality}-{self.day:%Y%m%d}-{self.terminal}-{self.serial:06}"
        return f"{body}-{check_digit(body)}"


def parse(text: str) -> CertificateNumber:
    """Raises ValueError: not of this form, no such day, or a wrong check digit."""
    found = _PATTERN.fullmatch(text)
    if found is None or int(found[5]) != check_digit(text[: found.end(4)]):
        raise ValueError("not a certificate number")
    try:
        day = datetime.strptime(found[2], "%Y%m%d").date()
    except ValueError:
        raise ValueError("not a certificate number: no such day") from None
    return CertificateNumber(found[1], day, found[3], int(found[4]))


def is_terminal(name: str) -> bool:
    """Whether this can be a terminal's name in a number: capital letters and digits."""
    return re.fullmatch(TERMINAL, name) is not None


def check_digit(body: str) -> int:
    """Damm's digit of ``body``; a letter counts as its place (A = 10), a hyphen not at all."""
    digits = "".join(str(ALPHABET.index(char)) for char in body if char != "-")
    row = 0
    for digit in digits:
        row = _DAMM[row][int(digit)]
    return row


_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's quasigroup of order 10 (H. M. Damm, 2004): finds single errors and swapped neighbours."""

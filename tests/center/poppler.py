"""A printed page read back by poppler, which is not what the kiosk reads with."""

import re
import subprocess


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

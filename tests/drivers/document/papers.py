"""PDFs for the printer tests: blank A4 pages."""

import hashlib
import io
from functools import cache

import pikepdf


@cache
def pdf(pages: int) -> bytes:
    """A PDF with this many A4 pages."""
    document = pikepdf.Pdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595.2, 841.92))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sealed(document: bytes) -> tuple[bytes, str]:
    """The document, and the hash that its seal would give."""
    return document, hashlib.sha256(document).hexdigest()

"""The backs of the sheets. Printers print on both sides, so the back of a sheet is a page of its own."""

from io import BytesIO

import pikepdf


def with_empty_backs(fronts: bytes) -> bytes:
    """The same sheets with an empty page between each two: the back of the one before."""
    out = BytesIO()
    with pikepdf.open(BytesIO(fronts)) as source, pikepdf.new() as target:
        left, bottom, right, top = (float(edge) for edge in source.pages[0].mediabox)
        for at, page in enumerate(source.pages):
            if at:
                target.add_blank_page(page_size=(right - left, top - bottom))
            target.pages.append(page)
        target.save(out)
    return out.getvalue()

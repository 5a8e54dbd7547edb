"""The text of each page of a PDF, as an independent reader (PDFium) sees it.

The center's layout is not asked what it wrote: what will stand on the paper is read back. PDFium is not
thread-safe: one thread of a process reads pages.
"""

import re

import pypdfium2

LINE_END_HYPHEN = "\x02"
"""What PDFium makes of a hyphen that ends a line, and of the line's end, as if a word went on."""


class UnreadablePdf(ValueError):
    """Not a PDF that can be read."""


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """One text a page, in order; variation selectors are kept. Raises UnreadablePdf."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise UnreadablePdf("not a PDF") from None
    try:
        return tuple(_text(document[index]) for index in range(len(document)))
    except pypdfium2.PdfiumError:
        raise UnreadablePdf("a page cannot be read") from None
    finally:
        document.close()


def _text(page: pypdfium2.PdfPage) -> str:
    reader = page.get_textpage()
    try:
        return str(reader.get_text_bounded()).replace(LINE_END_HYPHEN, "-\r\n")
    finally:
        reader.close()
        page.close()


def stands_in(words: str, text: str) -> bool:
    """Whether exactly these words stand in the text by themselves: not as a part of longer ones.

    Space is free, since a reader finds it where type is set wide; every other character must be the very
    same, a kanji's variation selector too: 山田 太 is not found in 山田 太郎, nor 邉 in one of its variants.
    """
    pattern = _alone(words)
    return bool(pattern) and re.search(pattern, text) is not None


def standing_before(words: str, text: str) -> tuple[str, ...]:
    """All that is before it, for each place where ``stands_in`` finds the words; without space."""
    pattern = _alone(words)
    places = re.finditer(pattern, text) if pattern else ()
    return tuple("".join(text[: place.start()].split()) for place in places)


def words_beside(label: str, text: str) -> tuple[str, ...]:
    """The first words after the label, for each place where a word of the text begins with it."""
    pattern = rf"(?<!\S){_letters(label)}\s*(\S*)"
    return tuple(place[1] for place in re.finditer(pattern, text))


def stands_below(label: str, words: str, text: str) -> bool:
    """Whether exactly these words are a line of their own below the label's, one line (the reading) between
    them or none. So a name that stands somewhere else on the page, as a head of household's, is not found.
    """
    pattern = rf"^.*(?<!\S){_letters(label)}[^\S\n]*\n(?:.*\n)?[^\S\n]*{_letters(words)}[^\S\n]*$"
    return bool(_letters(words)) and re.search(pattern, text.replace("\r", ""), re.MULTILINE) is not None


def _alone(words: str) -> str:
    letters = _letters(words)
    return rf"(?<!\S){letters}(?!\S)" if letters else ""


def _letters(words: str) -> str:
    return r"\s*".join(re.escape(char) for char in words if not char.isspace())

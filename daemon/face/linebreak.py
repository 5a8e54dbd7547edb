"""Where a line of text may end, and how a paragraph falls into lines. Pure.

Spanish, Portuguese, English and Korean break at spaces. Chinese breaks between words (`words`), Japanese
where a phrase begins (a kanji, katakana or bracket after hiragana), which keeps words whole and reads far
better than breaking anywhere. What stands in brackets stays together where a line has room for it. No line
begins with a closing mark or ends with an opening one (禁則), and a number keeps its unit. A piece that is
wider than the line is cut between characters: better a cut word than lost text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from daemon.face.words import inside_words

Measure = Callable[[str], float]

NEVER_FIRST = frozenset(
    "、。，．,.:;：；！？!?」』）)】〉》］}｝〕]»›”’・·…‥–〜ー゛゜ヽヾゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々%％°円～~"
)
NEVER_LAST = frozenset("「『（(【〈《［[{｛〔«‹“‘¿¡¥￥$＄①②③※")
OPENING, CLOSING = frozenset("「『（(【[“‘«"), frozenset("」』）)】]”’»")
DATE_MARKS = frozenset("月日월일")
NOTE_MARKS = frozenset("※*")
HONORIFICS = ("お", "ご")
PART = re.compile(r"(?<=[。！？：])(?!$)|(?<=[.!?]) |(?=[(（][^()（）]+[)）]$)")
"""Where a sentence, a list, or the remark at the end, begins."""
CLAUSE = re.compile(r"(?<=[。！？，；：])(?!$)|(?=（[^（）]+）$)")
"""The same in Chinese, and where a clause does."""
PARTICLES = frozenset("をはのがとへでもやにな")
BEFORE_HONORIFICS = PARTICLES | {"た"}


@dataclass(frozen=True)
class Piece:
    """Text that stays on one line. ink: its width without the spaces at its end."""

    text: str
    width: float
    ink: float


def wrap(text: str, width: float, measure: Measure, language: str) -> tuple[str, ...]:
    """The lines of this text: as few as possible, and then about equally long. A newline always ends a line.

    Every sentence, and a remark in brackets at the end, begins a line where that costs no line more.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if measure(paragraph.rstrip()) <= width:
            lines.append(paragraph.rstrip())
            continue
        together = _even(paragraph, width, measure, language)
        for starts in (CLAUSE, PART) if _is_chinese(language) else (PART,):
            parts = _parts(paragraph, starts)
            several = (line for part in parts for line in _even(part, width, measure, language))
            apart = together if len(parts) == 1 else list(several)
            if len(apart) <= len(together):
                lines += apart
                break
        else:
            lines += together
    return tuple(lines)


def widest(text: str, measure: Measure, language: str) -> float:
    """The width of the longest piece: in a narrower column it would be cut."""
    pieces = (piece for paragraph in text.split("\n") for piece in pieces_of(paragraph, language))
    return max(measure(piece.rstrip()) for piece in pieces) if text.strip() else 0.0


def _even(text: str, width: float, measure: Measure, language: str) -> list[str]:
    pieces = _measured(text, width, measure, language)
    return _fill(pieces, _narrowest(pieces, width))


def _parts(text: str, starts: re.Pattern[str]) -> list[str]:
    return [part.rstrip() for part in starts.split(text) if part.strip()] or [text]


def pieces_of(text: str, language: str, whole: bool = False) -> list[str]:
    """The unbreakable pieces of one paragraph, in order; joined they are the text.

    whole: what stands in brackets is one piece.
    """
    pieces: list[str] = []
    words = frozenset(inside_words(text, language))
    depth = 0
    for at, char in enumerate(text):
        if at and ((whole and depth) or at in words or not _may_break(text, at, pieces[-1], language)):
            pieces[-1] += char
        else:
            pieces.append(char)
        depth += (char in OPENING) - (char in CLOSING)
    return pieces


def _measured(text: str, width: float, measure: Measure, language: str) -> list[Piece]:
    pieces: list[Piece] = []
    for uncut in pieces_of(text, language, whole=True):
        large = _piece(uncut, measure)
        fits = large.ink <= width
        small = [large] if fits else [_piece(one, measure) for one in pieces_of(uncut, language)]
        for piece in small:
            cut = [] if piece.ink <= width else _characters(piece.text, width, measure)
            pieces += [_piece(part, measure) for part in cut] or [piece]
    return pieces


def _piece(text: str, measure: Measure) -> Piece:
    bare = text.rstrip()
    ink = measure(bare)
    return Piece(text, ink if bare == text else measure(text), ink)


def _characters(piece: str, width: float, measure: Measure) -> list[str]:
    """A piece cut between characters; a mark stays with its neighbour where the line has room for both."""
    parts = [piece[:1]]
    for before, char in pairwise(piece):
        together = before in NEVER_LAST or char in NEVER_FIRST or char == " "
        if together and measure((parts[-1] + char).rstrip()) <= width:
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _fill(pieces: Sequence[Piece], width: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for piece in pieces:
        if line and used + piece.ink > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece.text
        used += piece.width
    return [*lines, line.rstrip()]


def _narrowest(pieces: Sequence[Piece], width: float) -> float:
    """The least width that needs no more lines than this one."""
    wanted = len(_fill(pieces, width))
    if wanted == 1:
        return width
    low, high = width / 3, width
    while high - low > 4:
        middle = (low + high) / 2
        fits = len(_fill(pieces, middle)) == wanted and all(piece.ink <= middle for piece in pieces)
        low, high = (low, middle) if fits else (middle, high)
    return high


def _may_break(text: str, at: int, piece: str, language: str) -> bool:
    """Whether a line may end before ``text[at]``; piece: the unfinished piece before it."""
    before, after = text[at - 1], text[at]
    if after == " " or after in NEVER_FIRST or before in NEVER_LAST or _in_date(text, at):
        return False
    if before in " 、":
        return not _holds_on(text, at)
    if language == "ja":
        return _begins_phrase(text, at, piece)
    return _is_chinese(language) and not (_is_narrow(before) and before not in NEVER_FIRST)


def _in_date(text: str, at: int) -> bool:
    """Whether a date goes on: 9月|28日, 28日|12時, 9월 |28일."""
    before = text[:at].rstrip(" ")[-2:]
    return text[at].isdigit() and len(before) == 2 and before[0].isdigit() and before[1] in DATE_MARKS


def _holds_on(text: str, at: int) -> bool:
    """Whether what stands before the space needs what follows: a number its unit, ※ its note."""
    if at < 2 or text[at - 1] != " ":
        return False
    after = text[at]
    unit = after.isalpha() and (_is_narrow(after) or _is_hangul(after))
    return text[at - 2] in NOTE_MARKS or (text[at - 2].isdigit() and unit)


def _begins_phrase(text: str, at: int, piece: str) -> bool:
    """Japanese: whether a new phrase begins at ``text[at]``; piece: the phrase before it."""
    before, after = text[at - 1], text[at]
    if before in "、。！？":
        return True
    if _is_hiragana(after):
        return after in HONORIFICS and before in BEFORE_HONORIFICS and _is_kanji(text[at + 1 : at + 2])
    if _is_hiragana(before):
        return before not in HONORIFICS and not _is_stem(piece)
    return _script_changes(before, after, text[at + 1 : at + 2])


def _script_changes(before: str, after: str, following: str) -> bool:
    """Whether katakana, kanji, brackets meet so that a line may end between them."""
    if before in CLOSING:
        return not _is_katakana(after)
    if _is_katakana(before) and _is_kanji(after):
        return _is_kanji(following)
    if before in NEVER_FIRST and not _is_katakana(before):
        return True
    return _script(before) != _script(after) and not _is_narrow(before)


def _is_stem(piece: str) -> bool:
    """取り, 申し, 読み: the first half of a compound verb, which its second half must follow."""
    return len(piece) >= 2 and _is_kanji(piece[-2]) and piece[-1] not in PARTICLES


def _script(char: str) -> str:
    if _is_katakana(char):
        return "katakana"
    if char in NEVER_LAST:
        return "bracket"
    return "narrow" if _is_narrow(char) else "kanji"


def _is_hiragana(char: str) -> bool:
    return "ぁ" <= char <= "ゟ"


def _is_katakana(char: str) -> bool:
    return "ァ" <= char <= "ヿ" and char != "・"


def _is_kanji(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "々"


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _is_narrow(char: str) -> bool:
    """Latin letters and digits: also accented ones; not CJK."""
    return char < "\u0250"

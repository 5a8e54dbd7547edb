"""The status words of a card as typed results, each with its meaning.

Whoever branches on what a card answered branches on ``kind``; ``meaning`` is for logs. The constants are the
words that a My Number card answers with, and the virtual card with them. Pure; MicroPython subset.

Source: shared/protocols/card.md §2; the families by first byte are those of ISO 7816-4.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal[
        "ok",
        "more",
        "warning",
        "tries",
        "uncounted",
        "blocked",
        "pin-needed",
        "not-found",
        "past-end",
        "refused",
        "unknown-command",
        "failed",
        "unknown",
    ]
else:
    Kind = object

OK = 0x9000
UNLIMITED_TRIES = 0x6300
TRIES = 0x63C0  # the low digit: tries left
BLOCKED, BLOCKED_TOO = 0x6984, 0x6983  # JICSAP "IEF locked"; other cards say 6983
WRONG_LENGTH, NO_CHANNELS, NOT_TRANSPARENT = 0x6700, 0x6881, 0x6981
PIN_NEEDED, REFUSED, NO_FILE_SELECTED = 0x6982, 0x6985, 0x6986
WRONG_DATA, NO_FUNCTION = 0x6A80, 0x6A81
NOT_FOUND, WRONG_PARAMETERS, PAST_END = 0x6A82, 0x6A86, 0x6B00
UNKNOWN_INS, UNKNOWN_CLA, NO_DIAGNOSIS = 0x6D00, 0x6E00, 0x6F00


class Status:
    """A status word as a typed result. tries: left, where it tells them. meaning: for whoever reads logs."""

    __slots__ = ("kind", "meaning", "sw", "tries")

    def __init__(self, sw: int, kind: Kind, meaning: str, tries: int | None = None) -> None:
        self.sw = sw
        self.kind = kind
        self.meaning = meaning
        self.tries = tries

    def __repr__(self) -> str:
        return "{:04X}: {}".format(self.sw, self.meaning)


_WORDS: dict[int, tuple[Kind, str]] = {
    OK: ("ok", "done"),
    UNLIMITED_TRIES: ("uncounted", "not verified; the tries are not counted"),
    BLOCKED: ("blocked", "the PIN is locked"),
    BLOCKED_TOO: ("blocked", "the PIN is locked"),
    WRONG_LENGTH: ("refused", "the length is wrong"),
    NO_CHANNELS: ("refused", "there are no logical channels"),
    NOT_TRANSPARENT: ("refused", "the file is no data: a key or a PIN"),
    PIN_NEEDED: ("pin-needed", "its PIN must be verified first"),
    REFUSED: ("refused", "the conditions of use are not met"),
    NO_FILE_SELECTED: ("refused", "no file is selected"),
    WRONG_DATA: ("refused", "the data is wrong"),
    NO_FUNCTION: ("unknown-command", "the function is not supported"),
    NOT_FOUND: ("not-found", "there is no such application or file"),
    WRONG_PARAMETERS: ("refused", "P1 or P2 is wrong"),
    PAST_END: ("past-end", "the offset is past the end of the file"),
    UNKNOWN_INS: ("unknown-command", "the instruction is not known"),
    UNKNOWN_CLA: ("unknown-command", "the class is not known"),
    NO_DIAGNOSIS: ("failed", "the card failed and does not say why"),
}
_FAMILIES: dict[int, tuple[Kind, str]] = {
    0x61: ("more", "done; more bytes wait to be fetched"),
    0x62: ("warning", "done with a warning"),
    0x63: ("warning", "done with a warning; something was changed"),
    0x64: ("failed", "the card failed; nothing was changed"),
    0x65: ("failed", "the card failed; its memory was changed"),
    0x66: ("failed", "the card failed for its security"),
    0x67: ("refused", "the length is wrong"),
    0x68: ("refused", "the class's functions are not supported"),
    0x69: ("refused", "the command is not allowed"),
    0x6A: ("refused", "the parameters are wrong"),
    0x6B: ("refused", "P1 or P2 is wrong"),
    0x6C: ("refused", "Le is wrong"),
    0x6D: ("unknown-command", "the instruction is not known"),
    0x6E: ("unknown-command", "the class is not known"),
    0x6F: ("failed", "the card failed and does not say why"),
}
"""By the first byte (ISO 7816-4), where the whole word is none of ours."""


def status_of(sw: int) -> Status:
    """Every word has a result; one outside of ISO 7816-4 is "unknown"."""
    if sw & 0xFFF0 == TRIES:
        tries = sw & 0x0F
        return Status(sw, "tries", "{} tries of the PIN are left".format(tries), tries)
    kind, meaning = _WORDS.get(sw) or _FAMILIES.get(sw >> 8) or ("unknown", "not a word of ISO 7816-4")
    return Status(sw, kind, meaning, 0 if kind == "blocked" else None)

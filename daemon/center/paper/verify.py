"""What a scan of paper proves: whose signature holds over what, and how its number stands.

Contents are shown only once their signature holds: what a forger wrote is never set out as if it were true. A
copy carries the code too, so "genuine" is said of the contents, not of the sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from daemon.center.paper.codes import Assembled, assembled
from daemon.center.paper.record import Record, UnreadableRecord, unpack
from daemon.center.paper.scan import Seen
from daemon.center.paper.signed import NotSigned, Tampered, UnknownKey, opened
from daemon.center.paper.standing import Lookup, Standing
from daemon.issuance.seal import Keyring


class Verdict(Enum):
    """Of one sheet, or, where no code of ours was found, of the scan."""

    GENUINE = "genuine"
    SAMPLE = "sample"
    INVALID = "invalid"
    TAMPERED = "tampered"
    UNKNOWN_KEY = "unknown-key"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    NOTHING = "nothing"


STANDINGS = {
    Standing.DELIVERED: "The center has it as delivered.",
    Standing.OPEN: "The center gave this number and has not heard yet how it ended.",
    Standing.VOID: "The center has this number as VOID (無効): it was not printed well, or cancelled.",
    Standing.REFUNDED: "The center has this number as REFUNDED (返金済み): it is not valid.",
    Standing.IN_DOUBT: "The center does not know whether it came out: a person must settle that case first.",
    Standing.UNKNOWN: "The center never gave this number, though its key has signed: tell it at once.",
}
NOT_LOOKED_UP = "The number was not looked up: it may be void or refunded."
HOW = "Scan the back of the sheet, where the square code is, at 300 dpi, flat and whole, in grey or black."
SAYS = {
    Verdict.GENUINE: "The signature holds. Compare what follows with the front, word by word.",
    Verdict.SAMPLE: "The signature holds, but this is no certificate.",
    Verdict.INVALID: "The signature holds, but this certificate is not valid.",
    Verdict.TAMPERED: "The signature does NOT hold: the code was altered or forged. Believe nothing of it.",
    Verdict.UNKNOWN_KEY: "Signed with a key that is not at hand: another center's, or anybody's.",
    Verdict.INCOMPLETE: "Not all codes of this back were found.",
    Verdict.UNREADABLE: "Signed, but in a form that this version does not know: use a newer one.",
    Verdict.FOREIGN: f"There is a code, but none of ours: perhaps another side or paper. {HOW}",
    Verdict.NOTHING: f"No code was found. {HOW}",
}


@dataclass(frozen=True)
class Finding:
    """record: only if its signature holds. said: in one or two sentences what it means."""

    verdict: Verdict
    said: str
    record: Record | None = None

    @property
    def good(self) -> bool:
        return self.verdict is Verdict.GENUINE


def verify(
    scans: Iterable[Seen], keys: Keyring, look_up: Lookup | None = None, samples: bool = False
) -> tuple[Finding, ...]:
    """One finding a back, of all scans together; at least one. samples: a 見本 counts (on the bench).

    Raises NoRegistry.
    """
    seen = list(scans)
    wholes = assembled(part for one in seen for part in one.parts)
    if not wholes:
        foreign = any(one.foreign for one in seen)
        return (_finding(Verdict.FOREIGN if foreign else Verdict.NOTHING),)
    return tuple(_found(whole, keys, look_up, samples) for whole in wholes)


def missing_sheets(findings: Sequence[Finding]) -> tuple[str, ...]:
    """A 通 is valid only as a whole (R37): which of its sheets were not shown, one line a 通."""
    shown: dict[tuple[str, int], set[int]] = {}
    for one in findings:
        if one.record is not None:
            shown.setdefault((one.record.number, one.record.total), set()).add(one.record.page)
    gaps = {key: [page for page in range(1, key[1] + 1) if page not in pages] for key, pages in shown.items()}
    return tuple(
        f"{number}: not shown yet: sheet {', '.join(f'{page}/{total}' for page in pages)}. "
        "A certificate is valid only with all of its sheets."
        for (number, total), pages in gaps.items()
        if pages
    )


def _found(whole: Assembled, keys: Keyring, look_up: Lookup | None, samples: bool) -> Finding:
    if whole.missing:
        lost = ", ".join(map(str, whole.missing))
        return _finding(Verdict.INCOMPLETE, f"Missing: {lost} of {whole.parts}. {HOW}")
    try:
        record = unpack(opened(whole.data, keys.find))
    except UnknownKey as error:
        return _finding(Verdict.UNKNOWN_KEY, f"Its id: {error.key}.")
    except (NotSigned, Tampered):
        return _finding(Verdict.TAMPERED)
    except UnreadableRecord:
        return _finding(Verdict.UNREADABLE)
    return _genuine(record, look_up, samples)


def _genuine(record: Record, look_up: Lookup | None, samples: bool) -> Finding:
    more = ("It is a sample (見本) of invented people, and worth nothing.",) * record.sample
    good = Verdict.SAMPLE if record.sample and not samples else Verdict.GENUINE
    if look_up is None:
        return _finding(good, NOT_LOOKED_UP, *more, record=record)
    standing = look_up(record.number)
    return _finding(good if standing.good else Verdict.INVALID, STANDINGS[standing], *more, record=record)


def _finding(verdict: Verdict, *more: str, record: Record | None = None) -> Finding:
    return Finding(verdict, " ".join((SAYS[verdict], *more)), record)

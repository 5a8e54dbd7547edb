"""What ESC/POS receipt printers say, for both sides: DLE EOT 1-4, GS r 1 and GS I (Epson's reference).

Rule: a byte counts only with its fixed bits right, and the raw bits are read here and nowhere else.
MicroPython subset.
"""

from hal import faults
from hal.faults import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEVICE = "receipt"

DLE_EOT = b"\x10\x04"  # + 1..4: answered at once, also off-line or with data held back
BARRIER = b"\x1dr\x01"  # GS r 1: answered when everything before it is printed
IDENTITY = b"\x1dI"  # GS I + one of these: answered in its turn, with text
FIRMWARE, MAKER, MODEL, SERIAL = 65, 66, 67, 68
RESET = b"\x1b@"  # ESC @
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: at once, drops what is held back
CLEARED = b"\x37\x25\x00"  # the answer of printers that know it
LONGEST_RASTER = 8192  # octets of one raster command of ours: so many NULs complete a broken one
QUERIES = (1, 2, 3, 4)  # printer, cause of off-line, cause of error, paper

# (query, bits, fault, what the technician does), worst first.
MEANINGS = (
    (2, 0x04, faults.RECEIPT_COVER, "close the cover of the receipt printer"),
    (4, 0x60, faults.RECEIPT_PAPER_OUT, "put in a new roll of receipt paper"),
    (2, 0x20, faults.RECEIPT_PAPER_OUT, "put in a new roll of receipt paper"),
    (3, 0x08, faults.RECEIPT_CUTTER, "the cutter is stuck: free it, then power the printer off and on"),
    (3, 0x20, faults.RECEIPT_ERROR, "unrecoverable error: power the printer off and on"),
    (3, 0x40, faults.RECEIPT_ERROR, "the print head is hot: it goes on by itself"),
    (2, 0x40, faults.RECEIPT_ERROR, "it reports an error: power the printer off and on"),
    (1, 0x08, faults.RECEIPT_ERROR, "it is off-line: press its feed button or power it off and on"),
    (4, 0x0C, faults.RECEIPT_PAPER_LOW, "the roll is near its end"),
)
WARNINGS = (faults.RECEIPT_PAPER_LOW,)


def is_status(octet: int) -> bool:
    """Whether this can be an answer to DLE EOT."""
    return octet & 0x93 == 0x12


def is_barrier(octet: int) -> bool:
    """Whether this can be an answer to GS r 1."""
    return octet & 0x90 == 0


def read_status(answers: "Mapping[int, int]") -> "list[Fault]":
    """Query → answer, as faults, worst first, each code once."""
    found: list[Fault] = []
    for query, bits, code, advice in MEANINGS:
        if answers.get(query, 0) & bits and code not in [fault.code for fault in found]:
            found.append(Fault(code, DEVICE, advice))
    specific = [fault for fault in found if fault.code != faults.RECEIPT_ERROR]
    return specific if stopping(specific) else found


def stopping(found: "Iterable[Fault]") -> "list[Fault]":
    """Those that keep it from printing."""
    return [fault for fault in found if fault.code not in WARNINGS]


def write_status(query: int, codes: "Sequence[str]") -> bytes:
    """The answer of a printer that has these faults."""
    octet = 0x12
    if query == 1 and [code for code in codes if code not in WARNINGS]:
        octet |= 0x08
    for of_query, bits, code, _ in MEANINGS:
        if of_query == query and code in codes and code != faults.RECEIPT_ERROR:
            octet |= bits
    return bytes([octet])


def read_text(said: bytes) -> "str | None":
    """The answer to GS I in what has come: ``_``, at most 80 octets of ASCII, NUL. None: not there (yet)."""
    start = said.find(b"_")
    end = said.find(b"\0", start)
    if start < 0 or end < 0:
        return None
    return "".join([chr(octet) if 32 <= octet < 127 else "?" for octet in said[start + 1 : end]])


def write_text(text: str) -> bytes:
    """The answer to GS I."""
    return b"_" + text.encode("ascii") + b"\0"


def write_barrier(codes: "Sequence[str]") -> bytes:
    """The answer to GS r 1: near end 0x03, end 0x0c."""
    low = 0x03 if faults.RECEIPT_PAPER_LOW in codes else 0
    return bytes([low | (0x0C if faults.RECEIPT_PAPER_OUT in codes else 0)])

"""Fault values: what went wrong with a device, as a code from the catalogue ``assets/faults.toml``.

The catalogue says of each code how severe it is, whether the kiosk can sell without the device, what
the citizen sees and what the clerk and the technician do. A test keeps the two lists equal.

MicroPython subset.
"""

READER_ABSENT = "card.reader-absent"
READER_HUNG = "card.reader-hung"
READER_BUSY = "card.reader-busy"
PCSC_DOWN = "card.service-down"

CASH_LINK_LOST = "cash.link-lost"
CASH_IDENTITY_CHANGED = "cash.identity-changed"
CASH_ACCEPTOR_BLOCKED = "cash.acceptor-blocked"
CASH_ACCEPTOR_RESET = "cash.acceptor-reset"
CASH_BILLS_OFF = "cash.bills-off"
CASH_COIN_SWALLOWED = "cash.coin-swallowed"
CASH_FRAUD = "cash.fraud-suspected"
CASH_EVENTS_LOST = "cash.events-lost"
CASH_HOPPER_EMPTY = "cash.hopper-empty"
CASH_HOPPER_JAM = "cash.hopper-jam"
CASH_HOPPER_WRONG = "cash.hopper-wrong-coin"
CASH_SUSPECT = "cash.suspect"

PRINTER_UNREACHABLE = "document.unreachable"
PRINTER_REFUSES = "document.not-accepting"
PRINTER_UNSUITABLE = "document.unsuitable"
PRINTER_PAPER_OUT = "document.paper-out"
PRINTER_PAPER_LOW = "document.paper-low"
PRINTER_JAM = "document.jam"
PRINTER_COVER = "document.cover-open"
PRINTER_TONER_OUT = "document.toner-out"
PRINTER_TONER_LOW = "document.toner-low"
PRINTER_STOPPED = "document.stopped"
PRINTER_UNKNOWN = "document.outcome-unknown"

RECEIPT_UNREACHABLE = "receipt.unreachable"
RECEIPT_PAPER_OUT = "receipt.paper-out"
RECEIPT_PAPER_LOW = "receipt.paper-low"
RECEIPT_COVER = "receipt.cover-open"
RECEIPT_CUTTER = "receipt.cutter"
RECEIPT_ERROR = "receipt.error"

DISPLAY_LOST = "display.lost"
TOUCH_LOST = "touch.lost"
TOUCH_DIRTY = "touch.dirty"
KEYPAD_LOST = "keypad.lost"
VOICE_SILENT = "voice.silent"
CABINET_LOST = "cabinet.link-lost"
DOOR_OPEN = "cabinet.door-open"

CENTER_UNREACHABLE = "center.unreachable"
CENTER_REFUSES = "center.refuses"
CENTER_MISMATCH = "center.mismatch"

CLOCK_WRONG = "kiosk.clock"
JOURNAL_BROKEN = "kiosk.journal"
BUILD_CHANGED = "kiosk.build"
SAMPLE_MIXED = "kiosk.sample-mixed"
CASE_OPEN = "kiosk.case-open"
CARD_LEFT = "kiosk.card-left"
PAPER_LEFT = "kiosk.paper-left"


class Fault:
    """One fault. code: a constant above; device: who has it; detail: for the technician, no personal data."""

    __slots__ = ("code", "detail", "device")

    def __init__(self, code: str, device: str, detail: str = "") -> None:
        self.code = code
        self.device = device
        self.detail = detail

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and (self.code, self.device, self.detail) == (
            other.code,
            other.device,
            other.detail,
        )

    def __hash__(self) -> int:
        return hash((self.code, self.device, self.detail))

    def __repr__(self) -> str:
        return "Fault({!r}, {!r}, {!r})".format(self.code, self.device, self.detail)


class DeviceError(Exception):
    """A device could not do what it was asked; ``fault`` says why. Raised by every driver."""

    def __init__(self, fault: Fault) -> None:
        super().__init__("{}: {} ({})".format(fault.device, fault.code, fault.detail))
        self.fault = fault

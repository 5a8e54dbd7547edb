"""What a printer's own attributes say about it, as fault values: the one place that reads its keywords.

Rule: ``-error``, ``-warning`` and ``-report`` behind a reason say how the printer feels, not what is the
matter (ippeveprinter derives them from its state), so known reasons count by name alone; an unknown one
stops sales only as an ``-error``.
"""

from dataclasses import dataclass

from drivers.document.attributes import PRINTER_GROUP, Group, Message
from drivers.document.codes import (
    A4,
    CANCEL_JOB,
    CREATE_JOB,
    GET_JOB,
    LONG_EDGE,
    PDF,
    PRINTER_STOPPED,
    SEND_DOCUMENT,
)
from hal import faults
from hal.faults import Fault

DEVICE = "document"
ASKED = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-up-time",
    "printer-uuid",
    "printer-make-and-model",
    "printer-input-tray",
    "document-format-supported",
    "media-supported",
    "media-ready",
    "sides-supported",
    "operations-supported",
    "job-creation-attributes-supported",
    "print-scaling-supported",
)

PAPER = (faults.PRINTER_PAPER_OUT, "load A4 paper and close the tray")
COVER = (faults.PRINTER_COVER, "close every cover and door of the printer")
TONER = (faults.PRINTER_TONER_OUT, "replace the toner cartridge")
PAUSED = (faults.PRINTER_STOPPED, "resume the printer at its own panel")
OUTPUT = (faults.PRINTER_STOPPED, "empty the printer's output tray and put it in place")
SERVICE = (faults.PRINTER_STOPPED, "the printer asks for service; see its panel")

# Worst first: of several, the first is the one that is reported.
STOPPING = {
    "media-jam": (faults.PRINTER_JAM, "take out and shred every sheet on the paper path"),
    "cover-open": COVER,
    "door-open": COVER,
    "interlock-open": COVER,
    "media-empty": PAPER,
    "media-needed": PAPER,
    "input-tray-missing": PAPER,
    "toner-empty": TONER,
    "marker-supply-empty": TONER,
    "output-area-full": OUTPUT,
    "output-tray-missing": OUTPUT,
    "marker-waste-full": SERVICE,
    "developer-empty": SERVICE,
    "opc-life-over": SERVICE,
    "fuser-over-temp": SERVICE,
    "spool-area-full": SERVICE,
    "paused": PAUSED,
    "moving-to-paused": PAUSED,
    "stopping": PAUSED,
    "shutdown": PAUSED,
}
WARNING = {
    "media-low": (faults.PRINTER_PAPER_LOW, "load A4 paper soon"),
    "toner-low": (faults.PRINTER_TONER_LOW, "have a toner cartridge ready"),
    "marker-supply-low": (faults.PRINTER_TONER_LOW, "have a toner cartridge ready"),
}


@dataclass(frozen=True)
class Condition:
    """One look at a printer. stops: an attendant is needed first. refuses: it cannot do our jobs.

    warnings: it prints all the same. sheets: in its trays; None: it does not say. uptime: seconds.
    """

    printer: str
    model: str
    uptime: int
    sheets: int | None
    job_attributes: tuple[str, ...]
    stops: tuple[Fault, ...]
    refuses: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def worst(self) -> Fault | None:
        """The one fault to report."""
        return next(iter(self.stops + self.refuses + self.warnings), None)

    def obstacles(self, sheets: int) -> tuple[Fault, ...]:
        """What stands against printing this many sheets now."""
        found = self.stops + self.refuses
        if self.sheets is None or self.sheets >= sheets:
            return found
        detail = f"{sheets} sheets are needed, {self.sheets} are left; load A4 paper"
        return (*found, Fault(faults.PRINTER_PAPER_OUT, DEVICE, detail))


def read_condition(reply: Message, name: str) -> Condition:
    """Reads the answer to Get-Printer-Attributes. name: what to call a printer that has no uuid."""
    group = reply.group(PRINTER_GROUP)
    reasons = group.texts("printer-state-reasons")
    return Condition(
        printer=group.text("printer-uuid", name),
        model=group.text("printer-make-and-model"),
        uptime=group.integer("printer-up-time"),
        sheets=_sheets(group.octets("printer-input-tray")),
        job_attributes=_optional(group),
        stops=_stops(reasons, group.integer("printer-state")),
        refuses=_refusals(group),
        warnings=_by_table(reasons, WARNING),
    )


def strip_severity(reason: str) -> str:
    """``media-jam-error`` → ``media-jam``."""
    for suffix in ("-error", "-warning", "-report"):
        reason = reason.removesuffix(suffix)
    return reason


def _by_table(reasons: list[str], table: dict[str, tuple[str, str]]) -> tuple[Fault, ...]:
    present = {strip_severity(reason) for reason in reasons}
    return tuple(
        Fault(code, DEVICE, f"{keyword}: {advice}")
        for keyword, (code, advice) in table.items()
        if keyword in present
    )


def _stops(reasons: list[str], state: int) -> tuple[Fault, ...]:
    unknown = sorted(reason for reason in reasons if reason.endswith("-error") and not _known(reason))
    found = _by_table(reasons, STOPPING) + tuple(
        Fault(faults.PRINTER_STOPPED, DEVICE, f"{reason}: see the printer's panel") for reason in unknown
    )
    if state == PRINTER_STOPPED and not found:
        return (Fault(faults.PRINTER_STOPPED, DEVICE, "it has stopped without a reason; see its panel"),)
    return found


def _known(reason: str) -> bool:
    keyword = strip_severity(reason)
    return keyword in STOPPING or keyword in WARNING


def _refusals(group: Group) -> tuple[Fault, ...]:
    found = []
    if not group.boolean("printer-is-accepting-jobs", True):
        found.append(Fault(faults.PRINTER_REFUSES, DEVICE, "it accepts no jobs; see its panel or web page"))
    wanted = (("document-format-supported", PDF), ("media-supported", A4), ("sides-supported", LONG_EDGE))
    for name, keyword in wanted:
        if keyword not in group.texts(name):
            found.append(Fault(faults.PRINTER_UNSUITABLE, DEVICE, f"{keyword} is not in its {name}"))
    operations = {CREATE_JOB, SEND_DOCUMENT, CANCEL_JOB, GET_JOB}
    if not operations <= set(group.ints("operations-supported")):
        found.append(Fault(faults.PRINTER_UNSUITABLE, DEVICE, "it lacks Create-Job or one of its companions"))
    ready = group.texts("media-ready")
    if ready and A4 not in ready:
        found.append(
            Fault(faults.PRINTER_PAPER_OUT, DEVICE, "no tray is set to A4; load A4 and set the tray")
        )
    return tuple(found)


def _sheets(trays: list[bytes]) -> int | None:
    """Sheets in all trays that count them (PWG 5100.13 §5.6.13; negative: unknown); None: no tray counts."""
    levels = [level for tray in trays if (level := _level(tray)) >= 0]
    return sum(levels) if levels else None


def _level(tray: bytes) -> int:
    fields = dict(field.split("=", 1) for field in tray.decode("latin-1").split(";") if "=" in field)
    try:
        return int(fields.get("level", "-2"))
    except ValueError:
        return -2


def _optional(group: Group) -> tuple[str, ...]:
    """Job attributes we would like and this printer knows."""
    known = "print-scaling" in group.texts("job-creation-attributes-supported")
    return ("print-scaling",) if known and "none" in group.texts("print-scaling-supported") else ()

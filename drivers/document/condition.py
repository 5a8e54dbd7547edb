"""What a printer's own attributes say about it, as fault values: the one place that reads its keywords.

Rule: ``-error``, ``-warning`` and ``-report`` behind a reason say how the printer feels, not what is the
matter (ippeveprinter derives them from its state), so known reasons count by name alone; an unknown one
stops sales only as an ``-error``.
"""

from dataclasses import dataclass

from drivers.document.attributes import (
    KEYWORD,
    PRINTER_GROUP,
    RESOLUTION,
    Attribute,
    Group,
    Message,
    attribute,
)
from drivers.document.codes import (
    A4,
    CANCEL_JOB,
    CREATE_JOB,
    GET_JOB,
    GET_JOBS,
    LONG_EDGE,
    PDF,
    PRINTER_STOPPED,
    SEND_DOCUMENT,
    VALIDATE_JOB,
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
    "print-color-mode-supported",
    "printer-resolution-supported",
)

OPTIONAL = (
    # the anti-copy pattern is made for the printer's own dots, in black
    attribute("print-scaling", KEYWORD, "none"),
    attribute("print-color-mode", KEYWORD, "monochrome"),
    attribute("printer-resolution", RESOLUTION, (600, 600, 3)),
)
"""What a job asks for besides, if the printer says that it knows it: with fidelity it would refuse else."""

OPERATIONS = {
    CREATE_JOB: "Create-Job",
    SEND_DOCUMENT: "Send-Document",
    CANCEL_JOB: "Cancel-Job",
    GET_JOB: "Get-Job-Attributes",
    GET_JOBS: "Get-Jobs",
    VALIDATE_JOB: "Validate-Job",
}
"""What the kiosk cannot do without, besides Get-Printer-Attributes."""

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
    options: of OPTIONAL, those it knows.
    """

    printer: str
    model: str
    uptime: int
    sheets: int | None
    options: tuple[Attribute, ...]
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
        options=_options(group),
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
    missing = lacking(group)
    if missing:
        found.append(Fault(faults.PRINTER_UNSUITABLE, DEVICE, "it lacks " + ", ".join(missing)))
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


def lacking(group: Group) -> list[str]:
    """The operations that a printer lacks for our jobs."""
    known = group.ints("operations-supported")
    return [name for code, name in OPERATIONS.items() if code not in known]


def _options(group: Group) -> tuple[Attribute, ...]:
    known = group.texts("job-creation-attributes-supported")
    return tuple(one for one in OPTIONAL if one.name in known and _supports(group, one))


def _supports(group: Group, wanted: Attribute) -> bool:
    name = wanted.name + "-supported"
    values: list[object] = [*group.texts(name), *group.tuples(name)]
    return wanted.values[0].data in values

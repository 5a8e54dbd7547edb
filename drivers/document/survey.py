"""Surveys an IPP printer: what it is, how it is, and whether certificates can be printed on it.

The rule it keeps: Get-Printer-Attributes and Validate-Job, which makes no job, are all that it asks. Whether
the printer qualifies is read by ``condition``, as for the kiosk itself.
"""

import asyncio
import re
from collections.abc import AsyncGenerator

from drivers.document.attributes import PRINTER_GROUP, Group, Message
from drivers.document.codes import (
    A4,
    LONG_EDGE,
    PDF,
    PRINTER_IDLE,
    PRINTER_PROCESSING,
    PRINTER_STOPPED,
)
from drivers.document.condition import Condition, lacking, read_condition
from drivers.document.printer import Exchange, IppPrinter, IppSettings
from hal.contracts import Finding
from hal.faults import DeviceError, Fault

LOOK_SECONDS = 2.0
UNCOUNTED = "not told: the kiosk counts them, see madoguchi paper loaded"
ASKED_BESIDES = ("printer-name", "printer-device-id", "printer-firmware-string-version")
STATES = {PRINTER_IDLE: "idle", PRINTER_PROCESSING: "printing", PRINTER_STOPPED: "stopped"}
SERIAL = re.compile(r"(?:^|;)\s*(?:SN|SERN|SERIALNUMBER):([^;]+)", re.IGNORECASE)


class IppSurvey:
    """Implements hal.contracts.Survey. exchange: as for ``IppPrinter``."""

    Settings = IppSettings

    def __init__(self, settings: IppSettings, exchange: Exchange | None = None) -> None:
        self._uri = settings.uri
        self._line = _line(settings)
        self._printer = IppPrinter(settings, exchange)

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """Every two seconds."""
        while True:
            yield (await self._look(),)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> Finding:
        try:
            reply = await self._printer.describe(ASKED_BESIDES)
            condition = read_condition(reply, self._uri)
            refusal = await self._printer.would_refuse(condition.options)
        except DeviceError as error:
            return Finding("printer", faults=(error.fault,))
        against = condition.refuses or ((refusal,) if refusal else ())
        facts = (
            *_identity(reply, condition),
            *_abilities(reply, condition, refusal),
            *_state(reply, condition),
            ("line", self._line),
            ("disk spool", "IPP does not tell; it must keep nothing: ask its maker"),
            ("for the kiosk", "no: " + "; ".join(fault.detail for fault in against) if against else "yes"),
        )
        return Finding("printer", facts, condition.stops + against + condition.warnings)


def _line(settings: IppSettings) -> str:
    if not settings.uri.startswith("ipps:"):
        return "not encrypted: for USB, or a cable of its own"
    return "TLS, its certificate pinned" if settings.fingerprint else "TLS, its certificate by an authority"


def _identity(reply: Message, condition: Condition) -> tuple[tuple[str, str], ...]:
    said = reply.group(PRINTER_GROUP)
    serial = SERIAL.search(said.text("printer-device-id"))
    return (
        ("model", condition.model or "not told"),
        ("name", said.text("printer-name", "not told")),
        ("uuid", said.text("printer-uuid", "not told")),
        ("serial", serial[1].strip() if serial else "not told"),
        ("firmware", said.text("printer-firmware-string-version", "not told")),
        ("simulator", "yes" if "Virtual" in condition.model else "no"),
    )


def _abilities(reply: Message, condition: Condition, refusal: Fault | None) -> tuple[tuple[str, str], ...]:
    """What a certificate needs of it."""
    said = reply.group(PRINTER_GROUP)
    missing = lacking(said)
    return (
        ("prints PDF", _has(said, "document-format-supported", PDF)),
        ("prints A4", _has(said, "media-supported", A4)),
        ("both sides", _has(said, "sides-supported", LONG_EDGE)),
        ("operations", "no: it lacks " + ", ".join(missing) if missing else "yes"),
        ("as it must be", f"no: {refusal.detail}" if refusal else "yes"),
        ("knows too", ", ".join(option.name for option in condition.options) or "nothing"),
    )


def _state(reply: Message, condition: Condition) -> tuple[tuple[str, str], ...]:
    said = reply.group(PRINTER_GROUP)
    return (
        ("state", STATES.get(said.integer("printer-state"), "not told")),
        ("reasons", ", ".join(said.texts("printer-state-reasons")) or "not told"),
        ("takes jobs", "yes" if said.boolean("printer-is-accepting-jobs", True) else "no"),
        ("paper ready", ", ".join(said.texts("media-ready")) or "not told"),
        ("sheets", UNCOUNTED if condition.sheets is None else str(condition.sheets)),
    )


def _has(said: Group, name: str, keyword: str) -> str:
    return "yes" if keyword in said.texts(name) else "no"

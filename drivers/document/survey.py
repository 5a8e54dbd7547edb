"""Surveys an IPP printer: what it is, how it is, and whether certificates can be printed on it.

The rule it keeps: Get-Printer-Attributes is the only request that it makes. Whether the printer qualifies
is read by ``condition``, as for the kiosk itself.
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
from drivers.document.condition import Condition, read_condition
from drivers.document.printer import Exchange, IppPrinter, IppSettings
from hal.contracts import Finding
from hal.faults import DeviceError

LOOK_SECONDS = 2.0
ASKED_BESIDES = ("printer-name", "printer-device-id", "printer-firmware-string-version")
STATES = {PRINTER_IDLE: "idle", PRINTER_PROCESSING: "printing", PRINTER_STOPPED: "stopped"}
SERIAL = re.compile(r"(?:^|;)\s*(?:SN|SERN|SERIALNUMBER):([^;]+)", re.IGNORECASE)


class IppSurvey:
    """Implements hal.contracts.Survey. exchange: as for ``IppPrinter``."""

    Settings = IppSettings

    def __init__(self, settings: IppSettings, exchange: Exchange | None = None) -> None:
        self._uri = settings.uri
        self._printer = IppPrinter(settings, exchange)

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """Every two seconds."""
        while True:
            yield (await self._look(),)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> Finding:
        try:
            reply = await self._printer.describe(ASKED_BESIDES)
        except DeviceError as error:
            return Finding("printer", faults=(error.fault,))
        condition = read_condition(reply, self._uri)
        found = condition.stops + condition.refuses + condition.warnings
        return Finding("printer", _facts(reply, condition), found)


def _facts(reply: Message, condition: Condition) -> tuple[tuple[str, str], ...]:
    said = reply.group(PRINTER_GROUP)
    serial = SERIAL.search(said.text("printer-device-id"))
    able = not condition.refuses
    return (
        ("model", condition.model or "not told"),
        ("name", said.text("printer-name", "not told")),
        ("uuid", said.text("printer-uuid", "not told")),
        ("serial", serial[1].strip() if serial else "not told"),
        ("firmware", said.text("printer-firmware-string-version", "not told")),
        ("simulator", "yes" if "Virtual" in condition.model else "no"),
        ("prints PDF", _has(said, "document-format-supported", PDF)),
        ("prints A4", _has(said, "media-supported", A4)),
        ("both sides", _has(said, "sides-supported", LONG_EDGE)),
        ("state", STATES.get(said.integer("printer-state"), "not told")),
        ("reasons", ", ".join(said.texts("printer-state-reasons")) or "not told"),
        ("takes jobs", "yes" if said.boolean("printer-is-accepting-jobs", True) else "no"),
        ("paper ready", ", ".join(said.texts("media-ready")) or "not told"),
        ("sheets", "not told" if condition.sheets is None else str(condition.sheets)),
        ("for the kiosk", "yes" if able else "no: " + "; ".join(f.detail for f in condition.refuses)),
    )


def _has(said: Group, name: str, keyword: str) -> str:
    return "yes" if keyword in said.texts(name) else "no"

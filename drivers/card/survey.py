"""Surveys a card reader: its name, whether a card lies there, and of what kind that card is.

The rule it keeps: no PIN, no signature (``dialogue.look`` lets nothing of the kind pass), and nothing of the
holder: of the certificate only whether it is in date and the year it ends, as the day is a birthday.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime

from cryptography import x509

from drivers.card.dialogue import Look
from drivers.card.pcsc import PcscReader, PcscSettings
from hal.contracts import PHONES, CardError, CardProblem, Finding
from hal.events import DeviceChanged, Event
from hal.faults import DeviceError, Fault

SERIAL = re.compile(r"\((?P<serial>[^()]+)\) [0-9A-F]{2} [0-9A-F]{2}$")
"""pcsc-lite names a USB reader ``model [interface] (serial) 00 00``."""

PLACE = re.compile(r" [0-9A-F]{2} [0-9A-F]{2}$")
PROBLEMS = {
    CardProblem.NOT_MY_NUMBER: "no My Number card: it has no JPKI application",
    CardProblem.NO_PIN: "a My Number card without a PIN",
    CardProblem.UNREADABLE: "cannot be read; lay it flat in the middle, one card only",
}


class PcscSurvey:
    """Implements hal.contracts.Survey."""

    Settings = PcscSettings

    def __init__(self, settings: PcscSettings) -> None:
        self._reader = PcscReader(settings)
        self._settings = settings
        self._fault: Fault | None = None

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """Whenever the reader tells something."""
        events: asyncio.Queue[Event] = asyncio.Queue()
        pump = asyncio.create_task(self._reader.run(events.put_nowait))
        try:
            while True:
                self._hear(await events.get())
                while not events.empty():
                    self._hear(events.get_nowait())
                yield await self._look()
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump

    def _hear(self, event: Event) -> None:
        if isinstance(event, DeviceChanged):
            self._fault = event.fault

    async def _look(self) -> tuple[Finding, ...]:
        found: tuple[Finding, ...] = ()
        if self._fault is None and self._reader.card_present:
            try:
                found = (Finding("card", _facts(await self._reader.look())),)
            except CardError as error:
                if error.problem in PROBLEMS:  # one that was taken away is told by its event
                    found = (Finding("card", (("kind", PROBLEMS[error.problem]),)),)
            except DeviceError as error:
                self._fault = error.fault
        return (self._about(), *found)

    def _about(self) -> Finding:
        pcscd = ("pcscd", self._settings.socket or "the system's")
        faults = (self._fault,) if self._fault else ()
        name = self._reader.name
        if not PLACE.search(name):  # it has not been found yet
            return Finding("reader", (pcscd,), faults)
        serial = SERIAL.search(name)
        lies = {True: "lies there", False: "none", None: "not known"}[self._reader.card_present]
        facts = (
            ("name", name),
            ("model", PLACE.sub("", name).partition(" (")[0]),
            ("serial", serial["serial"] if serial else "not told"),
            pcscd,
            ("simulator", "yes" if self._reader.virtual else "no"),
            ("card", lies),
        )
        return Finding("reader", facts, faults)


def _facts(look: Look) -> tuple[tuple[str, str], ...]:
    return (
        ("kind", look.kind.value),
        ("tries of the PIN", _tries(look)),
        ("certificate", _certificate(look)),
    )


def _tries(look: Look) -> str:
    if look.tries_left is None:
        return "not told"
    return str(look.tries_left) if look.tries_left else "0: locked; the municipality's counter can unlock it"


def _certificate(look: Look) -> str:
    if not look.certificate:
        after_pin = look.kind in PHONES
        return "to be read after the PIN only" if after_pin else "no user-authentication certificate"
    try:
        certificate = x509.load_der_x509_certificate(look.certificate)
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except ValueError:
        return "cannot be read"
    now = datetime.now(UTC)
    word = "not valid yet" if now < begins else "out of date" if now > ends else "in date"
    return f"{word}, ends in {ends.year}"

"""Surveys a receipt printer: who it says it is, and how it is.

The rule it keeps: it sends the real-time status questions (DLE EOT), and GS I to a printer that can print
just now, so that the question is not held back. Nothing is cleared, reset, fed, cut or printed.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import msgspec

from drivers.ports import Port, PortLost, open_port
from drivers.receipt.link import Link
from drivers.receipt.status import DEVICE, FIRMWARE, MAKER, MODEL, SERIAL, stopping
from hal import faults
from hal.contracts import Finding
from hal.faults import Fault

NOT_TOLD = "not told"
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 2.0
QUESTIONS = (("maker", MAKER), ("model", MODEL), ("serial", SERIAL), ("firmware", FIRMWARE))


class EscposSurveySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """port: see ``drivers.ports``."""

    port: str


class EscposSurvey:
    """Implements hal.contracts.Survey. opener: opens the port; tests hand in one in memory."""

    Settings = EscposSurveySettings

    def __init__(
        self, settings: EscposSurveySettings, opener: Callable[[str], Awaitable[Port]] = open_port
    ) -> None:
        self._port = settings.port
        self._opener = opener
        self._identity: dict[str, str] = {}

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """Every second, on one connection while it holds."""
        while True:
            try:
                link = Link(await self._opener(self._port))
                try:
                    async with aclosing(self._on(link)) as findings:
                        async for finding in findings:
                            yield (finding,)
                finally:
                    await link.close()
            except PortLost as error:
                fault = Fault(faults.RECEIPT_UNREACHABLE, DEVICE, f"{error}; is a kiosk using it?")
                yield (self._finding((fault,)),)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _on(self, link: Link) -> AsyncGenerator[Finding, None]:
        """Ends when the link must be given up. Raises PortLost."""
        while True:
            found = tuple(await link.status())
            if not stopping(found) and not await self._identified(link):
                return
            yield self._finding(found)
            await asyncio.sleep(LOOK_SECONDS)

    async def _identified(self, link: Link) -> bool:
        """Asks what was not asked yet; whether the link is still good.

        A printer that does not know one of the questions is not asked the others.
        """
        for label, question in QUESTIONS:
            if label in self._identity:
                continue
            told = await link.told(question)
            if told is None:
                self._identity = {other: NOT_TOLD for other, _ in QUESTIONS} | self._identity
                return False
            self._identity[label] = told or NOT_TOLD
        return True

    def _finding(self, found: tuple[Fault, ...]) -> Finding:
        unreachable = any(fault.code == faults.RECEIPT_UNREACHABLE for fault in found)
        state = "does not answer" if unreachable else "cannot print" if stopping(found) else "ready"
        facts = [("port", self._port)]
        facts += [(label, self._identity[label]) for label, _ in QUESTIONS if label in self._identity]
        return Finding("receipt printer", (*facts, ("state", state)), found)

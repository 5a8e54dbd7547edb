"""One job's use of one reader: exclusive, powered off at its end, and stoppable between two commands.

Runs in a worker thread. What PC/SC reports becomes the contract's CardError (the card cannot) or
DeviceError (the reader cannot). Logs say the instruction and the status word of a command, never a body.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.card import scard
from drivers.card.jpki import CardLost, Transmit
from drivers.card.scard import Connection, Context, ScardError
from hal import faults
from hal.contracts import CardError, CardProblem
from hal.faults import DeviceError, Fault

log = logging.getLogger(__name__)

DEVICE = "card"
BUSY_RETRIES, BUSY_PAUSE = 20, 0.1  # two seconds, then the reader is somebody else's
NOTICE_REMOVAL_MS = 600  # readers that are polled notice it within 400 ms
STATES_BEFORE_REMOVAL = 4


class CardJob:
    """What a job connects with. reader: its full name."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._stopped = threading.Event()

    def stop(self) -> None:
        """No further command is sent: the job ends with CardError(UNREADABLE). From any thread."""
        self._stopped.set()

    @contextmanager
    def connect(self) -> Iterator[Transmit]:
        """See ``dialogue.Connect``."""
        try:
            with scard.context() as context, self._powered(context) as transmit:
                yield transmit
        except ScardError as error:
            raise _translate(error) from None

    @contextmanager
    def _powered(self, context: Context) -> Iterator[Transmit]:
        connection = self._connection(context)
        try:
            yield lambda apdu: self._transmit(connection, apdu)
        except CardLost:
            raise self._lost(context) from None
        finally:
            connection.power_off()

    def _connection(self, context: Context) -> Connection:
        try:
            return self._patiently(context)
        except ScardError as error:
            if isinstance(_translate(error), DeviceError):
                raise
            log.info("the card does not answer: %s", error)
            raise self._lost(context) from None

    def _patiently(self, context: Context) -> Connection:
        """Waits for another program to let go; a card that was reset is connected to once more."""
        for _ in range(BUSY_RETRIES):
            try:
                return context.connect(self._reader)
            except ScardError as error:
                if error.code in scard.CARD_WAS_RESET:
                    break
                if error.code != scard.SHARING_VIOLATION:
                    raise
            self._stopped.wait(BUSY_PAUSE)
        return context.connect(self._reader)

    def _transmit(self, connection: Connection, apdu: bytes | bytearray) -> bytes:
        if self._stopped.is_set():
            raise CardError(CardProblem.UNREADABLE)
        ins = apdu[1]
        try:
            response = connection.transmit(apdu)
        except ScardError as error:
            log.info("INS %02X: %s", ins, error)
            if error.code in scard.SERVICE_GONE | scard.READER_GONE:
                raise
            raise CardLost(str(error)) from None
        log.debug("INS %02X -> %s", ins, response[-2:].hex())
        return response

    def _lost(self, context: Context) -> CardError | DeviceError:
        """Tells a card that was taken from one that lies badly, and from a reader that was unplugged.

        A card being lost may first be told as mute or unused, so the next few states are looked at, until
        the reader has had the time to notice and nothing changes.
        """
        states: dict[str, int] = {self._reader: scard.UNAWARE}
        for _ in range(STATES_BEFORE_REMOVAL):
            states = context.wait(list(states.items()), NOTICE_REMOVAL_MS)
            if not states:
                break
            state = states[self._reader]
            if state & scard.NO_READER:
                return DeviceError(reader_absent("it was unplugged"))
            if not state & scard.PRESENT:
                return CardError(CardProblem.REMOVED)
            states = {self._reader: states[self._reader] & ~scard.CHANGED}
        return CardError(CardProblem.UNREADABLE)


def _translate(error: ScardError) -> CardError | DeviceError:
    detail = str(error)
    if error.code in scard.SERVICE_GONE:
        return DeviceError(service_down(detail))
    if error.code in scard.READER_GONE:
        return DeviceError(reader_absent(detail))
    if error.code == scard.SHARING_VIOLATION:
        return DeviceError(
            Fault(
                faults.READER_BUSY,
                DEVICE,
                "another program uses the reader (scdaemon, pcsc_scan, another kiosk?); end it",
            )
        )
    if error.code in scard.CARD_GONE:
        return CardError(CardProblem.REMOVED)
    return CardError(CardProblem.UNREADABLE)


def service_down(detail: str) -> Fault:
    hint = "see systemctl status pcscd; if access is denied, the polkit rule is missing"
    return Fault(faults.PCSC_DOWN, DEVICE, f"pcscd does not serve: {detail}; {hint}")


def reader_absent(detail: str) -> Fault:
    return Fault(
        faults.READER_ABSENT, DEVICE, f"no card reader: {detail}; check its plug and [card] reader = …"
    )

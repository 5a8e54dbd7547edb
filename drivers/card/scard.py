"""PC/SC as typed Python: the few calls of ``smartcard.scard`` that the driver makes, errors as exceptions.

Nothing of pyscard beyond the plain C calls is used: its monitor thread dies with pcscd (card.md §4). Calls
block, and a context is locked while one of its calls waits, so each thread has a context of its own; a
context that is not released is lost until the process ends (there are about 198).
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from smartcard import scard as c

log = logging.getLogger(__name__)

PNP = "\\\\?PnP?\\Notification"
"""The pseudo reader whose state changes when readers come and go."""

SERVICE_GONE = frozenset(
    {
        c.SCARD_E_NO_SERVICE,
        c.SCARD_F_COMM_ERROR,
        c.SCARD_E_SERVICE_STOPPED,
        c.SCARD_E_INVALID_HANDLE,
        c.SCARD_F_INTERNAL_ERROR,
        c.SCARD_E_NO_MEMORY,
        c.SCARD_W_SECURITY_VIOLATION,
    }
)
READER_GONE = frozenset(
    {c.SCARD_E_READER_UNAVAILABLE, c.SCARD_E_UNKNOWN_READER, c.SCARD_E_NO_READERS_AVAILABLE}
)
CARD_GONE = frozenset({c.SCARD_E_NO_SMARTCARD, c.SCARD_W_REMOVED_CARD})
CARD_WAS_RESET = frozenset({c.SCARD_W_RESET_CARD, c.SCARD_W_UNPOWERED_CARD})
SHARING_VIOLATION: int = c.SCARD_E_SHARING_VIOLATION

PRESENT: int = c.SCARD_STATE_PRESENT
EMPTY: int = c.SCARD_STATE_EMPTY
CHANGED: int = c.SCARD_STATE_CHANGED
UNAWARE: int = c.SCARD_STATE_UNAWARE
IN_USE: int = c.SCARD_STATE_INUSE | c.SCARD_STATE_EXCLUSIVE
NO_READER: int = c.SCARD_STATE_UNAVAILABLE | c.SCARD_STATE_UNKNOWN | c.SCARD_STATE_IGNORE


class ScardError(Exception):
    """A PC/SC call failed. code: its hresult; the text is PC/SC's own."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{c.SCardGetErrorMessage(code)} (0x{code:08X})")
        self.code = code


class SocketFixed(RuntimeError):
    """pcsc-lite reads its socket's name once in a process; another one cannot be used any more."""


_socket: str | None = None


def use_socket(path: str) -> None:
    """Names pcscd's socket for this process; empty: the system's. Before the first context. SocketFixed."""
    global _socket  # noqa: PLW0603 - mirrors a variable of the C library that is just as global
    if _socket is not None and _socket != path:
        raise SocketFixed(f"this process already uses the pcscd at {_socket or 'its usual place'!r}")
    _socket = path
    if path:
        os.environ["PCSCLITE_CSOCK_NAME"] = path


class Connection:
    """A card under exclusive use."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._pci = c.SCARD_PCI_T0 if protocol == c.SCARD_PROTOCOL_T0 else c.SCARD_PCI_T1

    def transmit(self, apdu: bytes | bytearray) -> bytes:
        """May come back shorter than a status word (vpcd, card pulled). Raises ScardError."""
        (response,) = _call(c.SCardTransmit, self._handle, self._pci, list(apdu))
        return bytes(response)

    def power_off(self) -> None:
        """Ends the connection; the card forgets its verified PIN. A failure means the card is gone."""
        try:
            _call(c.SCardDisconnect, self._handle, c.SCARD_UNPOWER_CARD)
        except ScardError as error:
            log.debug("disconnect: %s", error)


class Context:
    """A line to pcscd, for one thread (``cancel`` excepted)."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def readers(self) -> list[str]:
        try:
            (names,) = _call(c.SCardListReaders, self._handle, [])
        except ScardError as error:
            if error.code == c.SCARD_E_NO_READERS_AVAILABLE:
                return []
            raise
        return [str(name) for name in names]

    def wait(self, states: Sequence[tuple[str, int]], milliseconds: int) -> dict[str, int]:
        """Waits until a reader's state is not the one given; reader → new state, empty after the time.

        Raises ScardError, also when another thread has called ``cancel``.
        """
        try:
            (changed,) = _call(c.SCardGetStatusChange, self._handle, milliseconds, list(states))
        except ScardError as error:
            if error.code == c.SCARD_E_TIMEOUT:
                return {}
            raise
        return {str(reader): int(state) for reader, state, _ in changed}

    def cancel(self) -> None:
        """Ends the ``wait`` of another thread, if it has begun. May block when pcscd hangs."""
        try:
            _call(c.SCardCancel, self._handle)
        except ScardError as error:
            log.debug("cancel: %s", error)

    def connect(self, reader: str) -> Connection:
        """Raises ScardError."""
        protocols = c.SCARD_PROTOCOL_T0 | c.SCARD_PROTOCOL_T1
        handle, protocol = _call(c.SCardConnect, self._handle, reader, c.SCARD_SHARE_EXCLUSIVE, protocols)
        return Connection(handle, protocol)

    def release(self) -> None:
        try:
            _call(c.SCardReleaseContext, self._handle)
        except ScardError as error:
            log.debug("release: %s", error)


@contextmanager
def context() -> Iterator[Context]:
    """A context that is released whatever happens. Raises ScardError: pcscd does not answer."""
    (handle,) = _call(c.SCardEstablishContext, c.SCARD_SCOPE_SYSTEM)
    opened = Context(handle)
    try:
        yield opened
    finally:
        opened.release()


def _call(function: Callable[..., Any], *arguments: object) -> tuple[Any, ...]:
    """The results behind the hresult, which must be looked at first: a failed call's handle is garbage."""
    try:
        result = function(*arguments)
    except SystemError:  # pyscard's answer to a null handle
        raise ScardError(c.SCARD_F_INTERNAL_ERROR) from None
    code, *values = result if isinstance(result, list | tuple) else [result]
    if code != c.SCARD_S_SUCCESS:
        raise ScardError(code)
    return tuple(values)

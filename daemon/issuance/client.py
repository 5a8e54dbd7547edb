"""The kiosk's end of the line to the center: HTTP over a unix socket, or over mutual TLS.

Each request carries an exchange id that the answer must repeat (for an order its own 128-bit id): an answer
to something else is dropped. Only an order or a re-issue is sent a second time, with the same id, and only
when the line broke before an answer; the center answers both alike (P4). Nothing of a message is ever logged.
"""

import asyncio
import logging
import secrets
import ssl
from pathlib import Path
from typing import TypeVar

import aiohttp
import msgspec

from daemon.issuance.messages import (
    Accepted,
    Authentication,
    CenterDown,
    CenterStatus,
    Challenge,
    ChallengeRequest,
    CopyOutcome,
    Entitlement,
    Message,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Precheck,
    Purpose,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
    ReissueRequest,
    SealedOrder,
    StatusRequest,
)

log = logging.getLogger(__name__)

EXCHANGE = "Madoguchi-Exchange"
QUICK, THOROUGH = 5.0, 20.0
LARGEST_ANSWER = 64 << 20

Answer = TypeVar("Answer", bound=Message)


class CenterClient:
    """A ``CenterLine``. address: unix:/path, or https://host:port with ca, certificate, key (PEM files).

    Connects with the first call. Raises ValueError for another address, OSError for missing TLS files.
    """

    def __init__(
        self, address: str, terminal: str, ca: str = "", certificate: str = "", key: str = ""
    ) -> None:
        scheme, _, rest = address.partition(":")
        if scheme not in ("unix", "https") or not rest:
            raise ValueError(f"[center] address = {address!r}: unix:/path or https://host:port")
        self._terminal = terminal
        self._socket = rest if scheme == "unix" else ""
        self._base = "http://center" if self._socket else address.rstrip("/")
        self._tls = None if self._socket else client_tls(ca, certificate, key)
        self._http: aiohttp.ClientSession | None = None

    async def status(self) -> CenterStatus:
        return await self._call(
            "status", StatusRequest(self._terminal), CenterStatus, secrets.token_hex(16), QUICK
        )

    async def precheck(self, serial: str) -> None:
        await self._call("precheck", Precheck(self._terminal, serial), Accepted, secrets.token_hex(16), QUICK)

    async def challenge(self, session: str) -> Challenge:
        request = ChallengeRequest(self._terminal, session)
        return await self._call("challenge", request, Challenge, secrets.token_hex(16), QUICK)

    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes, purpose: Purpose
    ) -> Entitlement:
        request = Authentication(self._terminal, session, nonce, certificate, signature, purpose)
        return await self._call("authenticate", request, Entitlement, secrets.token_hex(16), THOROUGH)

    async def register(self, request: RegistrationRequest) -> Registration:
        answer = await self._in_time("register", request, Registration, request.registration)
        if answer.registration != request.registration:
            log.error("dropped an answer to another 利用登録 than the one asked for")
            raise CenterDown("an answer to another registration")
        return answer

    async def order(self, request: OrderRequest) -> SealedOrder:
        return await self._sealed("order", request)

    async def reissue(self, request: ReissueRequest) -> SealedOrder:
        return await self._sealed("reissue", request)

    async def _sealed(self, operation: str, request: OrderRequest | ReissueRequest) -> SealedOrder:
        sealed = await self._in_time(operation, request, SealedOrder, request.order)
        if sealed.order != request.order:
            log.error("dropped an answer to another order than the one asked for")
            raise CenterDown("an answer to another order")
        return sealed

    async def cancel(self, order: str) -> None:
        await self._call("cancel", OrderCancel(order, self._terminal), Accepted, order, QUICK)

    async def close(self, order: str, outcomes: dict[str, CopyOutcome]) -> None:
        await self._call("close", OrderClose(order, self._terminal, outcomes), Accepted, order, QUICK)

    async def close_connection(self) -> None:
        """Ends the connection; a later call opens a new one."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    # ------------------------------------------------------------ one exchange

    async def _in_time(self, operation: str, request: Message, answer: type[Answer], exchange: str) -> Answer:
        """Both attempts together take no longer than one may."""
        try:
            async with asyncio.timeout(THOROUGH):
                return await self._asked_twice(operation, request, answer, exchange)
        except TimeoutError:
            raise CenterDown(f"no answer to {operation} in time") from None

    async def _asked_twice(
        self, operation: str, request: Message, answer: type[Answer], exchange: str
    ) -> Answer:
        try:
            return await self._call(operation, request, answer, exchange, THOROUGH)
        except BrokenLine:
            log.warning("the line broke before the answer (%s); asking once more with the same id", operation)
            return await self._call(operation, request, answer, exchange, THOROUGH)

    async def _call(
        self, operation: str, request: Message, answer: type[Answer], exchange: str, seconds: float
    ) -> Answer:
        status, body = await self._exchange(operation, msgspec.json.encode(request), exchange, seconds)
        try:
            if status == 409:
                raise Refused(msgspec.json.decode(body, type=Refusal))
            if status == 200:
                return msgspec.json.decode(body, type=answer)
        except msgspec.MsgspecError:
            raise CenterDown(f"an answer to {operation} that cannot be read") from None
        raise CenterDown(f"{operation} was answered with status {status}")

    async def _exchange(
        self, operation: str, body: bytes, exchange: str, seconds: float
    ) -> tuple[int, bytes]:
        try:
            async with self._session().post(
                f"{self._base}/v1/{operation}",
                data=body,
                headers={EXCHANGE: exchange, "Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as reply:
                if reply.headers.get(EXCHANGE) != exchange:
                    log.error("dropped an answer to another exchange (%s)", operation)
                    raise CenterDown("an answer to another exchange")
                if (reply.content_length or 0) > LARGEST_ANSWER:
                    raise CenterDown(f"an answer to {operation} of {reply.content_length} bytes")
                return reply.status, await reply.read()
        except TimeoutError:
            raise CenterDown(f"no answer to {operation} within {seconds:.0f} s") from None
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientOSError) as error:
            raise BrokenLine(f"{operation}: {type(error).__name__}") from None
        except aiohttp.ClientError as error:
            raise CenterDown(f"{operation}: {type(error).__name__}") from None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            connector = (
                aiohttp.UnixConnector(path=self._socket)
                if self._socket
                else aiohttp.TCPConnector(ssl=self._tls or True)
            )
            self._http = aiohttp.ClientSession(connector=connector)
        return self._http


class BrokenLine(CenterDown):
    """The connection ended before the answer; what the center did is not known."""


def client_tls(ca: str, certificate: str, key: str) -> ssl.SSLContext:
    """Trusts that CA alone and shows our own certificate. Raises ValueError, OSError."""
    if not (ca and certificate and key):
        raise ValueError("[center] an https address needs ca, certificate and key (mutual TLS)")
    for path in (ca, certificate, key):
        Path(path).open("rb").close()  # ssl's own OSError does not say which file is missing
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(ca)
        context.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        files = f"ca = {ca!r}, certificate = {certificate!r}, key = {key!r}"
        raise ValueError(f"[center] {files}: no PEM files that belong together: {error.reason}") from None
    return context

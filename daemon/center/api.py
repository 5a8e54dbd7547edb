"""The center's operations over HTTP: one POST each, a message in and a message out, as JSON.

The operations run one after another in a thread of their own, so that the loop stays free. The pages of an
order are laid out in another one, so that a long order holds up nobody else; what concerns the same order
waits, so that a cancel that follows its order finds it done. A refusal is 409 with its reason; a message that
cannot be read is 400; a defect of ours or of the registry is 500, logged by its type alone: its text may be
about a person. The exchange id of a request stands in its answer. No body and no address is logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TypeVar
from weakref import WeakValueDictionary

import msgspec
from aiohttp import web

from daemon.center.orders import Job
from daemon.center.service import CenterService
from daemon.issuance.client import EXCHANGE
from daemon.issuance.messages import (
    Accepted,
    Authentication,
    ChallengeRequest,
    Message,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Precheck,
    Reason,
    Refusal,
    Refused,
    RegistrationRequest,
    ReissueRequest,
    StatusRequest,
)

log = logging.getLogger(__name__)

LARGEST_REQUEST = 64 << 10

Asked = (
    Authentication
    | ChallengeRequest
    | OrderCancel
    | OrderClose
    | OrderRequest
    | Precheck
    | RegistrationRequest
    | ReissueRequest
    | StatusRequest
)
"""Every question names the terminal that asks."""
Request = TypeVar("Request", bound=Asked)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """The routes: POST /v1/<operation>, each with its message.

    thread, press: one worker each, for the operations and for laying out.
    by_certificate: the line is mutual TLS, and a terminal is whom its certificate names.
    terminals: those that are registered; empty: every one that the line lets in.
    """

    def __init__(
        self,
        service: CenterService,
        thread: ThreadPoolExecutor,
        press: ThreadPoolExecutor,
        by_certificate: bool,
        terminals: tuple[str, ...] = (),
    ) -> None:
        self._service = service
        self._thread = thread
        self._press = press
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._by_certificate = by_certificate
        self._terminals = terminals

    def app(self) -> web.Application:
        service = self._service
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_answer_errors])
        app.router.add_post("/v1/status", self._route(StatusRequest, lambda _: service.status()))
        app.router.add_post("/v1/precheck", self._route(Precheck, service.precheck))
        app.router.add_post("/v1/challenge", self._route(ChallengeRequest, service.challenge))
        app.router.add_post("/v1/authenticate", self._route(Authentication, service.authenticate))
        app.router.add_post("/v1/register", self._route(RegistrationRequest, service.register))
        app.router.add_post("/v1/order", self._route(OrderRequest, service.begin_order))
        app.router.add_post("/v1/reissue", self._route(ReissueRequest, service.begin_reissue))
        app.router.add_post("/v1/cancel", self._route(OrderCancel, service.cancel))
        app.router.add_post("/v1/close", self._route(OrderClose, service.close))
        return app

    def _route(self, kind: type[Request], operation: Callable[[Request], Message | Job | None]) -> Handler:
        async def handle(http: web.Request) -> web.Response:
            request = msgspec.json.decode(await http.read(), type=kind)
            self._check_terminal(http, request.terminal)
            async with self._turn(request):
                answer = await self._done(operation, request)
            return _json(answer or Accepted(), 200)

        return handle

    async def _done(
        self, operation: Callable[[Request], Message | Job | None], request: Request
    ) -> Message | None:
        loop, service = asyncio.get_running_loop(), self._service
        done = await loop.run_in_executor(self._thread, operation, request)
        if not isinstance(done, Job):
            return done
        printed = await loop.run_in_executor(self._press, service.lay_out, done)
        return await loop.run_in_executor(self._thread, service.finish, done, printed)

    def _turn(self, request: Asked) -> AbstractAsyncContextManager[None]:
        """What concerns one order is done one after another, in the order in which it came."""
        match request:
            case OrderRequest() | ReissueRequest() | OrderCancel() | OrderClose():
                return self._orders.setdefault(request.order, asyncio.Lock())
            case _:
                return nullcontext()

    def _check_terminal(self, http: web.Request, terminal: str) -> None:
        """With mutual TLS a terminal speaks for itself only: the CN of its certificate. Raises Refused."""
        if self._by_certificate and terminal != _common_name(http):
            log.error("a terminal spoke in the name of another")
            raise web.HTTPForbidden
        if self._terminals and terminal not in self._terminals:
            log.error("a terminal asked that is not registered here")
            raise Refused(Refusal(Reason.NOT_ENTITLED))


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    response: web.StreamResponse
    try:
        response = await handler(request)
    except Refused as refused:
        response = _json(refused.refusal, 409)
    except msgspec.MsgspecError:
        response = web.Response(status=400)
    except web.HTTPException as error:
        response = web.Response(status=error.status)
    except Exception as error:  # noqa: BLE001 a defect of ours is answered too, and never with its text
        log.error("%s failed: %s", request.path, type(error).__name__)
        response = web.Response(status=500)
    response.headers[EXCHANGE] = request.headers.get(EXCHANGE, "")
    return response


def _json(message: Message, status: int) -> web.Response:
    return web.Response(body=msgspec.json.encode(message), status=status, content_type="application/json")


def _common_name(http: web.Request) -> str:
    certificate = http.get_extra_info("peercert") or {}
    for names in certificate.get("subject", ()):
        for name, value in names:
            if name == "commonName":
                return str(value)
    return ""

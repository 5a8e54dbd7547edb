"""The center as a process: made from its settings, served on a unix socket or behind mutual TLS."""

import asyncio
import logging
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import Engine

from daemon.center.api import Api
from daemon.center.database import is_made_up, new_sample_file
from daemon.center.documents.press import Press
from daemon.center.glyphs import FontError
from daemon.center.identity import Trust
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import holders, sample_registry
from daemon.center.service import CenterService, Office, Offices
from daemon.center.settings import CenterSettings, SettingsError, load_settings
from daemon.issuance.calendar import TOKYO
from daemon.issuance.profile import ProfileError
from daemon.issuance.published import LOOK_SECONDS, ProfileFile, Published, published
from daemon.issuance.seal import Sealer, SealError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
WRONG_SETTINGS = (SettingsError, ProfileError, SealError, FontError, ValueError, OSError)


def build_service(settings: CenterSettings, clock: Callable[[], datetime]) -> CenterService:
    """The service these settings describe. Raises one of WRONG_SETTINGS."""
    profiles = [published(file, with_seal=True) for file in _files(settings)]
    engine = _engine(settings)
    if settings.sample:
        holders(profiles[0].profile.code)  # refuses a municipality without sample residents
        sample_registry(engine, clock().astimezone(TOKYO).date())
    sample = is_made_up(engine)
    offices = Offices(*(_office(found, sample) for found in profiles))
    lists = [Path(path) for path in settings.revocations]
    trust = Trust.load([Path(path) for path in settings.trust], sample, lists)
    press = Press(Path(settings.templates), Path(settings.font), settings.dots)
    press.warm()
    return CenterService(Registry(engine), offices, Sealer.load(Path(settings.seal_key)), trust, press, clock)


def _engine(settings: CenterSettings) -> Engine:
    if settings.sample_file:
        return new_sample_file(Path(settings.sample_file))
    return open_engine(None if settings.sample else Path(settings.registry))


def _files(settings: CenterSettings) -> list[Path]:
    """Of the profiles: that of the center's home first."""
    return [Path(file) for file in (settings.profile, *settings.also)]


def _office(found: Published, sample: bool) -> Office:
    return Office(found.profile, found.hash, sample, found.seal)


@asynccontextmanager
async def serving(settings: CenterSettings, service: CenterService) -> AsyncIterator[None]:
    """Serves while the block runs. Raises OSError: the address cannot be used."""
    with ThreadPoolExecutor(1, "center") as thread, ThreadPoolExecutor(1, "press") as press:
        api = Api(service, thread, press, not settings.socket, settings.terminals)
        runner = web.AppRunner(api.app(), access_log=None)
        await runner.setup()
        in_force = zip(_files(settings), service.published(), strict=True)
        files = {file: ProfileFile(file, one, with_seal=True) for file, one in in_force}
        chores = [
            asyncio.create_task(_sweep(service, thread)),
            asyncio.create_task(_watch(files, service, thread)),
        ]
        try:
            await _listen(runner, settings)
            yield
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.wait(chores)
            await runner.cleanup()
            if settings.socket:
                settings.socket.unlink(missing_ok=True)


async def serve(settings: CenterSettings) -> None:
    """Until SIGTERM or SIGINT. Raises one of WRONG_SETTINGS."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    offset = timedelta(seconds=settings.clock_offset)
    service = build_service(settings, lambda: datetime.now(TOKYO) + offset)
    async with serving(settings, service):
        log.info("the center of %s serves at %s", service.status().municipality.code, settings.listen)
        await stop.wait()


def run_center(config: Path) -> int:
    """The command ``madoguchi center``: its exit status."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(load_settings(config)))
    except WRONG_SETTINGS as error:
        log.error("the center cannot start: %s", _reason(error))
        return 1
    return 0


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


async def _listen(runner: web.AppRunner, settings: CenterSettings) -> None:
    if settings.socket:
        await _private_site(runner, settings.socket)
        return
    host, _, port = settings.listen.removeprefix("https://").rpartition(":")
    await web.TCPSite(runner, host, int(port), ssl_context=_server_tls(settings)).start()


async def _private_site(runner: web.AppRunner, path: Path) -> None:
    """The socket appears under its name only when nobody else can open it any more."""
    hidden = path.with_name(f".{path.name}.new")
    hidden.unlink(missing_ok=True)
    await web.UnixSite(runner, str(hidden)).start()
    hidden.chmod(0o600)
    hidden.rename(path)


def _server_tls(settings: CenterSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(settings.client_ca)
    context.load_cert_chain(settings.certificate, settings.key)
    return context


async def _sweep(service: CenterService, thread: ThreadPoolExecutor) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await asyncio.get_running_loop().run_in_executor(thread, service.sweep)


async def _watch(
    files: Mapping[Path, ProfileFile], service: CenterService, thread: ThreadPoolExecutor
) -> None:
    """Takes up what the municipalities publish, between two operations."""

    def look() -> None:
        for file in files.values():
            new = file.look()
            if new is not None:
                service.publish(_office(new, service.sample))

    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.get_running_loop().run_in_executor(thread, look)

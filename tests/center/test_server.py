"""Kiosk and center over their real line: a unix socket, or mutual TLS."""

import asyncio
import signal
import stat
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from daemon.center import server
from daemon.center.generator import generate
from daemon.center.issuing import Printed
from daemon.center.orders import Job
from daemon.center.paper.standing import Standing, lookup
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import SAMPLE_HOLDERS, holders
from daemon.center.server import build_service, run_center, serving
from daemon.center.service import CenterService
from daemon.center.settings import CenterSettings, SettingsError, load_settings
from daemon.issuance.calendar import TOKYO
from daemon.issuance.client import EXCHANGE, CenterClient
from daemon.issuance.messages import CenterDown, CopyOutcome, Precheck, Reason, Refused, RegistrationRequest
from daemon.issuance.order import check
from daemon.issuance.profile import load_profile, profile_hash
from daemon.issuance.seal import challenge_message, new_key
from tests.center.world import (
    ISHIKARI,
    NOON,
    ORDER,
    PROFILE,
    SESSION,
    TERMINAL,
    World,
    authority,
    make_card,
    request_for,
    sign,
)
from tests.patience import looked_until


def settings_for(listen: str, certificate: str = "", key: str = "", client_ca: str = "") -> CenterSettings:
    return CenterSettings(
        listen, "sample", str(PROFILE), "", (), certificate=certificate, key=key, client_ca=client_ca
    )


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def whole_procedure(client: CenterClient, world: World) -> None:
    """What a kiosk does, from the card to the closed order."""
    holder = SAMPLE_HOLDERS["taro"]
    card = make_card(holder.serial)
    await client.precheck(f"{holder.serial:x}")
    challenge = await client.challenge(SESSION)
    message = challenge_message(challenge.center, TERMINAL, SESSION, challenge.nonce, challenge.expires)
    entitlement = await client.authenticate(
        SESSION, challenge.nonce, card.certificate, sign(message), "residence"
    )
    request = request_for(entitlement, copies=2)
    sealed = await client.order(request)
    manifest = check(sealed, world.expected(request, entitlement), world.keyring, NOON)
    assert await client.order(request) == sealed
    await client.close(ORDER, {copy.number: CopyOutcome.DELIVERED for copy in manifest.copies})
    record = world.registry.order(ORDER)
    assert record is not None
    assert set(record.numbers.values()) == {CopyOutcome.DELIVERED}


# ---------------------------------------------------------------- unix socket


@pytest.fixture
async def line(world: World, tmp_path: Path) -> AsyncIterator[CenterClient]:
    """A client to a served center."""
    listen = f"unix:{tmp_path}/center.sock"
    client = CenterClient(listen, TERMINAL)
    async with serving(settings_for(listen), world.service):
        yield client
        await client.close_connection()


async def test_a_whole_procedure_over_a_unix_socket(line: CenterClient, world: World) -> None:
    await whole_procedure(line, world)


async def test_r41_a_registration_over_a_unix_socket(tmp_path: Path) -> None:
    world = World(also=[load_profile(ISHIKARI)])
    listen = f"unix:{tmp_path}/center.sock"
    settings = msgspec.structs.replace(settings_for(listen), also=(str(ISHIKARI),))
    client, card = CenterClient(listen, TERMINAL), make_card(world.serial("megumi"))
    async with serving(settings, world.service):
        challenge = await client.challenge(SESSION)
        message = challenge_message(challenge.center, TERMINAL, SESSION, challenge.nonce, challenge.expires)
        signature = sign(message)
        told = await client.authenticate(SESSION, challenge.nonce, card.certificate, signature, "register")
        assert (told.municipality.code, told.registration_days) == ("012351", 5)
        done = await client.register(RegistrationRequest(ORDER, TERMINAL, SESSION))
        assert (done.registration, done.ready) == (ORDER, "2026-04-06")
        await client.close_connection()
    assert world.registry.registration(14, "012351") is not None
    world.close()


async def test_the_status_comes_over_the_line(line: CenterClient, world: World) -> None:
    assert await line.status() == world.service.status()


async def test_a_refusal_arrives_with_its_reason(line: CenterClient) -> None:
    with pytest.raises(Refused) as refused:
        await line.precheck("ff")
    assert refused.value.refusal.reason is Reason.UNKNOWN_CERTIFICATE


async def test_a_terminal_that_is_not_registered_is_refused_whatever_it_asks(
    world: World, tmp_path: Path
) -> None:
    listen = f"unix:{tmp_path}/center.sock"
    settings = msgspec.structs.replace(settings_for(listen), terminals=("T07", "T08"))
    known, stranger = CenterClient(listen, "T07"), CenterClient(listen, TERMINAL)
    async with serving(settings, world.service):
        assert await known.status() == world.service.status()
        for question in (stranger.status(), stranger.challenge(SESSION)):
            with pytest.raises(Refused) as refused:
                await question
            assert refused.value.refusal.reason is Reason.NOT_ENTITLED
        await known.close_connection()
        await stranger.close_connection()


async def test_an_error_of_the_center_is_answered_with_its_exchange_and_logged_by_its_type_alone(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect must not leave the kiosk without an answer, nor write a serial or a name into the log."""
    listen, serial = f"unix:{tmp_path}/center.sock", f"{world.serial('taro'):x}"
    with world.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE certificates")
    async with serving(settings_for(listen), world.service):
        connector = aiohttp.UnixConnector(f"{tmp_path}/center.sock")
        async with aiohttp.ClientSession(connector=connector) as http:
            body = msgspec.json.encode(Precheck(TERMINAL, serial))
            reply = await http.post("http://center/v1/precheck", data=body, headers={EXCHANGE: "ab"})
            assert (reply.status, reply.headers[EXCHANGE], await reply.read()) == (500, "ab", b"")
    assert "OperationalError" in caplog.text
    assert serial not in caplog.text
    assert "SELECT" not in caplog.text


async def test_a_cancel_over_the_line_voids_the_order(line: CenterClient, world: World) -> None:
    await line.cancel(ORDER)
    with pytest.raises(Refused) as refused:
        await line.order(request_for(world.enter()))
    assert refused.value.refusal.reason is Reason.CANCELLED


async def test_only_the_owner_can_open_the_socket_and_it_is_gone_afterwards(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "center.sock"
    async with serving(settings_for(f"unix:{path}"), world.service):
        assert permissions(path) == 0o600
    assert not files(tmp_path)


async def test_a_socket_left_by_a_crash_is_no_hindrance(world: World, tmp_path: Path) -> None:
    (tmp_path / "center.sock").touch()
    listen = f"unix:{tmp_path}/center.sock"
    async with serving(settings_for(listen), world.service):
        client = CenterClient(listen, TERMINAL)
        await client.status()
        await client.close_connection()


@pytest.mark.parametrize(
    ("operation", "body", "status"),
    [
        ("precheck", b"", 400),
        ("precheck", b"{}", 400),
        ("precheck", b'{"terminal": "T01", "serial": "5a", "more": 1}', 400),
        ("order", b"\xff\xfe", 400),
        ("order", b" " * (65 << 10), 413),
        ("nothing", b"{}", 404),
    ],
)
async def test_what_cannot_be_read_is_answered_and_does_no_harm(
    line: CenterClient, tmp_path: Path, operation: str, body: bytes, status: int
) -> None:
    connector = aiohttp.UnixConnector(path=str(tmp_path / "center.sock"))
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(f"http://center/v1/{operation}", data=body, headers={EXCHANGE: "x"}) as reply,
    ):
        assert (reply.status, reply.headers[EXCHANGE]) == (status, "x")
    await line.status()


async def test_orders_at_the_same_time_get_numbers_of_their_own(line: CenterClient, world: World) -> None:
    entitlement = world.enter()
    requests = [request_for(entitlement, order=f"{n:032x}") for n in range(8)]
    answers = await asyncio.gather(*(line.order(request) for request in requests))
    manifests = [
        check(sealed, world.expected(request, entitlement), world.keyring, NOON)
        for request, sealed in zip(requests, answers, strict=True)
    ]
    assert len({manifest.copies[0].number for manifest in manifests}) == 8


PATIENCE = 20.0
"""Seconds for what comes at once."""


@dataclass
class Held:
    """The press, with an order in it that is not finished before it is let go."""

    service: CenterService
    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        lay_out = self.service.lay_out

        def held(job: Job) -> tuple[Printed, ...] | None:
            self.begun.set()
            self.let_go.wait(PATIENCE)
            return lay_out(job)

        self.service.lay_out = held


async def test_a_long_order_holds_up_nobody_else_and_its_cancel_finds_it_done(
    line: CenterClient, world: World, tmp_path: Path
) -> None:
    """P3. The other kiosk comes as far as its own challenge while the order is laid out."""
    press, entitlement = Held(world.service), world.enter()
    other = CenterClient(f"unix:{tmp_path}/center.sock", "T02")
    order = asyncio.create_task(line.order(request_for(entitlement, copies=3)))
    await asyncio.to_thread(press.begun.wait, PATIENCE)
    assert await other.status() == world.service.status()
    assert (await other.challenge("0b" * 16)).nonce
    cancel = asyncio.create_task(line.cancel(ORDER))
    await other.status()
    assert not order.done() and not cancel.done()
    press.let_go.set()
    assert len((await order).pdfs) == 3
    await cancel
    with pytest.raises(Refused) as refused:
        await line.order(request_for(entitlement, copies=3))
    assert refused.value.refusal.reason is Reason.CANCELLED
    record = world.registry.order(ORDER)
    assert record is not None
    assert list(record.numbers.values()) == [CopyOutcome.VOID] * 3
    await other.close_connection()


async def test_p4_a_retry_that_comes_while_the_order_is_laid_out_gets_the_same_answer(
    line: CenterClient, world: World
) -> None:
    press, request = Held(world.service), request_for(world.enter(), copies=2)
    tries = [asyncio.create_task(line.order(request)) for _ in range(3)]
    await asyncio.to_thread(press.begun.wait, PATIENCE)
    press.let_go.set()
    first, *others = await asyncio.gather(*tries)
    assert others == [first, first]
    record = world.registry.order(ORDER)
    assert record is not None
    assert len(record.numbers) == 2


# ---------------------------------------------------------------- mutual TLS


class Pki:
    """Makes the PEM files of a small closed network."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = generate_private_key(SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "network")])
        ca = self._builder(self._name, self._key.public_key())
        ca = ca.add_extension(x509.BasicConstraints(True, 0), True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self.ca = self._write("ca", ca.add_extension(identifier, False).sign(self._key, SHA256()))

    def issue(self, name: str) -> tuple[str, str]:
        """(certificate, key)."""
        key = generate_private_key(SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._builder(subject, key.public_key())
        own = own.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        own = own.add_extension(issuer, False)
        path = self._folder / f"{name}.key"
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return self._write(name, own.sign(self._key, SHA256())), str(path)

    def _builder(self, subject: x509.Name, public: object) -> x509.CertificateBuilder:
        now = datetime.now(TOKYO)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        return builder.serial_number(x509.random_serial_number()).public_key(public)  # type: ignore[arg-type]

    def _write(self, name: str, certificate: x509.Certificate) -> str:
        path = self._folder / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
        return str(path)


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path)


@pytest.fixture
async def tls_address(world: World, pki: Pki, unused_tcp_port: int) -> AsyncIterator[str]:
    address = f"https://localhost:{unused_tcp_port}"
    certificate, key = pki.issue("localhost")
    settings = settings_for(address, certificate=certificate, key=key, client_ca=pki.ca)
    async with serving(settings, world.service):
        yield address


async def test_a_whole_procedure_over_mutual_tls(world: World, pki: Pki, tls_address: str) -> None:
    """R45."""
    client = CenterClient(tls_address, TERMINAL, pki.ca, *pki.issue(TERMINAL))
    await whole_procedure(client, world)
    await client.close_connection()


async def test_a_terminal_cannot_speak_in_the_name_of_another(pki: Pki, tls_address: str) -> None:
    client = CenterClient(tls_address, TERMINAL, pki.ca, *pki.issue("T02"))
    with pytest.raises(CenterDown, match="403"):
        await client.precheck(f"{SAMPLE_HOLDERS['taro'].serial:x}")
    await client.close_connection()


async def test_a_stranger_is_not_let_in(pki: Pki, tls_address: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    client = CenterClient(tls_address, TERMINAL, pki.ca, *Pki(tmp_path / "other").issue(TERMINAL))
    with pytest.raises(CenterDown):
        await client.status()
    await client.close_connection()


async def test_a_center_of_another_network_is_not_believed(
    pki: Pki, tls_address: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Pki(tmp_path / "other")
    client = CenterClient(tls_address, TERMINAL, other.ca, *pki.issue(TERMINAL))
    with pytest.raises(CenterDown):
        await client.status()
    await client.close_connection()


# ---------------------------------------------------------------- the process and its settings

GOOD = """
listen = "unix:{folder}/center.sock"
registry = "sample"
profile = "{profile}"
seal_key = "{folder}/seal.pem"
trust = ["{folder}/ca.pem"]
"""


def written(folder: Path, text: str = GOOD) -> Path:
    path = folder / "center.toml"
    path.write_text(text.format(folder=folder, profile=PROFILE), "utf-8")
    elsewhere = PROFILE.read_text("utf-8").replace('"162027"', '"011002"')
    (folder / "elsewhere.toml").write_text(elsewhere, "utf-8")
    (folder / "seal.pem").write_bytes(new_key())
    (folder / "ca.pem").write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    return path


async def test_the_process_serves_until_it_is_told_to_stop_and_leaves_nothing(tmp_path: Path) -> None:
    config = written(tmp_path)
    before = files(tmp_path)
    program = "import sys; from pathlib import Path; from daemon.center.server import run_center; "
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program + "sys.exit(run_center(Path(sys.argv[1])))",
        str(config),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    log = await process.stderr.readline()
    assert b"serves at unix:" in log
    client = CenterClient(f"unix:{tmp_path}/center.sock", TERMINAL)
    assert (await client.status()).sample
    await client.close_connection()
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("profile", "code", "known"), [(PROFILE, "162027", "taro"), (ISHIKARI, "012351", "daichi")]
)
def test_the_sample_is_of_the_profiles_municipality(
    tmp_path: Path, profile: Path, code: str, known: str
) -> None:
    settings = load_settings(written(tmp_path, GOOD.replace("{profile}", str(profile))))
    service = build_service(settings, lambda: NOON)
    assert service.status().municipality.code == code
    assert service.status().others == ()
    service.precheck(Precheck(TERMINAL, f"{holders(code)[known].serial:x}"))


def test_further_municipalities_are_served_by_their_own_profiles(tmp_path: Path) -> None:
    body = GOOD.replace("{profile}", str(PROFILE)) + f'also = ["{ISHIKARI}"]\n'
    status = build_service(load_settings(written(tmp_path, body)), lambda: NOON).status()
    assert (status.center, status.municipality.code) == ("center-162027", "162027")
    assert [(other.code, other.name) for other in status.others] == [("012351", "石狩市")]


def test_one_municipality_twice_is_refused(tmp_path: Path) -> None:
    body = GOOD.replace("{profile}", str(PROFILE)) + f'also = ["{PROFILE}"]\n'
    with pytest.raises(ValueError, match="each municipality once"):
        build_service(load_settings(written(tmp_path, body)), lambda: NOON)


def test_a_registry_on_disk_keeps_what_was_written(tmp_path: Path) -> None:
    for _ in range(2):
        engine = open_engine(tmp_path / "registry.db")
        Registry(engine).cancel(ORDER, TERMINAL, NOON)
        engine.dispose()
    engine = open_engine(tmp_path / "registry.db")
    record = Registry(engine).order(ORDER)
    engine.dispose()
    assert record is not None
    assert record.state == "cancelled"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("registry =", "registri =", "registri"),
        ("listen =", "listen", "center.toml"),
        ("unix:", "tcp:", "unix:/path or https"),
        ("unix:{folder}/center.sock", "https://localhost:8443", "mutual TLS"),
        ("unix:{folder}/center.sock", "https://localhost", "port"),
        ('"sample"', '"/var/lib/registry.db"\nclock_offset = 5.0', "only with the sample registry"),
        ('"sample"', '"/var/lib/registry.db"\nsample_file = "x"', "only with the sample registry"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        load_settings(written(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{folder}/seal.pem", "{folder}/none.pem", "none.pem"),
        ("{folder}/seal.pem", "{folder}/ca.pem", "private key"),
        ("{profile}", "{folder}/none.toml", "none.toml"),
        ("{profile}", "{folder}/elsewhere.toml", "no sample residents of 011002"),
        ('"sample"', '"{folder}/registry.db"', "samples"),
    ],
)
def test_a_center_that_cannot_start_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, old: str, new: str, said: str
) -> None:
    assert run_center(written(tmp_path, GOOD.replace(old, new))) == 1
    assert said in caplog.text


def test_a_sample_registry_in_a_file_is_new_at_each_start_and_its_numbers_can_be_looked_up(
    tmp_path: Path,
) -> None:
    lines = GOOD.replace('"sample"', '"sample"\nsample_file = "{folder}/sample.db"')
    settings = load_settings(written(tmp_path, lines))
    for _ in range(2):
        service = build_service(settings, lambda: NOON)
        assert service.sample
        assert lookup(settings)("162027-20260401-T01-000001-0") is Standing.UNKNOWN


# ---------------------------------------------------------------- a profile that is published meanwhile


async def test_the_center_takes_up_a_new_profile_and_refuses_a_bad_one_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "LOOK_SECONDS", 0.02)
    profile = tmp_path / "profile.toml"
    profile.write_bytes(PROFILE.read_bytes())
    settings = load_settings(written(tmp_path, GOOD.replace("{profile}", str(profile))))
    service = build_service(settings, lambda: NOON)
    client = CenterClient(settings.listen, TERMINAL)

    async def publish(text: str) -> None:
        new = tmp_path / "new.toml"
        new.write_text(text, "utf-8")
        new.replace(profile)

    async with serving(settings, service):
        before = (await client.status()).profile
        assert before == profile_hash(PROFILE)
        await publish("nonsense")
        await looked_until(lambda: "stays in force" in caplog.text, "a refusal in the log", 10)
        assert (await client.status()).profile == before
        await publish(PROFILE.read_text("utf-8").replace("yen = 200", "yen = 250"))
        await looked_until(lambda: service.status().profile != before, "the new profile", 10)
        assert (await client.status()).profile == profile_hash(profile)
        assert service.published()[0].profile.fee("juminhyo", NOON.date()) == 250
        await client.close_connection()


def test_a_center_on_a_file_of_invented_people_is_a_sample(tmp_path: Path) -> None:
    """見本: no real kiosk is served from it, whatever the settings call it."""
    profile = load_profile(PROFILE)
    engine = open_engine(tmp_path / "town.db")
    generate(engine, 3, 1, [profile], NOON.date())
    engine.dispose()
    text = GOOD.replace('"sample"', '"{folder}/town.db"').replace("{profile}", str(PROFILE))
    assert build_service(load_settings(written(tmp_path, text)), lambda: NOON).status().sample

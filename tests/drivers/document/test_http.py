"""IppPrinter over real TCP and TLS: the same printer, reached as in the field."""

import asyncio
import hashlib
import logging
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drivers.document.attributes import END
from drivers.document.codes import SEND_DOCUMENT
from drivers.document.printer import IppPrinter, IppSettings
from drivers.document.virtual import VirtualPrinter
from hal import faults
from hal.contracts import JobState, JobStatus, PrintJob
from hal.faults import DeviceError
from tests.drivers.document.papers import pdf, sealed


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A self-signed one, as printers have, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "printer")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        builder.not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "printer.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, made.fingerprint(hashes.SHA256()).hex(":")


async def printed(printer: IppPrinter) -> JobStatus:
    job = await printer.create("number")
    await printer.send(job, *sealed(pdf(4)))
    return [status async for status in printer.follow(job)][-1]


async def test_a_certificate_is_printed_over_tcp() -> None:
    device = VirtualPrinter()
    async with device.serve() as port:
        printer = IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print", poll_seconds=0.01))
        assert await printer.check(2) == ()
        assert await printed(printer) == JobStatus(JobState.COMPLETED, 2)
        assert device.jobs[0].document == pdf(4)


async def test_nobody_listening_is_out_of_reach() -> None:
    async with VirtualPrinter().serve() as port:
        pass
    with pytest.raises(DeviceError) as caught:
        await IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print")).check(1)
    assert caught.value.fault.code == faults.PRINTER_UNREACHABLE


@pytest.mark.parametrize("lose", [lambda d: setattr(d, "reachable", False), lambda d: d.lose_answer()])
async def test_a_connection_that_breaks_while_sending_leaves_the_outcome_unknown(
    lose: Callable[[VirtualPrinter], None],
) -> None:
    device = VirtualPrinter()
    async with device.serve() as port:
        printer = IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print"))
        job = await printer.create("number")
        lose(device)
        with pytest.raises(DeviceError) as caught:
            await printer.send(job, *sealed(pdf(1)))
        assert caught.value.fault.code == faults.PRINTER_UNKNOWN


async def test_a_web_page_in_place_of_the_printer_is_out_of_reach() -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(page, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DeviceError) as caught:
            await IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print")).check(1)
    assert caught.value.fault.code == faults.PRINTER_UNREACHABLE


async def test_the_pinned_certificate_is_accepted_and_no_other(tmp_path: Path) -> None:
    tls, fingerprint = certificate(tmp_path)
    device = VirtualPrinter()
    async with device.serve(tls=tls) as port:
        uri = f"ipps://127.0.0.1:{port}/ipp/print"
        assert (await printed(IppPrinter(IppSettings(uri, fingerprint, 0.01)))).state is JobState.COMPLETED
        for wrong, told in (("ab" * 32, fingerprint), ("", "no authority vouches")):
            with pytest.raises(DeviceError) as caught:
                await IppPrinter(IppSettings(uri, wrong)).check(1)
            assert caught.value.fault.code == faults.PRINTER_UNREACHABLE
            assert told in caught.value.fault.detail
            assert "[document] fingerprint" in caught.value.fault.detail
            assert "cable" not in caught.value.fault.detail


async def test_a_document_goes_to_nobody_who_does_not_show_the_pinned_certificate(tmp_path: Path) -> None:
    """Somebody takes the printer's place between Create-Job and the document."""
    tls, fingerprint = certificate(tmp_path)
    device = VirtualPrinter()
    async with device.serve(tls=tls) as port:
        printer = IppPrinter(IppSettings(f"ipps://127.0.0.1:{port}/ipp/print", fingerprint))
        job = await printer.create("number")
    other, _ = certificate(tmp_path)
    thief = VirtualPrinter()
    async with thief.serve(port=port, tls=other):
        with pytest.raises(DeviceError, match="another certificate"):
            await printer.send(job, *sealed(pdf(1)))
    assert not thief.heard


async def test_the_octets_on_the_wire_are_the_sealed_ones() -> None:
    """P7: by a peer that knows neither HTTP nor IPP and keeps what comes."""
    received = bytearray()

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = (
            int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        received.extend(await reader.readexactly(length))
        writer.close()
        await writer.wait_closed()

    document, sha256 = sealed(pdf(40))
    async with await asyncio.start_server(keep, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        printer = IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print"))
        with pytest.raises(DeviceError):
            await printer.send(PrintJob("urn:uuid:x", 1, 1), document, sha256)
    assert hashlib.sha256(received[-len(document) :]).hexdigest() == sha256
    assert received[: -len(document)].endswith(bytes([END]))


@pytest.mark.parametrize(
    ("uri", "fingerprint"),
    [
        ("http://printer/", ""),
        ("printer", ""),
        ("ipp://printer/ipp/print", "ab" * 32),
        ("ipps://printer/ipp/print", "ab"),
        ("ipps://printer/ipp/print", "no hexadecimal"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(uri: str, fingerprint: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        IppPrinter(IppSettings(uri, fingerprint))


async def test_the_log_holds_no_certificate_number(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    device = VirtualPrinter()
    async with device.serve() as port:
        printer = IppPrinter(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print"))
        device.lose_answer(SEND_DOCUMENT)
        job = await printer.create("secret-number")
        with pytest.raises(DeviceError) as caught:
            await printer.send(job, *sealed(pdf(1)))
        await printer.cancel(job)
    assert "secret" not in caplog.text + str(caught.value)

"""OpenSC, written by others from real cards, takes the virtual card for one (card.md §3)."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card.chip import VirtualCard
from drivers.card.pcsc import PcscReader
from drivers.card.sample import CardKeys
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import VpcdSlot
from hal.events import CardPlaced
from tests.drivers.card.conftest import Told

ONLY_JPKI = "app default { card_drivers = jpki; }\n"  # the other drivers' probes take three seconds
SIGN = "pkcs11-tool --module opensc-pkcs11.so --slot-index 0 --login --pin 1234 --id 01 --sign"

OpenSC = Callable[[str], Awaitable[tuple[int, str]]]


@pytest.fixture
async def opensc(
    pcscd: PrivatePcscd,
    reader: PcscReader,
    slot: VpcdSlot,
    card: VirtualCard,
    told: Told,
    tmp_path: Path,
) -> OpenSC:
    """Runs one of the tools on the card; (exit status, what it wrote)."""
    (tmp_path / "opensc.conf").write_text(ONLY_JPKI)
    environment = os.environ | {
        "PCSCLITE_CSOCK_NAME": str(pcscd.socket),
        "OPENSC_CONF": str(tmp_path / "opensc.conf"),
        "HOME": str(tmp_path),  # OpenSC's cache
    }
    await slot.insert(card)
    assert await told.next() == CardPlaced()

    async def run(command: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *command.split(),
            cwd=tmp_path,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    return run


async def test_opensc_takes_it_for_a_jpki_card(opensc: OpenSC) -> None:
    assert await opensc("opensc-tool -n") == (0, "Using reader with a card: Kiosk Virtual 0 00 00\njpki\n")
    status, pins = await opensc("pkcs15-tool --list-pins")
    assert status == 0
    assert "Tries left     : 3" in pins
    assert "Tries left     : 5" in pins


async def test_opensc_reads_the_certificate_byte_by_byte(
    opensc: OpenSC, keys: CardKeys, tmp_path: Path
) -> None:
    status, _ = await opensc("pkcs15-tool --read-certificate 1 -o auth.pem")
    assert status == 0
    certificate = x509.load_pem_x509_certificate((tmp_path / "auth.pem").read_bytes())
    assert certificate.public_bytes(Encoding.DER) == keys.certificate


async def test_opensc_signs_with_the_pin(opensc: OpenSC, keys: CardKeys, tmp_path: Path) -> None:
    (tmp_path / "message").write_bytes(b"a message")
    status, output = await opensc(f"{SIGN} -m SHA256-RSA-PKCS -i message -o signature")
    assert status == 0, output
    public_key = x509.load_der_x509_certificate(keys.certificate).public_key()
    assert isinstance(public_key, RSAPublicKey)
    public_key.verify((tmp_path / "signature").read_bytes(), b"a message", PKCS1v15(), SHA256())


async def test_opensc_counts_wrong_pins_as_the_card_does(opensc: OpenSC, card: VirtualCard) -> None:
    status, output = await opensc("pkcs15-tool --verify-pin --auth-id 01 --pin 0000")
    assert status != 0
    assert "incorrect" in output
    assert card.pin.tries_left == 2
    _, pins = await opensc("pkcs15-tool --list-pins")
    assert "Tries left     : 2" in pins

"""OpenSC, written by others from real cards, takes ``madoguchi virtual card`` for one (card.md §3)."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card.pcsc import PcscReader
from drivers.card.sample import Authority, CardKeys, to_pem
from drivers.card.virtual_reader import PrivatePcscd
from hal.contracts import CardError
from hal.events import CardPlaced
from tests.drivers.card.conftest import Told

ONLY_JPKI = "app default { card_drivers = jpki; }\n"  # the other drivers' probes take three seconds
PKCS11 = "pkcs11-tool --module opensc-pkcs11.so --slot-index 0 --login --pin 1234"
VERIFY = "pkcs15-tool --verify-pin --auth-id 01 --pin"


class Host:
    """A machine with OpenSC, on whose reader the card lies. folder: where the tools work."""

    def __init__(self, pcscd: PrivatePcscd, folder: Path) -> None:
        self.folder = folder
        configuration = folder / "opensc.conf"
        configuration.write_text(ONLY_JPKI)
        self._plain = os.environ | {"PCSCLITE_CSOCK_NAME": str(pcscd.socket), "HOME": str(folder)}
        self._quick = self._plain | {"OPENSC_CONF": str(configuration)}

    async def run(self, command: str, quick: bool = True) -> tuple[int, str]:
        """(exit status, what it wrote). quick: only the driver for My Number cards is asked."""
        process = await asyncio.create_subprocess_exec(
            *command.split(),
            cwd=self.folder,
            env=self._quick if quick else self._plain,
            stdout=PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def good(self, command: str) -> str:
        status, output = await self.run(command)
        assert status == 0, output
        return output

    async def tries(self) -> list[str]:
        """Of the authentication PIN and the signature PIN."""
        said = await self.good("pkcs15-tool --list-pins")
        return [line.split(":")[1].strip() for line in said.splitlines() if "Tries left" in line]


@pytest.fixture
async def host(
    pcscd: PrivatePcscd,
    reader: PcscReader,
    told: Told,
    keys: CardKeys,
    authority: Authority,
    tmp_path: Path,
) -> AsyncIterator[Host]:
    (tmp_path / "card.pem").write_bytes(to_pem(keys, authority))
    (tmp_path / "ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    options = ("--at", f"{pcscd.host}:{pcscd.port}", "--pem", str(tmp_path / "card.pem"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "daemon", "virtual", "card", *options), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    assert process.stdin is not None
    process.stdin.write(b"insert\n")
    assert await told.next() == CardPlaced()
    yield Host(pcscd, tmp_path)
    await process.communicate(b"quit\n")


async def test_opensc_takes_it_for_a_jpki_card_whatever_drivers_it_asks(host: Host) -> None:
    said = (0, "Using reader with a card: Kiosk Virtual 0 00 00\njpki\n")
    assert await host.run("opensc-tool -n", quick=False) == said
    assert await host.run("opensc-tool -n") == said


async def test_opensc_sees_its_certificates_keys_and_pins(host: Host) -> None:
    seen = await host.good("pkcs15-tool -D")
    assert "PKCS#15 Card [JPKI]" in seen
    for thing in (
        "PIN [User Authentication PIN]",
        "PIN [Digital Signature PIN]",
        "Private RSA Key [User Authentication Key]",
        "Private RSA Key [Digital Signature Key]",
        "X.509 Certificate [User Authentication Certificate]",
        "X.509 Certificate [Digital Signature Certificate]",
        "X.509 Certificate [User Authentication Certificate CA]",
    ):
        assert thing in seen, thing
    assert await host.tries() == ["3", "5"]


async def test_opensc_reads_the_certificates_byte_by_byte(
    host: Host, keys: CardKeys, authority: Authority
) -> None:
    for number, der in ((1, keys.certificate), (3, authority.der)):
        await host.good(f"pkcs15-tool --read-certificate {number} -o {number}.pem")
        read = x509.load_pem_x509_certificate((host.folder / f"{number}.pem").read_bytes())
        assert read.public_bytes(Encoding.DER) == der
    assert await host.good("openssl verify -CAfile ca.pem 1.pem") == "1.pem: OK\n"


async def test_the_signature_certificate_is_read_with_its_pin_only(host: Host) -> None:
    command = "pkcs15-tool --read-certificate 2"
    status, _ = await host.run(command)
    assert status != 0
    said = await host.good(f"{command} --verify-pin --auth-id 02 --pin ABC123")
    assert "BEGIN CERTIFICATE" in said


async def test_openssl_verifies_what_opensc_makes_it_sign(host: Host) -> None:
    (host.folder / "message").write_bytes(b"a message")
    await host.good(f"{PKCS11} --id 01 --sign -m SHA256-RSA-PKCS -i message -o signature")
    await host.good("openssl x509 -in card.pem -pubkey -noout -out key.pem")
    said = await host.good("openssl dgst -sha256 -verify key.pem -signature signature message")
    assert said == "Verified OK\n"


async def test_opensc_finds_no_error_in_it(host: Host) -> None:
    assert "No errors" in await host.good(f"{PKCS11} --test")


async def test_opensc_counts_wrong_pins_down_to_the_lock(host: Host, reader: PcscReader) -> None:
    for left in ("2", "1", "0"):
        status, said = await host.run(f"{VERIFY} 0000")
        assert status != 0
        assert "incorrect" in said
        assert (await host.tries())[0] == left
    status, said = await host.run(f"{VERIFY} 1234")
    assert status != 0, said
    assert "user PIN locked" in await host.good("pkcs11-tool --module opensc-pkcs11.so -L")
    with pytest.raises(CardError, match="pin-blocked"):
        await reader.read()


async def test_a_right_pin_in_time_gives_the_tries_back(host: Host) -> None:
    await host.run(f"{VERIFY} 0000")
    await host.good(f"{VERIFY} 1234")
    assert await host.tries() == ["3", "5"]

"""The virtual card as its own process, as the bench runs it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from drivers.card.pcsc import PcscReader
from drivers.card.sample import Authority, CardKeys, from_pem, to_pem
from drivers.card.virtual_reader import PrivatePcscd
from hal.contracts import CardError, Signed, WrongPin
from hal.events import CardPlaced, CardTaken
from tests.drivers.card.conftest import PATIENCE, Told

MESSAGE = b"what the kiosk wants signed"


class CardProcess:
    """Talks the line protocol."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def say(self, command: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{command}\n".encode())
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode().strip()

    async def end(self) -> int:
        """Closes its input and waits for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@pytest_asyncio.fixture
async def card_process(
    pcscd: PrivatePcscd, keys: CardKeys, authority: Authority, tmp_path: Path
) -> AsyncIterator[CardProcess]:
    pem = tmp_path / "card.pem"
    pem.write_bytes(to_pem(keys, authority))
    at = f"{pcscd.host}:{pcscd.port}"
    arguments = ["-m", "drivers.card.virtual", "--at", at, "--pem", str(pem), "--pin", "2468", "--tries", "2"]
    process = CardProcess(
        await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
    )
    yield process
    assert await process.end() == 0


async def test_its_life_on_the_reader(
    reader: PcscReader, told: Told, card_process: CardProcess, keys: CardKeys
) -> None:
    assert await card_process.say("insert") == "ok"
    assert await told.next() == CardPlaced()
    assert (await reader.read()).tries_left == 2
    assert await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE) == WrongPin(1)

    assert await card_process.say("remove") == "ok"
    assert await told.next() == CardTaken()
    assert await card_process.say("insert") == "ok"
    assert await told.next() == CardPlaced()
    assert (await reader.read()).tries_left == 1, "the counter lives on the card"
    assert isinstance(await reader.authenticate(keys.certificate, bytearray(b"2468"), MESSAGE), Signed)

    assert await card_process.say("lock") == "ok"
    with pytest.raises(CardError, match="pin-blocked"):
        await reader.read()
    assert await card_process.say("quit") == "ok"
    assert await card_process.process.wait() == 0


async def test_it_says_what_it_cannot_do(reader: PcscReader, card_process: CardProcess) -> None:
    assert await card_process.say("dance") == "error unknown command 'dance'"
    assert await card_process.say("insert") == "ok"
    assert (await card_process.say("insert")).startswith("error there is a card")


def test_the_file_of_a_card_holds_all_of_it(keys: CardKeys, authority: Authority) -> None:
    again, ca = from_pem(to_pem(keys, authority))
    assert again.certificate == keys.certificate
    assert again.key.private_numbers() == keys.key.private_numbers()
    assert ca == authority.der
    assert from_pem(to_pem(keys))[1] == b""

"""How long a card takes in the driver, against the same commands sent bare; for ``make benchmark``.

Both go through one private pcscd and one virtual reader, to a card as slow as real ones are over the air, or
to one that takes no time. The driver adds its threads, two connections, and the power-off at their ends.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from drivers.card import scard
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import Command
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import sample_authority
from drivers.card.virtual_reader import private_pcscd
from drivers.card.vpcd import VpcdSlot
from hal.contracts import Signed
from hal.events import CardPlaced, CardTaken, Event

LOOK_SECONDS = 0.4
"""How often pcscd looks at vpcd's reader; one on USB tells by itself."""
PIN = b"1234"
MESSAGE = b"what the kiosk wants signed"


@dataclass(frozen=True)
class Measured:
    """Seconds. event: from the card on the reader to the daemon's event.

    driven: certificate, PIN and signature. bare: the same commands, the answering of each alone.
    """

    event: float
    driven: float
    bare: float


async def measure(directory: Path, runs: int, *seconds_a_command: float) -> list[list[Measured]]:
    """One list of runs for each speed of card. directory: as for ``PrivatePcscd``."""
    authority = sample_authority()
    card = VirtualCard(CardContents(authority.issue_for(1, key=authority.key), authority.der))
    with private_pcscd(directory) as pcscd:
        events: asyncio.Queue[Event] = asyncio.Queue()
        reader = PcscReader(PcscSettings(pcscd.reader, str(pcscd.socket)))
        running = asyncio.create_task(reader.run(events.put_nowait))
        await _until(events, CardTaken())
        measured = []
        for seconds in seconds_a_command:
            slot = VpcdSlot(pcscd.host, pcscd.port, seconds)
            measured.append([await _once(reader, events, slot, card) for _ in range(runs)])
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return measured


async def _once(
    reader: PcscReader, events: asyncio.Queue[Event], slot: VpcdSlot, card: VirtualCard
) -> Measured:
    await asyncio.sleep(random.uniform(0, LOOK_SECONDS))  # at any moment between two looks
    began = time.perf_counter()
    await slot.insert(card)
    await _until(events, CardPlaced())
    placed = time.perf_counter()
    card.received.clear()
    reading = await reader.read()
    signed = await reader.authenticate(reading.certificate, bytearray(PIN), MESSAGE)
    done = time.perf_counter()
    assert isinstance(signed, Signed)
    bare = await asyncio.to_thread(_bare, reader.name, list(card.received))
    await slot.remove()
    await _until(events, CardTaken())
    return Measured(placed - began, done - placed, bare)


def _bare(reader: str, commands: Sequence[Command]) -> float:
    """Seconds that these commands take, each from its sending to its answer."""
    spent = 0.0
    with scard.context() as context:
        connection = context.connect(reader)
        for command in commands:
            apdu = command.encode()
            began = time.perf_counter()
            connection.transmit(apdu)
            spent += time.perf_counter() - began
        connection.power_off()
    return spent


async def _until(events: asyncio.Queue[Event], wanted: Event) -> None:
    while await events.get() != wanted:
        pass

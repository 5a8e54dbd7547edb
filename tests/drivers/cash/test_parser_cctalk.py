"""@serialport/parser-cctalk, whose makers never heard of us, finds the frames in our traffic that we find."""

import json
import subprocess
from collections.abc import Sequence

import pytest

from drivers.cash.cctalk import Decoder, Frame, decode, encode
from drivers.cash.virtual import VirtualBus
from drivers.ports import Port
from hal.events import BillHeld, CashCredited
from tests.drivers.cash.kit import EVERY, Cable, running, settings
from tests.layout import ROOT
from tests.memory_book import MemoryBook
from tests.virtual_time import run_virtual

PEERS = ROOT / "tests" / "peers"
VECTORS = json.loads((ROOT / "tests" / "data" / "cctalk_vectors.json").read_text("utf-8"))


def their_frames(chunks: Sequence[bytes | int], delay: int = 0) -> list[bytes]:
    """What the other program finds. An int is a pause in milliseconds."""
    told = [chunk if isinstance(chunk, int) else chunk.hex() for chunk in chunks]
    question = json.dumps({"delay": delay, "chunks": told})
    answer = subprocess.run(
        ["node", "frames.js"],
        cwd=PEERS,
        input=question,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [bytes.fromhex(frame) for frame in json.loads(answer.stdout)]


class Tap:
    """A port that remembers what went over it, both ways, as it was cut."""

    def __init__(self, port: Port, heard: list[bytes]) -> None:
        self._port = port
        self._heard = heard

    async def read(self) -> bytes:
        data = await self._port.read()
        self._heard.append(data)
        return data

    async def write(self, data: bytes) -> None:
        self._heard.append(data)
        await self._port.write(data)

    def discard_input(self) -> bytes:
        return self._port.discard_input()

    async def close(self) -> None:
        await self._port.close()


def traffic(crc: bool, pace: bool) -> list[bytes]:
    """A day of the vendor: it comes up, takes coins and a bill, and pays."""
    bus = VirtualBus({3: (10, 40), 5: (100, 40)}, validator=True, crc=crc)
    heard: list[bytes] = []

    async def main() -> None:
        cable = Cable(bus, pace)

        async def tapped(address: str) -> Port:
            return Tap(await cable.open(address), heard)

        configured = settings(bus, validator=40, checksum="crc" if crc else "simple")
        async with running(bus, MemoryBook(), tapped, configured) as kiosk:
            await kiosk.vendor.accept(EVERY | {1000})
            for value in (500, 10, 5, 100):
                bus.insert(value)
            await kiosk.sees(CashCredited(100))
            bus.insert_bill(1000)
            await kiosk.sees(BillHeld(1000))
            await kiosk.vendor.decide(stack=True)
            await kiosk.sees(CashCredited(1000))
            await kiosk.vendor.fix()
            await kiosk.vendor.pay_out("p", {100: 6, 10: 30})
        await cable.close()

    run_virtual(main())
    return heard


@pytest.mark.parametrize("pace", [False, True])
@pytest.mark.parametrize("crc", [False, True])
def test_it_frames_our_traffic_as_we_do(crc: bool, pace: bool) -> None:
    heard = traffic(crc, pace)
    ours = Decoder(crc).feed(b"".join(heard))
    assert len(ours) > 200
    assert all(isinstance(frame, Frame) for frame in ours)
    assert their_frames(heard) == [encode(frame, crc) for frame in ours if isinstance(frame, Frame)]


def test_it_frames_the_published_examples_as_we_do() -> None:
    raws = [bytes(pair[side]) for pair in VECTORS for side in ("tx", "rx")]
    right = [raw for raw in raws if isinstance(decode(raw), Frame)]
    assert len(right) == 2 * len(VECTORS) - 2
    assert their_frames(right) == right


def test_after_50_ms_of_silence_both_begin_anew() -> None:
    whole = encode(Frame(1, 2, 0, b"JP100A"))
    decoder = Decoder()
    decoder.feed(whole[:4])
    decoder.reset()
    assert [encode(frame) for frame in decoder.feed(whole) if isinstance(frame, Frame)] == [whole]
    assert their_frames([whole[:4], 100, whole], delay=50) == [whole]

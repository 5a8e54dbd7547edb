"""Noise on a ccTalk wire, by the million bytes: ``make fuzz``, and a smaller helping in ``make test``.

Both sides hear it: a host that asks for credits and pays out, and the virtual devices. What is judged: no
exception, no end without an end, no coin credited or dispensed unless a frame that says so, and that an
independent checksum finds right, was among the bytes. The wire is half noise, half frames that were cut,
glued, repeated, bent by a bit or left whole.
"""

import argparse
import binascii
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

from drivers.cash import cctalk
from drivers.cash.cctalk import Decoder, Frame, Garbled, encode
from drivers.cash.credit import Position, advance
from drivers.cash.exchange import Broken, Exchange
from drivers.cash.payloads import BadReply, Events
from drivers.cash.payout import Ask, dispense
from drivers.cash.virtual import VirtualBus

LONGEST = 260
STEPS = 20_000
"""More than any payout takes, whatever it is told."""

CREDITS, HOPPER = 2, 3


def holds(wire: bytes, crc: bool, destination: int, header: int) -> bool:
    """Whether a valid frame with these lies anywhere in the bytes. Shares no code with the decoder."""
    for start in range(len(wire) - 4):
        frame = wire[start : start + 5 + wire[start + 1]]
        if frame[0] != destination or frame[3] != header or len(frame) != 5 + frame[1]:
            continue
        summed = binascii.crc_hqx(frame[:2] + frame[3:-1], 0) == frame[2] | frame[-1] << 8
        if summed if crc else sum(frame) % 256 == 0:
            return True
    return False


class Noise:
    """Bytes as a bad wire brings them. total: how many have been given."""

    def __init__(self, dice: random.Random, crc: bool) -> None:
        self._dice = dice
        self._crc = crc
        self.total = 0

    def piece(self, *frames: Frame) -> bytes:
        """Some bytes; these frames, or what is left of them, are often among them."""
        dice = self._dice
        raw = b"".join(encode(frame, self._crc) for frame in frames)
        way = dice.randrange(8)
        if way < 3:
            raw = dice.randbytes(dice.randrange(1, 300))
        elif way == 3:
            raw = raw[: dice.randrange(len(raw))] + dice.randbytes(dice.randrange(8))
        elif way == 4:
            raw = dice.randbytes(dice.randrange(1, 8)) + raw
        elif way == 5:
            bent = bytearray(raw)
            bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
            raw = bytes(bent)
        elif way == 6:
            raw = raw + raw[dice.randrange(len(raw)) :]
        self.total += len(raw)
        return raw

    def cut(self, raw: bytes) -> Iterator[bytes]:
        """In the chunks in which it arrives."""
        while raw:
            size = self._dice.choice((1, 7, 64, 300))
            yield raw[:size]
            raw = raw[size:]


class Fuzz:
    """One kind of wire. happened: what came of it, to see that the noise is not only noise."""

    def __init__(self, seed: int, crc: bool, echo: bool | None) -> None:
        self._dice = random.Random(seed)
        self._crc = crc
        self._echo = echo
        self._position: Position | None = Position(0, 0, 0)
        self._hopper = VirtualBus({HOPPER: (10, 1 << 20)}, clock=lambda: 0.0).hoppers[HOPPER]
        self.noise = Noise(self._dice, crc)
        self.happened: Counter[str] = Counter()

    def play(self, size: int) -> None:
        """Until so many bytes have been heard."""
        while self.noise.total < size:
            self._credits()
            self._device()
            if self._dice.randrange(50) == 0:
                self._payout()

    def _ask(self, request: Frame, *replies: Frame) -> tuple[Frame | None, bytes]:
        """A question, and noise for an answer: (the reply or None, what was on the wire)."""
        exchange = Exchange(request, self._crc, self._echo)
        echoes = self._echo and self._dice.randrange(10)
        wire = (exchange.sent if echoes else b"") + self.noise.piece(*replies)
        try:
            for chunk in self.noise.cut(wire):
                assert 0 < exchange.patience <= 5
                reply = exchange.feed(chunk)
                if reply is not None:
                    return reply, wire
        except Broken:
            self.happened["broken"] += 1
        return None, wire

    def _credits(self) -> None:
        dice = self._dice
        counter = dice.randrange(256)
        results = tuple((dice.randrange(6), dice.randrange(256)) for _ in range(5))
        told = Frame(cctalk.HOST, CREDITS, cctalk.REPLY, Events(counter, results).build())
        reply, wire = self._ask(Frame(CREDITS, cctalk.HOST, cctalk.READ_CREDITS), told)
        if reply is None or reply.header != cctalk.REPLY:
            return
        self.happened["replies"] += 1
        try:
            step = advance(self._position, Events.parse(reply.data))
        except BadReply:
            return
        self._position = step.position
        if any(result.a for result in step.results):
            self.happened["credits"] += 1
            assert holds(wire, self._crc, cctalk.HOST, cctalk.REPLY), wire.hex()

    def _device(self) -> None:
        """The other side: whatever arrives, the hopper pays only when asked to."""
        dice = self._dice
        before, decoder = self._hopper.dispensed, Decoder(self._crc)
        asked = [
            Frame(HOPPER, cctalk.HOST, cctalk.ENABLE_HOPPER, bytes((cctalk.HOPPER_ENABLED,))),
            Frame(HOPPER, cctalk.HOST, cctalk.HOPPER_KEY),
            Frame(HOPPER, cctalk.HOST, cctalk.DISPENSE, bytes(8) + bytes((dice.randrange(256),))),
            Frame(HOPPER, cctalk.HOST, dice.randrange(256), dice.randbytes(dice.randrange(12))),
        ]
        wire = self.noise.piece(*asked)
        since = 0
        for chunk in self.noise.cut(wire):
            found = decoder.feed(chunk)
            since = 0 if found else since + len(chunk)
            assert since <= LONGEST, "the decoder keeps bytes and says nothing"
            for frame in found:
                self.happened["garbled" if isinstance(frame, Garbled) else "frames"] += 1
                if isinstance(frame, Frame) and frame.destination == HOPPER:
                    self._hopper.answer(frame)
        if self._hopper.dispensed > before:
            self.happened["dispensed"] += 1
            assert holds(wire, self._crc, HOPPER, cctalk.DISPENSE), wire.hex()

    def _payout(self) -> None:
        """A host that pays, and is answered with noise, comes to an end."""
        script = dispense(self._dice.randrange(1, 21), bytes(8), True)
        answer: Frame | None = None
        turned = 0
        for _ in range(STEPS):
            try:
                step = script.send(answer)
            except StopIteration:
                assert turned <= 1
                self.happened["payouts"] += 1
                return
            answer = None
            if isinstance(step, Ask):
                turned += step.header == cctalk.DISPENSE
                size = self._dice.choice((0, 1, 3, 4))
                told = Frame(cctalk.HOST, HOPPER, cctalk.REPLY, self._dice.randbytes(size))
                answer, _ = self._ask(Frame(HOPPER, cctalk.HOST, step.header, step.data), told)
        raise AssertionError("a payout that never ends")


WIRES = tuple((crc, echo) for crc in (False, True) for echo in (False, True, None))


def fuzz(size: int, seed: int) -> Counter[str]:
    """So many bytes over every kind of wire together: what happened. Raises what breaks."""
    happened: Counter[str] = Counter()
    for number, (crc, echo) in enumerate(WIRES):
        one = Fuzz(seed + number, crc, echo)
        one.play(-(-size // len(WIRES)))
        happened += one.happened
        happened["bytes"] += one.noise.total
    return happened


def main() -> None:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Noise on a ccTalk wire.")
    parser.add_argument("size", nargs="?", type=int, default=100_000_000, help="bytes (100 million)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    happened = fuzz(options.size, options.seed)
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(happened.items()))
    sys.stdout.write(f"seed {options.seed}, {time.monotonic() - began:.0f} s: {told}; nothing broke\n")


if __name__ == "__main__":
    main()

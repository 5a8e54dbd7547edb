"""A coin vendor alone, on a pseudo-terminal or on TCP."""

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from daemon.bench.alone.console import Hand, Mistake, number
from daemon.bench.alone.part import Part, host_and_port
from drivers.cash.virtual import FAULTS, VirtualBus, VirtualHopper

FORM = "pty:/path or tcp:HOST:PORT"


@asynccontextmanager
async def cash(options: argparse.Namespace) -> AsyncIterator[Part]:
    """options: at, bills, echo, crc, fast."""
    speed = 0.0 if options.fast else 8.0
    bus = VirtualBus(validator=options.bills, echo=options.echo, crc=options.crc, coins_per_second=speed)
    async with AsyncExitStack() as stack:
        kind, _, rest = options.at.partition(":")
        if kind == "pty" and rest:
            await stack.enter_async_context(bus.serve_pty(Path(rest)))
            at = options.at
        else:
            host, port = host_and_port(options.at, FORM)
            at = f"tcp:{host}:{await stack.enter_async_context(bus.serve_tcp(host, port))}"
        crc = " --crc" if options.crc else ""
        yield Part("virtual coin vendor (ccTalk)", at, f"madoguchi probe cash --at {at}{crc}", _hands(bus))


def _hands(bus: VirtualBus) -> list[Hand]:
    def insert(words: Sequence[str]) -> str:
        return ", ".join(f"{value} {bus.insert(value)}" for value in _numbers(words))

    def event(words: Sequence[str]) -> None:
        code = number(words)
        if not 1 <= code <= 255:
            raise Mistake("1 to 255 are meant")
        bus.acceptor.event(code)

    def bill(words: Sequence[str]) -> str:
        if bus.validator is None:
            raise RuntimeError("this vendor has no bill validator: start it with --bills")
        return bus.insert_bill(number(words))

    async def fault(words: Sequence[str]) -> None:
        if (name := " ".join(words)) not in FAULTS:
            raise Mistake(f"these are known: {', '.join(FAULTS)}")
        await bus.inject(name)

    return [
        Hand("insert", "YEN…", "drops coins in", insert),
        Hand("bill", "YEN", "feeds a bill in", bill),
        Hand("lever", "", "presses the return lever", lambda _: bus.press_return()),
        Hand("tray", "", "what lies in the return tray", lambda _: _yen(bus.tray)),
        Hand("take", "", "takes it out", lambda _: _yen(bus.take_tray())),
        *_of_hoppers(bus),
        Hand(
            "swallow", "YEN", "a coin stays inside unseen", lambda words: bus.acceptor.swallow(number(words))
        ),
        Hand(
            "event",
            "CODE",
            "the acceptor reports this event",
            event,
        ),
        Hand("silence", "ADDRESS", "this device answers no more", lambda words: bus.silence(number(words))),
        Hand("wake", "ADDRESS", "it answers again", lambda words: bus.silence(number(words), on=False)),
        Hand(
            "noise", "N", "garbles the next so many answers", lambda words: bus.corrupt_replies(number(words))
        ),
        Hand("fault", "NAME…", "makes this go wrong; without a name it lists them", fault),
        Hand("mend", "", "the line, units and replies are well again", lambda _: bus.mend()),
        Hand("power", "", "off and on", lambda _: bus.power_cycle()),
        Hand("state", "", "what it takes now, and what it holds", lambda _: _state(bus)),
    ]


def _of_hoppers(bus: VirtualBus) -> list[Hand]:
    def hopper(words: Sequence[str]) -> VirtualHopper:
        address = number(words[:1])
        if address not in bus.hoppers:
            raise Mistake(f"the hoppers are at {', '.join(map(str, bus.hoppers))}")
        return bus.hoppers[address]

    def fill(words: Sequence[str]) -> None:
        hopper(words).fill(number(words[1:]))

    def jam(words: Sequence[str]) -> None:
        hopper(words).jam(number(words[1:], 0), stays=True)

    return [
        Hand("levels", "", "coins really in the hoppers", lambda _: _levels(bus)),
        Hand("fill", "ADDRESS COINS", "staff put coins into a hopper", fill),
        Hand("empty", "ADDRESS", "staff take all out", lambda words: hopper(words).empty()),
        Hand("jam", "ADDRESS [COINS]", "it jams, after so many more", jam),
        Hand("unjam", "ADDRESS", "staff clear it", lambda words: hopper(words).clear_jam()),
        Hand(
            "late",
            "ADDRESS",
            "a coin falls although nothing was asked",
            lambda words: hopper(words).late_coin(),
        ),
    ]


def _numbers(words: Sequence[str]) -> list[int]:
    return [number([word]) for word in words] or [number(words)]


def _levels(bus: VirtualBus) -> str:
    return ", ".join(
        f"{address}: {bus.hoppers[address].value} yen x {n}" for address, n in bus.levels.items()
    )


def _yen(values: Sequence[int]) -> str:
    return f"{sum(values)} yen: {' '.join(map(str, values))}" if values else "nothing"


def _state(bus: VirtualBus) -> str:
    taking = " ".join(map(str, sorted(bus.acceptor.accepting))) or "nothing"
    return f"takes {taking}; holds {bus.held} yen; {'nothing' if bus.conserved else 'MONEY'} is missing"

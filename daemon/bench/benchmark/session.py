"""Where a citizen waits during a session, on simulated devices that take no time themselves."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from daemon.bench.benchmark.figures import Heading, Line, median
from daemon.bench.benchmark.wire import utilisation
from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import load_scenario
from daemon.bench.setup import Setup
from drivers.card.benchmark import measure

RUNS = 7
SESSIONS = 10
POLL = 0.0005
COIN = 100
SECONDS_A_COMMAND = 0.03
"""Of a card over the air: 256 bytes take 20 ms at 106 kbit/s, and the chip takes its own."""
SCRIPT = Path("scenarios/takaoka-juminhyo.toml")

Tell = Callable[[Line], None]


async def session(tell: Tell) -> None:
    """Measures and tells."""
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        tell(Heading("Where a citizen waits, on devices that take no time themselves"))
        waits = [await _waits(rig) for _ in range(RUNS)]
        for name in waits[0]:
            tell(median(name, [wait[name] for wait in waits], "ms", 1000))
        tell(median("whole scripted sessions", [await play_sessions(rig, SESSIONS)], "a minute"))
    tell(Heading("The card's driver and the coin vendor's line alone"))
    await _card(tell)
    tell(median("coin vendor's line with three devices", [await utilisation()], "% of 9600 baud"))


async def play_sessions(rig: Rig, number: int) -> float:
    """Whole scripted sessions a minute."""
    scenario = load_scenario(SCRIPT)
    began = time.perf_counter()
    for _ in range(number):
        faults = await Player(rig, None, lambda _: None).play(scenario)
        if faults:
            raise RuntimeError(f"{SCRIPT}: {'; '.join(faults)}")
    return number / (time.perf_counter() - began) * 60


async def _waits(rig: Rig) -> dict[str, float]:
    """One session, timed where a citizen waits."""
    times: dict[str, float] = {}
    await rig.see("start")
    for button in ("services", "issue"):
        await rig.press(button)
    await rig.see("card")
    await rig.wallet.place("taro")
    await rig.see("municipality")
    for button in ("own", "confirm", "key.1", "key.2", "key.3", "key.4"):
        await rig.press(button)
    times["last PIN digit to card removal"] = await _timed(rig.see("removal"))
    await rig.wallet.lift()
    times["card off to certificate list (seen every 400 ms)"] = await _timed(rig.see("certificate"))
    for button in ("kind.juminhyo", "confirm", "scope.self", "confirm", "confirm", "confirm"):
        await rig.press(button)
    await rig.see("confirm")
    await rig.press("confirm")
    times["確定 on screen 11 to document checked"] = await _timed(rig.see("payment"))
    times["coin credit event to the new amount on the screen"] = await _credited(rig)
    await _leave(rig)
    return times


async def _leave(rig: Rig) -> None:
    await rig.press("quit")
    await rig.see("take-money")
    rig.bus.take_tray()
    rig.tap_anywhere()
    await rig.see("start", "out")
    for case in await rig.cases():  # cancelled so often, it looks like coin washing; staff say it is not
        await rig.resolve(case.case)
    await rig.see("start")


async def _timed(wait: Awaitable[object]) -> float:
    began = time.perf_counter()
    await wait
    return time.perf_counter() - began


async def _credited(rig: Rig) -> float:
    """From the reply that tells of a coin to its pixels; the kiosk asks five times a second."""
    before = rig.framebuffer.read_bytes()
    rig.bus.insert(COIN)
    while rig.bus.acceptor.in_flight:  # noqa: ASYNC110 the wire has no events
        await asyncio.sleep(POLL)
    began = time.perf_counter()
    while rig.framebuffer.read_bytes() == before:  # noqa: ASYNC110 a mapped file has no events
        await asyncio.sleep(POLL)
    return time.perf_counter() - began


async def _card(tell: Tell) -> None:
    """The driver alone, on cards of two speeds."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-card-") as folder:
        real, quick = await measure(Path(folder), RUNS, SECONDS_A_COMMAND, 0.0)
    tell(median("card on the reader to event (seen every 400 ms)", [one.event for one in real], "ms", 1000))
    tell(median("certificate, PIN, signature: a slow card", [one.driven for one in real], "ms", 1000))
    tell(median("  the same commands alone", [one.bare for one in real], "ms", 1000))
    tell(median("  what the driver adds", [one.driven / one.bare - 1 for one in real], "%", 100))
    added = [one.driven - one.bare for one in quick]
    tell(median("  what it adds to a card that takes no time", added, "ms", 1000))

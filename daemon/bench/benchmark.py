"""``make benchmark``: how long a citizen waits and what the kiosk needs, as medians over several runs.

Everything is measured from outside the daemon, on the simulated devices at full speed: the framebuffer's
pixels, the kiosk's screen feed, its journal and /proc; and the card's driver by itself.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from daemon.bench.benchmark_wire import utilisation
from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import load_scenario
from daemon.bench.setup import Setup
from drivers.card.benchmark import measure

RUNS = 7
SESSIONS = 10
IDLE_SECONDS = 10.0
POLL = 0.0005
COIN = 100
SECONDS_A_COMMAND = 0.03
"""Of a card over the air: 256 bytes take 20 ms at 106 kbit/s, and the chip takes its own."""
SCRIPT = Path("scenarios/takaoka-juminhyo.toml")


async def _started(rig: Rig) -> tuple[float, float]:
    """Seconds from the start of the process to its first complete picture, and to the start menu."""
    await rig.daemon.stop()
    blank = bytes(rig.framebuffer.stat().st_size)
    rig.framebuffer.write_bytes(blank)
    began = time.perf_counter()
    await rig.start_daemon()
    while rig.framebuffer.read_bytes()[-4096:] == blank[-4096:]:  # noqa: ASYNC110 a mapped file has no events
        await asyncio.sleep(POLL)
    drawn = time.perf_counter() - began
    await rig.see("start")
    return drawn, time.perf_counter() - began


async def _until_pixels(rig: Rig, act: Callable[[], object]) -> float:
    before = rig.framebuffer.read_bytes()
    began = time.perf_counter()
    act()
    while rig.framebuffer.read_bytes() == before:  # noqa: ASYNC110 as above
        await asyncio.sleep(POLL)
    return time.perf_counter() - began


async def _timed(wait: Awaitable[object]) -> float:
    began = time.perf_counter()
    await wait
    return time.perf_counter() - began


async def _waits(rig: Rig) -> dict[str, float]:
    """One session, timed where a citizen waits."""
    times: dict[str, float] = {}
    shown = await rig.see("start")
    x, y, w, h = shown.buttons["services"]
    times["touch to pixels"] = await _until_pixels(rig, lambda: rig.touch.press(x + w // 2, y + h // 2))
    rig.touch.release()
    await rig.press("issue")
    await rig.see("card")
    await rig.wallet.place("taro")
    await rig.see("municipality")
    for button in ("own", "confirm", "key.1", "key.2", "key.3", "key.4"):
        await rig.press(button)
    times["last PIN digit to card removal"] = await _timed(rig.see("removal"))
    await rig.wallet.lift()
    times["card off to certificate list"] = await _timed(rig.see("certificate"))
    for button in ("kind.juminhyo", "confirm", "scope.self", "confirm", "confirm", "confirm"):
        await rig.press(button)
    await rig.see("confirm")
    await rig.press("confirm")
    times["確定 on screen 11 to document checked"] = await _timed(rig.see("payment"))
    times["coin credit event to the new amount"] = await _credited(rig)
    await rig.press("quit")
    await rig.see("take-money")
    rig.bus.take_tray()
    rig.tap_anywhere()
    await rig.see("start", "out")
    for case in await rig.cases():  # cancelled so often, it looks like coin washing; staff say it is not
        await rig.resolve(case.case)
    await rig.see("start")
    return times


async def _credited(rig: Rig) -> float:
    """From the reply that tells of a coin to its pixels; the kiosk asks five times a second."""
    before = rig.framebuffer.read_bytes()
    rig.bus.insert(COIN)
    while rig.bus.acceptor.in_flight:  # noqa: ASYNC110 the wire has no events
        await asyncio.sleep(POLL)
    began = time.perf_counter()
    while rig.framebuffer.read_bytes() == before:  # noqa: ASYNC110 as above
        await asyncio.sleep(POLL)
    return time.perf_counter() - began


async def _sessions(rig: Rig) -> float:
    """Whole scripted sessions a minute."""
    scenario = load_scenario(SCRIPT)
    began = time.perf_counter()
    for _ in range(SESSIONS):
        await Player(rig, None, lambda _: None).play(scenario)
    return SESSIONS / (time.perf_counter() - began) * 60


def _pss(pid: int) -> float:
    """MB, of one process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def _idle(pid: int) -> float:
    """Per cent of one core, with the start menu shown."""
    before = _ticks(pid)
    await asyncio.sleep(IDLE_SECONDS)
    return (_ticks(pid) - before) / IDLE_SECONDS


async def _card(tell: Callable[[str], None]) -> None:
    """The driver alone, on cards of two speeds."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-card-") as folder:
        real, quick = await measure(Path(folder), RUNS, SECONDS_A_COMMAND, 0.0)
    tell(_row("card on the reader to event (seen every 400 ms)", [one.event for one in real], 1000, "ms"))
    tell(_row("certificate, PIN, signature: a slow card", [one.driven for one in real], 1000, "ms"))
    tell(_row("  the same commands alone", [one.bare for one in real], 1000, "ms"))
    tell(_row("  what the driver adds", [one.driven / one.bare - 1 for one in real], 100, "%"))
    tell(
        _row(
            "  what it adds to a card that takes no time",
            [one.driven - one.bare for one in quick],
            1000,
            "ms",
        )
    )


async def benchmark(tell: Callable[[str], None]) -> None:
    """Measures and tells."""
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        starts = [await _started(rig) for _ in range(RUNS)]
        waits = [await _waits(rig) for _ in range(RUNS)]
        tell(f"medians of {RUNS} runs")
        tell(_row("process start to first complete screen", [drawn for drawn, _ in starts], 1000, "ms"))
        tell(_row("process start to start menu", [ready for _, ready in starts], 1000, "ms"))
        for name in waits[0]:
            tell(_row(name, [wait[name] for wait in waits], 1000, "ms"))
        await _card(tell)
        tell(_row("scripted sessions", [await _sessions(rig)], 1, "a minute"))
        tell(_row("memory of the daemon (PSS)", [_pss(rig.daemon.pid)], 1, "MB"))
        tell(_row("memory of the center (PSS)", [_pss(rig.center.pid)], 1, "MB"))
        tell(_row("idle CPU of the daemon", [await _idle(rig.daemon.pid)], 1, "% of a core"))
    tell(_row("coin vendor's line with three devices", [await utilisation()], 1, "% of 9600 baud"))


def _row(name: str, values: list[float], factor: float, unit: str) -> str:
    median = statistics.median(values) * factor
    spread = f"  ({min(values) * factor:.1f} to {max(values) * factor:.1f})" if len(values) > 1 else ""
    return f"{name:<44} {median:8.1f} {unit}{spread}"


if __name__ == "__main__":
    asyncio.run(benchmark(print))

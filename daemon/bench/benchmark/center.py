"""The center under load: offers and orders at a town of 100 people and at one of 100,000. It must not grow.

The towns are invented from a seed and lie in a file each, as a registry in the field does. Citizens come at
random: first one after the other, to both towns in turn, so that both meet the same machine (how long each
waits); then from several kiosks at once (how many a second).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.serialization import Encoding

from daemon.bench.benchmark.citizens import Cards, Terminal, Times
from daemon.bench.benchmark.figures import Figure, Heading, Line, percentile
from daemon.bench.benchmark.processes import cpu_seconds, pss
from daemon.bench.processes import Child, ChildFailed, tail
from daemon.bench.setup import Setup, open_hour
from daemon.center.generator import generate
from daemon.center.registry import open_engine
from daemon.clock import TOKYO
from daemon.config import ASSETS
from daemon.issuance.profile import load_profile
from daemon.issuance.seal import new_key as new_seal_key

TOWNS = (100, 100_000)
SEED = 1
CITIZENS = 400
KIOSKS = 4
START_SECONDS = 60.0
POLL = 0.01
GROWTH = 1.25
"""At most so many times as long in the large town: what the noise of a machine leaves of "not at all"."""
PROFILE = ASSETS / "municipalities" / "162027.toml"
SETTINGS = """\
listen = "unix:{root}/center.sock"
registry = "{root}/registry.db"
profile = "{profile}"
seal_key = "{root}/seal.pem"
trust = ["{root}/authority.pem"]
"""

Tell = Callable[[Line], None]


@dataclass(frozen=True)
class Town:
    """A running center and its people's cards. one: what citizens waited who came one after the other."""

    people: int
    made_in: float
    serials: Sequence[str]
    center: Child
    kiosks: Sequence[Terminal]
    one: Times = field(default_factory=Times)


async def center(tell: Tell) -> None:
    """Measures and tells."""
    cards = Cards()
    async with AsyncExitStack() as stack:
        towns = [await stack.enter_async_context(_town(people, cards)) for people in TOWNS]
        chosen = [Random(SEED).choices(town.serials, k=CITIZENS) for town in towns]
        for serials in zip(*chosen, strict=True):
            for town, serial in zip(towns, serials, strict=True):
                await town.kiosks[0].serve(serial, town.one)
        costs = [await _at_once(town, tell) for town in towns]
    small, large = (town.one for town in towns)
    tell(Heading(f"The town of {TOWNS[1]:,} against the one of {TOWNS[0]:,}"))
    for name, before, now in (
        ("offers: p50", small.offers, large.offers),
        ("an order: p50", small.orders, large.orders),
    ):
        _grown(name, percentile(before, 0.5), percentile(now, 0.5), tell)
    _grown("CPU time of the center for a citizen", costs[0], costs[1], tell)


def _grown(name: str, before: float, now: float, tell: Tell) -> None:
    tell(Figure(name, now / before, "times as much", most=GROWTH))


async def _at_once(town: Town, tell: Tell) -> float:
    """From all kiosks at once. Seconds of CPU time that the center takes for one citizen."""
    times, queues = Times(), [town.serials[at::KIOSKS] for at in range(KIOSKS)]
    before, began = cpu_seconds(town.center.pid), time.perf_counter()
    # a card is at one kiosk at a time
    await asyncio.gather(*(_queue(*pair, times) for pair in zip(town.kiosks, queues, strict=True)))
    seconds, used = time.perf_counter() - began, cpu_seconds(town.center.pid) - before
    _tell(town, times, seconds, tell)
    tell(Figure("CPU time of the center for a citizen", used / len(times.offers) * 1000, "ms"))
    tell(Figure("memory (PSS) of the center", pss([town.center.pid]), "MB"))
    return used / len(times.offers)


async def _queue(kiosk: Terminal, serials: Sequence[str], times: Times) -> None:
    for serial in Random(SEED).choices(serials, k=CITIZENS // KIOSKS):
        await kiosk.serve(serial, times)


def _tell(town: Town, many: Times, seconds: float, tell: Tell) -> None:
    tell(Heading(f"Center with a registry of {town.people:,} people, over its unix socket"))
    tell(Figure("making the town up", town.made_in, "s"))
    waited = {"offers, from the signature on": town.one.offers, "an order, set and sealed": town.one.orders}
    for name, values in waited.items():
        tell(Figure(f"{name}: p50 of {len(values)}", percentile(values, 0.5) * 1000, "ms"))
        tell(Figure("  p99", percentile(values, 0.99) * 1000, "ms"))
    tell(Figure(f"{KIOSKS} kiosks at once: citizens with offers", len(many.offers) / seconds, "a second"))
    tell(Figure("  and with a sealed order that is closed", len(many.orders) / seconds, "a second"))


# ---------------------------------------------------------------- the town and its center


@asynccontextmanager
async def _town(people: int, cards: Cards) -> AsyncIterator[Town]:
    with TemporaryDirectory(prefix="madoguchi-center-") as folder:
        root, began = Path(folder), time.perf_counter()
        serials = await asyncio.to_thread(_prepare, root, people, cards)
        made_in = time.perf_counter() - began
        names = [f"B{number:02}" for number in range(KIOSKS)]
        kiosks = [Terminal(name, f"unix:{root}/center.sock", cards) for name in names]
        async with _center(root) as child:
            try:
                yield Town(people, made_in, serials, child, kiosks)
            finally:
                for kiosk in kiosks:
                    await kiosk.close()


def _prepare(root: Path, people: int, cards: Cards) -> Sequence[str]:
    """Registry, keys and settings; the serials of the cards there are."""
    engine = open_engine(root / "registry.db")
    today = open_hour(datetime.now(TOKYO)).date()
    serials = generate(engine, people, SEED, [load_profile(PROFILE)], today)
    engine.dispose()
    (root / "seal.pem").write_bytes(new_seal_key())
    certificate = cards.authority.certificate.public_bytes(Encoding.PEM)
    (root / "authority.pem").write_bytes(certificate)
    (root / "center.toml").write_text(SETTINGS.format(root=root, profile=PROFILE), "utf-8")
    return serials


@asynccontextmanager
async def _center(root: Path) -> AsyncIterator[Child]:
    """Runs while the block does; by its clock the office is open."""
    child, socket = Child("center", root / "center.log"), root / "center.sock"
    offset = Setup().offset(datetime.now(TOKYO))
    await child.start("daemon.bench.benchmark.office", str(root / "center.toml"), str(offset))
    try:
        async with asyncio.timeout(START_SECONDS):
            while not socket.exists():
                if not child.running:
                    raise ChildFailed("the center has ended:\n  " + "\n  ".join(tail(child.log)))
                await asyncio.sleep(POLL)
        yield child
    finally:
        await child.stop()

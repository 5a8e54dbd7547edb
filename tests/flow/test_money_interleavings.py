"""Twenty thousand payments in which everything happens at once: every yen is somewhere, and known to be."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from daemon.session.till import Balance
from hal.faults import DeviceError
from tests.flow.till_world import Dead, World, direct_wires
from tests.virtual_time import run_virtual

TESTS, WORLDS, PAYMENTS = 20, 10, 100
"""20 x 10 x 100 = 20,000 interleavings."""

COINS = (10, 50, 100, 100, 500, 500)
UNITS = (200, 350, 450)


class Payment:
    """One citizen's, with all that may happen meanwhile."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.chance, self.name = world, world.chance, name
        self.plain = self.chance.random() < 0.2  # nothing goes wrong, and nobody is quicker than the till

    async def run(self) -> None:
        world = self.world
        if self.plain:
            self._repair()
        elif self.chance.random() < 0.2:
            world.process.dies_in = self.chance.randint(1, 30)
            world.process.before = self.chance.random() < 0.5
        try:
            await self._session()
        except (Dead, asyncio.CancelledError):  # the driver's pump died, and a payment under way with it
            assert world.process.dead
            await self._reboot()
        await self._aftermath()
        await world.calm()
        await world.check()

    async def _session(self) -> None:
        world, unit, copies = self.world, self.chance.choice(UNITS), self.chance.randint(1, 6)
        if not world.cashier.can_take(unit * copies):
            return
        await world.journal.write("session.started", self.name)
        await world.cashier.open(self.name, unit, copies)
        await self._collect()
        await self._end(unit)
        await world.journal.write("session.ended", self.name, reason="complete")

    async def _collect(self) -> None:
        for _ in range(self.chance.randint(1, 9)):
            if (await self._invite()).funded:
                break
            if not self.plain and self.chance.random() < 0.15:
                self._mishap()
            self._insert()
            await asyncio.sleep(0.45 if self.plain else self.chance.choice([0.05, 0.25, 0.45]))
            if self.world.process.dead:
                raise Dead

    async def _invite(self) -> Balance:
        cashier = self.world.cashier
        with suppress(DeviceError):
            await cashier.invite()
        await cashier.settle_escrow()
        return await cashier.balance()

    async def _end(self, unit: int) -> None:
        world = self.world
        money = await world.cashier.balance()
        if not money.funded:
            await world.cashier.cancel(by_citizen=False)
        else:
            await world.cashier.fix()
            for number in range(money.due // unit):
                copy = f"{self.name}.{number}"
                await world.journal.write("print.started", self.name, order="o", number=copy)
                if self.chance.random() < 0.1:
                    await world.journal.write("print.failed", self.name, number=copy, reason="jam")
                    break
                await world.journal.write("print.done", self.name, number=copy, sheets=1)
        if not self.plain and self.chance.random() < 0.2:
            self._mishap()
        back = await world.cashier.give_back()
        assert not (self.plain and back.claim), "what was taken could not be given back"
        assert not (self.plain and world.vendor.held)

    async def _reboot(self) -> None:
        self.world.ill = True
        await self.world.kill()
        await asyncio.sleep(self.chance.choice([0.0, 0.5, 4.0]))
        self.world.bus.mend()
        self.world.process.cut = False
        await self.world.boot()
        await self.world.settle()

    async def _aftermath(self) -> None:
        """A coin too late, and staff who put right what they are told of."""
        if self.chance.random() < 0.2:
            self._insert()
        for hopper in self.world.bus.hoppers.values():
            if self.chance.random() < 0.1:
                hopper.clear_jam()

    def _repair(self) -> None:
        for hopper in self.world.bus.hoppers.values():
            hopper.clear_jam()

    def _insert(self) -> None:
        bus = self.world.bus
        if self.world.bills and self.chance.random() < 0.2:
            bus.insert_bill(1000)
        else:
            bus.insert(self.chance.choice(COINS), 0.0 if self.plain else self.chance.choice([0.0, 0.3, 1.2]))

    def _mishap(self) -> None:
        self.world.ill = True
        self.chance.choice(self._mishaps())()

    def _mishaps(self) -> tuple[Callable[[], object], ...]:
        bus, few = self.world.bus, self.chance.randint(1, 4)
        hopper = self.chance.choice(list(bus.hoppers.values()))
        return (
            lambda: bus.drop_replies(few),
            lambda: bus.drop_requests(few),
            lambda: bus.corrupt_replies(few),
            lambda: bus.nak(few),
            lambda: bus.busy(few),
            lambda: bus.power_cycle(2),
            lambda: bus.power_cycle(40 if self.world.bills else 2),
            lambda: bus.power_cycle(hopper.address),
            bus.power_cycle,
            lambda: hopper.jam(after=few, stays=self.chance.random() < 0.3),
            hopper.miscount,
            self._cut,
            self._kill,
        )

    def _cut(self) -> None:
        self.world.process.cut = True
        asyncio.get_running_loop().call_later(self.chance.uniform(0.3, 3), self._mend)

    def _mend(self) -> None:
        self.world.process.cut = False

    def _kill(self) -> None:
        self.world.process.dead = True


async def _play(seed: int) -> World:
    world = World(random.Random(seed))
    await world.open()
    for number in range(PAYMENTS):
        await Payment(world, f"s{seed}.{number}").run()
    await world.check_ledger()
    await world.close()
    return world


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The driver warns of every fault; two hundred thousand lines say nothing."""
    logging.disable(logging.CRITICAL)
    with direct_wires(monkeypatch):
        yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("number", range(TESTS))
def test_money_is_conserved_and_known_in_every_interleaving(number: int) -> None:
    worlds = [run_virtual(_play(number * WORLDS + world), debug=False) for world in range(WORLDS)]
    assert all(world.credited and world.paid for world in worlds)
    assert sum(world.boots for world in worlds) > 2 * WORLDS
    told, untold = sum(world.told for world in worlds), sum(world.untold for world in worlds)
    assert told >= 4 * untold, "too often money was swallowed without a word"

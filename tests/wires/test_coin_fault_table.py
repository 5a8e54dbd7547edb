"""Every row of the coin vendor's table of faults, by its name, on the wire: a pseudo-terminal or TCP with the
virtual bus at the other end. ``ROWS`` is the table; a row without a test of its name fails.

Where the till decides what becomes of a fault, the real till and journal stand above the driver.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import load_scenario
from daemon.bench.setup import DEFAULT
from daemon.session.book import JournalBook
from daemon.session.cashier import Cashier
from daemon.session.journal import Journal
from drivers.cash import cctalk
from drivers.cash.cctalk import Frame
from drivers.cash.payloads import MISMATCH, OPTO_BLOCKED, OPTO_FRAUD_BUSY, OPTO_SHORT, OVERCURRENT
from drivers.cash.vendor import CctalkSettings
from drivers.cash.virtual import VirtualBus
from drivers.ports import open_port
from hal.contracts import CashBook, Credit, CreditMark
from hal.events import BillHeld, CashCredited, CashRejected
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_ACCEPTOR_RESET,
    CASH_BILLS_OFF,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    DeviceError,
)
from tests.drivers.cash.kit import EVERY, Kiosk, fault_codes, noted, running, settings
from tests.layout import ROOT
from tests.memory_book import Dead, MemoryBook
from tests.session.stage import FIELDS, NOON

ROWS = (
    "coin rejected or inhibited",
    "coins too fast",
    "jam suspect or blocked",
    "string backwards slug light",
    "swallowed coin",
    "lost events",
    "acceptor reset mid payment",
    "host crash or power loss",
    "link lost",
    "collision or bad checksum",
    "other device on port or swapped unit",
    "hopper empty",
    "hopper jam overcurrent opto",
    "dispense reply lost",
    "hopper power down in payout",
    "late coin after stop",
    "wrong coin in hopper",
    "bill jam safe or unsafe",
    "bill pulled string tamper",
    "stacker full or removed",
    "door opened or cashbox removed",
    "cashbox or hopper overfull",
    "clock wrong",
)
HOPPERS = {3: (10, 60), 5: (100, 40)}


def test_every_row_of_the_table_has_a_test_of_its_name() -> None:
    here = vars(sys.modules[__name__])
    assert [row for row in ROWS if "test_" + row.replace(" ", "_") not in here] == []


@asynccontextmanager
async def vendor(
    bus: VirtualBus, path: Path, book: CashBook | None = None, configured: CctalkSettings | None = None
) -> AsyncIterator[Kiosk]:
    """A driver on a pseudo-terminal. path: of the link to it."""
    known = configured or settings(bus, validator=40 if bus.validator else None)
    async with bus.serve_pty(path):
        named = msgspec.structs.replace(known, port=f"pty:{path}")
        async with running(bus, book or MemoryBook(), open_port, named) as kiosk:  # type: ignore[arg-type]
            yield kiosk
            assert bus.conserved


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "vendor"


class Ledger(JournalBook):
    """The journal's book. credited: yen, as the kit's kiosk wants to know."""

    credited = 0

    async def credit(self, mark: CreditMark, credits: Sequence[Credit]) -> Sequence[Credit]:
        new = await super().credit(mark, credits)
        self.credited += sum(credit.value for credit in new)
        return new


@asynccontextmanager
async def till(bus: VirtualBus, link: Path, now: Sequence[datetime] = (NOON,)) -> AsyncIterator[Cashier]:
    """The till and its journal above a driver on the wire. now: what the clock says, one after the other."""
    clock = iter((*now, *[now[-1]] * 1000))
    journal = Journal(link.with_name("journal.db"), FIELDS, lambda: next(clock), "boot-1")
    await journal.open()
    book = Ledger(journal, "s1")
    try:
        async with vendor(bus, link, book) as kiosk:
            yield Cashier(kiosk.vendor, book, journal)
    finally:
        await journal.close()


async def until(condition: Callable[[], bool]) -> None:
    """Devices and books have no events of their own: they are looked at."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 see above
            await asyncio.sleep(0.005)


async def paid_in(kiosk: Kiosk, *coins: int) -> None:
    """Coins, each credited."""
    for value in coins:
        before = kiosk.book.credited
        assert kiosk.bus.insert(value) == "accepted"
        await until(lambda wanted=before + value: kiosk.book.credited >= wanted)  # type: ignore[misc]


async def until_taken(bus: VirtualBus, value: int) -> None:
    """Waits until the acceptor would take this coin."""
    await until(lambda: value in bus.acceptor.accepting)


async def until_fault(kiosk: Kiosk, code: str | None) -> None:
    await until(lambda: fault_codes(kiosk)[-1] == code)


# ---------------------------------------------------------------- the acceptor


async def test_coin_rejected_or_inhibited(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        assert bus.insert(5) == "rejected"
        await kiosk.sees(CashRejected())
        bus.acceptor.forget_masks()
        assert bus.insert(100) == "inhibited"
        await until_taken(bus, 100)  # the event says that it must take nothing: it is told again
        assert kiosk.book.credited == 0


async def test_coins_too_fast(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        for code in range(8, 13):
            bus.acceptor.event(code)
        await until(lambda: kiosk.count(CashRejected) == 5)
        await paid_in(kiosk, 100)
        assert fault_codes(kiosk) == [None]
        assert noted(kiosk) == []


@pytest.mark.parametrize("code", [4, 14])
async def test_jam_suspect_or_blocked(link: Path, code: int) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        await paid_in(kiosk, 100)
        bus.acceptor.fault = 2
        bus.acceptor.event(code)
        await until_fault(kiosk, CASH_ACCEPTOR_BLOCKED)
        assert bus.insert(100) == "inhibited"
        assert (await kiosk.vendor.pay_out("refund", {100: 1})).total == 100
        bus.acceptor.fault = 0
        await until_fault(kiosk, None)
        await paid_in(kiosk, 100)


@pytest.mark.parametrize("codes", [(16, 17, 18), (19, 20, 22), (23, 24, 25), (37, 38, 40)])
async def test_string_backwards_slug_light(link: Path, codes: tuple[int, ...]) -> None:
    bus = VirtualBus({})
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        await paid_in(kiosk, 100)
        for code in codes:
            bus.acceptor.event(code)
        await until(lambda: CASH_FRAUD in fault_codes(kiosk))
        await until_fault(kiosk, CASH_ACCEPTOR_BLOCKED)  # the third within ten minutes
        assert kiosk.book.credited == 100
        assert noted(kiosk).count(CASH_FRAUD) == 3
        assert bus.insert(100) == "inhibited"


async def test_swallowed_coin(link: Path) -> None:
    bus = VirtualBus({})
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        bus.acceptor.swallow(100)
        await until(lambda: CASH_COIN_SWALLOWED in noted(kiosk))
        await until_fault(kiosk, None)
        for _ in range(2):
            bus.acceptor.swallow(100)
        await until_fault(kiosk, CASH_ACCEPTOR_BLOCKED)
        assert kiosk.book.credited == 0


@pytest.mark.parametrize("counts", [True, False])
async def test_lost_events(link: Path, counts: bool) -> None:
    bus = VirtualBus({})
    bus.acceptor.counts = counts
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        for _ in range(8):
            assert bus.insert(100) == "accepted"
        await until(lambda: kiosk.book.credited == (800 if counts else 500))
        await until(lambda: CASH_EVENTS_LOST in noted(kiosk))
        if counts:
            await paid_in(kiosk, 50)
        else:
            await until_fault(kiosk, CASH_EVENTS_LOST)
            assert bus.insert(100) == "inhibited"


async def test_acceptor_reset_mid_payment(link: Path) -> None:
    bus = VirtualBus({})
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        await paid_in(kiosk, 100, 500)
        bus.power_cycle(2)
        await until(lambda: noted(kiosk) == [CASH_ACCEPTOR_RESET])
        await until_taken(bus, 100)
        await paid_in(kiosk, 100)
        assert kiosk.book.credited == 700
        assert noted(kiosk) == [CASH_ACCEPTOR_RESET]  # its counters agree: nothing else to say


# ---------------------------------------------------------------- host and line


@pytest.mark.parametrize("dies_after", [1, 2, 3])
async def test_host_crash_or_power_loss(link: Path, dies_after: int) -> None:
    bus, book = VirtualBus(HOPPERS, coins_per_second=20), MemoryBook()
    known = settings(bus)
    with suppress(Dead, TimeoutError):
        async with vendor(bus, link, book, known) as kiosk, asyncio.timeout(5):
            await kiosk.vendor.accept(EVERY)
            book.dies_after = dies_after
            bus.insert(100)
            await kiosk.vendor.fix()
            await kiosk.vendor.pay_out("refund", {100: 1})
    book.restart()
    async with vendor(bus, link, book, known) as kiosk:
        await kiosk.vendor.recover()
        await kiosk.vendor.fix()
        assert book.credited == 100 == sum(bus.money.cashbox)
        assert book.paid == sum(bus.tray)
        assert book.open == []


async def test_what_a_power_cut_leaves_is_offered_back_after_the_boot() -> None:
    await tells("power-cut.toml")


async def test_link_lost(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        bus.insert(500)
        bus.insert(10)
        await bus.unplug()
        await until_fault(kiosk, CASH_LINK_LOST)
        bus.plug_in()
        await until_fault(kiosk, None)
        await until_taken(bus, 100)
        await paid_in(kiosk, 100)
        assert kiosk.book.credited == 610


async def test_a_link_lost_over_tcp_comes_back() -> None:
    bus = VirtualBus(HOPPERS)
    async with bus.serve_tcp(pace=True) as port:
        known = msgspec.structs.replace(settings(bus), port=f"tcp:127.0.0.1:{port}")
        async with running(bus, MemoryBook(), open_port, known) as kiosk:
            await kiosk.vendor.accept(EVERY)
            await paid_in(kiosk, 100)
            await bus.unplug()
            await until_fault(kiosk, CASH_LINK_LOST)
            bus.plug_in()
            await until_fault(kiosk, None)
            await until_taken(bus, 100)
            await paid_in(kiosk, 100)
            assert (await kiosk.vendor.pay_out("p", {10: 2})).total == 20


@pytest.mark.parametrize("trouble", ["garble_echoes", "corrupt_requests", "corrupt_replies"])
async def test_collision_or_bad_checksum(link: Path, trouble: str) -> None:
    bus = VirtualBus(HOPPERS, echo=True)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        before = kiosk.vendor.broken
        getattr(bus, trouble)(2)
        await paid_in(kiosk, 100, 500)
        assert kiosk.vendor.broken == before + 2
        assert fault_codes(kiosk) == [None]


async def test_other_device_on_port_or_swapped_unit(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY)
        bus.exchange(2, serial=77)
        await until_fault(kiosk, CASH_IDENTITY_CHANGED)
        with pytest.raises(DeviceError):
            await kiosk.vendor.accept(EVERY)
        assert bus.insert(100) == "inhibited"
        bus.exchange(2, serial=1001)
        await until_fault(kiosk, None)
        await until_taken(bus, 100)


# ---------------------------------------------------------------- the hoppers


async def test_hopper_empty(link: Path) -> None:
    bus = VirtualBus({3: (10, 12), 5: (100, 1)})
    async with till(bus, link) as cashier:
        await cashier.open("s1", 200, 1)
        await cashier.invite()
        bus.hoppers[5].empty()
        for value in (100, 10):
            await until_taken(bus, value)
            assert bus.insert(value) == "accepted"
        await cashier.fix()
        returned = await cashier.give_back()
        assert returned.paid == 110  # eleven coins of 10 yen stand in
        assert returned.claimed == 0
        assert bus.take_tray() == [10] * 11


async def test_a_rest_that_no_hopper_can_pay_is_a_claim(link: Path) -> None:
    bus = VirtualBus({3: (10, 30), 5: (100, 2)})
    async with till(bus, link) as cashier:
        await cashier.open("s1", 200, 1)
        await cashier.invite()
        assert bus.insert(100) == "accepted"
        await cashier.fix()
        for hopper in bus.hoppers.values():
            hopper.empty()
        returned = await cashier.give_back()
        assert (returned.paid, returned.claimed) == (0, 100)


@pytest.mark.parametrize("flag", [OVERCURRENT, OPTO_BLOCKED, OPTO_FRAUD_BUSY, OPTO_SHORT, MISMATCH])
async def test_hopper_jam_overcurrent_opto(link: Path, flag: int) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        bus.hoppers[5].jam(after=3, flag=flag)
        paid = await kiosk.vendor.pay_out("p", {100: 5})
        assert (paid.total, paid.certain) == (500, True)
        assert [(o.asked, o.paid) for o in kiosk.book.outcomes] == [(5, 3), (2, 2)]
        bus.hoppers[5].jam(stays=True, flag=flag)
        with suppress(DeviceError):
            await kiosk.vendor.pay_out("q", {100: 1})
        await until_fault(kiosk, CASH_HOPPER_JAM)
        headers = [frame.header for frame in bus.heard if frame.destination == 5]
        reset = headers.index(cctalk.RESET)
        assert cctalk.HOPPER_STATUS in headers[reset - 6 : reset]  # read out before it was forgotten


async def test_dispense_reply_lost(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        bus.drop_replies(1, cctalk.DISPENSE)
        paid = await kiosk.vendor.pay_out("p", {100: 4})
        assert (paid.total, paid.certain) == (400, True)
        assert [frame.header for frame in bus.heard].count(cctalk.DISPENSE) == 1
        bus.hoppers[5].counts_late = True
        assert (await kiosk.vendor.pay_out("q", {100: 2})).total == 200


async def test_hopper_power_down_in_payout(link: Path) -> None:
    bus = VirtualBus(HOPPERS, coins_per_second=10)
    async with vendor(bus, link) as kiosk:
        payment = asyncio.create_task(kiosk.vendor.pay_out("p", {100: 8}))
        await until(lambda: bus.hoppers[5].dispensed >= 3)
        bus.power_cycle(5)
        fallen = bus.hoppers[5].dispensed
        paid = await payment
        assert kiosk.book.outcomes[0].paid == fallen < 8
        assert paid.certain
        assert paid.total == sum(bus.tray) == kiosk.book.paid


async def test_late_coin_after_stop(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.pay_out("p", {100: 3})
        bus.hoppers[5].late_coin()
        assert (await kiosk.vendor.pay_out("q", {100: 2})).paid == {100: 2}
        assert kiosk.vendor.levels[100] == bus.hoppers[5].coins == 34
        assert fault_codes(kiosk) == [None]


async def test_wrong_coin_in_hopper(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    bus.hoppers[5].told_coin = 50
    async with vendor(bus, link) as kiosk:
        await until_fault(kiosk, CASH_HOPPER_WRONG)
        assert kiosk.vendor.levels == {10: 60, 100: 0}
        with pytest.raises(DeviceError):
            await kiosk.vendor.pay_out("p", {100: 1})
        assert bus.tray == []


# ---------------------------------------------------------------- bills


@pytest.mark.parametrize("code", [6, 16])
async def test_bill_jam_safe_or_unsafe(link: Path, code: int) -> None:
    bus = VirtualBus({}, validator=True)
    assert bus.validator is not None
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY | {1000})
        bus.validator.event(code)
        await until_fault(kiosk, CASH_ACCEPTOR_BLOCKED)
        assert noted(kiosk) == [CASH_COIN_SWALLOWED]
        assert kiosk.book.credited == 0
        assert bus.insert_bill(1000) == "inhibited"


@pytest.mark.parametrize("code", [8, 9, 17, 18])
async def test_bill_pulled_string_tamper(link: Path, code: int) -> None:
    bus = VirtualBus({}, validator=True)
    assert bus.validator is not None
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY | {1000})
        bus.validator.event(code)
        await until_fault(kiosk, CASH_FRAUD)
        assert noted(kiosk) == [CASH_FRAUD]
        assert kiosk.book.credited == 0
        assert bus.insert_bill(1000) == "inhibited"


@pytest.mark.parametrize("code", [11, 13, 14, 15])
async def test_stacker_full_or_removed(link: Path, code: int) -> None:
    bus = VirtualBus({}, validator=True)
    assert bus.validator is not None
    async with vendor(bus, link) as kiosk:
        await kiosk.vendor.accept(EVERY | {1000})
        bus.validator.event(code)
        await until_fault(kiosk, CASH_BILLS_OFF)
        assert noted(kiosk) == [CASH_BILLS_OFF]
        assert bus.insert_bill(1000) == "inhibited"
        assert kiosk.vendor.denominations == EVERY
        await paid_in(kiosk, 100)
        bus.validator.event(12)
        await until_fault(kiosk, None)
        await kiosk.vendor.accept(EVERY | {1000})
        assert bus.insert_bill(1000) == "held"
        await kiosk.sees(BillHeld(1000))
        await kiosk.vendor.decide(stack=True)
        await kiosk.sees(CashCredited(1000))


# ---------------------------------------------------------------- the cabinet


async def tells(script: str) -> None:
    """A whole kiosk, its daemon a process of its own, plays this script."""
    async with Rig(replace(DEFAULT, speed=0)) as rig:
        await rig.see("start", within=60)
        assert await Player(rig, None, lambda _: None).play(load_scenario(ROOT / "scenarios" / script)) == []


async def test_door_opened_or_cashbox_removed() -> None:
    await tells("door-opened.toml")


async def test_cashbox_or_hopper_overfull(link: Path) -> None:
    bus = VirtualBus(HOPPERS)
    known = settings(bus)
    hoppers = tuple(msgspec.structs.replace(hopper, path=hopper.address) for hopper in known.hoppers)
    async with vendor(bus, link, None, msgspec.structs.replace(known, hoppers=hoppers)) as kiosk:
        await kiosk.vendor.accept(EVERY)
        await paid_in(kiosk, 100, 50)
        assert (bus.hoppers[5].coins, bus.money.cashbox) == (41, [50])
        bus.hoppers[5].full = True
        paths = Frame(2, cctalk.HOST, cctalk.MODIFY_SORTER_PATH, bytes([3, 1]))
        await until(lambda: paths in bus.heard)
        await paid_in(kiosk, 100)
        assert (bus.hoppers[5].coins, bus.money.cashbox) == (41, [50, 100])


async def test_clock_wrong(link: Path) -> None:
    """The money is in the order of the journal's numbers, whatever the clock says."""
    bus = VirtualBus(HOPPERS)
    backwards = [NOON - timedelta(hours=hours) for hours in range(30)]
    async with till(bus, link, backwards) as cashier:
        await cashier.open("s1", 100, 1)
        await cashier.invite()
        assert bus.insert(100) == "accepted"
        balance = await cashier.fix()
        assert balance.funded
        assert balance.credited == 100

"""A jam (P13): the 通 is void, the center issues it once more under a new number and for no new money, the
others go on; what cannot be re-issued is refunded, and nothing that came is believed unchecked.
"""

import pytest
from sqlalchemy import update

from daemon.center import tables
from daemon.center.service import CenterService
from daemon.issuance.messages import ReissueRequest, SealedOrder
from daemon.issuance.seal import Sealer, new_key
from daemon.session.till import balance
from daemon.session.widgets import Screen
from tests.direct_line import DirectLine
from tests.flow.citizen import Citizen, Wants, citizen, settled
from tests.flow.forger import Lie, away, number, page, resealed, with_numbers, with_pages
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

ATTENDANT = 300
THREE, TEN = Wants(copies=3), Wants(copies=10, coins=(500,) * 4)


async def to_jam(one: Citizen, at_sheet: int) -> None:
    await one.to("payment")
    one.parts.printer.jam(at_sheet)
    await one.to("hold")
    assert "print.hold" in one.texts


async def gone(one: Citizen) -> None:
    """He has read that not everything was printed."""
    await one.to("error.printer")
    await one.press("quit")
    await one.until("start", "out")


async def kept(one: Citizen) -> int:
    """Yen."""
    return balance(await one.entries()).kept


# ---------------------------------------------------------------- a jam


@virtual_time
async def test_a_jam_at_copy_4_of_10_voids_the_4th_reissues_it_and_the_others_go_on() -> None:
    async with citizen(wants=TEN) as one:
        await to_jam(one, 4)
        await one.rest(60)
        assert "reissue.requested" not in await one.told()
        one.parts.printer.clear_jam()
        await one.to("take")
        assert one.printed == [number(k) for k in (1, 2, 3, 11, 5, 6, 7, 8, 9, 10)]
        assert [sheet.name for sheet in one.parts.printer.ruined] == [number(4)]
        await one.to("out")
        ends = ["delivered"] * 11
        ends[3] = "void"
        assert await one.outcomes() == ends
        assert (await kept(one), one.parts.bus.take_tray()) == (2000, [])
        assert (await one.reason(), one.cases) == ("complete", ["void-sheets"])
        await one.resolve()
        await one.until("start")


@virtual_time
async def test_every_step_of_a_reissue_is_in_the_journal_before_it_is_done() -> None:
    async with citizen() as one:
        await to_jam(one, 1)
        one.parts.printer.clear_jam()
        await one.to("take")
        told = [(e.event, e.data.get("number")) for e in await one.entries() if e.event[:2] in ("pr", "re")]
        assert told == [
            ("print.started", number(1)),
            ("print.job", number(1)),
            ("print.failed", number(1)),
            ("reissue.requested", number(1)),
            ("reissue.checked", number(1)),
            ("print.started", number(2)),
            ("print.job", number(2)),
            ("print.done", number(2)),
        ]


@virtual_time
async def test_the_job_of_a_jammed_copy_is_cancelled_while_the_sheet_is_still_stuck() -> None:
    """Whoever clears the jam must not set the void number going again."""
    async with citizen() as one:
        await to_jam(one, 1)
        await settled()
        (job,) = one.parts.printer.jobs
        assert job.canceling
        one.parts.printer.clear_jam()
        await one.to("take")
        assert one.printed == [number(2)]


@virtual_time
async def test_a_second_jam_of_the_same_copy_refunds_it_and_all_that_were_not_printed() -> None:
    async with citizen(wants=TEN) as one:
        await to_jam(one, 4)
        one.parts.printer.clear_jam()
        one.parts.printer.jam()
        await one.until("printing")
        await one.until("hold")
        await one.rest(10)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert sum(one.parts.bus.take_tray()) == 7 * 200
        await one.to("take")
        assert one.printed == [number(k) for k in (1, 2, 3)]
        await gone(one)
        ends = ["delivered"] * 3 + ["void"] + ["refunded"] * 6 + ["void"]
        assert await one.outcomes() == ends
        assert await kept(one) == 600


@virtual_time
async def test_a_second_copy_that_jams_is_reissued_too() -> None:
    async with citizen(wants=THREE) as one:
        await to_jam(one, 1)
        one.parts.printer.clear_jam()
        one.parts.printer.jam(2)
        await one.until("printing")
        await one.until("hold")
        one.parts.printer.clear_jam()
        await one.to("take")
        assert one.printed == [number(k) for k in (4, 5, 3)]
        await one.to("out")
        assert (await kept(one), one.cases) == (600, ["void-sheets"] * 2)


@virtual_time
async def test_a_jam_that_is_cleared_too_late_is_refunded_and_nothing_is_printed_to_nobody() -> None:
    async with citizen(wants=THREE) as one:
        await to_jam(one, 2)
        await one.rest(ATTENDANT + 10)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert sum(one.parts.bus.take_tray()) == 400
        assert "reissue.requested" not in await one.told()
        await one.to("error.printer")
        await one.until("out")
        assert await one.outcomes() == ["delivered", "void", "refunded"]


@virtual_time
async def test_a_printer_that_is_not_ready_after_its_jam_is_waited_for() -> None:
    """The cover is still open, the tray is out: the re-issue is asked for when it could be printed."""
    async with citizen() as one:
        await to_jam(one, 1)
        one.parts.printer.set_cover(True)
        one.parts.printer.clear_jam()
        await one.rest(60)
        assert "reissue.requested" not in await one.told()
        one.parts.printer.set_cover(False)
        await one.to("take")
        assert one.printed == [number(2)]


@virtual_time
async def test_a_copy_that_the_printer_completed_after_a_jam_is_void_all_the_same() -> None:
    """Cleared faster than the kiosk could cancel: its sheets are suspect, and for staff."""
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.jam()

        def cleared(screen: Screen) -> None:
            if screen.name == "hold":
                one.parts.printer.clear_jam()

        one.parts.desk.observe(cleared)
        await one.to("take")
        assert one.printed == [number(1), number(2)]
        await one.to("out")
        assert (await one.outcomes(), one.cases) == (["void", "delivered"], ["void-sheets"])


@virtual_time
async def test_the_sheets_of_a_void_copy_that_came_out_are_a_case_for_staff() -> None:
    async with citizen(wants=Wants(scope="all", copies=2)) as one:
        await to_jam(one, 2)
        one.parts.printer.clear_jam()
        await one.to("take")
        await one.to("out")
        assert one.cases == ["void-sheets"]
        assert await one.outcomes() == ["void", "delivered", "delivered"]
        await one.resolve()
        await one.until("start")


@virtual_time
async def test_a_printer_that_was_switched_off_to_clear_a_jam_leaves_a_doubt_and_no_reissue() -> None:
    async with citizen() as one:
        await to_jam(one, 1)
        one.parts.printer.reboot()
        await one.until("error.in-doubt")
        one.parts.printer.clear_jam()
        assert "reissue.requested" not in await one.told()
        await one.press("quit")
        await one.until("out")
        assert (await one.outcomes(), one.cases) == (["in-doubt"], ["in-doubt"])


# ---------------------------------------------------------------- a center that does not help


@pytest.mark.parametrize("after", [False, True], ids=["before the act", "after the act"])
@virtual_time
async def test_without_the_center_that_copy_alone_is_refunded(after: bool) -> None:
    async with citizen(away("reissue", [True], after), THREE) as one:
        await to_jam(one, 1)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert sum(one.parts.bus.take_tray()) == 200
        await one.to("take")
        assert one.printed == [number(2), number(3)]
        await gone(one)
        ends = ["void", "delivered", "delivered", *(["void"] if after else [])]
        assert (await one.outcomes(), await one.reason()) == (ends, "not-all-printed")


@virtual_time
async def test_a_holder_who_may_no_longer_have_it_gets_the_money_of_that_copy_back() -> None:
    """P12: revoked between order and jam. The certificates that were made before stay good."""
    async with citizen(wants=THREE) as one:
        await to_jam(one, 2)
        with one.parts.registry._engine.begin() as connection:
            connection.execute(update(tables.certificates).values(revoked=True))
        one.parts.printer.clear_jam()
        await one.to("take")
        assert one.printed == [number(1), number(3)]
        (failed,) = [entry for entry in await one.entries() if entry.event == "reissue.failed"]
        assert failed.text("reason") == "revoked"
        await gone(one)
        assert await one.outcomes() == ["delivered", "void", "delivered"]


# ---------------------------------------------------------------- a center that lies


class LyingAgain(DirectLine):
    """Honest until it is asked for a re-issue."""

    def __init__(self, service: CenterService, terminal: str, sealer: Sealer, lie: Lie) -> None:
        super().__init__(service, terminal)
        self._sealer, self._lie = sealer, lie

    async def reissue(self, request: ReissueRequest) -> SealedOrder:
        return self._lie(await super().reissue(request), self._sealer)


def lying_again(lie: Lie) -> SetUp:
    sealer = Sealer.from_pem(new_key())
    return SetUp(line=lambda service, terminal: LyingAgain(service, terminal, sealer, lie), sealer=sealer)


def other_id(sealed: SealedOrder, sealer: Sealer) -> SealedOrder:
    return SealedOrder("0" * 32, sealed.manifest, sealed.seal, sealed.key, sealed.pdfs)


LIES: dict[str, tuple[str, Lie]] = {
    "another order's id": ("P1", other_id),
    "another person's page": ("P5", lambda it, by: with_pages(it, by, "makoto")),
    "another person's card": ("P5", lambda it, by: resealed(it, by, holder="0" * 64)),
    "the void number again": ("P6", lambda it, by: with_numbers(it, by, [number(2)], [number(2)])),
    "a page under another number": ("P6", lambda it, by: resealed(it, by, (page("taro", number(9)),))),
    "a seal by another key": ("P7", lambda it, _: resealed(it, Sealer.from_pem(new_key()))),
}


@pytest.mark.parametrize("lie", list(LIES))
@virtual_time
async def test_a_lie_in_a_reissue_ends_the_printing_and_refunds_the_rest(lie: str) -> None:
    """P8: nothing more is printed, also of what was good; out of service until staff have looked."""
    rule, tell = LIES[lie]
    async with citizen(lying_again(tell), THREE) as one:
        await to_jam(one, 2)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert sum(one.parts.bus.take_tray()) == 400
        await one.to("take")
        assert one.printed == [number(1)]
        found = next(entry for entry in await one.entries() if entry.event == "order.mismatch")
        assert (found.text("property"), sorted(one.cases)) == (rule, ["mismatch", "void-sheets"])
        await gone(one)
        assert one.sees.name == "out"
        assert (await one.outcomes())[:3] == ["delivered", "void", "refunded"]
        assert "delivered" not in (await one.outcomes())[3:]

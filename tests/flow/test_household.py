"""世帯全員 and 世帯の一部 from the names to the paper: a sheet a person, one number and one fee a 通."""

import pytest

from daemon.issuance.backs import is_back
from daemon.issuance.messages import SealedOrder, Sheet
from daemon.issuance.order import WHOLE_HOUSEHOLD
from daemon.issuance.pages import page_texts, stands_below, stands_in
from daemon.issuance.seal import Sealer
from daemon.session.widgets import Progress
from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.forger import Lie, lying, manifest_of, number, pages, resealed
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

YAMADA = ("山田 太郎", "山田 花子", "山田 さくら", "山田 健太")
EVERYBODY = Wants(scope="all", copies=2)
CHILDREN = Wants(scope="part", names=(2, 3))


def named(one: Citizen) -> list[list[str]]:
    """Whose names stand on the front of each sheet in the tray, where a person's name belongs."""
    return [[name for name in YAMADA if stands_below("氏名", name, text)] for text in fronts(one)]


def fronts(one: Citizen) -> list[str]:
    return [page_texts(sheet.document)[sheet.pages[0]] for sheet in one.parts.printer.tray]


@virtual_time
async def test_the_whole_household_gets_a_sheet_each_under_one_number_for_one_fee() -> None:
    """R36, R31."""
    async with citizen(wants=EVERYBODY) as one:
        await one.to("confirm")
        assert one.table["confirm.persons"] == "\n".join(YAMADA)
        assert one.table["confirm.fee"] == "unit.yen n=400"
        await one.to("payment")
        assert one.table["pay.due"] == "unit.yen n=400"
        await one.to("take")
        assert "take.sheets n=8" in one.texts
        assert named(one) == [[name] for name in YAMADA] * 2
        assert one.printed == [number(1)] * 4 + [number(2)] * 4
        assert all(stands_in(WHOLE_HOUSEHOLD, text) for text in fronts(one))
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 2
        assert (
            sum(entry.number("sheets") for entry in await one.entries() if entry.event == "print.done") == 8
        )


@virtual_time
async def test_every_sheet_has_its_own_back_and_nobodys_name_on_it() -> None:
    async with citizen(wants=EVERYBODY) as one:
        await one.to("take")
        assert [sheet.pages for sheet in one.parts.printer.tray[:4]] == [(0, 1), (2, 3), (4, 5), (6, 7)]
        for k, sheet in enumerate(one.parts.printer.tray):
            back = page_texts(sheet.document)[sheet.pages[1]]
            assert is_back(back, number(k // 4 + 1), k % 4 + 1, 4, sample=True)


@virtual_time
async def test_a_part_of_the_household_gets_the_sheets_of_those_who_were_picked() -> None:
    async with citizen(wants=CHILDREN) as one:
        await one.to("confirm")
        assert one.table["confirm.persons"] == "山田 さくら\n山田 健太"
        await one.to("take")
        assert named(one) == [["山田 さくら"], ["山田 健太"]]
        assert not any(stands_in(WHOLE_HOUSEHOLD, text) for text in fronts(one))


@virtual_time
async def test_whoever_picks_all_names_gets_the_whole_household_certified() -> None:
    async with citizen(wants=Wants(scope="part", names=(3, 2, 1, 0))) as one:
        await one.to("take")
        assert named(one) == [[name] for name in YAMADA]
        assert all(stands_in(WHOLE_HOUSEHOLD, text) for text in fronts(one))


@virtual_time
async def test_the_pages_stand_in_the_households_order_though_the_holder_is_named_first() -> None:
    async with citizen(wants=Wants(card="sakura", scope="all")) as one:
        await one.to("confirm")
        assert one.table["confirm.persons"].split("\n")[0] == "山田 さくら"
        await one.to("take")
        assert named(one) == [[name] for name in YAMADA]


@virtual_time
async def test_the_way_back_leads_over_the_names_with_everything_kept() -> None:
    async with citizen(wants=CHILDREN) as one:
        await one.to("confirm")
        confirmed = one.sees
        for name in ("copies", "items", "persons", "scope", "certificate"):
            await one.press("back")
            assert one.sees.name == name
        await one.press("confirm", "confirm")
        assert (one.sees.name, one.chosen) == ("persons", ["person.2", "person.3"])
        await one.press("confirm", "confirm", "confirm")
        assert one.sees == confirmed


@virtual_time
async def test_screen_13_counts_the_sheets_of_all_copies() -> None:
    async with citizen(SetUp(seconds_per_sheet=2.0), EVERYBODY) as one:
        await one.to("take")
        bars = [w for screen in one.parts.face.shown for w in screen.body if isinstance(w, Progress)]
        assert list(dict.fromkeys((bar.k, bar.n) for bar in bars)) == [(k, 8) for k in range(1, 9)]


# ---------------------------------------------------------------- names that cannot be drawn


@virtual_time
async def test_a_member_whose_name_cannot_be_drawn_refuses_the_whole_household_before_money() -> None:
    async with citizen(wants=Wants(card="makoto", scope="all")) as one:
        await one.to("error.order")
        assert "err.character" in one.texts
        assert "payment.opened" not in await one.told()
        await one.press("quit")
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_the_part_of_the_household_without_that_name_is_printed() -> None:
    async with citizen(wants=Wants(card="makoto", scope="part", names=(0, 2))) as one:
        await one.to("persons")
        names = [button.text for widget in one.sees.body for button in getattr(widget, "buttons", ())]
        assert [name.split()[1] for name in names] == ["誠", "涼子", "美咲"]
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


# ---------------------------------------------------------------- paper and jams


@pytest.mark.parametrize(("paper", "screen"), [(7, "error.printer"), (8, "payment")])
@virtual_time
async def test_paper_for_every_sheet_must_be_there_before_the_money(paper: int, screen: str) -> None:
    async with citizen(wants=EVERYBODY) as one:
        await one.to("confirm")
        one.parts.printer.load_paper(paper)
        await one.press("confirm")
        await one.until("payment", "error.printer")
        assert one.sees.name == screen
        await one.press("quit")
        await one.until("start")


@virtual_time
async def test_a_jam_in_the_middle_of_a_copy_voids_all_of_it_and_refunds_its_fee() -> None:
    async with citizen(wants=EVERYBODY) as one:
        await one.to("payment")
        one.parts.printer.jam(at_sheet=7)
        await one.to("hold")
        await one.rest(310)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100] * 2
        await one.to("take")
        assert "take.sheets n=4" in one.texts
        await one.to("error.printer")
        await one.press("quit")
        await one.until("out")
        assert one.cases == ["void-sheets"]
        await one.resolve()
        await one.until("start")
        assert await one.outcomes() == ["delivered", "void"]


# ---------------------------------------------------------------- a center that lies


def drawn(*people: str, scope: str = "part") -> Lie:
    """Every 通 drawn anew, with a page for each of these."""

    def tell(sealed: SealedOrder, by: Sealer) -> SealedOrder:
        numbers = [copy.number for copy in manifest_of(sealed).copies]
        return resealed(sealed, by, tuple(pages(people, one, scope) for one in numbers))

    return tell


def one_sheet_more(sealed: SealedOrder, by: Sealer) -> SealedOrder:
    """The first of them twice, and the manifest says so."""
    (copy,) = manifest_of(sealed).copies
    again = Sheet(3, copy.sheets[0].subjects)
    changed = type(copy)(copy.number, (*copy.sheets, again), copy.sha256)
    pdf = pages(("sakura", "kenta", "sakura"), copy.number)
    return resealed(sealed, by, (pdf,), copies=(changed,))


LIES: dict[str, tuple[str, Lie]] = {
    "pages swapped": ("P5", drawn("kenta", "sakura")),
    "a member who was not picked": ("P5", drawn("sakura", "hanako")),
    "a stranger": ("P5", drawn("sakura", "makoto")),
    "a page missing": ("P6", drawn("sakura")),
    "a page too many": ("P6", drawn("sakura", "kenta", "taro")),
    "a page too many that the seal covers": ("P6", one_sheet_more),
    "a part certified as the whole": ("P5", drawn("sakura", "kenta", scope="all")),
    "another scope": ("P5", lambda it, by: resealed(it, by, scope="all")),
    "one subject less": ("P5", lambda it, by: resealed(it, by, subjects=manifest_of(it).subjects[:1])),
}


@pytest.mark.parametrize("lie", list(LIES))
@virtual_time
async def test_a_lie_about_a_household_is_caught_before_money(lie: str) -> None:
    rule, tell = LIES[lie]
    async with citizen(lying(tell), CHILDREN) as one:
        await one.to("error.mismatch")
        assert one.parts.printer.jobs == ()
        found = next(entry for entry in await one.entries() if entry.event == "order.mismatch")
        assert (found.text("property"), one.cases) == (rule, ["mismatch"])
        assert "payment.opened" not in await one.told()


@virtual_time
async def test_the_forger_who_draws_the_same_pages_is_believed() -> None:
    async with citizen(lying(drawn("sakura", "kenta")), CHILDREN) as one:
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


# ---------------------------------------------------------------- what is written down


@virtual_time
async def test_the_journal_names_nobody_of_the_household() -> None:
    async with citizen(wants=EVERYBODY) as one:
        await one.to_the_end()
        written = str([(entry.event, entry.data) for entry in await one.entries()])
        assert not [word for word in ("山田", "太郎", "花子", "さくら", "健太") if word in written]

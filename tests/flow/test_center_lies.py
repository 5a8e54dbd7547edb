"""Whatever the center answers: what is not what screen 11 showed is caught before money (P1 to P8)."""

from datetime import timedelta

import pytest

from daemon.issuance.messages import SealedOrder, Sheet
from daemon.issuance.seal import Sealer, new_key
from daemon.session.flow import visit_kiosk
from daemon.session.visit import Visit
from tests.flow.citizen import Citizen, Wants, citizen, settled
from tests.flow.forger import (
    Lie,
    away,
    lying,
    manifest_of,
    number,
    page,
    resealed,
    with_numbers,
    with_pages,
    yesterday,
)
from tests.flow.whole import MORNING, SetUp
from tests.session.stage import virtual_time

TWO = Wants(copies=2)
FIRST_TWO = [number(1), number(2)]


def tampered(sealed: SealedOrder) -> tuple[bytes, ...]:
    return (sealed.pdfs[0], sealed.pdfs[1] + b"%")


def replaced(sealed: SealedOrder, **changes: object) -> SealedOrder:
    """Changed where no seal covers it."""
    fields = {name: getattr(sealed, name) for name in ("order", "manifest", "seal", "key", "pdfs")}
    return SealedOrder(**{**fields, **changes})


LIES: dict[str, tuple[str, Lie]] = {
    "another order's id": ("P1", lambda it, _: replaced(it, order="0" * 32)),
    "another order's manifest": ("P1", lambda it, by: resealed(it, by, order="0" * 32)),
    "another person's pages": ("P5", lambda it, by: with_pages(it, by, "makoto")),
    "another person as the subject": ("P5", lambda it, by: resealed(it, by, subjects=("0" * 32,))),
    "another person's card": ("P5", lambda it, by: resealed(it, by, holder="0" * 64)),
    "another terminal's order": ("P5", lambda it, by: resealed(it, by, terminal="OTHER1")),
    "another session's order": ("P5", lambda it, by: resealed(it, by, session="0" * 32)),
    "another municipality": ("P5", lambda it, by: resealed(it, by, municipality="012351")),
    "another kind": ("P5", lambda it, by: resealed(it, by, kind="inkan")),
    "another scope": ("P5", lambda it, by: resealed(it, by, scope="all")),
    "other items": ("P5", lambda it, by: resealed(it, by, items=("mynumber",))),
    "one 通 less": ("P5", lambda it, by: resealed(it, by, copies=manifest_of(it).copies[:1])),
    "one 通 more": ("P5", lambda it, by: resealed(it, by, copies=manifest_of(it).copies * 2)),
    "a document of yesterday": ("P5", lambda it, by: resealed(it, by, issued=yesterday().isoformat())),
    "an expired seal": ("P5", lambda it, by: resealed(it, by, expires=MORNING - timedelta(seconds=1))),
    "a page under another number": (
        "P6",
        lambda it, by: with_numbers(it, by, FIRST_TWO, [number(1), number(3)]),
    ),
    "pages in another order": ("P6", lambda it, by: resealed(it, by, it.pdfs[::-1])),
    "one number twice": ("P6", lambda it, by: with_numbers(it, by, [number(1)] * 2, [number(1)] * 2)),
    "a number of another terminal": (
        "P6",
        lambda it, by: with_numbers(it, by, *[[number(1), number(2, terminal="OTHER1")]] * 2),
    ),
    "a number of another day": (
        "P6",
        lambda it, by: with_numbers(it, by, *[[number(1), number(2, day=yesterday())]] * 2),
    ),
    "a number that is none": ("P6", lambda it, by: with_numbers(it, by, *[["1", "2"]] * 2)),
    "a missing document": ("P6", lambda it, _: replaced(it, pdfs=it.pdfs[:1])),
    "a document that is none": ("P6", lambda it, by: resealed(it, by, (it.pdfs[0], b"%PDF-1.7"))),
    "a tampered document": ("P7", lambda it, _: replaced(it, pdfs=tampered(it))),
    "a tampered manifest": ("P7", lambda it, _: replaced(it, manifest=it.manifest + b" ")),
    "a seal by another key": ("P7", lambda it, _: resealed(it, Sealer.from_pem(new_key()))),
    "a seal by another key under the right name": (
        "P7",
        lambda it, by: replaced(resealed(it, Sealer.from_pem(new_key())), key=by.key),
    ),
    "the sample flag dropped": ("P5", lambda it, by: resealed(it, by, sample=False)),
    "the sample mark dropped": ("見本", lambda it, by: with_pages(it, by, sample=False)),
}


def with_sheets(sealed: SealedOrder, sealer: Sealer, *sheets: Sheet) -> SealedOrder:
    first, *rest = manifest_of(sealed).copies
    changed = type(first)(first.number, sheets, first.sha256)
    return resealed(sealed, sealer, copies=(changed, *rest))


LIES["pages that name nobody"] = ("P6", lambda it, by: with_sheets(it, by, Sheet(1, ())))
LIES["a page that is missing"] = (
    "P6",
    lambda it, by: with_sheets(it, by, *(Sheet(k, manifest_of(it).subjects) for k in (1, 2))),
)


async def caught(one: Citizen, rule: str) -> None:
    """Before money; nothing printed; out of service until staff have looked; cancelled at the center."""
    await one.to("error.mismatch")
    assert "err.integrity_free" in one.texts
    assert one.parts.bus.insert(100) == "inhibited"
    assert one.parts.printer.jobs == ()
    assert "payment.opened" not in await one.told()
    found = next(entry for entry in await one.entries() if entry.event == "order.mismatch")
    assert (found.text("property"), one.cases) == (rule, ["mismatch"])
    await one.press("quit")
    await out_of_service_until_resolved(one)
    order = one.parts.registry.order(found.text("order"))
    assert order is not None
    assert order.state == "cancelled"


async def out_of_service_until_resolved(one: Citizen) -> None:
    await one.until("out")
    session = await one.session()
    one.place("makoto")
    await settled()
    assert (one.sees.name, await one.session()) == ("card-left", session)
    await one.take_card()
    await one.until("out")
    await one.resolve()
    await one.until("start")


@pytest.mark.parametrize("lie", list(LIES))
@virtual_time
async def test_a_lie_is_caught_before_money(lie: str) -> None:
    """P8."""
    rule, tell = LIES[lie]
    async with citizen(lying(tell), TWO) as one:
        await caught(one, rule)


@virtual_time
async def test_the_forger_who_changes_nothing_is_believed() -> None:
    async with citizen(lying(resealed), TWO) as one:
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 2


# ---------------------------------------------------------------- answers to somebody else


def first_answer_again(readdressed: bool, pages_only: bool) -> SetUp:
    """Every order gets the answer to the first one. readdressed: under the id that is asked for."""
    answers: list[SealedOrder] = []

    def lie(sealed: SealedOrder, _: Sealer) -> SealedOrder:
        answers.append(sealed)
        if pages_only:
            return replaced(sealed, pdfs=answers[0].pdfs)
        return replaced(answers[0], order=sealed.order) if readdressed else answers[0]

    return lying(lie)


@pytest.mark.parametrize(
    ("readdressed", "pages_only", "rule"),
    [(False, False, "P1"), (True, False, "P1"), (False, True, "P7")],
    ids=["a late reply", "a late reply under the new id", "the pages of the order before"],
)
@pytest.mark.parametrize("next_one", ["taro", "makoto"])
@virtual_time
async def test_the_answer_to_an_earlier_order_has_no_owner(
    readdressed: bool, pages_only: bool, rule: str, next_one: str
) -> None:
    """P1."""
    async with citizen(first_answer_again(readdressed, pages_only), TWO) as one:
        await one.to("payment")
        await one.press("quit")
        await one.until("start")
        one.wants = Wants(card=next_one, copies=2)
        await caught(one, rule)


@virtual_time
async def test_pages_swapped_between_two_orders_are_caught_even_under_a_good_seal() -> None:
    """P6."""

    def swap(sealed: SealedOrder, sealer: Sealer) -> SealedOrder:
        return resealed(sealed, sealer, tuple(page("makoto", number(serial)) for serial in (3, 4)))

    async with citizen(lying(swap), TWO) as one:
        await caught(one, "P6")


# ---------------------------------------------------------------- a center that is away


@pytest.mark.parametrize("after", [False, True], ids=["before the act", "after the act"])
@pytest.mark.parametrize("call", ["precheck", "challenge", "authenticate", "order"])
@virtual_time
async def test_a_center_that_is_away_is_told_and_takes_no_money(call: str, after: bool) -> None:
    down = [True]
    async with citizen(away(call, down, after)) as one:
        await one.to("error.center")
        assert "err.center" in one.texts
        assert "payment.opened" not in await one.told()
        one.parts.reader.take()
        await one.press("quit")
        await one.until("start")
        down.clear()
        await one.to_the_end()
        assert (await one.outcomes())[-1] == "delivered"


@virtual_time
async def test_an_order_whose_answer_was_lost_is_cancelled_and_its_numbers_are_void() -> None:
    """P3."""
    down = [True]
    async with citizen(away("order", down, after=True), TWO) as one:
        await one.to("error.center")
        await one.press("quit")
        await one.until("start")
        assert await one.outcomes() == ["void", "void"]


@pytest.mark.parametrize(("call", "ends"), [("close", ["delivered"] * 2), ("cancel", ["void"] * 2)])
@virtual_time
async def test_the_end_of_an_order_is_told_again_until_the_center_has_heard_it(
    call: str, ends: list[str]
) -> None:
    down = [True]
    async with citizen(away(call, down), TWO) as one:
        await one.to("payment")
        if call == "cancel":
            await one.press("quit")
        await one.to_the_end()
        await one.rest(60)
        assert await one.outcomes() == ["", ""]
        down.clear()
        await one.rest(60)
        assert await one.outcomes() == ends


# ---------------------------------------------------------------- between check and printer


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Visit]:
    """The visits that began, newest last."""
    seen: list[Visit] = []
    play = visit_kiosk

    async def watched(visit: Visit) -> None:
        seen.append(visit)
        await play(visit)

    monkeypatch.setattr("daemon.session.host.visit_kiosk", watched)
    return seen


@virtual_time
async def test_bytes_that_changed_after_the_check_are_not_printed_and_all_money_goes_back(
    visits: list[Visit],
) -> None:
    """P7."""
    async with citizen(wants=Wants(copies=2, coins=(500,))) as one:
        await one.to("payment")
        visits[-1].documents[0][100] ^= 1
        await one.insert(500)
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [500]
        assert one.parts.printer.jobs == ()
        assert one.cases == ["mismatch"]
        await out_of_service_until_resolved(one)
        assert set(await one.outcomes()) == {"void", "refunded"}


@virtual_time
async def test_bytes_of_the_second_copy_that_changed_void_that_copy_alone(visits: list[Visit]) -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        visits[-1].documents[1][100] ^= 1
        await one.to("take")
        assert one.printed == [number(1)]
        assert one.parts.bus.take_tray() == [100] * 4
        await one.take_paper()
        await out_of_service_until_resolved(one)
        assert await one.outcomes() == ["delivered", "void", "refunded"]


@virtual_time
async def test_nothing_personal_is_left_in_memory_after_the_session(visits: list[Visit]) -> None:
    async with citizen(wants=TWO) as one:
        await one.to("payment")
        pages = list(visits[-1].documents)
        assert len(pages) == 2
        await one.to_the_end()
        assert all(not any(pdf) for pdf in pages)
        assert visits[-1].entitlement is None

"""Every kind from the list to the paper: ordered by a sample citizen, read as the kiosk reads it (P5, P6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import pytest
from sqlalchemy import update

from daemon.center import tables
from daemon.center.offices import Office
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import (
    Entitlement,
    Kind,
    Manifest,
    Offer,
    OrderRequest,
    Reason,
    Refused,
    SealedOrder,
    Sheet,
)
from daemon.issuance.order import Mismatch, check
from daemon.issuance.pages import page_texts, stands_in
from daemon.issuance.profile import Fee, Offering, Profile, load_profile
from tests.center.world import ISHIKARI, World, manifest_of, request_for

SUMMER = datetime(2026, 8, 3, 12, 0, tzinfo=TOKYO)
TAX: tuple[Kind, ...] = ("shotoku_kazei", "shotoku", "kazei", "nozei")


def with_everything() -> Profile:
    """Ishikari with the kinds that it does not offer, and with three 年度."""
    profile = load_profile(ISHIKARI)
    offered = {one.kind: one for one in profile.certificates}
    tax = offered["shotoku_kazei"]
    assert tax.tax is not None
    years = msgspec.structs.replace(tax.tax, years=3)
    more = tuple(
        msgspec.structs.replace(tax, kind=kind, name=f"税の証明書 {kind}", tax=years) for kind in TAX
    )
    items = msgspec.structs.replace(offered["juminhyo"], kind="kisaijiko", name="住民票記載事項証明書")
    kept: tuple[Offering, ...] = tuple(one for kind, one in offered.items() if kind not in TAX)
    return msgspec.structs.replace(profile, certificates=(*kept, items, *more))


@pytest.fixture
def world() -> Iterator[World]:
    world = World(with_everything())
    world.clock.now = SUMMER
    yield world
    world.close()


@dataclass
class Bought:
    """An order of daichi's, as it came."""

    world: World
    entitlement: Entitlement
    request: OrderRequest
    sealed: SealedOrder

    def check(self, sealed: SealedOrder | None = None) -> Manifest:
        expected = self.world.expected(self.request, self.entitlement, "daichi")
        return check(sealed or self.sealed, expected, self.world.keyring, SUMMER)

    def mismatch(self, sealed: SealedOrder) -> str:
        with pytest.raises(Mismatch) as found:
            self.check(sealed)
        return str(found.value)

    def resealed(self, **changes: object) -> SealedOrder:
        manifest = msgspec.structs.replace(manifest_of(self.sealed), **changes)
        return self.world.resealed(self.sealed, manifest)

    def sheets(self) -> list[str]:
        return list(page_texts(self.sealed.pdfs[0])[::2])


def offer_of(entitlement: Entitlement, kind: str) -> Offer:
    return next(one for one in entitlement.offers if one.kind == kind)


def buy(world: World, kind: Kind, which: int = 0, people: int = 1, **changes: object) -> Bought:
    """which: of the offer's scopes. people: the first so many of the offer's persons."""
    entitlement = world.enter("daichi")
    offer = offer_of(entitlement, kind)
    scope = offer.scopes[which] if offer.scopes else "self"
    handles = tuple(one.handle for one in offer.persons[:people])
    request = msgspec.structs.replace(
        request_for(entitlement, kind, scope=scope), subjects=handles, **changes
    )
    return Bought(world, entitlement, request, world.service.order(request))


# ---------------------------------------------------------------- right


@pytest.mark.parametrize("kind", ["juminhyo", "kisaijiko", "inkan", *TAX])
def test_a_certificate_of_oneself_passes_every_check_of_the_kiosk(world: World, kind: Kind) -> None:
    bought = buy(world, kind)
    assert bought.check().kind == kind
    (text,) = bought.sheets()
    assert stands_in("北海道石狩市長", text)


@pytest.mark.parametrize("kind", ["koseki", "fuhyo"])
@pytest.mark.parametrize(("which", "people"), [(0, 4), (1, 1)], ids=["all", "one"])
def test_r19_r20_r36_a_register_passes_every_check_of_the_kiosk(
    world: World, kind: Kind, which: int, people: int
) -> None:
    bought = buy(world, kind, which, people, copies=2)
    manifest = bought.check()
    assert len({copy.number for copy in manifest.copies}) == 2
    for copy in manifest.copies:
        named = {handle for sheet in copy.sheets for handle in sheet.subjects}
        assert named == set(bought.request.subjects)


def test_r36_r37_a_long_koseki_takes_several_sheets_with_one_number_and_its_place_on_each(
    world: World,
) -> None:
    bought = buy(world, "koseki", 0, 4)
    (copy,) = manifest_of(bought.sealed).copies
    texts = bought.sheets()
    assert len(texts) == len(copy.sheets) > 1
    for place, text in enumerate(texts, start=1):
        assert stands_in(copy.number, text)
        assert stands_in(f"{place}/{len(texts)}", text)
        assert stands_in("北野 大地", text)


def test_r25_the_year_that_was_chosen_is_on_the_paper_and_in_the_seal(world: World) -> None:
    bought = buy(world, "shotoku_kazei", year=2025)
    assert bought.check().year == 2025
    (text,) = bought.sheets()
    assert stands_in("令和7年度", text)
    assert not stands_in("令和8年度", text)


# ---------------------------------------------------------------- wrong


def test_p5_another_year_in_the_seal_or_on_the_paper_is_caught(world: World) -> None:
    bought, older = buy(world, "kazei"), buy(world, "kazei", order="ab" * 16, year=2025)
    assert bought.mismatch(bought.resealed(year=2025)) == "P5: year differs from what was confirmed"
    swapped = msgspec.structs.replace(older.sealed, order=bought.request.order)
    manifest = msgspec.structs.replace(manifest_of(older.sealed), order=bought.request.order, year=2026)
    subjects = msgspec.structs.replace(
        manifest,
        subjects=bought.request.subjects,
        copies=tuple(
            msgspec.structs.replace(copy, sheets=(Sheet(1, bought.request.subjects),))
            for copy in manifest.copies
        ),
    )
    assert "is not of the year" in bought.mismatch(world.resealed(swapped, subjects))


def test_p5_a_koseki_of_another_member_than_the_one_chosen_is_caught(world: World) -> None:
    """The seal says it is about the one; the paper is about the other."""
    entitlement = world.enter("daichi")
    persons = offer_of(entitlement, "koseki").persons
    base = request_for(entitlement, "koseki", scope="koseki_one")
    other = msgspec.structs.replace(base, subjects=(persons[1].handle,), order="ab" * 16)
    sealed = world.service.order(other)
    request = msgspec.structs.replace(base, subjects=(persons[0].handle,))
    bought = Bought(world, entitlement, request, msgspec.structs.replace(sealed, order=request.order))
    copies = tuple(
        msgspec.structs.replace(copy, sheets=tuple(Sheet(one.page, request.subjects) for one in copy.sheets))
        for copy in manifest_of(sealed).copies
    )
    lie = bought.resealed(order=request.order, subjects=request.subjects, copies=copies)
    assert bought.mismatch(lie) == "P5: page 1 does not carry the name of its person"


def test_p5_somebody_else_on_a_sheet_than_the_seal_says_is_caught(world: World) -> None:
    """A 全部事項証明 sold as one of all but one: the fourth has a sheet, and is not said to stand on any."""
    bought = buy(world, "koseki", 0, 4)
    less = bought.request.subjects[:3]
    request = msgspec.structs.replace(bought.request, subjects=less)
    copies = tuple(
        msgspec.structs.replace(
            copy,
            sheets=tuple(Sheet(one.page, tuple(h for h in one.subjects if h in less)) for one in copy.sheets),
        )
        for copy in manifest_of(bought.sealed).copies
    )
    partial = Bought(world, bought.entitlement, request, bought.sealed)
    told = partial.mismatch(bought.resealed(subjects=less, copies=copies))
    assert "carries the name of somebody else" in told


def test_p5_a_part_of_a_koseki_that_is_certified_as_the_whole_is_caught(world: World) -> None:
    bought = buy(world, "koseki", 1, 1)
    request = msgspec.structs.replace(bought.request, scope="koseki_all")
    whole = Bought(world, bought.entitlement, request, bought.sealed)
    told = whole.mismatch(bought.resealed(scope="koseki_all"))
    assert told == "P5: the last page certifies all of a koseki, or a part, against what is so"


def test_p6_a_sheet_of_a_register_that_is_missing_is_caught(world: World) -> None:
    bought = buy(world, "koseki", 0, 4)
    (copy,) = manifest_of(bought.sealed).copies
    shorter = msgspec.structs.replace(copy, sheets=copy.sheets[:-1])
    everybody = msgspec.structs.replace(
        shorter, sheets=(Sheet(1, bought.request.subjects), *shorter.sheets[1:])
    )
    told = bought.mismatch(bought.resealed(copies=(everybody,)))
    assert told == "P6: the document has another number of pages than was sealed"


# ---------------------------------------------------------------- the center's own checks


def test_r25_a_year_that_is_not_on_offer_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        buy(world, "shotoku_kazei", year=2020)
    assert refused.value.refusal.reason is Reason.BAD_REQUEST


def test_r23_a_notification_filed_after_the_list_was_shown_stops_the_order(world: World) -> None:
    entitlement = world.enter("daichi")
    everybody = tuple(one.name for one in offer_of(entitlement, "koseki").persons)
    with world.engine.begin() as connection:
        connection.execute(update(tables.koseki).values(pending=SUMMER.date()))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, "koseki", scope="koseki_all", names=everybody))
    assert refused.value.refusal.reason is Reason.KOSEKI_PENDING


def test_a_fee_that_was_changed_between_list_and_order_is_never_charged(world: World) -> None:
    entitlement = world.enter("daichi")
    request = request_for(entitlement)
    dearer = tuple(
        msgspec.structs.replace(one, fees=(Fee(500, date(2026, 1, 1)),)) for one in world.profile.certificates
    )
    profile = msgspec.structs.replace(world.profile, certificates=dearer)
    world.offices.update(Office(profile, "", sample=True))
    for fee, reason in ((350, Reason.CHANGED), (500, Reason.BAD_REQUEST), (0, Reason.BAD_REQUEST)):
        with pytest.raises(Refused) as refused:
            world.service.order(msgspec.structs.replace(request, fee=fee))
        assert refused.value.refusal.reason is reason
    assert world.registry.order(request.order) is None

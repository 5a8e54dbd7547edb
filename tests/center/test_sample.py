"""The invented people: enough of each kind for the bench, and nobody who could be real."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from daemon.center import tables
from daemon.center.documents.press import FONT
from daemon.center.glyphs import Repertoire
from daemon.center.registry import Registry, open_engine
from daemon.center.rules import card_refusal, holder_refusal
from daemon.center.sample import TOWNS, card_dates, holders, sample_registry
from daemon.issuance.calendar import has_reached
from daemon.issuance.messages import Reason
from daemon.issuance.profile import load_profile
from tests.center.world import ISHIKARI, PROFILE, World

CARDS = [(code, key) for code in TOWNS for key in holders(code)]
REASONS = {
    "kenta": Reason.UNDERAGE,
    "misaki": Reason.LAPSED,
    "revoked": Reason.REVOKED,
    "unknown": Reason.UNKNOWN_CERTIFICATE,
    "ren": Reason.UNDERAGE,
}


@pytest.fixture(params=[PROFILE, ISHIKARI], ids=["takaoka", "ishikari"])
def town(request: pytest.FixtureRequest) -> Iterator[World]:
    """Either municipality with its people."""
    world = World(load_profile(request.param))
    yield world
    world.close()


@pytest.mark.parametrize(
    ("code", "sizes"), [("162027", {"taro": 4, "makoto": 3, "lan": 1}), ("012351", {"daichi": 4, "tome": 1})]
)
def test_the_households_are_of_different_sizes(world: World, code: str, sizes: dict[str, int]) -> None:
    found = {key: len(world.registry.household(holders(code)[key].resident)) for key in sizes}
    assert found == sizes


def test_each_household_is_headed_by_one_of_its_members_or_by_somebody_who_has_died(town: World) -> None:
    for key, holder in town.holders.items():
        if not holder.resident:
            continue
        household = town.registry.household(holder.resident)
        heads = [member for member in household if member.relation == "世帯主"]
        assert {member.head for member in household} == {town.registry.resident(holder.resident).head}
        assert [head.name for head in heads] == ([] if key == "fumi" else [household[0].head])


def test_everybody_lives_in_the_municipality_that_certifies_it_but_hayato(town: World) -> None:
    profile = town.profile
    for key, holder in town.holders.items():
        if not holder.resident:
            continue
        person = town.registry.resident(holder.resident)
        here = person.address.text.startswith(f"{profile.prefecture}{profile.name}")
        assert here == (key != "hayato") == (person.municipality == profile.code)
        assert not person.previous.startswith(f"{profile.prefecture}{profile.name}")
        assert person.name == holder.name


def test_the_two_municipalities_share_no_card_and_no_person() -> None:
    here, there = (holders(code) for code in TOWNS)
    assert not {one.serial for one in here.values()} & {one.serial for one in there.values()}
    assert {one.name for one in here.values()} & {one.name for one in there.values()} == {""}


def test_a_municipality_without_a_sample_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no sample residents of 999997; there are some of 162027, 012351"):
        holders("999997")


def test_the_individual_numbers_are_none(town: World) -> None:
    with town.engine.connect() as connection:
        for number in connection.execute(select(tables.residents.c.mynumber)).scalars():
            assert len(number) == 12
            assert int(number[-1]) != mynumber_check_digit(number[:11])


def test_every_name_but_that_of_ryoko_can_be_printed(world: World) -> None:
    font = Repertoire(FONT)
    with world.engine.connect() as connection:
        names = connection.execute(select(tables.residents.c.name)).scalars().all()
    assert [name for name in names if not font.can_draw(name)] == [holders("162027")["ryoko"].name]


def mynumber_check_digit(eleven: str) -> int:
    """As the ministerial order on the 個人番号 (平成26年総務省令第85号) computes it."""
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1))
    return 0 if total % 11 <= 1 else 11 - total % 11


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2026, 4, 1), date(2026, 12, 31), date(2028, 2, 29), date(2040, 3, 1)]
)
@pytest.mark.parametrize("code", TOWNS)
def test_each_card_shows_what_it_is_for_on_any_day(code: str, today: date) -> None:
    engine = open_engine(None)
    sample_registry(engine, today)
    registry, profile = Registry(engine), load_profile(PROFILE.with_name(f"{code}.toml"))
    for key, holder in holders(code).items():
        card = registry.card(f"{holder.serial:x}")
        reason = card_refusal(card, today)
        if card is not None and reason is None:
            reason = holder_refusal(registry.resident(card.resident), profile, today)
        assert reason is REASONS.get(key), key
    engine.dispose()


def test_the_daughters_are_minors_old_enough_to_be_served(town: World) -> None:
    (daughter,) = (one for key, one in town.holders.items() if key in ("sakura", "hina"))
    born = town.registry.resident(daughter.resident).born
    assert has_reached(15, born, date(2026, 4, 1))
    assert not has_reached(18, born, date(2026, 4, 1))


@given(st.sampled_from(CARDS), st.dates(date(2025, 1, 1), date(2060, 1, 1)))
def test_every_sample_card_is_in_date_today(card: tuple[str, str], today: date) -> None:
    code, key = card
    issued, good_through = card_dates(key, today, code)
    assert issued < today < good_through
    assert good_through - issued <= timedelta(days=5 * 366)

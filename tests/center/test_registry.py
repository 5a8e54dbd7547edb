"""The registry's questions: koseki, 附票, taxes, 利用登録, blocks, as the sample's people have them now."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, insert, update

from daemon.center import tables
from daemon.center.facts import Koseki, Registered, Stay, Tax
from daemon.center.sample import holders
from tests.center.world import NOON, World

TODAY = NOON.date()
TAKAOKA, ISHIKARI, SAPPORO = "162027", "012351", "011002"


def one(key: str) -> int:
    """The person whose sample card has this name."""
    return next(holders(code)[key].resident for code in (TAKAOKA, ISHIKARI) if key in holders(code))


def koseki_of(world: World, key: str) -> Koseki:
    koseki = world.registry.koseki(one(key))
    assert koseki is not None
    return koseki


def lines(koseki: Koseki, name: str, title: str) -> dict[str, str]:
    member = next(member for member in koseki.members if member.name == name)
    return dict(next(matter.lines for matter in member.entries if matter.title == title))


# ---------------------------------------------------------------- koseki (R19, R23, R28)


def test_a_koseki_has_the_couple_first_and_then_the_children(world: World) -> None:
    koseki = koseki_of(world, "taro")
    assert (koseki.municipality, koseki.honseki) == (TAKAOKA, "富山県高岡市広小路九千一番地")
    assert koseki.hittosha == "山田 太郎"
    found = [(member.name, member.spouse, member.relation) for member in koseki.members]
    assert found[:2] == [("太郎", "夫", "長男"), ("花子", "妻", "二女")]
    assert found[2:] == [("さくら", "", "長女"), ("健太", "", "長男")]
    assert {(member.father, member.mother) for member in koseki.members[2:]} == {("山田 太郎", "山田 花子")}


def test_a_daughter_who_married_is_removed_from_one_koseki_and_in_another(world: World) -> None:
    """R28, the seed's own example."""
    parents, own = koseki_of(world, "makoto"), koseki_of(world, "yumi")
    old = next(member for member in parents.members if member.person == one("yumi"))
    new = next(member for member in own.members if member.person == one("yumi"))
    assert (old.removed, old.name, old.spouse) == (True, "由美", "")
    assert old.full_name.endswith(" 由美") and old.full_name != "五十嵐 由美"
    assert (new.removed, new.full_name, new.spouse) == (False, "五十嵐 由美", "妻")
    away = lines(parents, "由美", "婚姻")
    assert (away["【配偶者氏名】"], away["【新本籍】"]) == ("五十嵐 拓也", own.honseki)
    assert one("makoto") not in [member.person for member in own.members]


def test_who_died_stays_written_in_the_koseki_as_removed(world: World) -> None:
    koseki = koseki_of(world, "makoto")
    assert [member.name for member in koseki.members if member.removed] == ["和子", "由美"]
    assert lines(koseki, "和子", "死亡")["【死亡日】"] == "平成27年8月1日"


def test_the_koseki_itself_says_when_it_was_made(world: World) -> None:
    old, new = koseki_of(world, "makoto"), koseki_of(world, "taro")
    assert [matter.title for matter in old.entries] == ["戸籍改製"]
    assert [matter.lines for matter in new.entries] == [(("【編製日】", "平成19年11月22日"),)]


def test_a_notification_that_is_not_recorded_yet_is_told_with_its_day(world: World) -> None:
    """R23."""
    assert koseki_of(world, "hiroshi").pending == TODAY - timedelta(days=2)
    assert koseki_of(world, "taro").pending is None


def test_a_foreign_resident_is_in_no_koseki(world: World) -> None:
    assert world.registry.koseki(one("lan")) is None
    assert world.registry.fuhyo(one("lan")) is None


def test_of_a_koseki_that_is_kept_elsewhere_only_the_place_is_known(world: World) -> None:
    koseki = koseki_of(world, "maria")
    assert (koseki.municipality, koseki.members) == (SAPPORO, ())


def test_who_lives_in_another_municipality_of_the_registry_is_in_its_koseki(world: World) -> None:
    koseki = koseki_of(world, "akane")
    assert koseki.municipality == ISHIKARI
    assert {one("akane"), one("tome")} <= {member.person for member in koseki.members if not member.removed}


# ---------------------------------------------------------------- 附票 (R20)


def test_the_fuhyo_lists_the_addresses_of_each_member_oldest_first(world: World) -> None:
    fuhyo, koseki = world.registry.fuhyo(one("taro")), koseki_of(world, "taro")
    assert fuhyo is not None
    assert (fuhyo.koseki, fuhyo.honseki, fuhyo.hittosha) == (koseki.id, koseki.honseki, koseki.hittosha)
    assert [member.person for member in fuhyo.members] == [member.person for member in koseki.members]
    assert fuhyo.members[0].stays == (
        Stay("富山県富山市新桜町9038番地", date(2005, 10, 1)),
        Stay("富山県高岡市広小路9001番地 さくらハイツ203号", date(2016, 4, 1)),
    )
    assert (fuhyo.members[1].full_name, fuhyo.members[1].sex) == ("山田 花子", "女")


def test_the_fuhyo_of_a_koseki_knows_who_was_removed_and_who_lives_elsewhere(world: World) -> None:
    fuhyo = world.registry.fuhyo(one("hayato"))
    assert fuhyo is not None
    assert [member.removed for member in fuhyo.members] == [True, False, True, False]
    assert fuhyo.members[3].stays == (Stay("北海道札幌市北区北99条西9丁目9番1号", date(2017, 4, 1)),)
    assert all(member.stays for member in fuhyo.members)


# ---------------------------------------------------------------- residents


def test_a_resident_is_told_with_the_municipalities_of_home_and_honseki(world: World) -> None:
    found = {
        key: (
            world.registry.resident(one(key)).municipality,
            world.registry.resident(one(key)).koseki_municipality,
        )
        for key in ("taro", "noboru", "daichi", "hayato", "lan")
    }
    assert found == {
        "taro": (TAKAOKA, TAKAOKA),
        "noboru": (TAKAOKA, ISHIKARI),
        "daichi": (ISHIKARI, ISHIKARI),
        "hayato": (SAPPORO, ISHIKARI),
        "lan": (TAKAOKA, ""),
    }


def test_a_foreign_resident_has_what_the_juminhyo_says_of_one(world: World) -> None:
    lan = world.registry.resident(one("lan"))
    assert lan.foreign is not None
    assert (lan.alias, lan.foreign.nationality, lan.foreign.period) == ("山本 蘭", "ベトナム", "3年")
    assert lan.foreign.expires == TODAY + timedelta(days=400)
    assert world.registry.resident(one("taro")).foreign is None


def test_a_former_name_stands_beside_the_name(world: World) -> None:
    megumi = world.registry.resident(one("megumi"))
    assert (megumi.name, megumi.former_name) == ("高橋 恵", "中川")


def test_a_seal_has_its_image_until_it_is_abolished(world: World) -> None:
    """R18."""
    taro, chihiro = world.registry.resident(one("taro")), world.registry.resident(one("chihiro"))
    picture = Image.open(BytesIO(taro.seal_image))
    assert (picture.format, picture.width) == ("PNG", picture.height)
    assert 0.03 < picture.convert("L").histogram()[0] / (picture.width * picture.height) < 0.5
    assert (chihiro.seal_registered, chihiro.seal_image) == (None, b"")


def test_a_support_measure_and_a_filed_move_out_are_told_by_day_and_block_nothing_by_themselves(
    world: World,
) -> None:
    chihiro, naoto = world.registry.resident(one("chihiro")), world.registry.resident(one("naoto"))
    assert (chihiro.support_since, chihiro.leaving_filed) == (TODAY - timedelta(days=400), None)
    assert (naoto.support_since, naoto.leaving_filed) == (None, TODAY - timedelta(days=3))
    assert chihiro.blocks == naoto.blocks == frozenset()


def test_a_support_measure_from_an_unknown_day_is_one_from_long_ago(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(insert(tables.blocks).values(resident=1, kind="all", cause="support"))
        connection.execute(insert(tables.blocks).values(resident=1, kind="all"))
    taro = world.registry.resident(1)
    assert (taro.support_since, taro.blocks) == (date.min, frozenset({"all"}))


def test_a_household_whose_head_has_died_still_has_that_head(world: World) -> None:
    (fumi,) = world.registry.household(one("fumi"))
    assert (fumi.head, fumi.relation) == ("林 正一", "妻")


def test_nobody_is_asked_for_whose_home_is_not_known(world: World) -> None:
    with pytest.raises(LookupError, match="no such resident"):
        world.registry.resident(109)


# ---------------------------------------------------------------- taxes (R25)


def tax(world: World, key: str, year: int) -> Tax:
    found = world.registry.tax(one(key), year)
    assert found is not None
    return found


def test_the_tax_of_a_year_adds_up(world: World) -> None:
    paid = tax(world, "taro", 2026)
    assert paid.total_income == sum(yen for _, yen in paid.incomes)
    assert paid.taxable == (paid.total_income - sum(yen for _, yen in paid.deductions)) // 1000 * 1000
    assert paid.annual == paid.income_levy + paid.per_capita + paid.forest
    assert (paid.per_capita, paid.forest, tax(world, "taro", 2023).forest) == (4000, 1000, 0)
    assert paid.paid < paid.annual
    assert tax(world, "taro", 2025).paid == tax(world, "taro", 2025).annual
    assert dict(paid.dependents)["16歳未満"] == 1
    assert paid.municipality == TAKAOKA


def test_who_earned_nothing_is_known_to_pay_no_tax(world: World) -> None:
    nothing = tax(world, "fumi", 2026)
    assert (nothing.incomes, nothing.taxable, nothing.annual) == ((), 0, 0)


@pytest.mark.parametrize(
    ("key", "year"), [("taro", 2020), ("misaki", 2025), ("sakura", 2026), ("hayato", 2026)]
)
def test_no_tax_is_known_of_years_in_which_somebody_was_a_minor_or_not_resident_here(
    world: World, key: str, year: int
) -> None:
    assert world.registry.tax(one(key), year) is None


# ---------------------------------------------------------------- 利用登録 (R41)


def test_registrations_are_completed_pending_or_not_there(world: World) -> None:
    noboru, akane = (world.registry.registration(one(key), ISHIKARI) for key in ("noboru", "akane"))
    assert noboru is not None
    assert akane is not None
    assert noboru.ready < TODAY < akane.ready
    assert world.registry.registration(one("megumi"), ISHIKARI) is None
    assert world.registry.registration(one("noboru"), TAKAOKA) is None


def test_a_registration_is_written_once_and_keeps_its_days(world: World) -> None:
    first = world.registry.register(one("megumi"), ISHIKARI, TODAY, TODAY + timedelta(days=5))
    again = world.registry.register(
        one("megumi"), ISHIKARI, TODAY + timedelta(days=3), TODAY + timedelta(days=8)
    )
    assert first == again == Registered(one("megumi"), ISHIKARI, TODAY, TODAY + timedelta(days=5))
    assert world.registry.registration(one("megumi"), ISHIKARI) == first


# ---------------------------------------------------------------- now (P12)


def test_every_question_is_answered_from_the_tables_of_this_moment(world: World) -> None:
    """P12: nothing is kept from one question to the next."""
    registry, people = world.registry, tables.residents
    before = (registry.resident(1), registry.koseki(1), registry.fuhyo(1), registry.tax(1, 2026))
    with world.engine.begin() as connection:
        connection.execute(update(tables.seals).where(tables.seals.c.resident == 1).values(abolished=TODAY))
        connection.execute(update(people).where(people.c.id == 1).values(koseki=None))
        connection.execute(delete(tables.taxes).where(tables.taxes.c.person == 1))
    assert None not in before
    assert registry.resident(1).seal_registered is None
    assert (registry.koseki(1), registry.fuhyo(1), registry.tax(1, 2026)) == (None, None, None)

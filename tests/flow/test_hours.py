"""The hours are half-open, checked at the start and again at 確定する on screen 11, before any money."""

from datetime import datetime, time, timedelta

import msgspec
import pytest

from daemon.clock import TOKYO
from daemon.issuance.hours import ClosedDays, Hours, Maintenance
from daemon.issuance.messages import Kind
from daemon.issuance.profile import Profile, load_profile
from tests.flow.citizen import Wants, citizen, someone
from tests.flow.whole import MORNING, PROFILE, SetUp
from tests.session.stage import virtual_time

DAY = MORNING.date()
OPEN = time(6, 30)


def at(hour: int, minute: int, second: int = 0) -> SetUp:
    return SetUp(begins=datetime.combine(DAY, time(hour, minute, second), TOKYO))


def profile(**changes: object) -> Profile:
    return msgspec.structs.replace(load_profile(PROFILE), **changes)


def inkan_hours(hours: Hours) -> Profile:
    """The seal certificates only at these hours, all others as ever."""
    certificates = tuple(
        msgspec.structs.replace(one, hours=hours) if one.kind == "inkan" else one
        for one in load_profile(PROFILE).certificates
    )
    return profile(certificates=certificates)


# ---------------------------------------------------------------- the site


@pytest.mark.parametrize(
    ("set_up", "screen"),
    [
        (at(6, 29, 59), "closed"),
        (at(6, 30), "start"),
        (at(22, 59, 59), "start"),
        (at(23, 0), "closed"),
    ],
    ids=["06:29:59", "06:30:00", "22:59:59", "23:00:00"],
)
@virtual_time
async def test_the_kiosk_is_open_from_half_past_six_up_to_not_including_eleven(
    set_up: SetUp, screen: str
) -> None:
    async with someone(set_up) as one:
        await one.until(screen)
        if screen == "closed":
            assert "closed.hours open=06:30 close=23:00" in one.texts
            assert one.ids == []


@virtual_time
async def test_a_closed_kiosk_opens_by_itself() -> None:
    async with someone(at(6, 29)) as one:
        await one.until("closed")
        one.place()
        await one.rest(50)
        assert one.sees.name == "card-left"
        one.parts.reader.take()
        await one.rest(45)
        assert one.sees.name == "start"


@virtual_time
async def test_the_start_menu_closes_by_itself() -> None:
    async with citizen(at(22, 59)) as one:
        await one.rest(95)
        assert one.sees.name == "closed"


@virtual_time
async def test_a_session_that_began_before_eleven_may_look_but_not_order_after_it() -> None:
    """R34."""
    async with citizen(at(22, 57)) as one:
        await one.to("confirm")
        await one.rest(180)
        await one.press("confirm")
        await one.until("error.E4")
        assert "err.hours open=06:30 close=23:00" in one.texts
        told = await one.told()
        assert not {"order.requested", "payment.opened"} & set(told)
        await one.press("quit")
        await one.until("closed")


@virtual_time
async def test_the_last_second_before_eleven_still_orders_and_is_served_to_the_end() -> None:
    async with citizen(at(22, 57), Wants(coins=(100, 100))) as one:
        await one.to("confirm")
        await one.rest(178)
        await one.press("confirm")
        await one.until("payment")
        await one.rest(60)
        await one.to("take")
        await one.to("closed")
        assert await one.reason() == "complete"
        assert await one.outcomes() == ["delivered"]


# ---------------------------------------------------------------- kinds, days, maintenance


@virtual_time
async def test_a_kind_that_is_not_available_now_is_listed_and_refused_with_its_hours() -> None:
    set_up = SetUp(profile=inkan_hours(Hours(time(9), time(17))))
    async with citizen(set_up, Wants(kind="inkan")) as one:
        await one.to("certificate")
        await one.press("kind.inkan", "confirm")
        assert one.sees.name == "error.unavailable"
        assert "err.hours open=09:00 close=17:00" in one.texts
        await one.press("quit")
        await one.until("certificate")
        one.wants = Wants()
        await one.to("payment")


@virtual_time
async def test_a_kind_whose_hours_end_between_listing_and_screen_11_is_refused_before_money() -> None:
    set_up = SetUp(profile=inkan_hours(Hours(OPEN, time(7, 3))))
    async with citizen(set_up, Wants(kind="inkan")) as one:
        await one.to("confirm")
        await one.rest(200)
        await one.press("confirm")
        await one.until("error.E4")
        assert "payment.opened" not in await one.told()


@virtual_time
async def test_maintenance_shows_e4_with_its_end_rounded_up_to_the_hour() -> None:
    end = datetime.combine(DAY, time(23, 30))
    stop = Maintenance(datetime.combine(DAY, OPEN), end)
    async with someone(SetUp(profile=profile(maintenance=(stop,)))) as one:
        await one.until("error.E4")
        assert "err.maintenance pref=富山県 city=高岡市 month=4 day=2 hour=0" in one.texts


@virtual_time
async def test_maintenance_that_begins_during_a_session_is_told_on_screen_11() -> None:
    begin = MORNING.replace(tzinfo=None) + timedelta(minutes=2)
    stop = Maintenance(begin, begin + timedelta(hours=2))
    async with citizen(SetUp(profile=profile(maintenance=(stop,)))) as one:
        await one.to("confirm")
        await one.rest(150)
        await one.press("confirm")
        await one.until("error.E4")
        assert "err.maintenance pref=富山県 city=高岡市 month=4 day=1 hour=10" in one.texts


@virtual_time
async def test_a_closed_day_is_closed_all_day() -> None:
    async with someone(SetUp(profile=profile(closed=(ClosedDays("04-01", "04-01"),)))) as one:
        await one.until("error.E4")
        assert "err.closed_day open=06:30 close=23:00" in one.texts
        one.place()
        await one.rest(60)
        assert await one.parts.journal.events("session.started") == []


# ---------------------------------------------------------------- published during a session


def stopped(*kinds: Kind) -> Profile:
    """The whole morning, these kinds or all."""
    begin = MORNING.replace(tzinfo=None) - timedelta(hours=1)
    return profile(maintenance=(Maintenance(begin, begin + timedelta(hours=4), kinds),))


@virtual_time
async def test_a_stop_published_before_the_listing_is_told_on_screen_7() -> None:
    async with citizen(SetUp()) as one:
        await one.to("card")
        one.parts.publish(stopped("juminhyo"))
        await one.to("certificate")
        await one.press("kind.juminhyo", "confirm")
        assert one.sees.name == "error.unavailable"
        assert "err.maintenance pref=富山県 city=高岡市 month=4 day=1 hour=10" in one.texts


@pytest.mark.parametrize("kinds", [(), ("juminhyo",)], ids=["of everything", "of this kind"])
@virtual_time
async def test_r34_a_stop_published_after_the_listing_refuses_the_order_before_any_money(
    kinds: tuple[Kind, ...],
) -> None:
    async with citizen(SetUp()) as one:
        await one.to("confirm")
        one.parts.publish(stopped(*kinds))
        await one.press("confirm")
        await one.until("error.E4")
        assert not {"order.requested", "payment.opened"} & set(await one.told())


@virtual_time
async def test_a_stop_that_is_taken_back_lets_the_order_through() -> None:
    async with citizen(SetUp()) as one:
        await one.to("card")
        one.parts.publish(stopped("inkan"))
        await one.to("confirm")
        one.parts.publish(profile())
        await one.press("confirm")
        await one.until("payment")


@virtual_time
async def test_a_stop_published_while_money_is_paid_does_not_take_the_certificate_away() -> None:
    async with citizen(SetUp(), Wants(coins=(100, 100))) as one:
        await one.to("payment")
        one.parts.publish(stopped())
        await one.to("take")
        await one.to("error.E4")
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_a_fee_that_changed_since_the_listing_is_never_charged() -> None:
    """R29: what was told on 7 and 11 is what is paid, or nothing is."""
    async with citizen(SetUp()) as one:
        await one.to("confirm")
        one.parts.publish(dearer())
        await one.press("confirm")
        await one.until("error.order")
        assert "err.changed" in one.texts
        assert "payment.opened" not in await one.told()
        await one.press("quit")
        await one.until("start")
        assert await one.reason() == "changed"


@virtual_time
async def test_a_fee_that_changed_before_the_listing_is_the_one_that_is_told_and_paid() -> None:
    async with citizen(SetUp(), Wants(coins=(100, 100, 50))) as one:
        await one.to("card")
        one.parts.publish(dearer())
        await one.to("take")
        opened = await one.parts.journal.events("payment.opened")
        assert [entry.data["unit"] for entry in opened] == [250]


def dearer() -> Profile:
    """The resident record for 250 yen."""
    first, *others = load_profile(PROFILE).certificates
    fees = tuple(msgspec.structs.replace(fee, yen=250) for fee in first.fees)
    return profile(certificates=(msgspec.structs.replace(first, fees=fees), *others))

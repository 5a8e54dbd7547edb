"""Screens 12 to 15, the error pages and the kiosk's own states: their buttons are ours."""

import pytest

from daemon.face.texts import Texts
from daemon.issuance.messages import Municipality, Office
from daemon.session import screens
from daemon.session.screens import Amounts
from daemon.session.widgets import Screen, Table, Text, buttons
from tests.session.stage import ASSETS, StubSay

JAPANESE = Texts.load(ASSETS / "texts")("ja")
STUB = StubSay()


def table(screen: Screen) -> Table:
    (found,) = [widget for widget in screen.body if isinstance(widget, Table)]
    return found


def test_12_shows_due_paid_and_remaining() -> None:
    shown = screens.payment(STUB, Amounts(due=600, paid=100))
    assert table(shown).rows == (
        ("pay.due", "unit.yen n=600"),
        ("pay.paid", "unit.yen n=100"),
        ("pay.rest", "unit.yen n=500"),
    )
    assert [button.id for button in shown.buttons] == ["quit"]


def test_12_cannot_be_cancelled_once_the_fee_is_complete() -> None:
    shown = screens.payment(STUB, Amounts(due=600, paid=1000))
    assert shown.buttons == ()
    assert table(shown).rows[-1] == ("pay.change", "unit.yen n=400")


@pytest.mark.parametrize(
    ("exact_only", "rejected", "alerts"),
    [
        (False, False, []),
        (True, False, ["err.nochange"]),
        (False, True, ["pay.rejected"]),
        (True, True, ["pay.rejected", "err.nochange"]),
    ],
)
def test_12_says_when_change_is_out_and_when_a_coin_came_back(
    exact_only: bool, rejected: bool, alerts: list[str]
) -> None:
    shown = screens.payment(STUB, Amounts(600, 0, exact_only, rejected))
    assert [w.text for w in shown.body if isinstance(w, Text) and w.style == "alert"] == alerts


def test_12_says_what_the_catalogue_does_when_the_vendor_is_not_sure_of_a_coin() -> None:
    shown = screens.payment(STUB, Amounts(600, 0, exact=True, rejected=True, doubt="is it right?"))
    alerts = [w.text for w in shown.body if isinstance(w, Text) and w.style == "alert"]
    assert alerts == ["is it right?", "pay.rejected", "err.nochange"]


@pytest.mark.parametrize(
    "screen",
    [
        screens.reading(STUB),
        screens.preparing(STUB),
        screens.returning(STUB),
        screens.take_money(STUB, 400),
        screens.printing(STUB, 1, 3),
        screens.hold(STUB),
        screens.take(STUB, 3, forgotten=False, sensor=True),
        screens.receipt(STUB, "0000012", failed=False),
        screens.thanks(STUB),
        screens.card_left(STUB),
        screens.closed(STUB, "06:30", "23:00"),
        screens.out_of_service(STUB),
    ],
    ids=lambda screen: screen.name,
)
def test_while_the_machine_works_or_waits_for_a_hand_there_is_nothing_to_press(screen: Screen) -> None:
    assert buttons(screen) == []


def test_14_has_its_button_only_where_no_sensor_sees_the_paper() -> None:
    shown = screens.take(JAPANESE, 3, forgotten=False, sensor=False)
    assert [button.text for button in shown.buttons] == ["受け取りました"]


def test_a_receipt_that_failed_shows_its_number_instead() -> None:
    shown = screens.receipt(STUB, "0000012", failed=True)
    assert Text("0000012", "lead") in shown.body


def test_an_error_page_says_its_cause_and_names_the_offices_that_help() -> None:
    """R6."""
    office = Office("市民課", "広小路7-50", "0766-20-1333")
    takaoka = Municipality("162027", "富山県", "高岡市", (office,), "https://city.example/")
    shown = screens.error(STUB, "E1", ["err.card", "err.underage"], takaoka)
    assert [widget.text for widget in shown.body if isinstance(widget, Text)] == [
        "err.card",
        "err.underage",
        "err.offices  https://city.example/",
        "err.bring",
    ]
    assert table(shown).rows == (("市民課", "広小路7-50 0766-20-1333"),)
    assert [button.id for button in shown.buttons] == ["quit"]


@pytest.mark.parametrize("where", [None, Municipality("162027", "富山県", "高岡市")])
def test_an_error_page_without_offices_has_no_table(where: Municipality | None) -> None:
    shown = screens.error(STUB, "E5", ["err.timeout"], where)
    assert not [widget for widget in shown.body if isinstance(widget, Table)]

"""The fifteen steps as the manual tells them: these screens, in this order, with exactly these buttons."""

from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

LANGUAGES = [f"language.{code}" for code in ("ja", "en", "ko", "zh-Hans", "zh-Hant", "es", "pt")]
ITEMS = [f"item.{item}.{answer}" for item in ("head", "honseki", "mynumber") for answer in ("yes", "no")]
JUMINHYO = ("certificate", "scope", "items", "copies", "confirm", "payment")
INKAN = ("certificate", "copies", "confirm", "payment")


async def way(one: Citizen, last: str = "start") -> list[str]:
    """Goes to this screen; the names of those on the way, each once, without waiting pages."""
    seen = len(one.parts.face.shown)
    await one.to_the_end() if last == "start" else await one.to(last)
    names = dict.fromkeys(screen.name for screen in one.parts.face.shown[seen:])
    return [name for name in names if name not in ("reading", "preparing")]


# ---------------------------------------------------------------- the way


@virtual_time
async def test_the_way_of_a_juminhyo_has_fifteen_steps() -> None:
    async with citizen() as one:
        steps = ["services", "card", "municipality", "pin", "removal", *JUMINHYO, "printing", "take"]
        assert await way(one) == [*steps, "receipt", "thanks", "start"]
        assert await one.reason() == "complete"


@virtual_time
async def test_a_card_that_is_placed_first_leads_to_the_same_way() -> None:
    async with citizen() as one:
        one.place()
        await one.until("services")
        assert await way(one, "payment") == ["municipality", "pin", "removal", *JUMINHYO]


@virtual_time
async def test_an_inkan_certificate_needs_neither_kind_nor_items() -> None:
    async with citizen(wants=Wants(kind="inkan")) as one:
        await one.to("removal")
        assert await way(one, "payment") == list(INKAN)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_an_inkan_certificate_is_offered_only_to_whom_has_registered_a_seal() -> None:
    async with citizen(wants=Wants(card="hanako")) as one:
        await one.to("certificate")
        assert one.ids == ["quit", "confirm", "kind.juminhyo", "kind.koseki", "kind.fuhyo"]


BUTTONS = {
    "start": ["services"],
    "services": ["quit", "issue", "register"],
    "card": ["quit"],
    "municipality": ["quit", "confirm", "own", "other"],
    "pin": ["quit", "back"],
    "removal": ["quit"],
    "certificate": ["quit", "confirm", "kind.juminhyo", "kind.inkan", "kind.koseki", "kind.fuhyo"],
    "scope": ["quit", "back", "confirm", "scope.self", "scope.all", "scope.part"],
    "persons": ["quit", "back", "confirm", *(f"person.{at}" for at in range(4))],
    "items": ["quit", "back", "confirm", *ITEMS],
    "copies": ["quit", "back", "confirm"],
    "confirm": ["quit", "back", "confirm"],
    "payment": ["quit"],
    "printing": [],
    "take": [],
    "receipt": [],
}


@virtual_time
async def test_every_screen_has_exactly_its_buttons() -> None:
    async with citizen(wants=Wants(scope="part", names=(1,))) as one:
        await one.to_the_end()
        shown = {screen.name: screen for screen in reversed(one.parts.face.shown)}
        for name, wanted in BUTTONS.items():
            one.face.shown.append(shown[name])
            assert sorted(one.ids) == sorted(wanted), name
        with_languages = [name for name, screen in shown.items() if screen.languages]
        assert sorted(with_languages) == ["municipality", "removal"]


@virtual_time
async def test_the_language_list_has_seven_in_the_order_of_the_manual() -> None:
    async with citizen() as one:
        await one.to("municipality")
        assert [button.id for button in one.sees.languages] == LANGUAGES


# ---------------------------------------------------------------- 4 to 6


@virtual_time
async def test_a_language_of_screen_4_holds_to_the_end_and_is_japanese_again_afterwards() -> None:
    async with citizen() as one:
        await one.to("municipality")
        await one.press("language.en")
        await one.to("take")
        assert one.sees.language == "en"
        await one.to("start")
        assert one.sees.language == "ja"
        await one.to("card")
        assert one.sees.language == "ja"


@virtual_time
async def test_the_language_can_be_chosen_on_screen_6_too() -> None:
    async with citizen() as one:
        await one.to("removal")
        await one.press("language.pt")
        assert (one.sees.name, one.sees.language) == ("removal", "pt")
        await one.to("confirm")
        assert one.sees.language == "pt"


@virtual_time
async def test_the_pin_is_verified_on_the_fourth_digit_and_shown_as_asterisks() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("123")
        assert "***" in one.texts
        await one.type("4")
        assert await one.until("removal")


@virtual_time
async def test_correction_clears_the_whole_pin() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("99")
        await one.press("key.clear")
        assert "" in one.texts
        await one.type("1234")
        assert await one.until("removal")


@virtual_time
async def test_back_from_the_pin_leads_to_the_municipality_with_its_choice_kept() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("12")
        await one.press("back")
        assert one.sees.name == "municipality"
        assert "own" in one.chosen


@virtual_time
async def test_screen_6_goes_on_only_when_the_card_is_gone() -> None:
    async with citizen() as one:
        await one.to("removal")
        await one.rest(100)
        assert one.sees.name == "removal"
        assert one.heard.count("card.remove") > 1
        await one.take_card()
        assert one.sees.name == "certificate"


@virtual_time
async def test_another_municipality_that_the_center_does_not_serve_is_refused_with_its_reason() -> None:
    async with citizen(wants=Wants(card="ryoko")) as one:
        await one.to("municipality")
        await one.press("other", "confirm")
        await one.type("1234")
        await one.until("error.unavailable")
        assert "err.register" in one.texts


@virtual_time
async def test_a_registration_for_koseki_certificates_is_refused_where_the_honseki_offers_none() -> None:
    async with citizen(wants=Wants(card="ryoko")) as one:
        await one.to("services")
        await one.press("register")
        one.place()
        await one.until("registration")
        await one.press("confirm")
        await one.type("1234")
        await one.until("error.unavailable")
        assert "err.register" in one.texts
        await one.press("quit")
        await one.take_card()
        await one.until("start")


# ---------------------------------------------------------------- 12 to 15


@virtual_time
async def test_several_copies_are_a_print_job_each_and_a_number_each() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("take")
        assert len(set(one.printed)) == 3
        assert len(one.parts.printer.jobs) == 3
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 3


@virtual_time
async def test_screen_12_tells_due_paid_and_remaining() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 50)
        table = {"pay.due": "unit.yen n=600", "pay.paid": "unit.yen n=150", "pay.rest": "unit.yen n=450"}
        assert one.table == table


@virtual_time
async def test_nothing_is_accepted_before_screen_12() -> None:
    async with citizen() as one:
        await one.to("confirm")
        assert one.parts.bus.insert(100) == "inhibited"


@virtual_time
async def test_an_overpayment_gives_its_change_after_printing() -> None:
    async with citizen(wants=Wants(coins=(500,))) as one:
        await one.to("payment")
        names = await way(one)
        assert names == [
            "payment",
            "printing",
            "returning",
            "take-money",
            "take",
            "receipt",
            "thanks",
            "start",
        ]
        assert sorted(one.parts.bus.take_tray()) == [100, 100, 100]


@virtual_time
async def test_exact_money_gives_no_change() -> None:
    async with citizen() as one:
        await one.to_the_end()
        assert one.parts.bus.take_tray() == []
        assert "payout.intent" not in await one.told()


@virtual_time
async def test_the_paper_is_asked_for_by_screen_and_voice_until_it_is_taken() -> None:
    async with citizen() as one:
        await one.to("take")
        await one.rest(30)
        assert one.sees.name == "take"
        assert one.heard.count("take.cert") > 2
        await one.take_paper()
        assert one.sees.name == "receipt"


@virtual_time
async def test_where_the_tray_has_no_sensor_the_citizen_says_that_he_has_the_paper() -> None:
    async with citizen(SetUp(sensor=False)) as one:
        await one.to("take")
        assert one.ids == ["taken"]
        await one.take_paper()
        assert one.sees.name == "take"
        await one.press("taken")
        assert one.sees.name == "receipt"


@virtual_time
async def test_a_receipt_comes_out() -> None:
    """R40."""
    async with citizen() as one:
        await one.to("receipt")
        assert len(one.parts.receipts.take()) == 1
        assert "receipt.printed" in await one.told()

"""What a citizen hears: each step once, an alert until its cause is gone, never a digit or a name."""

from tests.flow.citizen import Wants, citizen
from tests.session.stage import virtual_time

STEPS = [
    "menu.prompt",
    "card.place",
    "muni.prompt",
    "pin.prompt",
    "card.remove",
    "muni.prompt",
    "scope.prompt",
    "items.prompt",
    "copies.prompt",
    "confirm.prompt",
    "say.pay",
    "print.wait",
    "take.cert",
    "take.receipt",
    "done.thanks",
]


@virtual_time
async def test_every_step_is_announced_once() -> None:
    async with citizen(wants=Wants(copies=3, items=("mynumber",))) as one:
        await one.to_the_end()
        assert one.heard == STEPS


@virtual_time
async def test_change_is_announced_too() -> None:
    async with citizen(wants=Wants(coins=(500,))) as one:
        await one.to_the_end()
        at = one.heard.index("print.wait")
        assert one.heard[at + 1 : at + 3] == ["pay.take_change", "take.cert"]


@virtual_time
async def test_each_wrong_pin_is_told_and_the_digits_are_silent() -> None:
    async with citizen() as one:
        await one.to("pin")
        for pin in ("0000", "1111"):
            await one.type(pin)
        await one.type("1234")
        await one.until("removal")
        at = one.heard.index("pin.prompt")
        assert one.heard[at:] == ["pin.prompt", "err.pin_wrong", "err.pin_wrong", "card.remove"]


@virtual_time
async def test_a_new_language_is_heard_at_once() -> None:
    async with citizen() as one:
        await one.to("municipality")
        await one.press("language.ko", "own", "language.es")
        assert one.heard[-3:] == ["muni.prompt"] * 3


@virtual_time
async def test_a_card_that_stays_is_asked_for_until_it_is_taken() -> None:
    async with citizen() as one:
        await one.to("removal")
        at = len(one.heard)
        await one.rest(100)
        assert one.heard[at - 1 :] == ["card.remove"] * 3 + ["card.forgotten"] * 6
        await one.take_card()
        said = len(one.heard)
        await one.rest(100)
        assert one.heard[said:] == []


@virtual_time
async def test_staff_are_called_until_the_printer_goes_on() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.load_paper(0)
        await one.to("hold")
        await one.rest(100)
        assert one.heard.count("print.hold") > 7
        one.parts.printer.load_paper()
        await one.to("take")
        assert one.heard[-2:] == ["print.wait", "take.cert"]


@virtual_time
async def test_an_error_is_told_once() -> None:
    async with citizen(wants=Wants(card="kenta")) as one:
        await one.to("error.E1")
        await one.rest(19)
        assert one.heard.count("err.card") == 1


@virtual_time
async def test_the_empty_shop_is_quiet() -> None:
    async with citizen() as one:
        await one.rest(3600)
        assert one.heard == []

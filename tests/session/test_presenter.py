"""How a screen is presented: icons, pages, focus and keys of a keypad, guidance, the countdown before E5."""

import asyncio
from dataclasses import replace

import pytest

from daemon.session import reading, screens
from daemon.session.access import LOUDNESS, Access
from daemon.session.desk import IdleTimeout, Limits
from daemon.session.keys import Meaning, meaning
from daemon.session.presenter import Aids
from daemon.session.reading import Line
from daemon.session.widgets import Button, Choices, Screen
from hal.events import KeyPressed, Touched
from tests.session.stage import FIRST, SECOND, DeskStage, StubSay, begun, now, page, settled, virtual_time

SAY = StubSay()
THREE = Screen(
    "three",
    "ja",
    "",
    (Choices(tuple(Button(key, f"scope.{key}", "choice") for key in ("self", "all", "part"))),),
    buttons=(Button("quit", "btn.finish"), Button("confirm", "btn.confirm", "primary", enabled=False)),
    spoken="scope.prompt",
)
ORDER = ("self", "all", "part", "quit", "access.large", "access.contrast", "access.voice", "access.time")


async def keys(stage: DeskStage, *pressed: str) -> None:
    for key in pressed:
        stage.desk.post(KeyPressed(key))
        await settled()


# ---------------------------------------------------------------- what a key means


@pytest.mark.parametrize(
    ("key", "focus", "meant"),
    [
        ("next", "", Meaning("focus", "self")),
        ("next", "self", Meaning("focus", "all")),
        ("next", "access.time", Meaning("focus", "self")),
        ("previous", "self", Meaning("focus", "access.time")),
        ("2", "", Meaning("focus", "all")),
        ("4", "", Meaning("nothing")),
        ("0", "", Meaning("nothing")),
        ("enter", "", Meaning("focus", "self")),
        ("enter", "part", Meaning("press", "part")),
        ("enter", "access.voice", Meaning("press", "access.voice")),
        ("clear", "self", Meaning("nothing")),
        ("back", "self", Meaning("nothing")),
        ("help", "self", Meaning("help")),
    ],
)
def test_what_a_key_means_on_a_screen_of_choices(key: str, focus: str, meant: Meaning) -> None:
    assert meaning(key, THREE, ORDER, focus) == meant


def test_where_there_are_digits_a_digit_types_and_clear_corrects() -> None:
    screen = screens.copies(SAY, "1", 10, False)
    order = [*(f"key.{digit}" for digit in "1234567890"), "key.clear", "quit", "back", "confirm"]
    assert meaning("7", screen, order, "quit") == Meaning("press", "key.7")
    assert meaning("clear", screen, order, "") == Meaning("press", "key.clear")
    assert meaning("back", screen, order, "") == Meaning("press", "back")


def test_enter_closes_a_screen_without_buttons_like_a_touch() -> None:
    assert meaning("enter", screens.thanks(SAY), ("access.large",), "") == Meaning("touch")


def test_a_disabled_button_is_never_reached() -> None:
    assert "confirm" not in ORDER
    walked = [meaning("next", THREE, ORDER, focus).id for focus in ORDER]
    assert set(walked) == set(ORDER)


# ---------------------------------------------------------------- focus


@virtual_time
async def test_the_focus_is_seen_after_the_first_key_and_goes_with_a_touch() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(THREE))
    await begun(asking)
    assert stage.face.view.focus == ""
    await keys(stage, "next", "next")
    assert stage.face.view.focus == "all"
    stage.citizen.down("self")
    assert stage.face.view.focus == ""
    asking.cancel()


@virtual_time
async def test_enter_presses_what_has_the_focus() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(THREE))
    await begun(asking)
    await keys(stage, "3", "enter")
    assert await asking == "part"


@virtual_time
async def test_the_next_screen_begins_with_its_first_button_in_focus() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(THREE))
    await begun(asking)
    await keys(stage, "2", "enter")
    await asking
    asking = asyncio.create_task(stage.desk.ask(SECOND))
    await begun(asking)
    assert stage.face.view.focus == "quit"
    asking.cancel()


@virtual_time
async def test_a_key_of_the_last_screen_does_nothing_on_this_one() -> None:
    """P10 for keys."""
    stage = DeskStage()
    stage.desk.show(FIRST)
    await keys(stage, "next", "next", "enter")
    asking = asyncio.create_task(stage.desk.ask(SECOND))
    await begun(asking)
    asking.cancel()


def test_a_key_is_not_told_to_any_log() -> None:
    """It may be a digit of the PIN."""
    assert "7" not in repr(KeyPressed("7"))


# ---------------------------------------------------------------- icons and pages


@virtual_time
async def test_the_icons_are_no_business_of_the_session() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    for icon in ("access.large", "access.contrast", "access.time"):
        stage.citizen.tap(icon)
    await begun(asking)
    assert (stage.face.view.large, stage.face.view.strong) == (True, True)
    assert [button.chosen for button in stage.face.view.header] == [True, True, False, True]
    asking.cancel()


@virtual_time
async def test_what_was_chosen_holds_for_the_session_and_not_for_the_next_citizen() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    stage.citizen.tap("access.large")
    stage.desk.show(SECOND)
    assert stage.face.view.large
    stage.desk.end()
    stage.desk.show(FIRST)
    assert not stage.face.view.large


@virtual_time
async def test_what_was_set_at_the_start_menu_is_set_back_when_nobody_goes_on() -> None:
    stage = DeskStage()
    stage.desk.end()
    stage.desk.show(FIRST)
    stage.citizen.tap("access.contrast")
    await asyncio.sleep(59)
    assert stage.face.view.strong
    await asyncio.sleep(2)
    assert not stage.face.view.strong


@virtual_time
async def test_what_was_set_at_the_start_menu_is_there_in_the_session_it_begins() -> None:
    stage = DeskStage()
    stage.desk.end()
    stage.desk.show(FIRST)
    stage.citizen.tap("access.large")
    stage.desk.begin()
    await asyncio.sleep(100)
    stage.desk.show(SECOND)
    assert stage.face.view.large


@virtual_time
async def test_pages_are_turned_by_their_buttons_and_a_new_screen_begins_with_the_first() -> None:
    stage = DeskStage()
    stage.face.pages = 3
    stage.desk.show(FIRST)
    presenter = stage.desk._presenter
    for _ in range(4):
        assert presenter.takes("page.next")
    assert stage.face.view.page == 2
    assert presenter.takes("page.previous")
    assert stage.face.view.page == 1
    stage.desk.show(SECOND)
    assert stage.face.view.page == 0


# ---------------------------------------------------------------- time


@virtual_time
async def test_the_last_thirty_seconds_are_counted_on_the_glass() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(269)
    assert stage.face.shown[-1] == FIRST
    await asyncio.sleep(2)
    assert stage.face.shown[-1].name == "timeout"
    with pytest.raises(IdleTimeout):
        await asking
    assert now() == pytest.approx(300)
    counted = [screen for screen in stage.face.shown if screen.name == "timeout"]
    assert len(counted) == 30
    assert [said for _, said in stage.spoken] == ["timeout.soon"]


@pytest.mark.parametrize("button", ["continue", "access.large", "more"])
@virtual_time
async def test_any_press_goes_on_with_the_screen_that_stood_there(button: str) -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(290)
    stage.citizen.tap(button)
    await settled()
    assert stage.face.shown[-1] == FIRST
    await asyncio.sleep(200)
    assert not asking.done()
    asking.cancel()


@virtual_time
async def test_a_finger_may_lie_on_the_countdown_while_it_counts() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(290)
    stage.citizen.down("more")
    await asyncio.sleep(1.5)
    assert stage.face.shown[-1].name == "timeout"
    stage.citizen.up("more")
    await settled()
    assert stage.face.shown[-1] == FIRST
    with pytest.raises(IdleTimeout):
        await asking
    assert now() == pytest.approx(291.5 + 600)


@virtual_time
async def test_more_time_doubles_every_limit_of_the_session() -> None:
    stage = DeskStage(Limits(session=700))
    stage.desk.show(FIRST)
    stage.citizen.tap("access.time")
    began = now()
    with pytest.raises(IdleTimeout):
        await stage.desk.ask(SECOND)
    assert now() - began == pytest.approx(600)
    await stage.desk.linger(FIRST, 20)
    assert now() - began == pytest.approx(640)


@virtual_time
async def test_the_countdown_can_be_answered_by_keys_alone() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(290)
    await keys(stage, "next")
    assert stage.face.shown[-1].name == "timeout"
    assert stage.face.view.focus == "more"
    await keys(stage, "enter")
    assert stage.face.shown[-1] == FIRST
    assert stage.face.view.header[3].chosen
    asking.cancel()


# ---------------------------------------------------------------- guidance


def guided(stage: DeskStage) -> DeskStage:
    """With guidance on, and what it has said about itself forgotten."""
    stage.citizen.tap("access.voice")
    stage.read.clear()
    return stage


@virtual_time
async def test_guidance_is_off_until_it_is_asked_for() -> None:
    stage = DeskStage()
    stage.desk.show(THREE)
    await asyncio.sleep(30)
    assert stage.read == []
    assert [said for _, said in stage.spoken] == ["scope.prompt"]


@virtual_time
async def test_the_help_key_begins_it_and_then_reads_again() -> None:
    stage = DeskStage()
    stage.desk.show(THREE)
    await keys(stage, "help")
    await asyncio.sleep(10)
    assert stage.read[:2] == ["say.guided", "scope.prompt"]
    stage.read.clear()
    await keys(stage, "help")
    assert stage.read == ["scope.prompt"]


@virtual_time
async def test_each_screen_is_read_and_then_the_button_in_focus() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    guided(stage)
    await keys(stage, "next")
    stage.read.clear()
    stage.desk.show(THREE)
    await asyncio.sleep(10)
    assert stage.read == ["scope.prompt", "scope.self", "say.not_chosen"]


@virtual_time
async def test_a_key_cuts_the_reading_off_and_reads_what_it_leads_to() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    guided(stage)
    stage.desk.show(THREE)
    await keys(stage, "2")
    await asyncio.sleep(10)
    assert stage.read == ["scope.prompt", "scope.all", "say.not_chosen"]


@virtual_time
async def test_a_choice_that_was_made_is_told() -> None:
    stage = DeskStage()
    stage.desk.show(THREE)
    guided(stage)
    await keys(stage, "1")
    stage.read.clear()
    (choices,) = THREE.body
    assert isinstance(choices, Choices)
    chosen = replace(choices, buttons=(replace(choices.buttons[0], chosen=True), *choices.buttons[1:]))
    stage.desk.show(replace(THREE, body=(chosen,)))
    await asyncio.sleep(5)
    assert stage.read == ["scope.self", "say.chosen"]


@virtual_time
async def test_no_digit_of_a_pin_is_ever_said() -> None:
    """Neither typed on the glass nor on the keypad, nor when a key of the glass has the focus."""
    stage = DeskStage()
    stage.desk.show(screens.pin(SAY, 0, 3, False))
    guided(stage)
    for digit in "0123456789":
        await keys(stage, digit)
        stage.citizen.tap(f"key.{digit}")
    for _ in range(20):
        await keys(stage, "next")
        await asyncio.sleep(3)
    assert "say.entered" in stage.read
    assert "say.number" in stage.read
    assert not [key for key in stage.read if key.startswith("digit.")]


@virtual_time
async def test_the_digits_of_the_copies_are_said() -> None:
    stage = DeskStage()
    stage.desk.show(screens.copies(SAY, "1", 10, False))
    guided(stage)
    await keys(stage, "3", "clear")
    assert stage.read == ["digit.3", "say.cleared"]


@virtual_time
async def test_a_name_is_never_said() -> None:
    stage = DeskStage()
    name = Button("person.0", "山田 太郎", "choice")
    stage.desk.show(Screen("persons", "ja", "", (Choices((name,)),)))
    guided(stage)
    await keys(stage, "1")
    await asyncio.sleep(5)
    assert stage.read == ["say.name", "say.not_chosen"]


@virtual_time
async def test_a_language_is_said_in_itself() -> None:
    heard: list[tuple[str, str]] = []
    stage = DeskStage()
    presenter = stage.desk._presenter
    presenter._guide._say = lambda key, language: heard.append((key, language))
    stage.desk.show(screens.removal(SAY))
    guided(stage)
    await keys(stage, "3")
    while stage.face.view.focus != "language.ko":
        await keys(stage, "next")
    assert heard[-1] == ("say.language", "ko")


@virtual_time
async def test_each_press_of_the_voice_is_louder_and_the_last_is_silence() -> None:
    set_to: list[int | None] = []
    stage = DeskStage()
    presenter = stage.desk._presenter
    presenter._aids = Aids(StubSay, lambda *_: None, lambda *_: 1.0, lambda *_: None, set_to.append)
    stage.desk.show(FIRST)
    for _ in range(4):
        stage.citizen.tap("access.voice")
    assert set_to == [*LOUDNESS[1:], None]
    assert presenter.access == Access()


@virtual_time
async def test_the_loudness_is_reset_after_the_session() -> None:
    set_to: list[int | None] = []
    stage = DeskStage()
    presenter = stage.desk._presenter
    presenter._aids = Aids(StubSay, lambda *_: None, lambda *_: 1.0, lambda *_: None, set_to.append)
    stage.desk.show(FIRST)
    stage.citizen.tap("access.voice")
    stage.desk.end()
    assert set_to == [60, None]
    assert not presenter.access.guided


@virtual_time
async def test_an_alert_goes_on_insisting_under_guidance() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    guided(stage)
    stage.desk.show(page("hold"))
    stage.desk.show(screens.hold(SAY))
    await asyncio.sleep(50)
    assert stage.read.count("print.hold") == 4


@virtual_time
async def test_an_alert_that_insists_lets_everything_be_read_to_its_end() -> None:
    """Screen 6 is longer than the time between two alerts: every line comes once, then only the alert."""
    stage = DeskStage(Limits(repeat=3))
    stage.desk.show(FIRST)
    guided(stage)
    await keys(stage, "next")
    stage.read.clear()
    stage.desk.show(screens.removal(SAY))
    whole = len(reading.of_screen(screens.removal(SAY), 1, stage.desk._presenter._aids.known))
    assert whole * 1.25 > 3
    await asyncio.sleep(60)
    alert = screens.removal(SAY).spoken
    assert len(stage.read) > whole + 5
    assert set(stage.read[whole + 2 :]) == {alert}
    assert len(set(stage.read[:whole])) == whole


@virtual_time
async def test_an_alert_does_not_speak_into_the_keys_of_somebody_who_looks_around() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    guided(stage)
    stage.desk.show(screens.hold(SAY))
    await asyncio.sleep(10)
    stage.read.clear()
    for _ in range(5):
        await keys(stage, "next")
        await asyncio.sleep(8)
    assert "print.hold" not in stage.read
    await asyncio.sleep(6)
    assert stage.read[-1] == "print.hold"


@pytest.mark.parametrize("key", ["clear", "back", "0", ""])
@virtual_time
async def test_every_key_and_touch_ends_the_reading(key: str) -> None:
    """5.1.3.4, also where the key means nothing. "": a touch beside every button."""
    stage = DeskStage()
    stage.desk.show(FIRST)
    guided(stage)
    stage.desk.show(THREE)
    await keys(stage, "help")
    stage.read.clear()
    stage.desk._presenter._guide.read([Line("scope.prompt", "ja"), Line("scope.self", "ja")])
    if key:
        await keys(stage, key)
    else:
        stage.desk.post(Touched(99, 0, down=True))
    await asyncio.sleep(10)
    assert stage.read == ["scope.prompt"]


# ---------------------------------------------------------------- where the focus stays


def copies(typed: str) -> Screen:
    return screens.copies(SAY, typed, 10, False)


@virtual_time
async def test_the_focus_waits_on_a_button_that_cannot_be_pressed_for_now() -> None:
    stage = DeskStage()
    stage.desk.show(copies("1"))
    while stage.face.view.focus != "confirm":
        await keys(stage, "previous")
    stage.desk.show(copies(""))
    assert stage.face.view.focus == "confirm"
    stage.desk.show(copies("3"))
    assert stage.desk._presenter.key("enter") == "confirm"


@virtual_time
async def test_a_page_that_was_turned_to_is_told_and_the_focus_begins_on_it() -> None:
    stage = DeskStage()
    stage.face.pages = 2
    stage.desk.show(THREE)
    guided(stage)
    await keys(stage, "next", "next")
    await asyncio.sleep(10)
    stage.read.clear()
    stage.desk._presenter.takes("page.next")
    await asyncio.sleep(10)
    assert stage.read == ["scope.self", "say.not_chosen", "page.previous"]


@virtual_time
async def test_under_guidance_the_countdown_is_read_with_the_button_that_goes_on() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(THREE))
    await begun(asking)
    guided(stage)
    await keys(stage, "next")
    await asyncio.sleep(200)
    stage.read.clear()
    await asyncio.sleep(85)
    assert stage.face.view.focus == "continue"
    assert (stage.read[0], stage.read[-1]) == ("timeout.soon", "btn.continue")
    asking.cancel()


@virtual_time
async def test_after_the_countdown_page_and_focus_are_where_they_were() -> None:
    stage = DeskStage()
    stage.face.pages = 3
    asking = asyncio.create_task(stage.desk.ask(THREE))
    await begun(asking)
    stage.desk._presenter.takes("page.next")
    await keys(stage, "2")
    await asyncio.sleep(290)
    assert (stage.face.view.page, stage.face.view.focus) == (0, "continue")
    await keys(stage, "enter")
    assert stage.face.shown[-1] == THREE
    assert (stage.face.view.page, stage.face.view.focus) == (1, "all")
    asking.cancel()

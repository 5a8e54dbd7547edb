"""Screens 1 to 6: the card comes and goes. Rows of buttons to the letter of the seed (REQUIREMENTS §1)."""

from daemon.issuance.messages import Purpose
from daemon.session.screens.common import (
    Say,
    Urgency,
    back_button,
    choices,
    confirm_button,
    forgotten_card,
    language_buttons,
    quit_button,
)
from daemon.session.widgets import (
    Button,
    Choices,
    Described,
    Field,
    Keypad,
    Picture,
    Screen,
    Text,
)


def start(say: Say) -> Screen:
    """1: the start menu."""
    return Screen(
        "start",
        say.language,
        say("menu.title"),
        (Picture("card-place"), Choices((Button("services", say("service.start"), "choice"),))),
        prompt=say("menu.prompt"),
    )


def services(say: Say) -> Screen:
    """2: certificates, or the registration for koseki certificates; each button left of its description."""
    issue = Described(Button("issue", say("menu.issue"), "choice"), say("menu.issue.desc"))
    register = Described(
        Button("register", say("menu.register"), "choice"),
        say("menu.register.desc"),
        (say("menu.register.note1"), say("menu.register.note2", days=5)),
    )
    return Screen(
        "services",
        say.language,
        say("menu.title"),
        (issue, register),
        prompt=say("menu.prompt"),
        buttons=(Button("quit", say("btn.quit_menu")),),
        spoken="menu.prompt",
    )


def card(say: Say, lift: bool = False) -> Screen:
    """3: place the card. lift: the last one could not be read; lift it and place it again."""
    hint = (Text(say("card.lift"), "alert"),) if lift else ()
    return Screen(
        "card",
        say.language,
        say("title.issue"),
        (Picture("card-place"), *hint),
        prompt=say("card.place"),
        buttons=(quit_button(say),),
        spoken="card.lift" if lift else "card.place",
    )


def reading(say: Say) -> Screen:
    """3: the card is being read."""
    body = (Picture("wait"), Text(say("card.reading"), "lead"))
    return Screen("reading", say.language, say("title.issue"), body)


def municipality(say: Say, chosen: Purpose | None) -> Screen:
    """4: whose certificates: of the municipality of the 住所, or of that of the 本籍."""
    button = {"residence": "own", "honseki": "other"}.get(chosen or "")
    options = choices((("own", say("muni.own")), ("other", say("muni.other"))), button)
    return Screen(
        "municipality",
        say.language,
        say("title.issue"),
        (Choices(options.buttons, note=say("muni.other.note")),),
        prompt=say("muni.prompt"),
        buttons=(quit_button(say), confirm_button(say, chosen is not None)),
        languages=language_buttons(say),
        spoken="muni.prompt",
    )


def pin(say: Say, digits: int, tries_left: int | None, wrong: bool) -> Screen:
    """5: the PIN, shown as asterisks; the fourth digit verifies. wrong: E2 stands above the field."""
    alert = say("err.pin_wrong") if wrong else ""
    if tries_left == 1:
        alert = (alert + "\n" if alert else "") + say("pin.last")
    elif wrong and tries_left:
        alert += "\n" + say("pin.left", n=tries_left)
    return Screen(
        "pin",
        say.language,
        say("title.issue"),
        (
            Field(say("pin.label"), "*" * digits, hint=say("pin.help"), alert=alert),
            Keypad(say("btn.correct")),
        ),
        prompt=say("pin.prompt"),
        buttons=(quit_button(say), back_button(say)),
        spoken="err.pin_wrong" if wrong else "pin.prompt" if not digits else None,
    )


def removal(say: Say, urgency: Urgency = "asked") -> Screen:
    """6: the card goes home before anything else happens."""
    return Screen(
        "removal",
        say.language,
        say("title.issue"),
        (Picture("card-take"), *forgotten_card(say, urgency), Text(say("card.keep"))),
        prompt=say("card.remove"),
        buttons=(Button("quit", say("btn.cancel")),),
        languages=language_buttons(say),
        spoken="card.remove" if urgency == "asked" else "card.forgotten",
        insists=True,
        urgent=urgency != "asked",
    )

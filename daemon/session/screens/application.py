"""戸籍証明書交付の利用登録申請 (R41). T does not show it: texts and buttons are ours, in its frame."""

from datetime import date

from daemon.issuance.messages import Municipality
from daemon.session.screens.common import Say, confirm_button, language_buttons, quit_button
from daemon.session.widgets import Picture, Screen, Table, Text


def registration(say: Say) -> Screen:
    """In place of 4: what the registration is, and in which language to go on."""
    return Screen(
        "registration",
        say.language,
        say("menu.register"),
        (Text(say("reg.explain"), "lead"), Text(say("menu.register.note1"), "note")),
        prompt=say("reg.prompt"),
        buttons=(quit_button(say), confirm_button(say)),
        languages=language_buttons(say),
        spoken="reg.prompt",
    )


def apply(say: Say, at: Municipality, days: int) -> Screen:
    """Once the card is back: where the application goes, and how long it takes."""
    where = f"{at.prefecture}{at.name}"
    rows = (
        (say("reg.where"), where),
        (say("reg.takes"), say("reg.days", n=days)),
    )
    return Screen(
        "apply",
        say.language,
        say("menu.register"),
        (Table(rows, japanese=frozenset((where,))),),
        prompt=say("reg.apply"),
        buttons=(quit_button(say), confirm_button(say)),
        spoken="reg.apply",
    )


def applying(say: Say) -> Screen:
    """The application is on its way."""
    body = (Picture("wait"), Text(say("reg.sending"), "lead"))
    return Screen("applying", say.language, say("menu.register"), body)


def applied(say: Say, at: Municipality, days: int, ready: date) -> Screen:
    """It was taken; from which day on certificates can be had."""
    where = f"{at.prefecture}{at.name}"
    rows = (
        (say("reg.where"), where),
        (say("reg.takes"), say("reg.days", n=days)),
    )
    then = Text(say("reg.ready", month=ready.month, day=ready.day), "lead")
    return Screen(
        "applied",
        say.language,
        say("menu.register"),
        (Table(rows, japanese=frozenset((where,))), then),
        prompt=say("reg.done"),
        buttons=(quit_button(say),),
        spoken="reg.done",
    )

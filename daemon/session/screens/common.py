"""What several screens share: the texts in one language, and the buttons of the seed's rows."""

from collections.abc import Sequence
from typing import Literal, Protocol

from daemon.session.widgets import (
    Button,
    Choices,
    Text,
)

Urgency = Literal["asked", "louder", "staff"]
"""How long a card that has to go lies there: it was asked for, asked for loudly, staff are called."""

LANGUAGES = {
    "ja": "日本語",
    "en": "English",
    "ko": "한국어",
    "zh-Hans": "中文(简体字)",
    "zh-Hant": "中文(繁體字)",
    "es": "Español",
    "pt": "Português",
}


class Say(Protocol):
    """The texts in one language."""

    @property
    def language(self) -> str: ...

    def __call__(self, key: str, **values: object) -> str: ...


def quit_button(say: Say) -> Button:
    return Button("quit", say("btn.finish"))


def back_button(say: Say) -> Button:
    return Button("back", say("btn.back"))


def confirm_button(say: Say, enabled: bool = True) -> Button:
    return Button("confirm", say("btn.confirm"), "primary", enabled)


def language_buttons(say: Say) -> tuple[Button, ...]:
    return tuple(
        Button(f"language.{code}", name, "choice", chosen=code == say.language)
        for code, name in LANGUAGES.items()
    )


def choices(options: Sequence[tuple[str, str]], chosen: str | None) -> Choices:
    return Choices(tuple(Button(key, text, "choice", chosen=key == chosen) for key, text in options))


def forgotten_card(say: Say, urgency: Urgency) -> tuple[Text, ...]:
    """What stands on a screen beside the request to take the card."""
    told = () if urgency == "asked" else (Text(say("card.forgotten"), "alert"),)
    return (*told, Text(say("card.staff"), "alert")) if urgency == "staff" else told

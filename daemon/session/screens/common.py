"""What several screens share: the texts in one language, and the buttons of the seed's rows."""

from collections.abc import Sequence
from typing import Protocol

from daemon.session.widgets import (
    Button,
    Choices,
)

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

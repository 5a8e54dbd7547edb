"""What joins voice guidance to this kiosk: which clip says a text, how long it lasts, who plays it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from daemon.config import ASSETS
from daemon.face.texts import LANGUAGES, Texts
from daemon.session.presenter import Aids
from daemon.session.spoken import SPOKEN, Spoken
from hal.contracts import Voice

UNKNOWN_SECONDS = 6.0
"""A clip of which nobody has written down how long it is."""


def aids(texts: Texts, voice: Voice) -> Aids:
    """For the presenter. Raises OSError: there is no manifest of the clips."""
    known = {language: _clips(texts, language) for language in LANGUAGES}
    lengths = clip_lengths(ASSETS / "voice" / "manifest.toml")

    return Aids(
        texts=texts,
        say=voice.say,
        seconds=lambda key, language: lengths.get((language, key), UNKNOWN_SECONDS),
        known=lambda language, text: known[language].get(text),
        volume=voice.volume,
    )


def clip_lengths(manifest: Path) -> Mapping[tuple[str, str], float]:
    """(language, key) → seconds."""
    table = tomllib.loads(manifest.read_text("utf-8"))
    return {(code, key): clip["seconds"] for code, clips in table.items() for key, clip in clips.items()}


def _clips(texts: Texts, language: str) -> dict[str, Spoken]:
    """Text → the clip that says it."""
    return {texts.text(key, language): key for key in reversed(SPOKEN)}

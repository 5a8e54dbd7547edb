"""What the kiosk says, in seven languages: ``assets/texts/*.toml``, one flat table a language.

All languages have the same keys, and each key the same placeholders: checked when the files are loaded, so
that no citizen is ever shown a half-translated screen. A value called ``month`` is a number from 1 to 12 and
appears as the language writes months (``month.1`` … ``month.12``).
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("ja", "en", "ko", "zh-Hans", "zh-Hant", "es", "pt")
REFERENCE = "ja"


class TextsError(ValueError):
    """The files do not fit together; the text names file, key and what differs."""


@dataclass(frozen=True)
class Speech:
    """The texts in one language (``screens.Say``)."""

    language: str
    _texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of this key. Raises KeyError: no such key, or a placeholder without a value."""
        if "month" in values:
            values["month"] = self._texts[f"month.{values['month']}"]
        return self._texts[key].format(**values)


class Texts:
    """All languages. Called with a language it gives its ``Speech``."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """tables: language → key → text. Raises TextsError."""
        faults = list(_faults(tables))
        if faults:
            raise TextsError("\n".join(faults))
        self._speeches = {language: Speech(language, tables[language]) for language in LANGUAGES}

    @classmethod
    def load(cls, directory: Path) -> "Texts":
        """Reads ``<language>.toml`` of every language. Raises TextsError."""
        return cls({language: _read(directory / f"{language}.toml") for language in LANGUAGES})

    def __call__(self, language: str) -> Speech:
        return self._speeches[language]

    def text(self, key: str, language: str, **values: object) -> str:
        """The text of this key in this language. Raises KeyError."""
        return self._speeches[language](key, **values)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._speeches[REFERENCE]._texts)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError (a brace alone)."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _read(path: Path) -> Mapping[str, str]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TextsError(f"{path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise TextsError(f"{path}: not TOML: {error}") from None
    wrong = [key for key, text in table.items() if not isinstance(text, str)]
    if wrong:
        raise TextsError(f'{path}: {wrong[0]}: a key is written flat, "{wrong[0]}.…" = "text"')
    return table


def _faults(tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    missing = [language for language in LANGUAGES if language not in tables]
    if missing:
        yield f"no texts at all in {', '.join(missing)}"
        return
    reference = tables[REFERENCE]
    for language in LANGUAGES:
        yield from _differences(language, tables[language], reference)


def _differences(language: str, table: Mapping[str, str], reference: Mapping[str, str]) -> Iterator[str]:
    for key in reference.keys() - table.keys():
        yield f"{language}.toml: {key} is missing ({REFERENCE}: {reference[key]})"
    for key in table.keys() - reference.keys():
        yield f"{language}.toml: {key} is not in {REFERENCE}.toml"
    for key in table.keys() & reference.keys():
        if not table[key].strip():
            yield f"{language}.toml: {key} is empty"
        elif (difference := _braces(table[key], reference[key])) is not None:
            yield f"{language}.toml: {key}: {difference}"


def _braces(text: str, reference: str) -> str | None:
    """What is wrong with the placeholders; None: nothing."""
    try:
        here, there = placeholders(text), placeholders(reference)
    except ValueError as error:
        return f"{error}; a brace itself is written twice"
    if here == there:
        return None
    return f"has the placeholders {sorted(here)}, {REFERENCE}.toml has {sorted(there)}"

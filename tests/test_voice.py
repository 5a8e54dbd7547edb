"""The clips of assets/voice say what the screens say now, all of it and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.face.texts import LANGUAGES, Texts, placeholders
from daemon.session import reading
from daemon.session.desk import Limits
from daemon.session.screens.states import ERRORS
from daemon.session.spoken import SPOKEN
from daemon.session.widgets import Screen, buttons
from scripts.voice import CLIPS, MANIFEST, SILENCE, read_manifest, wanted
from tests.face.example_screens import all_screens
from tests.layout import ROOT

WANTED = wanted()
MADE = read_manifest()
TEXTS = Texts.load(ROOT / "assets" / "texts")
EXAMPLES = all_screens("ja")
UNSPOKEN = {"01-start", "12-payment-change"}
"""The start menu stands in an empty shop; of a fee that is complete nothing is asked any more."""


def length(ogg: bytes) -> float:
    """Seconds of an Ogg Vorbis file: the samples before its last page's end, by its rate."""
    head = ogg.index(b"\x01vorbis") + 7
    assert ogg[head + 4] == 1, "mono"
    rate = int.from_bytes(ogg[head + 5 : head + 9], "little")
    last = ogg.rindex(b"OggS")
    return int.from_bytes(ogg[last + 6 : last + 14], "little") / rate


# ---------------------------------------------------------------- the clips


def test_every_clip_was_made_of_the_words_of_today() -> None:
    stale = [clip for clip in WANTED if MADE.get((clip.language, clip.key), ("", 0))[0] != clip.hash]
    assert not stale, "make voice"


def test_every_clip_is_there_and_as_long_as_when_it_was_made() -> None:
    now = {(clip.language, clip.key): length(clip.path.read_bytes()) for clip in WANTED}
    assert now == {said: pytest.approx(seconds, abs=0.06) for said, (_, seconds) in MADE.items()}


def test_there_is_no_clip_that_nobody_says() -> None:
    files = {path for path in CLIPS.rglob("*") if path.is_file()}
    assert files == {clip.path for clip in WANTED} | {SILENCE, MANIFEST, CLIPS / "LICENSE.md"}
    assert set(MADE) == {(clip.language, clip.key) for clip in WANTED}


def test_a_clip_is_found_by_its_language_and_key() -> None:
    for clip in WANTED:
        assert clip.path == ROOT / "assets" / "voice" / clip.language / f"{clip.key}.ogg"


def test_all_clips_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in CLIPS.rglob("*.ogg")) < 12_000_000


def test_guidance_can_read_every_text_that_has_no_placeholder() -> None:
    """Of every example screen. A new text needs its key in `spoken` and a clip by ``make voice``."""
    keys = {TEXTS("ja")._texts[key]: key for key in TEXTS.keys}
    plain = {text for text in keys if not placeholders(text)}
    said = {TEXTS("ja")._texts[key] for key in SPOKEN}
    shown = {text for screen in EXAMPLES.values() for text in _shown(screen)}
    assert sorted(keys[text] for text in (shown & plain) - said) == []


def _shown(screen: Screen) -> Iterator[str]:
    yield from (screen.title, screen.prompt)
    yield from (button.text for button in buttons(screen))
    yield from (text for widget in screen.body for text in reading.texts(widget))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_clips_sound_the_same_unless_they_say_the_same(language: str) -> None:
    clips = [clip for clip in WANTED if clip.language == language]
    sounds = {clip.path.read_bytes() for clip in clips}
    assert len(sounds) == len({clip.words for clip in clips})


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_has_no_placeholder_so_nothing_personal_is_ever_spoken(language: str) -> None:
    assert not [key for key in SPOKEN if placeholders(TEXTS(language)._texts[key])]


@pytest.mark.parametrize("example", [name for name, screen in EXAMPLES.items() if screen.prompt])
def test_a_screen_that_asks_for_something_says_it(example: str) -> None:
    assert (EXAMPLES[example].spoken in SPOKEN) is (example not in UNSPOKEN)


def test_an_alert_is_at_its_end_before_it_begins_again() -> None:
    alerts = {screen.spoken for screen in EXAMPLES.values() if screen.insists}
    assert alerts >= {"card.forgotten", "take.cert", "take.forgotten", "print.hold", "card.remove"}
    lengths = {said: seconds for said, (_, seconds) in MADE.items() if said[1] in alerts}
    assert max(lengths.values()) < Limits().repeat - 1


def test_every_error_page_of_the_session_is_spoken() -> None:
    codes = {code for path in (ROOT / "daemon" / "session").rglob("*.py") for code in _codes(path)}
    assert codes == set(ERRORS)


def _codes(path: Path) -> Iterator[str]:
    """The first word of each error page, as it is written in the code."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Stopped", "screens.error"):
            yield from (
                argument.value
                for argument in node.args[:2]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )

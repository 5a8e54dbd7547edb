"""Makes the clips of assets/voice: every key that is spoken, in every language, and the manifest beside them.

``make voice`` makes what is missing or says another text than its screen now, ``ARGS=--all`` everything
anew. Japanese is spoken by Open JTalk with the mei voice, the other languages by espeak-ng; licences are in
assets/voice/LICENSE.md. Only this file needs the speakers (packages/voice.txt): who runs or tests the kiosk
needs the clips alone.
"""

import argparse
import array
import hashlib
import importlib
import math
import re
import subprocess
import sys
import tempfile
import tomllib
import wave
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.face.texts import LANGUAGES, Texts
from daemon.session.spoken import SPOKEN

ROOT = Path(__file__).parent.parent
CLIPS = ROOT / "assets" / "voice"
MANIFEST = CLIPS / "manifest.toml"
SILENCE = CLIPS / "silence.ogg"
TOOLS = ROOT / "out" / "voice"
HEAD = "# Made by `make voice`; do not edit. Of each clip: a hash of the words it says, and its seconds.\n"

DICTIONARY = "/var/lib/mecab/dic/open-jtalk/naist-jdic"
MEI = (
    "pyopenjtalk-plus==0.4.1.post10"
    " --hash=sha256:239c2fe9d6fb97a3c14ccfaabee91f44c7953d36b34249c7e05884eecbebc93d"
)
MEI_WHEEL = ("--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64")
PYPINYIN = "pypinyin==0.55.0 --hash=sha256:d53b1e8ad2cdb815fb2cb604ed3123372f5a28c6f447571244aca36fc62a286f"
ESPEAK = {"en": "en-us", "es": "es", "pt": "pt-br", "ko": "ko"}
MANDARIN = ("zh-Hans", "zh-Hant")
WORDS_A_MINUTE = "150"

READINGS: Mapping[str, Mapping[str, str]] = {
    "ja": {"前画面": "まえがめん", "必要な方": "必要なかた"},
    "es": {"My Number": "Mai Námber"},
    "pt": {"My Number": "Mai Nâmber"},
    "zh-Hans": {"长时间": "常时间", "延长": "延常", "町": "丁", "所得": "所德", "①": "一", "②": "二"},
    "zh-Hant": {
        "長時間": "常時間",
        "延長": "延常",
        "町": "丁",
        "退還": "退環",
        "所得": "所德",
        "①": "一",
        "②": "二",
    },
}
"""What a speaker would read wrongly, and how it is written for its ears."""

WHOLE: Mapping[str, Mapping[str, str]] = {"ja": {"有": "あり", "無": "なし"}}
"""The same for a text that is nothing else."""

RATE = 16000
PAUSE = "0.15"  # amplifiers swallow the first moment
SECONDS_A_LETTER = {"ja": (0.09, 0.4), "ko": (0.08, 0.45), "zh-Hans": (0.12, 0.5), "zh-Hant": (0.12, 0.5)}
LATIN_SECONDS_A_LETTER = (0.04, 0.16)
SHORTEST = 0.8
"""Seconds that a word of few letters may take."""


class BadClip(Exception):
    """A speaker has not said what it should."""


@dataclass(frozen=True)
class Clip:
    """One sentence in one language. words: as the speaker is given them."""

    language: str
    key: str
    words: str

    @property
    def path(self) -> Path:
        return CLIPS / self.language / f"{self.key}.ogg"

    @property
    def hash(self) -> str:
        return hashlib.sha256(f"{self.language} {self.words}".encode()).hexdigest()[:16]


def wanted() -> list[Clip]:
    """Every clip there has to be, from the texts as they are now."""
    texts = Texts.load(ROOT / "assets" / "texts")
    return [Clip(code, key, _words(code, texts.text(key, code))) for code in LANGUAGES for key in SPOKEN]


def read_manifest() -> dict[tuple[str, str], tuple[str, float]]:
    """(language, key) → (hash of the words, seconds) of every clip that was made."""
    table = tomllib.loads(MANIFEST.read_text("utf-8")) if MANIFEST.exists() else {}
    return {
        (code, key): (entry["words"], entry["seconds"])
        for code, clips in table.items()
        for key, entry in clips.items()
    }


def _words(language: str, text: str) -> str:
    text = WHOLE.get(language, {}).get(text, text)
    for written, said in READINGS.get(language, {}).items():
        text = text.replace(written, said)
    return text


# ---------------------------------------------------------------- the speakers


def _run(*command: str, words: str = "") -> str:
    done = subprocess.run(command, input=words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadClip(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def _pip(*arguments: str, pinned: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(pinned)
        file.flush()
        command = (sys.executable, "-m", "pip", *arguments, "--no-deps", "--require-hashes")
        _run(*command, "-r", file.name)


def _mei() -> Path:
    """The voice's file, out of a package that carries it. Nothing of the package is run."""
    voice = TOOLS / "mei_normal.htsvoice"
    if not voice.exists():
        _pip("download", *MEI_WHEEL, "-d", str(TOOLS), pinned=MEI)
        (wheel,) = TOOLS.glob("pyopenjtalk_plus-*.whl")
        with zipfile.ZipFile(wheel) as inside:
            voice.write_bytes(inside.read("pyopenjtalk/htsvoice/mei_normal.htsvoice"))
    return voice


def _speak_japanese(words: str, path: Path) -> None:
    command = ("open_jtalk", "-x", DICTIONARY, "-m", str(_mei()), "-s", "48000", "-p", "240")
    _run(*command, "-ow", str(path), words=words)


def _pinyin(words: str) -> str:
    """espeak-ng's Mandarin reads pinyin only: one syllable with its tone after the other."""
    home = TOOLS / "pypinyin"
    if not home.exists():
        _pip("install", "--target", str(home), pinned=PYPINYIN)
    if str(home) not in sys.path:
        sys.path.append(str(home))
    pypinyin = importlib.import_module("pypinyin")
    tone = pypinyin.Style.TONE3
    syllables = pypinyin.lazy_pinyin(words, style=tone, neutral_tone_with_five=True, tone_sandhi=True)
    line = " ".join(syllables).translate(str.maketrans("，。：（）“”「」", ",.,,,    "))
    return re.sub(r"\byi1 (?=[a-z]+4)", "yi2 ", line)  # 一 before a falling tone, which pypinyin leaves


def _speak(clip: Clip, path: Path) -> None:
    if clip.language == "ja":
        _speak_japanese(clip.words, path)
    elif clip.language in MANDARIN:
        _run("espeak-ng", "-v", "cmn-latn-pinyin", "-s", WORDS_A_MINUTE, "-w", str(path), _pinyin(clip.words))
    else:
        voice = ESPEAK[clip.language]
        _run("espeak-ng", "-v", voice, "-s", WORDS_A_MINUTE, "-w", str(path), clip.words)


# ---------------------------------------------------------------- from a speaker to a clip


def _make(clip: Clip, work: Path) -> float:
    """Speaks, levels (no dither: always alike) and packs one clip. Returns its seconds. Raises BadClip."""
    raw, level = work / "raw.wav", work / "level.wav"
    _speak(clip, raw)
    _run("sox", "-D", str(raw), "-b", "16", str(level), "rate", str(RATE), "norm", "-3", "pad", PAUSE, PAUSE)
    seconds = _listen(clip, level)
    _pack(level, clip.path)
    return seconds


def _pack(wav: Path, ogg: Path) -> None:
    """Always the same bytes of the same sound: a fixed serial number of the stream."""
    ogg.parent.mkdir(parents=True, exist_ok=True)
    _run("oggenc", "-Q", "-q", "-1", "--serial", "1", "-o", str(ogg), str(wav))


def _listen(clip: Clip, path: Path) -> float:
    """Neither silent nor clipped, and as long as its words take. Returns the seconds. Raises BadClip."""
    with wave.open(str(path)) as file:
        seconds: float = file.getnframes() / file.getframerate()
        samples = array.array("h", file.readframes(file.getnframes()))
    loudness = math.sqrt(sum(sample * sample for sample in samples) / len(samples))
    if not 1000 < loudness < 10000 or max(map(abs, samples)) > 32000:
        raise BadClip(f"{clip.path}: loudness {loudness:.0f}, peak {max(map(abs, samples))}")
    least, most = SECONDS_A_LETTER.get(clip.language, LATIN_SECONDS_A_LETTER)
    spoken = seconds - 2 * float(PAUSE)
    if not least * len(clip.words) < spoken < SHORTEST + most * len(clip.words):
        raise BadClip(f"{clip.path}: {spoken:.1f} seconds for {clip.words!r}")
    return round(seconds, 1)


def _make_silence(work: Path) -> None:
    wav = work / "silence.wav"
    _run("sox", "-D", "-n", "-r", str(RATE), "-c", "1", "-b", "16", str(wav), "trim", "0", "0.1")
    _pack(wav, SILENCE)


# ---------------------------------------------------------------- all of them


def _manifest(made: Mapping[tuple[str, str], tuple[str, float]]) -> Iterator[str]:
    yield HEAD
    for code in LANGUAGES:
        yield f"\n[{code}]\n"
        for key in SPOKEN:
            words, seconds = made[code, key]
            yield f'"{key}" = {{ words = "{words}", seconds = {seconds} }}\n'


def make_voice(everything: bool) -> int:
    """Makes what is to be made and removes what is not wanted any more. Returns the number made."""
    clips = wanted()
    made = {} if everything else read_manifest()
    todo = [c for c in clips if made.get((c.language, c.key), ("",))[0] != c.hash or not c.path.exists()]
    with tempfile.TemporaryDirectory() as work:
        for clip in todo:
            made[clip.language, clip.key] = clip.hash, _make(clip, Path(work))
        if everything or not SILENCE.exists():
            _make_silence(Path(work))
    for path in set(CLIPS.rglob("*.ogg")) - {clip.path for clip in clips} - {SILENCE}:
        path.unlink()
    MANIFEST.write_text("".join(_manifest(made)), "utf-8")
    return len(todo)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every clip anew")
    TOOLS.mkdir(parents=True, exist_ok=True)
    try:
        made = make_voice(parser.parse_args().all)
    except BadClip as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{made} of {len(wanted())} clips made in {CLIPS.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

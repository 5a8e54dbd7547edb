"""What a session leaves behind: nothing personal on disk or in a log, no matter how talkative the daemon is,
and nothing in the daemon's memory once the next citizen stands there.

The holder is one whose name, reading and place no text of the kiosk holds; the PIN is one that no number of
the machine looks like.
"""

import asyncio
import base64
import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario, Step
from daemon.bench.setup import Setup
from daemon.center.facts import Resident
from daemon.center.sample import SAMPLE_HOLDERS
from daemon.clock import TOKYO
from daemon.issuance.calendar import wareki
from tests.wires.memory import as_text, found, memory, slices
from tests.wires.stories import residence_certificate
from tests.wires.test_printed_page import household

HOLDER, NEXT = "makoto", "taro"
PIN, WRONG = "0739", "0738"
ITEMS = ("head", "honseki", "mynumber")
VERIFY = bytes.fromhex("00 20 00 80 04")


# ---------------------------------------------------------------- what is looked for


def names() -> list[bytes]:
    """The holder's own."""
    person = holder()
    return as_text(person.name, person.kana, person.name.split()[0])


def register() -> list[bytes]:
    """What else the register says of the holder, as it stands on the page."""
    person = holder()
    return as_text(person.address.text, person.previous, person.honseki, person.mynumber, wareki(person.born))


def holder() -> Resident:
    with household(HOLDER, datetime.now(TOKYO).date()) as members:
        return members[SAMPLE_HOLDERS[HOLDER].name]


def document(pdf: bytes) -> list[bytes]:
    """The very bytes, as they came through the line (in JSON), and each page as it is drawn."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.contents_coalesce()
        drawn = b"".join(page.Contents.read_bytes() for page in opened.pages)
    assert len(drawn) > 1000
    return [*slices(pdf), *slices(base64.b64encode(pdf)), *slices(drawn)]


def certificate(rig: Rig) -> list[bytes]:
    """Its random subject, its serial, its bytes. The key is the same on every card of the wallet."""
    pem = (rig.root / f"card-{HOLDER}.pem").read_bytes()
    one = x509.load_pem_x509_certificates(pem)[0]
    serial = f"{SAMPLE_HOLDERS[HOLDER].serial:x}"
    (subject,) = one.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    body = one.public_bytes(Encoding.DER)
    signature = one.signature[:64]
    return [*as_text(str(subject.value), f'"{serial}"', f"={serial} ", signature.hex()), signature, body[:64]]


def pin_in(text: bytes) -> list[bytes]:
    """The digits, by themselves, in a row or one by one, in figures or in hex."""
    forms = (rb"0739", rb"0738", rb"0\W+7\W+3\W+[98]\b", rb"48\W+55\W+51\W+5[67]", rb"30 ?37 ?33 ?3[89]")
    return [
        hit for form in forms for hit in re.findall(rb"(?<![0-9a-zA-Z])" + form + rb"(?![0-9a-zA-Z])", text)
    ]


# ---------------------------------------------------------------- what happens


async def begin(rig: Rig, holder: str, *pins: str) -> None:
    """From the start menu to the choice of the certificate."""
    await rig.press("services")
    await rig.press("issue")
    await rig.see("card")
    await rig.wallet.place(holder)
    await rig.see("municipality")
    await rig.press("own")
    await rig.press("confirm")
    await rig.see("pin")
    for pin in pins:
        before = rig.feed.shown.number
        await rig.type_pin(pin)
        while rig.feed.shown.number <= before + len(pin):  # the page after the fourth digit
            await rig.feed.after(rig.feed.shown)
    await rig.see("removal")
    await rig.wallet.lift()
    await rig.see("certificate")


async def a_whole_session(rig: Rig) -> bytes:
    """The holder gets two certificates, the second re-issued after a jam, and goes: that document."""
    rig.wallet.card_pin = PIN
    story = jammed(residence_certificate(HOLDER, ITEMS, copies=2))
    assert await Player(rig, None, lambda _: None).play(story) == []
    assert "reissue.checked" in {event for _, _, event, _ in rig.entries()}
    return rig.printer.jobs[-1].document


def jammed(story: Scenario) -> Scenario:
    """The second sheet gets stuck, and somebody takes it out; staff then look for more."""
    pay = next(k for k, step in enumerate(story.step) if step.insert)
    stuck = Step(see=story.step[pay].see, jam=2)
    mended = Step(see="hold", wait=2, mend="document.jam")
    looked = Step(see="out", resolve="void-sheets")
    *rest, last = story.step[pay + 1 :]
    steps = (*story.step[:pay], stuck, story.step[pay], mended, *rest, looked, last)
    return msgspec.structs.replace(story, step=steps)


# ---------------------------------------------------------------- disk and logs


async def test_no_pin_no_name_no_certificate_is_on_the_disk_or_in_a_log() -> None:
    """R45."""
    async with Rig(Setup(speed=0), launcher="tests.wires.talkative") as rig:
        await rig.see("start", within=60)
        rig.wallet.card_pin = PIN
        await begin(rig, HOLDER, WRONG, PIN)
        await rig.press("quit")
        await rig.see("start")
        pdf = await a_whole_session(rig)
        wanted: Mapping[str, list[bytes]] = {
            "name": names(),
            "register": register(),
            "document": document(pdf),
            "certificate": certificate(rig),
        }
        log = (rig.root / "daemon.log").read_bytes()
        assert b"DEBUG" in log and b"INS 20 -> 9000" in log, "it does not talk"
        assert {event for _, _, event, _ in rig.entries()} >= {"pin.wrong", "holder.authenticated"}
        for path in written(rig.root):
            data = path.read_bytes()
            assert (path.name, found([data], wanted), pin_in(data)) == (path.name, {}, [])


def written(root: Path) -> list[Path]:
    """Every file that daemon, center and pcscd have made; the wallet's own cards are the citizens', and the
    center's registry is where names belong.
    """
    others = ("card-", "registry.db")
    files = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(others)]
    assert {"daemon.log", "center.log", "journal.db", "voice.jsonl"} <= {path.name for path in files}
    return files


# ---------------------------------------------------------------- memory


async def held(rig: Rig, **wanted: list[bytes]) -> dict[str, int]:
    """What of this the daemon has in its memory. In a thread: the simulated devices must go on answering."""
    return await asyncio.to_thread(lambda: found(memory(rig.daemon.pid), wanted))


async def test_while_the_next_session_runs_the_memory_holds_nothing_of_the_one_before() -> None:
    """Names too: CPython cannot zero a text, but what it frees is overwritten (systemd/madoguchi.service)."""
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        pdf = await a_whole_session(rig)
        await begin(rig, NEXT, PIN)
        verify = [VERIFY + PIN.encode()]
        left = await held(
            rig,
            document=document(pdf),
            register=register(),
            name=names(),
            certificate=certificate(rig),
            verify=verify,
        )
        assert left == {}


async def test_the_scan_finds_what_is_in_use_and_the_pin_not_even_then() -> None:
    """The other test would also pass if it looked in the wrong place."""
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        rig.wallet.card_pin = PIN
        story = residence_certificate(HOLDER, ITEMS)
        await play_until(rig, story, "scope")
        left = await held(rig, name=names(), register=register(), verify=[VERIFY + PIN.encode()])
        assert set(left) == {"name"}
        await play_until(rig, story, "take")
        assert await held(rig, document=document(rig.printer.jobs[-1].document))


async def play_until(rig: Rig, story: Scenario, screen: str) -> None:
    """On from the screen that is shown now, until this one is."""
    names = [step.see for step in story.step]
    steps = story.step[names.index(rig.feed.shown.name) : names.index(screen)]
    await Player(rig, None, lambda _: None).play(msgspec.structs.replace(story, step=steps))
    await rig.see(screen)

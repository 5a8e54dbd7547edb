"""What the page shows, as values: computed anew from the devices whenever somebody looks, never kept.

The page gets each section when it differs from what it got last.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from daemon.bench.journal import Line, read_lines
from daemon.bench.processes import tail
from daemon.bench.rig import Rig
from daemon.bench.setup import MOMENT
from daemon.bench.status import Status
from daemon.bench.wallet import PIN
from daemon.bench.web.shapes import (
    Bench,
    Cabinet,
    Card,
    Cash,
    Faults,
    Holding,
    Hopper,
    Kiosk,
    Paper,
    Receipts,
    Said,
    Section,
)
from daemon.bench.web.stand import Hand, Stand
from daemon.config import ASSETS
from daemon.face.texts import Texts
from drivers.document.virtual import Sheet
from drivers.voice.virtual import Utterance, utterances

LINES = 80
SAID = 12
TEXTS = Texts.load(ASSETS / "texts")


async def sections(stand: Stand) -> Mapping[str, Section]:
    """Every section by its name; only how the bench is set up while no kiosk stands there."""
    setup, rig = stand.setup, stand.standing
    moment = setup.moment.strftime(MOMENT) if setup.moment else ""
    always: dict[str, Section] = {
        "bench": Bench(setup.municipality, moment, setup.speed, setup.idle),
        "hand": _holding(stand.hand),
        "recording": stand.recorder is not None,
        "script": stand.script,
    }
    if rig is None:
        return {**always, "kiosk": Kiosk(problem=stand.problem)}
    status = await rig.status() or Status()
    return {
        **always,
        **_devices(rig),
        "kiosk": _kiosk(rig, status.can_sell),
        "faults": Faults(tuple(sorted(rig.injected)), status.faults),
        "cases": status.cases,
        "journal": _journal(rig),
    }


def _devices(rig: Rig) -> Mapping[str, Section]:
    return {
        "wallet": _wallet(rig),
        "cash": _cash(rig),
        "paper": _paper(rig),
        "receipts": Receipts(tuple(map(receipt_id, rig.receipts.receipts))),
        "voice": _said(rig.root / "voice.jsonl"),
        "cabinet": _cabinet(rig),
    }


def _kiosk(rig: Rig, sells: bool) -> Kiosk:
    shown = rig.feed.shown
    return Kiosk(
        stands=True,
        problem="\n".join(tail(rig.daemon.log)) if rig.daemon.failed else "",
        running=rig.daemon.running,
        sells=sells,
        screen=shown.name,
        buttons=tuple(shown.buttons),
        clock=rig.now().isoformat(timespec="seconds"),
    )


def _wallet(rig: Rig) -> tuple[Card, ...]:
    return tuple(
        Card(key, card.name, card.shows, PIN if card.has_pin else "", rig.wallet.lying == key)
        for key, card in rig.wallet.cards.items()
    )


def _cash(rig: Rig) -> Cash:
    bus = rig.bus
    hoppers = (
        Hopper(at, hopper.value, hopper.coins, hopper.jammed, at in bus.swapped)
        for at, hopper in bus.hoppers.items()
    )
    return Cash(
        accepting=tuple(sorted(bus.accepting)),
        escrow=bus.validator.held if bus.validator else 0,
        stacker=bus.validator.stacked if bus.validator else 0,
        box=sum(bus.money.cashbox),
        tray=tuple(bus.tray),
        hoppers=tuple(hoppers),
        acceptor=bus.acceptor.address,
        line=bus.plugged_in,
        swapped=bus.acceptor.address in bus.swapped,
    )


def _paper(rig: Rig) -> Paper:
    printer = rig.printer
    tray = tuple(map(sheet_id, printer.tray))
    return Paper(tray, rig.panel.paper_in_tray, printer.paper, len(printer.ruined))


def _journal(rig: Rig) -> tuple[Line, ...]:
    """None while there is no journal yet."""
    try:
        return read_lines(rig.root / "journal.db", LINES)
    except sqlite3.Error:
        return ()


def _said(path: Path) -> tuple[Said, ...]:
    """The newest utterances; none while the voice's file cannot be read."""
    try:
        newest = list(enumerate(utterances(path), start=1))[-SAID:]
    except OSError:
        return ()
    return tuple(
        Said(
            n, key=one.key, language=one.language, text=TEXTS.text(one.key, one.language), clip=_has_clip(one)
        )
        for n, one in newest
    )


def _has_clip(said: Utterance) -> bool:
    return clip(said.language, said.key).exists()


def _cabinet(rig: Rig) -> Cabinet:
    lamps = tuple(name for name, on in rig.panel.lamps.items() if on)
    return Cabinet(lamps, rig.panel.door, rig.panel.key)


def _holding(hand: Hand) -> Holding:
    return Holding(
        tuple(map(sheet_id, hand.sheets)), tuple(map(receipt_id, hand.receipts)), tuple(hand.money)
    )


# ---------------------------------------------------------------- what has a picture or a sound


def sheet_id(sheet: Sheet) -> str:
    """Names a sheet for as long as it can be looked at: its certificate number and its first page."""
    return f"{sheet.name}.{sheet.pages[0] + 1}"


def receipt_id(receipt: Image.Image) -> str:
    """Names a receipt by what stands on it."""
    return hashlib.sha256(receipt.tobytes()).hexdigest()[:16]


def clip(language: str, key: str) -> Path:
    """The sound of a text."""
    return ASSETS / "voice" / language / f"{key}.ogg"

"""A receipt printer alone, on TCP."""

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from daemon.bench.alone.console import Act, Hand, Mistake, one_of, switches
from daemon.bench.alone.part import Part, host_and_port
from drivers.receipt.virtual import VirtualReceiptPrinter
from hal import faults


@asynccontextmanager
async def receipt(options: argparse.Namespace) -> AsyncIterator[Part]:
    """options: at, old."""
    host, port = host_and_port(options.at, "tcp:HOST:PORT")
    device = VirtualReceiptPrinter(knows_clear=not options.old)
    async with device.serve_tcp(host, port) as bound:
        at = f"tcp:{host}:{bound}"
        yield Part(
            "virtual receipt printer (ESC/POS)", at, f"madoguchi probe receipt --at {at}", _hands(device)
        )


def _hands(device: VirtualReceiptPrinter) -> list[Hand]:
    def paper(words: Sequence[str]) -> None:
        match one_of(words, "out", "low", "new"):
            case "out":
                device.run_out_of_paper()
            case "low":
                device.inject(faults.RECEIPT_PAPER_LOW)
            case "new":
                device.refill()

    def cover(words: Sequence[str]) -> None:
        act = device.inject if one_of(words, "open", "closed") == "open" else device.repair
        act(faults.RECEIPT_COVER)

    return [
        Hand(
            "take",
            "[FILE.png]",
            "takes the receipts out of the slot, and keeps them as pictures",
            _taking(device),
        ),
        Hand("paper", "out|low|new", "the roll ends, is near its end, or is a new one", paper),
        Hand("cover", "open|closed", "opens or closes the cover", cover),
        *switches("receipt", device.inject, device.repair),
        Hand("state", "", "receipts in the slot, and what is torn", lambda _: _state(device)),
    ]


def _taking(device: VirtualReceiptPrinter) -> Act:
    def take(words: Sequence[str]) -> str:
        if len(words) > 1:
            raise Mistake("one file is meant")
        taken = device.take()
        saved = [_numbered(Path(words[0]), place) for place in range(len(taken))] if words else []
        for path, picture in zip(saved, taken, strict=False):
            picture.save(path, "PNG")
        return " ".join([f"{len(taken)} receipt(s)", *map(str, saved)])

    return take


def _numbered(path: Path, place: int) -> Path:
    """``out.png``, ``out-2.png``, ``out-3.png``."""
    return path.with_stem(f"{path.stem}-{place + 1}") if place else path


def _state(device: VirtualReceiptPrinter) -> str:
    return f"{len(device.receipts)} receipt(s) in the slot, {device.paper.torn} dots not cut off"

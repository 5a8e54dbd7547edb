"""An A4 printer alone, on IPP."""

import argparse
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from daemon.bench.alone.console import Act, Hand, Mistake, number, one_of, switches
from daemon.bench.alone.part import Part, host_and_port
from drivers.document.virtual import VirtualPrinter


@asynccontextmanager
async def document(options: argparse.Namespace) -> AsyncIterator[Part]:
    """options: at, paper, seconds."""
    host, port = host_and_port(options.at, "HOST:PORT or ipp://HOST:PORT/ipp/print")
    device = VirtualPrinter(options.paper, options.seconds)
    async with device.serve(host, port) as bound:
        at = f"ipp://{host}:{bound}/ipp/print"
        yield Part(
            "virtual A4 printer (IPP)", at, f"ipptool -tv {at} get-printer-attributes.test", _hands(device)
        )


def _hands(device: VirtualPrinter) -> list[Hand]:
    def toner(words: Sequence[str]) -> None:
        word = one_of(words, "good", "low", "empty")
        device.set_toner(empty=word == "empty", low=word == "low")

    return [
        Hand(
            "paper", "SHEETS", "now so many lie in its tray", lambda words: device.load_paper(number(words))
        ),
        Hand("jam", "[SHEET]", "the next sheet, or that one, gets stuck", lambda w: device.jam(number(w, 1))),
        Hand("clear", "", "takes the stuck sheet out", lambda _: device.clear_jam()),
        Hand(
            "cover", "open|closed", "opens or closes the cover", _switch(device.set_cover, "open", "closed")
        ),
        Hand("toner", "good|low|empty", "how the cartridge is", toner),
        Hand("pause", "on|off", "the pause key of its panel", _switch(device.set_paused, "on", "off")),
        Hand(
            "count",
            "on|off",
            "whether it tells how many sheets there are",
            _switch(device.set_counting, "on", "off"),
        ),
        Hand("asleep", "", "tells nothing of its state until a job comes", lambda _: device.fall_asleep()),
        Hand("reboot", "", "power off and on: its jobs are forgotten", lambda _: device.reboot()),
        Hand("take", "[FOLDER]", "empties the output tray, and keeps each document as PDF", _taking(device)),
        *switches("document", device.inject, device.repair),
        Hand("state", "", "sheets in and out", lambda _: _state(device)),
    ]


def _switch(act: Callable[[bool], None], on: str, off: str) -> Act:
    return lambda words: act(one_of(words, on, off) == on)


def _taking(device: VirtualPrinter) -> Act:
    def take(words: Sequence[str]) -> str:
        if len(words) > 1:
            raise Mistake("one folder is meant")
        sheets = device.take_paper()
        documents = {sheet.job: sheet.document for sheet in sheets}
        saved = [Path(words[0]) / f"job-{job}.pdf" for job in documents] if words else []
        for path, content in zip(saved, documents.values(), strict=False):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return " ".join([f"{len(sheets)} sheet(s)", *map(str, saved)])

    return take


def _state(device: VirtualPrinter) -> str:
    out = f"{len(device.tray)} in the output tray, {len(device.ruined)} ruined"
    return f"{device.paper} sheets to print on, {out}"

"""Prints our receipts in emupos, a receipt printer that others have written, and compares dot by dot.

Run once for docs/receipt.md, not by `make test`: emupos needs Python 3.13. With it running in another
terminal (`emupos run --demo`), here: .venv/bin/python -m scripts.receipt_peer out/receipts
"""

import argparse
import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.request import Request, urlopen

from PIL import Image, ImageChops

from daemon.issuance.messages import Municipality
from daemon.session.entries import Entry, Value
from daemon.session.receipt import claim_lines, receipt_lines
from drivers.ports import Port, open_port
from drivers.receipt import raster
from drivers.receipt.escpos import NOTO, EscposPrinter, EscposSettings
from hal.contracts import Line
from hal.faults import DeviceError

PORT = "tcp:127.0.0.1:9100"
API = "http://127.0.0.1:8765/api/v1/devices/front"
DOTS = 576
HEAD = "0123456789abcdef" * 4
NOW = datetime(2026, 4, 1, 12, 0)
TAKAOKA = Municipality("162027", "富山県", "高岡市")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_all(folder))


async def _all(folder: Path) -> None:
    papers = {"receipt": _receipt(again=False), "reprint": _receipt(again=True), "claim": _claim()}
    for name, lines in papers.items():
        await _compare(name, lines, folder)
    for fault in ("paper-near-end", "paper-out", "cover-open", "offline"):
        await _with(fault, papers["receipt"])
    await _runs_out(papers["receipt"])
    await _torn(papers["receipt"])


async def _compare(name: str, lines: list[Line], folder: Path) -> None:
    await _print(lines)
    seen = _newest()
    ours = raster.render(lines, DOTS, NOTO).convert("1")
    top = next(y for y in range(seen.height) if seen.crop((0, y, seen.width, y + 1)).getextrema()[0] == 0)
    first = next(y for y in range(ours.height) if ours.crop((0, y, ours.width, y + 1)).getextrema()[0] == 0)
    there = seen.crop((0, top, DOTS, top + ours.height - first)).convert("1")
    wrong = ImageChops.logical_xor(there, ours.crop((0, first, DOTS, ours.height)))
    seen.save(folder / f"{name}.png", optimize=True)
    _say(f"{name}: {DOTS} x {ours.height} dots, {wrong.histogram()[255]} of them differ")


async def _with(fault: str, lines: list[Line]) -> None:
    before = _count()
    with _fault(fault):
        outcome = await _print(lines)
        during = _count() - before
    outcome_after = await _print(lines)
    _say(
        f"{fault}: {outcome}, {during} came out; once it is gone: {outcome_after}, "
        f"{_count() - before - during} came out"
    )


async def _runs_out(lines: list[Line]) -> None:
    """The roll ends in the middle: what the printer holds back must not come out beside the reprint."""
    before = _count()

    async def connect() -> Port:
        return _Ending(await open_port(PORT))

    printer = EscposPrinter(EscposSettings(port=PORT, dots=DOTS), connect)
    try:
        await printer.print(lines)
        outcome = "printed"
    except DeviceError as error:
        outcome = error.fault.code
    _call("DELETE", "/faults/paper-out")
    again = await _print(lines)
    _say(f"paper out in the middle: {outcome}; with a new roll: {again}, {_count() - before} came out whole")


class _Ending:
    """A line on which the printer's roll ends behind the second piece of a receipt."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self.read, self.discard_input, self.close = port.read, port.discard_input, port.close
        self._bands = 0

    async def write(self, data: bytes) -> None:
        self._bands += data[:3] == b"\x1dv0"
        if data[:3] == b"\x1dv0" and self._bands == 1:
            _call("PUT", "/faults/paper-out")
        await self._port.write(data)


async def _torn(lines: list[Line]) -> None:
    """A daemon that dies in the middle of a band; the next one prints its own receipt, and only that."""
    before = _count()
    data = b"".join(raster.encode(raster.render(lines, DOTS, NOTO)))
    port = await open_port(PORT)
    await port.write(data[: len(data) // 2])
    await port.close()
    outcome = await _print(lines)
    _say(f"broken off in the middle of a band: the next is {outcome}, {_count() - before} came out")


async def _print(lines: list[Line]) -> str:
    try:
        await EscposPrinter(EscposSettings(port=PORT, dots=DOTS)).print(lines)
    except DeviceError as error:
        return error.fault.code
    return "printed"


def _receipt(again: bool) -> list[Line]:
    order: dict[str, Value] = {"order": "o1", "kind": "juminhyo", "copies": 3}
    told: list[tuple[str, dict[str, Value]]] = [
        ("order.requested", {**order, "title": "住民票の写し", "issuer": "富山県高岡市"}),
        ("payment.opened", {"due": 600, "unit": 200, "copies": 3}),
        ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 1000}),
    ]
    told += [("print.done", {"number": number, "sheets": 1}) for number in ("n1", "n2", "n3")]
    entries = [Entry(at, NOW, "b", "s", event, data, HEAD) for at, (event, data) in enumerate(told, 1)]
    return receipt_lines(entries, "T01", HEAD, again)


def _claim() -> list[Line]:
    return claim_lines("000123", 400, NOW, TAKAOKA, "T01", HEAD)


@contextmanager
def _fault(name: str) -> Iterator[None]:
    _call("PUT", f"/faults/{name}")
    try:
        yield
    finally:
        _call("DELETE", f"/faults/{name}")


def _newest() -> Image.Image:
    return Image.open(io.BytesIO(_call("GET", "/receipts/latest/image"))).convert("L")


def _count() -> int:
    """Receipts that were cut off; what a broken connection leaves is torn paper."""
    return _call("GET", "/receipts").count(b'"boundary":"cut"')


def _call(method: str, path: str) -> bytes:
    with urlopen(Request(API + path, method=method), timeout=10) as reply:
        return bytes(reply.read())


def _say(text: str) -> None:
    print(text)  # noqa: T201 the result is for whoever runs it


if __name__ == "__main__":
    main()

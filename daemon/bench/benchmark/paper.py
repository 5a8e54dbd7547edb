"""Paper: a dense sheet set by typst, WeasyPrint and reportlab side by side; seal, submission, first sheet.

Each engine sets the same words in the same font, in a process of its own that is started for it. Ours sets
the whole form besides (title, seal, 見本), the others a plain table.
"""

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from daemon.bench.benchmark.figures import Figure, Heading, Line, median
from daemon.bench.benchmark.processes import parse_pss
from daemon.bench.benchmark.sheets.citizen import CITIZEN, LETTERHEAD, VARIANTS
from daemon.bench.benchmark.variants import right_ones
from daemon.center.documents.press import FONT, Press
from daemon.center.documents.records import records
from daemon.center.documents.residence import juminhyo
from daemon.center.paper.back import Paper
from daemon.center.settings import TEMPLATES
from daemon.issuance.seal import Sealer, new_key
from drivers.document.virtual import VirtualPrinter
from drivers.registry import driver_class
from hal.contracts import DocumentPrinter
from hal.events import DeviceChanged, Event

ROOT = Path(__file__).resolve().parents[3]
RIVALS = ROOT / "build" / "rivals" / "bin" / "python"
PACKAGE = "daemon.bench.benchmark.sheets"
ENGINES = {"typst": sys.executable, "weasyprint": str(RIVALS), "reportlab": str(RIVALS)}
RUNS = 5
SIDES, SEALS, JOBS = 20, 100, 30
ISSUER = "162027"
MANIFEST = 1000
"""Bytes of a usual one."""

Tell = Callable[[Line], None]
Fields = tuple[tuple[str, str], ...]


class Answer(msgspec.Struct, frozen=True):
    """Of a program of sheets/ (task.py)."""

    first_at: float
    warm: tuple[float, ...]
    size: int
    rollup: str
    fields: Fields


@dataclass(frozen=True)
class Sheet:
    """first: seconds from the start of the process to its first page. pdf: the last page."""

    first: float
    answer: Answer
    pdf: bytes


async def paper(tell: Tell) -> None:
    """Measures and tells. Raises FileNotFoundError: the others are not installed."""
    if not RIVALS.exists():
        raise FileNotFoundError(f"{RIVALS}: not there; scripts/setup benchmark installs it")
    tell(Heading("A dense 住民票 of one page in IPAmj Mincho, each engine a process of its own"))
    with TemporaryDirectory(prefix="madoguchi-paper-") as folder:
        sheets = await _all_set(Path(folder, "page.pdf"))
    for engine, runs in sheets.items():
        _tell_engine(engine, runs, tell)
    tell(Heading("From the page to the first sheet"))
    pdf, finishing = _finished()
    tell(median("both sides: pattern, signed codes of the back, set and laid under", finishing, "ms", 1000))
    tell(Figure("  size of the sheet", len(pdf) / 1024, "KB"))
    tell(median("seal: hash of the page, signature of the manifest", _seals(pdf), "ms", 1000))
    async with _printer() as (driver, printer):
        times = [await _printed(driver, printer, f"benchmark-{number}", pdf) for number in range(JOBS)]
    tell(median("submit: Create-Job to the answer to Send-Document", [one for one, _ in times], "ms", 1000))
    tell(median("  to the first sheet in its tray (it takes no time)", [two for _, two in times], "ms", 1000))


def _tell_engine(engine: str, runs: list[Sheet], tell: Tell) -> None:
    first, last = [one.first for one in runs], runs[-1]
    warm = [seconds for one in runs for seconds in one.answer.warm]
    right = right_ones(last.pdf, VARIANTS, FONT)
    tell(median(f"{engine}: start of the process to its first page", first, "ms", 1000))
    tell(median("  each further page", warm, "ms", 1000))
    tell(Figure("  size", last.answer.size / 1024, "KB"))
    tell(median("  memory (PSS) of the process", [parse_pss(one.answer.rollup) / 1024 for one in runs], "MB"))
    tell(Figure("  variants of kanji (IVS) drawn right", right, f"of {len(VARIANTS)}"))


async def _all_set(pdf: Path) -> dict[str, list[Sheet]]:
    """The engines take turns. The first tells the words for the others."""
    sheets: dict[str, list[Sheet]] = {engine: [] for engine in ENGINES}
    fields: Fields = ()
    for _ in range(RUNS):
        for engine in ENGINES:
            one = await _set(engine, fields, pdf)
            fields = one.answer.fields or fields
            sheets[engine].append(one)
    return sheets


async def _set(engine: str, fields: Fields, pdf: Path) -> Sheet:
    asked = json.dumps({"font": str(FONT), "pdf": str(pdf), "fields": fields}).encode() + b"\n"
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(ENGINES[engine], "-m", f"{PACKAGE}.{engine}_sheet"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(asked)
    if process.returncode:
        raise RuntimeError(f"{engine} has failed; what it said stands above")
    answer = msgspec.json.decode(told, type=Answer)
    page = await asyncio.to_thread(pdf.read_bytes)
    return Sheet(answer.first_at - began, answer, page)


def _finished() -> tuple[bytes, list[float]]:
    """The dense sheet as it is printed, and seconds that each finishing took besides the front."""
    press, seconds = Press(TEMPLATES, FONT), []
    paper = Paper(press, Sealer.from_pem(new_key()).signing, press.pattern)
    certificate = juminhyo(LETTERHEAD, (CITIZEN,), ("head", "honseki", "mynumber"), "self")
    for turn in range(SIDES):
        number = f"{ISSUER}-20260401-0001-{turn:06}-5"
        drawn = press.draw(certificate, number)
        began = time.perf_counter()
        pdf = paper.finish(drawn.pdf, records(certificate, drawn, ISSUER, number))
        seconds.append(time.perf_counter() - began)
    return pdf, seconds


def _seals(pdf: bytes) -> list[float]:
    sealer, seconds = Sealer.from_pem(new_key()), []
    for _ in range(SEALS):
        began = time.perf_counter()
        manifest = hashlib.sha256(pdf).hexdigest().encode().ljust(MANIFEST)
        sealer.seal(manifest)
        seconds.append(time.perf_counter() - began)
    return seconds


@asynccontextmanager
async def _printer() -> AsyncIterator[tuple[DocumentPrinter, VirtualPrinter]]:
    """The kiosk's driver, and the virtual printer at the other end of its wire."""
    printer, cls, up = VirtualPrinter(), driver_class("document", "ipp"), asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, DeviceChanged) and event.fault is None:
            up.set()

    async with printer.serve() as port:
        driver = cls(msgspec.convert({"uri": f"ipp://127.0.0.1:{port}/ipp/print"}, cls.Settings))
        pump = asyncio.create_task(driver.run(hear))
        try:
            await up.wait()
            yield driver, printer
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump


async def _printed(
    driver: DocumentPrinter, printer: VirtualPrinter, name: str, pdf: bytes
) -> tuple[float, float]:
    """Seconds to the answer to Send-Document, and to the first sheet in the tray."""
    dropped: list[float] = []
    printer.on_sheet = lambda _: dropped.append(time.perf_counter())
    began = time.perf_counter()
    job = await driver.create(name)
    await driver.send(job, pdf, hashlib.sha256(pdf).hexdigest())
    sent = time.perf_counter()
    async for _ in driver.follow(job):
        pass
    printer.take_paper()
    printer.load_paper()
    return sent - began, dropped[0] - began

"""Screens 13 to 15: one print job per 通, then the change, the paper, the receipt.

A 通 that jams is void and re-issued once, under a new number and for no new money; the others go on (P13).
What is not delivered in the end is refunded, and nothing more is printed after a doubt, a mismatch, or a
second jam of the same 通. What nobody can know is in doubt: a case for staff.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from daemon.issuance.messages import CopyOutcome, SealedCopy
from daemon.issuance.order import Mismatch
from daemon.session import screens
from daemon.session.desk import Pressed
from daemon.session.printing import Printed, print_copy
from daemon.session.purchase import Purchase
from daemon.session.receipt import claim_lines, receipt_lines, receipt_number
from daemon.session.reissue import reissue
from daemon.session.screens import Say
from daemon.session.visit import Visit
from daemon.session.widgets import Screen
from hal.events import TrayChanged
from hal.faults import PAPER_LEFT, DeviceError

ESCALATE_SECONDS = 60.0
SENSOR_SECONDS = 3.0
RECEIPT_SECONDS = 6.0


@dataclass
class Delivery:
    """outcomes: certificate number → how it ended, re-issued ones too. copies, sheets: for the citizen."""

    outcomes: dict[str, CopyOutcome] = field(default_factory=dict)
    copies: int = 0
    sheets: int = 0

    def add(self, copy: SealedCopy, outcome: CopyOutcome) -> None:
        self.outcomes[copy.number] = outcome
        if outcome is CopyOutcome.DELIVERED:
            self.copies += 1
            self.sheets += len(copy.sheets)


async def deliver(visit: Visit, purchase: Purchase) -> Delivery:
    """Screen 13: prints every 通."""
    done = Delivery({copy.number: CopyOutcome.REFUNDED for copy in purchase.copies})
    for copy, pdf in zip(purchase.copies, purchase.pdfs, strict=True):
        printed = await _print(visit, purchase, copy, pdf, done)
        if not (printed.outcome is CopyOutcome.DELIVERED or printed.again):
            break
        if printed.again and not await _again(visit, purchase, copy.number, done):
            break
    return done


async def _print(
    visit: Visit, purchase: Purchase, copy: SealedCopy, pdf: bytearray, done: Delivery
) -> Printed:
    progress = partial(_progress, visit.say, done.sheets, len(copy.sheets), purchase.sheets)
    visit.desk.show(progress(0))
    printed = await print_copy(visit, purchase.order, copy, pdf, progress)
    done.add(copy, printed.outcome)
    return printed


async def _again(visit: Visit, purchase: Purchase, number: str, done: Delivery) -> bool:
    """The 通 in place of the jammed one. Whether the others may be printed: yes, if there is none."""
    visit.desk.show(screens.preparing(visit.say))
    try:
        found = await reissue(visit, purchase, number)
    except Mismatch:
        return False
    if found is None:
        return True
    return (await _print(visit, purchase, *found, done)).outcome is CopyOutcome.DELIVERED


def _progress(say: Say, before: int, here: int, sheets: int, done: int) -> Screen:
    """Sheet k of n. before: sheets of the 通 that are out; done: of the ``here`` sheets of this one."""
    return screens.printing(say, before + min(done + 1, here), sheets)


# ---------------------------------------------------------------- 14


async def hand_over(visit: Visit, sheets: int) -> None:
    """Screen 14, with voice, until the paper is taken; nothing else ends it."""
    await visit.note("paper.presented", sheets=sheets)
    try:
        await _until_taken(visit, sheets, await _seen_by_sensor(visit, sheets))
    finally:
        visit.kiosk.devices.cabinet.lamp("attention", False)
    await visit.note("paper.taken")


async def _seen_by_sensor(visit: Visit, sheets: int) -> bool:
    """Whether the tray's sensor can be believed for this paper: it saw it, if only while it was printed."""
    cabinet = visit.kiosk.devices.cabinet
    screen = screens.take(visit.say, sheets, forgotten=False, sensor=True)
    clock = asyncio.get_running_loop().time
    until = clock() + SENSOR_SECONDS
    while cabinet.has_tray_sensor and cabinet.paper_in_tray is False and (left := until - clock()) > 0:
        event = await visit.desk.watch(screen, (TrayChanged,), idle=False, seconds=left)
        if isinstance(event, TrayChanged) and event.paper:
            return True
    return cabinet.paper_in_tray is True


async def _until_taken(visit: Visit, sheets: int, sensor: bool) -> None:
    """Seen by the tray's sensor, or said by the citizen where it cannot tell; louder after a minute."""
    cabinet = visit.kiosk.devices.cabinet
    forgotten = False
    while not (sensor and cabinet.paper_in_tray is False):
        seen = sensor and cabinet.paper_in_tray is True
        screen = screens.take(visit.say, sheets, forgotten, seen)
        event = await visit.desk.watch(screen, (TrayChanged,), idle=False, seconds=ESCALATE_SECONDS)
        if isinstance(event, Pressed):
            return
        if event is None and not forgotten:
            forgotten = True
            await visit.note("paper.left", code=PAPER_LEFT)
            cabinet.lamp("attention", True)


# ---------------------------------------------------------------- 15


async def give_receipt(visit: Visit) -> None:
    """Screen 15. One that cannot be printed never voids a certificate: its number is shown."""
    journal = visit.kiosk.journal
    entries = await journal.session(visit.id)
    number = receipt_number(entries)
    lines = receipt_lines(entries, visit.kiosk.terminal, journal.head)
    failed = False
    try:
        await visit.kiosk.devices.receipt.print(lines)
        await visit.note("receipt.printed", number=number)
    except DeviceError as error:
        failed = True
        await visit.note("receipt.failed", number=number, code=error.fault.code)
    screen = screens.receipt(visit.say, number, failed)
    await visit.desk.linger(screen, RECEIPT_SECONDS)


async def give_claim_slip(visit: Visit, number: str, yen: int) -> None:
    """What the hoppers could not pay, on paper for whoever stands there; the screen shows it in any case."""
    kiosk = visit.kiosk
    lines = claim_lines(number, yen, kiosk.now(), kiosk.municipality, kiosk.terminal, kiosk.journal.head)
    try:
        await kiosk.devices.receipt.print(lines)
        code = ""
    except DeviceError as error:
        code = error.fault.code
    await visit.note("claim.slip", number=number, code=code)

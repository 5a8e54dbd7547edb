"""The certificate printer and the receipt printer: both know their faults by code."""

from collections.abc import AsyncGenerator, Mapping

from daemon.bench.faults.injection import Injection, resolve, switch
from daemon.bench.rig import Rig
from hal.faults import (
    PRINTER_COVER,
    PRINTER_JAM,
    PRINTER_PAPER_LOW,
    PRINTER_PAPER_OUT,
    PRINTER_REFUSES,
    PRINTER_STOPPED,
    PRINTER_TONER_LOW,
    PRINTER_TONER_OUT,
    PRINTER_UNKNOWN,
    PRINTER_UNREACHABLE,
    PRINTER_UNSUITABLE,
    RECEIPT_COVER,
    RECEIPT_CUTTER,
    RECEIPT_ERROR,
    RECEIPT_PAPER_LOW,
    RECEIPT_PAPER_OUT,
    RECEIPT_UNREACHABLE,
)


async def _unknown(rig: Rig) -> AsyncGenerator[None, None]:
    rig.printer.inject(PRINTER_UNKNOWN)
    yield
    rig.printer.repair(PRINTER_UNKNOWN)
    await resolve(rig, PRINTER_UNKNOWN)


DOCUMENT_NOTES = {
    PRINTER_UNREACHABLE: "The certificate printer's network cable is pulled.",
    PRINTER_REFUSES: "The certificate printer is set to take no jobs.",
    PRINTER_UNSUITABLE: "The certificate printer no longer takes PDF.",
    PRINTER_PAPER_OUT: "All paper is taken out of the certificate printer.",
    PRINTER_PAPER_LOW: "Twenty sheets are left in the certificate printer.",
    PRINTER_COVER: "A cover of the certificate printer is opened.",
    PRINTER_TONER_OUT: "The toner of the certificate printer is used up.",
    PRINTER_TONER_LOW: "The toner of the certificate printer runs low.",
    PRINTER_STOPPED: "Somebody presses pause on the certificate printer's panel.",
}
RECEIPT_NOTES = {
    RECEIPT_UNREACHABLE: "The receipt printer is switched off.",
    RECEIPT_PAPER_OUT: "The roll of the receipt printer is used up.",
    RECEIPT_PAPER_LOW: "The roll of the receipt printer is near its end.",
    RECEIPT_COVER: "The cover of the receipt printer is opened.",
    RECEIPT_CUTTER: "The cutter of the receipt printer is stuck.",
    RECEIPT_ERROR: "The receipt printer reports an error that it cannot name.",
}


def _document(code: str) -> Injection:
    act = switch(lambda rig: rig.printer.inject(code), lambda rig: rig.printer.repair(code))
    return Injection(DOCUMENT_NOTES[code], act)


def _receipt(code: str) -> Injection:
    act = switch(lambda rig: rig.receipts.inject(code), lambda rig: rig.receipts.repair(code))
    return Injection(RECEIPT_NOTES[code], act)


PRINTERS: Mapping[str, Injection] = {
    **{code: _document(code) for code in DOCUMENT_NOTES},
    PRINTER_JAM: Injection(
        "The next sheet will get stuck: pay, and watch it print.",
        switch(lambda rig: rig.printer.inject(PRINTER_JAM), lambda rig: rig.printer.repair(PRINTER_JAM)),
        at_once=False,
    ),
    PRINTER_UNKNOWN: Injection(
        "The printer will lose power with the next document in its memory: pay, and let it print.",
        _unknown,
        at_once=False,
    ),
    **{code: _receipt(code) for code in RECEIPT_NOTES},
}

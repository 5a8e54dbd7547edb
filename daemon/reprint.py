"""A session's receipt again (再発行), from the journal alone, because staff ask for it."""

from daemon.session.journal import Journal
from daemon.session.receipt import receipt_lines, receipt_number
from hal.contracts import ReceiptPrinter


class NoReceipt(ValueError):
    """There is nothing to print again; the text says why."""


async def reprint(journal: Journal, printer: ReceiptPrinter, terminal: str, session: str) -> str:
    """Prints it and notes that; returns its number. Raises NoReceipt, DeviceError, JournalBroken."""
    entries = await journal.session(session)
    if not any(entry.event == "payment.opened" for entry in entries):
        raise NoReceipt(
            f"session {session!r} opened no payment: it has no receipt; the journal names sessions"
        )
    number = receipt_number(entries)
    await printer.print(receipt_lines(entries, terminal, journal.head, again=True))
    await journal.write("receipt.printed", session, number=number)
    return number

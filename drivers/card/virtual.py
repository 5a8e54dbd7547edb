"""The virtual card as a process of its own: ``python -m drivers.card.virtual --at HOST:PORT --pem FILE``.

Whoever holds its standard input lays the card down and takes it away, one command a line: insert, remove,
stall, hang (stall from the next command to the card on), resume, lock (the PIN), quit. Each is answered by
one line when it is done: ok, or error and why. The end of the input is quit. The card's PIN counters last as
long as the process.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.sample import from_pem
from drivers.card.vpcd import VpcdSlot

__all__ = ["CardContents", "VirtualCard", "VpcdSlot", "card_from_pem", "main"]

KINDS = {
    "my-number-card": jpki.LABEL_MY_NUMBER,
    "juki-card": jpki.LABEL_RESIDENT,
    "android": jpki.LABEL_ANDROID,
    "iphone": jpki.LABEL_IPHONE,
}


def card_from_pem(
    pem: bytes, pin: str = "1234", kind: str = "my-number-card", tries: int = 3, certificate: bool = True
) -> VirtualCard:
    """A card from a file of ``sample.to_pem``. tries: left of the PIN. Raises ValueError, TypeError."""
    keys, authority = from_pem(pem)
    contents = CardContents(
        auth=keys if certificate else None, authority=authority, sign=keys, label=KINDS[kind], pin=pin
    )
    card = VirtualCard(contents)
    card.pin.tries_left = tries
    return card


async def obey(card: VirtualCard, slot: VpcdSlot, command: str) -> str:
    """Carries out one line; returns the answer's line."""
    try:
        if command == "insert":
            await slot.insert(card)
        elif command in ("remove", "quit"):
            await slot.remove()
        elif command == "stall":
            slot.stall()
        elif command == "hang":
            slot.stall_at_command()
        elif command == "resume":
            slot.resume()
        elif command == "lock":
            card.lock_pin()
        else:
            return f"error unknown command {command!r}"
    except RuntimeError as error:
        return f"error {error}"
    return "ok"


async def _serve(card: VirtualCard, slot: VpcdSlot) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        command = line.decode().strip()
        sys.stdout.write(await obey(card, slot, command) + "\n")
        sys.stdout.flush()
        if command == "quit":
            break
    await slot.remove()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m drivers.card.virtual", description=__doc__)
    parser.add_argument("--at", required=True, metavar="HOST:PORT", help="where vpcd listens")
    parser.add_argument("--pem", required=True, type=Path, help="key, certificate and, if any, CA (PEM)")
    parser.add_argument("--pin", default="1234", help="the 4-digit PIN (default: %(default)s)")
    parser.add_argument("--kind", choices=KINDS, default="my-number-card")
    parser.add_argument("--tries", type=int, choices=range(4), default=3, help="tries left of the PIN")
    parser.add_argument("--no-certificate", action="store_true", help="no authentication certificate")
    parser.add_argument("--6f00-first", dest="busy", action="store_true", help="first answer is 6F00")
    return parser.parse_args()


def main() -> None:
    options = _arguments()
    host, _, port = options.at.rpartition(":")
    pem = options.pem.read_bytes()
    card = card_from_pem(pem, options.pin, options.kind, options.tries, not options.no_certificate)
    card.answers_6f00_first = options.busy
    asyncio.run(_serve(card, VpcdSlot(host, int(port))))


if __name__ == "__main__":
    main()

"""A card alone, for the virtual reader of a pcscd (vpcd); the bench's wallet is made of these."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from daemon.bench.alone.console import Act, Hand, Mistake, number
from daemon.bench.alone.part import Part, host_and_port
from drivers.card.sample import new_key, new_p384_key, sample_authority, to_pem
from drivers.card.virtual import FOREIGN, ForeignCard, VirtualCard, VpcdSlot, card_from_pem

READER_SECONDS = 10.0
SERIAL = 4711


@asynccontextmanager
async def card(options: argparse.Namespace) -> AsyncIterator[Part]:
    """options: at, pem, key, pin, kind, tries, no_certificate, busy. The card is not on the reader yet."""
    host, port = host_and_port(options.at, "HOST:PORT")
    made = _made(options)
    slot = VpcdSlot(host, port)
    try:
        what = f"virtual {options.kind}, not on the reader yet: insert puts it there"
        yield Part(what, f"vpcd's reader at {host}:{port}", "opensc-tool -n", _hands(made, slot))
    finally:
        slot.resume()
        await slot.remove()


def _made(options: argparse.Namespace) -> VirtualCard | ForeignCard:
    if options.kind in FOREIGN:
        return ForeignCard(FOREIGN[options.kind])
    try:
        pem = Path(options.pem).read_bytes() if options.pem else _sample(options.key)
        card = card_from_pem(pem, options.pin, options.kind, options.tries, not options.no_certificate)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{options.pem}: {error}; a key, its certificate and CA in PEM are meant") from None
    card.answers_6f00_first = options.busy
    return card


def _sample(key: str) -> bytes:
    """One RSA key for authority and card: making keys is slow."""
    slow = new_key()
    authority = sample_authority(slow)
    return to_pem(authority.issue_for(SERIAL, key=new_p384_key() if key == "p384" else slow), authority)


def _hands(card: VirtualCard | ForeignCard, slot: VpcdSlot) -> list[Hand]:
    """Those of any card, and those of one that has a PIN."""
    hands = [
        Hand("insert", "", "lays it on the reader", _inserting(card, slot)),
        Hand("remove", "", "takes it off", lambda _: slot.remove()),
        Hand("stall", "", "the reader hangs", lambda _: slot.stall()),
        Hand("hang", "", "it hangs from the next command to the card on", lambda _: slot.stall_at_command()),
        Hand("resume", "", "it answers again", lambda _: slot.resume()),
        Hand("state", "", "where it is, and the tries left", lambda _: _state(card, slot)),
    ]
    return hands + (_pin_hands(card) if isinstance(card, VirtualCard) else [])


def _pin_hands(card: VirtualCard) -> list[Hand]:
    def tries(words: Sequence[str]) -> None:
        left = number(words)
        if left > card.pin.limit:
            raise Mistake(f"at most {card.pin.limit}")
        card.pin.tries_left = left

    return [
        Hand("lock", "", "the PIN is locked", lambda _: card.lock_pin()),
        Hand("tries", "N", "so many tries of the PIN are left", tries),
    ]


def _inserting(card: VirtualCard | ForeignCard, slot: VpcdSlot) -> Act:
    async def insert(_: Sequence[str]) -> None:
        try:
            async with asyncio.timeout(READER_SECONDS):
                await slot.insert(card)
        except TimeoutError:
            await slot.remove()
            raise RuntimeError("no vpcd listens there: is pcscd running, with vsmartcard-vpcd?") from None

    return insert


def _state(card: VirtualCard | ForeignCard, slot: VpcdSlot) -> str:
    where = "on the reader" if slot.occupied else "not on the reader"
    return f"{where}, {card.pin.tries_left} tries left" if isinstance(card, VirtualCard) else where

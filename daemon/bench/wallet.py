"""The wallet: a card for every invented citizen of the municipality's sample, each a process of its own."""

from datetime import datetime, time, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from daemon.bench.processes import Child
from daemon.center.sample import card_dates, holders
from daemon.clock import TOKYO
from drivers.card.sample import Authority, new_key, sample_authority, to_pem
from drivers.card.virtual_reader import PrivatePcscd

PIN = "1234"
WRONG_PIN = "9999"


class NoSuchCard(ValueError):
    """The text lists the cards there are."""


class Wallet:
    """``make`` the cards' files first; a card's process starts when it is first placed.

    municipality: 団体コード of a sample. holders: whose cards these are, by the cards' short names. lying: of
    the card on the reader, or "".
    """

    def __init__(self, root: Path, pcscd: PrivatePcscd, municipality: str = "162027") -> None:
        """Raises ValueError: a municipality without sample residents."""
        self.holders = holders(municipality)
        self._municipality = municipality
        self._root = root
        self._pcscd = pcscd
        self._cards: dict[str, Child] = {}
        self.lying = ""
        self._hangs = False
        self.authority_file = root / "authority.pem"

    def make(self, offset: float) -> None:
        """One authority, one key for all cards (making keys is slow), a certificate each."""
        key = new_key()
        authority = sample_authority(key)
        self.authority_file.write_bytes(to_pem_certificate(authority))
        today = (datetime.now(TOKYO) + timedelta(seconds=offset)).date()
        for name, holder in self.holders.items():
            issued, through = (
                datetime.combine(day, hour, TOKYO)
                for day, hour in zip(
                    card_dates(name, today, self._municipality), (time.min, time.max), strict=True
                )
            )
            keys = authority.issue(holder.serial, issued, through, key)
            self._file(name).write_bytes(to_pem(keys, authority))

    def pin(self, right: bool) -> str:
        """Of every card; or one that none has."""
        return PIN if right else WRONG_PIN

    async def place(self, name: str) -> None:
        """Lays a card on the reader, in the place of another one. Raises NoSuchCard, ChildFailed."""
        if name not in self.holders:
            raise NoSuchCard(f"no card {name!r} in the wallet; there are: {', '.join(self.holders)}")
        await self.lift()
        if name not in self._cards:
            self._cards[name] = await self._start(name)
        await self._cards[name].tell("insert")
        self.lying = name

    async def lift(self) -> None:
        """Takes the card off the reader; nothing happens without one."""
        if self.lying:
            await self._cards[self.lying].tell("remove")
            self.lying = ""

    async def hang(self) -> None:
        """From the next command to a card on the reader answers nothing, until ``resume``."""
        self._hangs = True
        for card in self._cards.values():
            await card.tell("hang")

    async def resume(self) -> None:
        """The reader answers again."""
        self._hangs = False
        for card in self._cards.values():
            await card.tell("resume")

    async def close(self) -> None:
        for card in self._cards.values():
            await card.stop()

    async def _start(self, name: str) -> Child:
        child = Child(f"card {name}", self._root / f"card-{name}.log")
        at = f"{self._pcscd.host}:{self._pcscd.port}"
        await child.start("drivers.card.virtual", "--at", at, "--pem", str(self._file(name)), "--pin", PIN)
        if self._hangs:
            await child.tell("hang")
        return child

    def _file(self, name: str) -> Path:
        return self._root / f"card-{name}.pem"


def to_pem_certificate(authority: Authority) -> bytes:
    """The authority's certificate alone, for the center's trust."""
    return authority.certificate.public_bytes(Encoding.PEM)

"""The wallet: cards for every invented citizen of the municipality's sample, and cards of no use here.

Each is a process of its own, whose PIN counter lasts as long as the bench.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from daemon.bench.processes import Child
from daemon.center.sample import card_dates, holders
from daemon.center.sample.town import SampleHolder
from daemon.clock import TOKYO
from drivers.card.sample import (
    Authority,
    new_key,
    new_p384_key,
    revocation_list,
    sample_authority,
    to_pem,
)
from drivers.card.virtual_reader import PrivatePcscd

PIN = "1234"
LIST_LIFETIME = timedelta(days=30)
WRONG_PIN = "9999"


class NoSuchCard(ValueError):
    """The text lists the cards there are."""


@dataclass(frozen=True)
class Card:
    """One card. name: its holder's, or what it is; shows: what it is good for.

    options: of ``madoguchi virtual card``. holder: whose certificate is on it; None: none that a reader sees.
    out_of_date: whether that has ended. has_pin: whether there is one to be typed.
    """

    name: str
    shows: str
    options: tuple[str, ...] = ()
    holder: SampleHolder | None = None
    out_of_date: bool = False
    has_pin: bool = True


def _of_the_sample(holder: SampleHolder) -> Card:
    return Card(holder.name, holder.shows, ("--kind", holder.kind), holder)


def _useless(holder: SampleHolder) -> Iterator[tuple[str, Card]]:
    """Cards that the kiosk must refuse: of this holder, and of nobody."""

    def theirs(shows: str, *options: str, out_of_date: bool = False, has_pin: bool = True) -> Card:
        return Card(holder.name, shows, options, holder, out_of_date, has_pin)

    def nobodys(name: str, shows: str, kind: str) -> Card:
        return Card(name, shows, ("--kind", kind), has_pin=False)

    yield "expired", theirs("an earlier card of theirs, out of date", out_of_date=True)
    yield "locked", theirs("a card whose PIN is locked already", "--tries", "0")
    yield "face", theirs("顔認証マイナンバーカード: has no PIN", "--kind", "face-card", has_pin=False)
    yield "no-certificate", theirs("a card without the user-authentication certificate", "--no-certificate")
    yield "iphone", theirs("an iPhone, which this site does not take", "--kind", "iphone")
    yield "juki", theirs("住民基本台帳カード", "--kind", "juki-card")
    yield "transit", nobodys("Transit card", "contactless, FeliCa", "transit-card")
    yield "licence", nobodys("Driving licence", "a file system, but no JPKI application", "driving-licence")
    yield "bank", nobodys("Bank card", "with contacts, T=0", "bank-card")
    yield "mute", nobodys("Broken card", "says nothing", "mute-card")
    yield "garbage", nobodys("Broken card", "what it says makes no sense", "garbage-card")


class Wallet:
    """``make`` the cards' files first; a card's process starts when it is first placed.

    municipality: 団体コード of a sample. holders: its people, by the short names of their cards. cards: all,
    first theirs. lying: the one on the reader, or "". card_pin: of every card that is started from now on.
    """

    def __init__(self, root: Path, pcscd: PrivatePcscd, municipality: str = "162027") -> None:
        """Raises ValueError: a municipality without sample residents."""
        self.holders = holders(municipality)
        self.cards: Mapping[str, Card] = {
            **{name: _of_the_sample(holder) for name, holder in self.holders.items()},
            **dict(_useless(next(iter(self.holders.values())))),
        }
        self._municipality = municipality
        self._root = root
        self._pcscd = pcscd
        self._processes: dict[str, Child] = {}
        self.lying = ""
        self.card_pin = PIN
        self._hangs = False
        self.authority_file = root / "authority.pem"
        self.revocations_file = root / "authority.crl"

    def make(self, offset: float) -> None:
        """One authority, one RSA key for all cards (making keys is slow), a certificate each."""
        key = new_key()
        authority = sample_authority(key)
        self.authority_file.write_bytes(to_pem_certificate(authority))
        now = datetime.now(TOKYO) + timedelta(seconds=offset)
        revoked = [holder.serial for holder in self.holders.values() if holder.revoked]
        self.revocations_file.write_bytes(revocation_list(authority, revoked, now, now + LIST_LIFETIME))
        for name, card in self.cards.items():
            if card.holder is None:
                continue
            issued, through = self._dates(card, now.date())
            own = new_p384_key() if card.holder.key == "p384" else key
            keys = authority.issue(card.holder.serial, issued, through, own)
            self._file(name).write_bytes(to_pem(keys, authority))

    def _dates(self, card: Card, today: date) -> tuple[datetime, datetime]:
        """From the first moment to the last."""
        holder = card.holder
        name = next(name for name, one in self.holders.items() if one is holder)
        first, last = card_dates(name, today, self._municipality)
        if card.out_of_date:
            first, last = first - timedelta(days=2000), today - timedelta(days=1)
        return datetime.combine(first, time.min, TOKYO), datetime.combine(last, time.max, TOKYO)

    def pin(self, right: bool) -> str:
        """Of every card; or one that none has."""
        return self.card_pin if right else WRONG_PIN

    async def place(self, name: str) -> None:
        """Lays a card on the reader, in the place of another one. Raises NoSuchCard, ChildFailed."""
        if name not in self.cards:
            raise NoSuchCard(f"no card {name!r} in the wallet; there are: {', '.join(self.cards)}")
        await self.lift()
        if name not in self._processes:
            self._processes[name] = await self._start(name)
        await self._processes[name].tell("insert")
        self.lying = name

    async def lift(self) -> None:
        """Takes the card off the reader; nothing happens without one."""
        if self.lying:
            await self._processes[self.lying].tell("remove")
            self.lying = ""

    async def hang(self) -> None:
        """From the next command to a card on the reader answers nothing, until ``resume``."""
        self._hangs = True
        for card in self._processes.values():
            await card.tell("hang")

    async def resume(self) -> None:
        """The reader answers again."""
        self._hangs = False
        for card in self._processes.values():
            await card.tell("resume")

    async def close(self) -> None:
        for card in self._processes.values():
            await card.stop()

    async def _start(self, name: str) -> Child:
        child = Child(f"card {name}", self._root / f"card-{name}.log")
        card, at = self.cards[name], f"{self._pcscd.host}:{self._pcscd.port}"
        file = ("--pem", str(self._file(name))) if card.holder else ()
        await child.start(
            "daemon", "virtual", "card", "--at", at, *file, "--pin", self.card_pin, *card.options
        )
        if self._hangs:
            await child.tell("hang")
        return child

    def _file(self, name: str) -> Path:
        return self._root / f"card-{name}.pem"


def to_pem_certificate(authority: Authority) -> bytes:
    """The authority's certificate alone, for the center's trust."""
    return authority.certificate.public_bytes(Encoding.PEM)

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
    """One card. name: its holder's; shows: what it is good for. options: of ``madoguchi virtual card``.

    holder: whose certificate is on it; None: none that a reader sees. out_of_date: whether that has ended.
    """

    name: str
    shows: str
    options: tuple[str, ...] = ()
    holder: SampleHolder | None = None
    out_of_date: bool = False


def _of_the_sample(holder: SampleHolder) -> Card:
    return Card(holder.name, holder.shows, ("--kind", holder.kind), holder)


def _useless(holder: SampleHolder) -> Iterator[tuple[str, Card]]:
    """Cards that the kiosk must refuse: of this holder, and of nobody."""

    def his(shows: str, *options: str, out_of_date: bool = False) -> Card:
        return Card(holder.name, shows, options, holder, out_of_date)

    yield "expired", his("an earlier card of theirs, out of date", out_of_date=True)
    yield "locked", his("a card whose PIN is locked already", "--tries", "0")
    yield "face", his("顔認証マイナンバーカード: has no PIN", "--kind", "face-card")
    yield "no-certificate", his("a card without the user-authentication certificate", "--no-certificate")
    yield "iphone", his("an iPhone, which this site does not take", "--kind", "iphone")
    yield "juki", his("住民基本台帳カード", "--kind", "juki-card")
    yield "transit", Card("", "a transit card", ("--kind", "transit-card"))
    yield "licence", Card("", "a driving licence", ("--kind", "driving-licence"))
    yield "bank", Card("", "a bank card with contacts", ("--kind", "bank-card"))
    yield "mute", Card("", "a broken card: it says nothing", ("--kind", "mute-card"))
    yield "garbage", Card("", "a broken card: what it says makes no sense", ("--kind", "garbage-card"))


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

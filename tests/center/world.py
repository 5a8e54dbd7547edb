"""A center with the sample registry, cards for its people, and a clock that a test sets.

``World`` plays the kiosk's part of the procedure, so that a test says only what it is about.
"""

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import Engine

from daemon.center.documents.press import Press
from daemon.center.identity import Trust
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import holders, sample_registry
from daemon.center.service import CenterService, Office, Offices
from daemon.center.settings import TEMPLATES
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import (
    Authentication,
    Challenge,
    ChallengeRequest,
    Entitlement,
    Item,
    Kind,
    Manifest,
    OrderRequest,
    Purpose,
    Scope,
    SealedOrder,
)
from daemon.issuance.order import Expected
from daemon.issuance.profile import Profile, load_profile, profile_hash
from daemon.issuance.seal import Keyring, Sealer, challenge_message, new_key
from drivers.card.sample import Authority, CardKeys, sample_authority
from drivers.card.sample import new_key as new_card_key

PROFILE = Path(__file__).parents[2] / "assets" / "municipalities" / "162027.toml"
ISHIKARI = PROFILE.with_name("012351.toml")
TERMINAL = "T01"
SESSION = "5e" * 16
ORDER = "0d" * 16
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO)


@functools.cache
def authority() -> Authority:
    return sample_authority(new_card_key())


@functools.cache
def card_key() -> RSAPrivateKey:
    """One key for all cards: making one takes long, and nothing here depends on it."""
    return new_card_key()


@functools.cache
def press() -> Press:
    return Press(TEMPLATES)


@dataclass
class Clock:
    """Stands still until it is set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def make_card(serial: int, until: datetime = datetime(2030, 1, 1, tzinfo=TOKYO)) -> CardKeys:
    return authority().issue(serial, datetime(2025, 1, 1, tzinfo=TOKYO), until, card_key())


def sign(message: bytes, key: RSAPrivateKey | None = None) -> bytes:
    return (key or card_key()).sign(message, PKCS1v15(), SHA256())


class World:
    """profile: Takaoka's if None; with the sample residents of its municipality.

    lists: files of revocation lists. also: profiles of further municipalities.
    """

    def __init__(
        self,
        profile: Profile | None = None,
        lists: Iterable[Path] = (),
        also: Iterable[Profile] = (),
    ) -> None:
        self.clock = Clock()
        self.engine: Engine = open_engine(None)
        self.profile = profile or load_profile(PROFILE)
        self.holders = holders(self.profile.code)
        sample_registry(self.engine, NOON.date())
        self.registry = Registry(self.engine)
        self.sealer = Sealer.from_pem(new_key())
        self.keyring = Keyring.of([self.sealer.public_pem()])
        self.offices = Offices(
            *(Office(one, profile_hash(PROFILE), sample=True) for one in (self.profile, *also))
        )
        trust = Trust([authority().certificate], sample=True, lists=lists)
        self.service = CenterService(self.registry, self.offices, self.sealer, trust, press(), self.clock)

    def close(self) -> None:
        self.engine.dispose()

    # ------------------------------------------------------------ the kiosk's part

    def challenge(self, session: str = SESSION) -> Challenge:
        return self.service.challenge(ChallengeRequest(TERMINAL, session))

    def signed(self, challenge: Challenge, card: CardKeys, session: str = SESSION) -> Authentication:
        message = challenge_message(challenge.center, TERMINAL, session, challenge.nonce, challenge.expires)
        return Authentication(TERMINAL, session, challenge.nonce, card.certificate, sign(message))

    def enter(
        self, holder: str = "taro", session: str = SESSION, purpose: Purpose = "residence"
    ) -> Entitlement:
        """The whole way from the card to what its holder can have."""
        card = make_card(self.serial(holder))
        request = self.signed(self.challenge(session), card, session)
        return self.service.authenticate(msgspec.structs.replace(request, purpose=purpose))

    def serial(self, holder: str) -> int:
        """Of a card of this municipality's, else of the other sample town's; or a serial in hex itself."""
        known = {**holders("012351"), **holders("162027"), **self.holders}
        return known[holder].serial if holder in known else int(holder, 16)

    def expected(self, request: OrderRequest, entitlement: Entitlement, holder: str = "taro") -> Expected:
        serial = f"{self.serial(holder):x}"
        offer = next(one for one in entitlement.offers if one.kind == request.kind)
        names: Mapping[str, str] = {person.handle: person.name for person in offer.persons}
        given = {person.handle: person.given for person in offer.persons}
        year = next((one.label for one in offer.years if one.year == request.year), "")
        code = entitlement.municipality.code
        digest = hashlib.sha256(serial.encode()).hexdigest()
        return Expected(request, digest, code, names, year, given, offer.name, offer.items)

    def resealed(self, sealed: SealedOrder, manifest: Manifest) -> SealedOrder:
        """What a center that is wrong, but has the right key, would send."""
        body = msgspec.json.encode(manifest)
        return msgspec.structs.replace(sealed, manifest=body, seal=self.sealer.seal(body))


def request_for(
    entitlement: Entitlement,
    kind: Kind = "juminhyo",
    items: tuple[Item, ...] = (),
    copies: int = 1,
    order: str = ORDER,
    session: str = SESSION,
    sample: bool = True,
    scope: Scope = "self",
    names: tuple[str, ...] = (),
) -> OrderRequest:
    """names: those on the certificate; the holder alone if none is given."""
    persons = {person.name: person.handle for offer in entitlement.offers for person in offer.persons}
    handles = tuple(persons[name] for name in names) or (entitlement.holder.handle,)
    offer = next((one for one in entitlement.offers if one.kind == kind), None)
    year = offer.years[0].year if offer and offer.years else 0
    fee = offer.fee if offer else 0
    return OrderRequest(order, TERMINAL, session, kind, scope, handles, items, copies, sample, year, fee)


def manifest_of(sealed: SealedOrder) -> Manifest:
    return msgspec.json.decode(sealed.manifest, type=Manifest)

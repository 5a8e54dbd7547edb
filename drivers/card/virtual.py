"""The virtual cards as things to hold: one of each kind, and the slot of the virtual reader it goes into.

``madoguchi virtual card`` makes a process of it.
"""

from dataclasses import dataclass

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.foreign import FOREIGN, ForeignCard
from drivers.card.sample import CardKeys, from_pem
from drivers.card.vpcd import VpcdSlot

__all__ = [
    "FOREIGN",
    "KINDS",
    "CardContents",
    "ForeignCard",
    "VirtualCard",
    "VpcdSlot",
    "card_from_pem",
    "card_of",
]


@dataclass(frozen=True)
class Kind:
    """A card with the JPKI application. signature: whether it has the certificate for signatures.

    tries: of its PIN, at most.
    """

    label: str
    signature: bool = True
    tries: int = 3


KINDS = {
    "my-number-card": Kind(jpki.LABEL_MY_NUMBER),
    "face-card": Kind(jpki.LABEL_MY_NUMBER, signature=False, tries=0),
    "juki-card": Kind(jpki.LABEL_RESIDENT),
    "android": Kind(jpki.LABEL_ANDROID),
    "iphone": Kind(jpki.LABEL_IPHONE),
}
"""By name; the cards without the application are in ``FOREIGN``. The 顔認証マイナンバーカード has no PIN."""


def card_of(
    kind: str,
    keys: CardKeys,
    authority: bytes = b"",
    pin: str = "1234",
    tries: int = 3,
    certificate: bool = True,
) -> VirtualCard:
    """authority: DER of the CA. certificate: whether it has the one for authentication. tries: left."""
    made = KINDS[kind]
    contents = CardContents(keys if certificate else None, authority, keys, made.signature, made.label, pin)
    card = VirtualCard(contents)
    card.pin.tries_left = min(tries, made.tries)
    return card


def card_from_pem(
    pem: bytes, pin: str = "1234", kind: str = "my-number-card", tries: int = 3, certificate: bool = True
) -> VirtualCard:
    """A card from a file of ``sample.to_pem``. tries: left of the PIN. Raises ValueError, TypeError."""
    keys, authority = from_pem(pem)
    return card_of(kind, keys, authority, pin, tries, certificate)

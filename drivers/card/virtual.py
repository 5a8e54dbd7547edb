"""The virtual card as one thing to hold: the card itself, and the slot of the virtual reader it goes into.

``madoguchi virtual card`` makes a process of it.
"""

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.sample import from_pem
from drivers.card.vpcd import VpcdSlot

__all__ = ["CardContents", "VirtualCard", "VpcdSlot", "card_from_pem"]

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

"""The file that a virtual card is made of."""

from daemon.parts import CARDS
from drivers.card.sample import Authority, CardKeys, from_pem, to_pem
from drivers.card.virtual import FOREIGN, KINDS, card_from_pem
from hal.contracts import TokenKind


def test_the_file_of_a_card_holds_all_of_it(keys: CardKeys, authority: Authority) -> None:
    again, ca = from_pem(to_pem(keys, authority))
    assert again.certificate == keys.certificate
    assert again.key.private_numbers() == keys.key.private_numbers()
    assert ca == authority.der
    assert from_pem(to_pem(keys))[1] == b""


def test_a_card_of_each_kind_can_be_made(keys: CardKeys) -> None:
    assert {kind.value for kind in TokenKind} <= set(KINDS)
    for name, kind in KINDS.items():
        tries = card_from_pem(to_pem(keys), kind=name, tries=2).pin.tries_left
        assert tries == min(2, kind.tries)


def test_the_command_line_names_every_kind() -> None:
    assert (*KINDS, *FOREIGN) == CARDS

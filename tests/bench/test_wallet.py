"""The wallet: a card for each of the municipality's invented people."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from daemon.bench.wallet import NoSuchCard, Wallet
from daemon.center.sample import TOWNS, holders
from daemon.parts import CARDS
from drivers.card.virtual_reader import PrivatePcscd


@pytest.mark.parametrize("code", TOWNS)
def test_each_holder_has_a_card_that_is_in_date(tmp_path: Path, code: str) -> None:
    wallet = Wallet(tmp_path, PrivatePcscd(tmp_path), code)
    wallet.make(0.0)
    for name, holder in holders(code).items():
        first, *_ = x509.load_pem_x509_certificates((tmp_path / f"card-{name}.pem").read_bytes())
        assert first.serial_number == holder.serial
        assert first.not_valid_before_utc < datetime.now(UTC) < first.not_valid_after_utc


def test_a_card_of_each_useless_kind_is_in_every_wallet(tmp_path: Path) -> None:
    for code in TOWNS:
        cards = Wallet(tmp_path, PrivatePcscd(tmp_path), code).cards
        assert set(CARDS) - {"my-number-card"} == {
            word for card in cards.values() for word in card.options
        } - ({"my-number-card", "--kind", "--tries", "0", "--no-certificate"})


def test_one_card_is_of_the_next_generation_and_one_is_out_of_date(tmp_path: Path) -> None:
    wallet = Wallet(tmp_path, PrivatePcscd(tmp_path))
    wallet.make(0.0)
    next_one, ended = (
        x509.load_pem_x509_certificates((tmp_path / f"card-{name}.pem").read_bytes())[0]
        for name in ("p384", "expired")
    )
    assert isinstance(next_one.public_key(), EllipticCurvePublicKey)
    assert ended.not_valid_after_utc < datetime.now(UTC)
    assert ended.serial_number == wallet.cards["taro"].holder.serial  # type: ignore[union-attr]


async def test_a_card_of_the_other_municipality_is_not_in_the_wallet(tmp_path: Path) -> None:
    wallet = Wallet(tmp_path, PrivatePcscd(tmp_path), "012351")
    with pytest.raises(NoSuchCard, match="no card 'taro' in the wallet; there are: daichi, miyuki"):
        await wallet.place("taro")


def test_a_municipality_without_sample_people_has_no_wallet(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sample residents of 011002"):
        Wallet(tmp_path, PrivatePcscd(tmp_path), "011002")

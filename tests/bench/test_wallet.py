"""The wallet: a card for each of the municipality's invented people."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from daemon.bench.wallet import NoSuchCard, Wallet
from daemon.center.sample import TOWNS, holders
from drivers.card.virtual_reader import PrivatePcscd


@pytest.mark.parametrize("code", TOWNS)
def test_each_holder_has_a_card_that_is_in_date(tmp_path: Path, code: str) -> None:
    wallet = Wallet(tmp_path, PrivatePcscd(tmp_path), code)
    wallet.make(0.0)
    assert wallet.holders == holders(code)
    for name, holder in wallet.holders.items():
        first, *_ = x509.load_pem_x509_certificates((tmp_path / f"card-{name}.pem").read_bytes())
        assert first.serial_number == holder.serial
        assert first.not_valid_before_utc < datetime.now(UTC) < first.not_valid_after_utc


async def test_a_card_of_the_other_municipality_is_not_in_the_wallet(tmp_path: Path) -> None:
    wallet = Wallet(tmp_path, PrivatePcscd(tmp_path), "012351")
    with pytest.raises(NoSuchCard, match="no card 'taro' in the wallet; there are: daichi, miyuki"):
        await wallet.place("taro")


def test_a_municipality_without_sample_people_has_no_wallet(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sample residents of 011002"):
        Wallet(tmp_path, PrivatePcscd(tmp_path), "011002")

"""Revocation lists: whose count, until when, and that nobody is let in by one that does not."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daemon.center.revocation import Revocations
from daemon.center.sample import SAMPLE_HOLDERS
from daemon.center.service import CenterService
from daemon.issuance.messages import Precheck, Reason, Refused
from drivers.card.sample import Authority, revocation_list, sample_authority
from tests.center.world import NOON, TERMINAL, World, authority, card_key, make_card, request_for

TARO, MAKOTO = (SAMPLE_HOLDERS[name].serial for name in ("taro", "makoto"))
DAY = timedelta(days=1)


def list_of(*serials: int, by: Authority | None = None, until: datetime = NOON + DAY) -> bytes:
    return revocation_list(by or authority(), serials, NOON - DAY, until)


def refusal(path: Path, serial: int = TARO, now: datetime = NOON) -> Reason | None:
    return Revocations([path], [authority().certificate]).refusal(f"{serial:x}", now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "authority.crl"


# ---------------------------------------------------------------- one list


def test_who_is_on_the_list_is_revoked_and_nobody_else(path: Path) -> None:
    path.write_bytes(list_of(TARO))
    assert (refusal(path, TARO), refusal(path, MAKOTO)) == (Reason.REVOKED, None)


def test_a_list_may_be_pem_or_der(path: Path) -> None:
    path.write_bytes(x509.load_pem_x509_crl(list_of(TARO)).public_bytes(Encoding.DER))
    assert (refusal(path, TARO), refusal(path, MAKOTO)) == (Reason.REVOKED, None)


def test_an_empty_list_revokes_nobody(path: Path) -> None:
    path.write_bytes(list_of())
    assert refusal(path) is None


def test_a_list_is_good_until_the_next_one_is_due(path: Path) -> None:
    path.write_bytes(list_of(until=NOON + DAY))
    assert refusal(path, now=NOON + DAY - timedelta(seconds=1)) is None
    assert refusal(path, now=NOON + DAY) is Reason.OUT_OF_SERVICE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        authority().certificate.public_bytes(Encoding.PEM),
        list_of(by=sample_authority(card_key())),
    ],
    ids=["empty", "garbage", "a certificate", "an impostor of the same name"],
)
def test_what_is_no_list_of_ours_lets_nobody_in(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert refusal(path) is Reason.OUT_OF_SERVICE


def test_a_list_that_is_missing_lets_nobody_in(path: Path) -> None:
    assert refusal(path) is Reason.OUT_OF_SERVICE


def test_without_lists_none_is_asked() -> None:
    assert Revocations([], [authority().certificate]).refusal(f"{TARO:x}", NOON) is None


# ---------------------------------------------------------------- several, and new ones


def test_with_several_lists_each_counts_and_each_must_be_there(tmp_path: Path) -> None:
    other = sample_authority(card_key())
    paths = [tmp_path / "one.crl", tmp_path / "other.crl"]
    paths[0].write_bytes(list_of(TARO))
    lists = Revocations(paths, [other.certificate, authority().certificate])
    assert lists.refusal(f"{TARO:x}", NOON) is Reason.REVOKED
    assert lists.refusal(f"{MAKOTO:x}", NOON) is Reason.OUT_OF_SERVICE
    paths[1].write_bytes(list_of(by=other))
    assert lists.refusal(f"{MAKOTO:x}", NOON) is None


def test_a_new_list_counts_at_once(path: Path) -> None:
    path.write_bytes(list_of())
    lists = Revocations([path], [authority().certificate])
    assert lists.refusal(f"{TARO:x}", NOON) is None
    new = path.with_name("new")
    new.write_bytes(list_of(TARO))
    new.rename(path)
    assert lists.refusal(f"{TARO:x}", NOON) is Reason.REVOKED


def test_trouble_with_a_list_is_logged_when_it_begins_and_ends(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lists = Revocations([path], [authority().certificate])
    for _ in range(3):
        lists.refusal(f"{TARO:x}", NOON)
    path.write_bytes(list_of(TARO))
    for _ in range(3):
        lists.refusal(f"{TARO:x}", NOON)
    lists.refusal(f"{TARO:x}", NOON + DAY)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert ["No such file" in said[0], "current again" in said[1], "overdue since" in said[2]] == [True] * 3
    assert all(str(path) in line and f"{TARO:x}" not in line for line in said)


# ---------------------------------------------------------------- at the center


def asked(service: CenterService) -> Reason:
    with pytest.raises(Refused) as refused:
        service.precheck(Precheck(TERMINAL, f"{TARO:x}"))
    return refused.value.refusal.reason


def test_a_list_is_asked_before_the_pin_after_it_and_when_the_order_is_made(path: Path) -> None:
    path.write_bytes(list_of())
    world = World(lists=[path])
    entitlement = world.enter("taro")
    path.write_bytes(list_of(TARO, 1))  # another size: the file's time may not have moved on
    assert asked(world.service) is Reason.REVOKED
    with pytest.raises(Refused, match="revoked"):
        world.service.authenticate(world.signed(world.challenge(), make_card(TARO)))
    with pytest.raises(Refused, match="revoked"):
        world.service.order(request_for(entitlement))
    world.close()


def test_a_center_whose_list_is_overdue_serves_nobody(path: Path) -> None:
    path.write_bytes(list_of())
    world = World(lists=[path])
    world.service.precheck(Precheck(TERMINAL, f"{TARO:x}"))
    world.clock.now += DAY
    assert asked(world.service) is Reason.OUT_OF_SERVICE
    world.close()

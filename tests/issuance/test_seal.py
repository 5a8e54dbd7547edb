"""What is signed, and that nothing else can be meant by the same signature."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.calendar import TOKYO
from daemon.issuance.seal import Keyring, Sealer, SealError, challenge_message, framed, new_key

EXPIRES = datetime(2026, 4, 1, 3, 0, 0, tzinfo=UTC)
Fields = tuple[str, str, str, bytes]
FIELDS = st.tuples(st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.binary(max_size=4))


def test_a_card_signs_purpose_center_terminal_session_nonce_and_expiry() -> None:
    fields = (b"madoguchi-auth/1", b"center", b"T01", b"s", b"n", b"2026-04-01T03:00:00.000000+00:00")
    message = b"".join(struct.pack(">I", len(field)) + field for field in fields)
    assert challenge_message("center", "T01", "s", b"n", EXPIRES) == message
    assert challenge_message("center", "T01", "s", b"n", EXPIRES.astimezone(TOKYO)) == message


@given(FIELDS, FIELDS)
def test_two_challenges_never_have_one_message(one: Fields, other: Fields) -> None:
    assert (challenge_message(*one, EXPIRES) == challenge_message(*other, EXPIRES)) == (one == other)


@given(st.lists(st.binary(max_size=3), max_size=4), st.lists(st.binary(max_size=3), max_size=4))
def test_framing_is_unambiguous(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


def test_another_expiry_is_another_message() -> None:
    later = EXPIRES + timedelta(microseconds=1)
    assert challenge_message("c", "t", "s", b"", EXPIRES) != challenge_message("c", "t", "s", b"", later)


def test_an_expiry_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        challenge_message("c", "t", "s", b"", datetime(2026, 4, 1))


def p256_key() -> bytes:
    private = generate_private_key(SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("make_key", [new_key, p256_key])
def test_a_seal_holds_for_its_manifest_and_for_no_other(
    tmp_path: Path, make_key: Callable[[], bytes]
) -> None:
    (tmp_path / "key.pem").write_bytes(make_key())
    sealer = Sealer.load(tmp_path / "key.pem")
    (tmp_path / "public.pem").write_bytes(sealer.public_pem())
    keyring = Keyring.load([tmp_path / "public.pem"])
    seal = sealer.seal(b"manifest")
    keyring.verify(sealer.key, b"manifest", seal)
    for manifest, forged in ((b"manifesto", seal), (b"manifest", bytes(64)), (b"manifest", b"")):
        with pytest.raises(SealError, match="not of this manifest"):
            keyring.verify(sealer.key, manifest, forged)


def test_a_key_that_is_not_ours_is_refused() -> None:
    ours, stranger = Sealer.from_pem(new_key()), Sealer.from_pem(new_key())
    keyring = Keyring.of([ours.public_pem()])
    with pytest.raises(SealError, match="does not have"):
        keyring.verify(stranger.key, b"manifest", stranger.seal(b"manifest"))
    with pytest.raises(SealError, match="not of this manifest"):
        keyring.verify(ours.key, b"manifest", stranger.seal(b"manifest"))


def test_keys_of_another_kind_are_refused_by_name() -> None:
    other = generate_private_key(SECP384R1())
    private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(SealError, match="Ed25519"):
        Sealer.from_pem(private, "seal.pem")
    with pytest.raises(SealError, match="Ed25519"):
        Keyring.of([public])
    with pytest.raises(SealError, match=r"seal\.pem"):
        Sealer.from_pem(b"nothing", "seal.pem")
    with pytest.raises(SealError, match="PEM"):
        Keyring.of([b"nothing"])

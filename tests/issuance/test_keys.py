"""Both kinds of keys sign alike, and one of them is never taken for the other."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daemon.issuance.keys import PrivateKey, PublicKey, WrongSignature

KEYS = {
    "EdDSA": PrivateKey(Ed25519PrivateKey.generate()),
    "ES256": PrivateKey(generate_private_key(SECP256R1())),
}


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_signature_is_64_bytes_and_holds_for_its_message_only(algorithm: str) -> None:
    key = KEYS[algorithm]
    signature = key.sign(b"message")
    assert len(signature) == 64
    key.public.verify(signature, b"message")
    for forged, message in ((signature, b"massage"), (signature[:-1], b"message"), (bytes(64), b"message")):
        with pytest.raises(WrongSignature):
            key.public.verify(forged, message)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_public_key_comes_back_out_of_its_pem(algorithm: str) -> None:
    public = KEYS[algorithm].public
    again = PublicKey.from_pem(public.pem())
    assert (again.id, again.algorithm) == (public.id, algorithm)
    assert len(public.id) == 16
    again.verify(KEYS[algorithm].sign(b"message"), b"message")


def test_a_key_of_another_kind_takes_no_signature_of_this_one() -> None:
    one, other = KEYS.values()
    with pytest.raises(WrongSignature):
        other.public.verify(one.sign(b"message"), b"message")
    with pytest.raises(WrongSignature):
        one.public.verify(other.sign(b"message"), b"message")

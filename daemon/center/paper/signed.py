"""The signature over the bytes on the back: COSE_Sign1 (RFC 9052), so that anybody can check it.

The purpose is signed too, as external data: a signature for another purpose is worth nothing here, nor this
one there. The key that signed is named by its id; who is believed is the reader's to say.
"""

from collections.abc import Callable, Mapping

import cbor2

from daemon.issuance.keys import PrivateKey, PublicKey, WrongSignature

PURPOSE = b"madoguchi-paper/1"
SIGN1 = 18
ALGORITHM, KEY_ID = 1, 4
ALGORITHMS = {"EdDSA": -8, "ES256": -7}
PARTS = 4


class NotSigned(ValueError):
    """Not a COSE_Sign1 as we write it."""


class UnknownKey(ValueError):
    """key: its id."""

    def __init__(self, key: str) -> None:
        super().__init__(f"signed with the key {key}, which is not at hand")
        self.key = key


class Tampered(ValueError):
    """The key is ours, but it has not signed this."""


def sign(payload: bytes, key: PrivateKey) -> bytes:
    protected = cbor2.dumps({ALGORITHM: ALGORITHMS[key.public.algorithm]})
    signature = key.sign(_to_be_signed(protected, payload))
    header = {KEY_ID: bytes.fromhex(key.public.id)}
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, header, payload, signature]))


def opened(message: bytes, find: Callable[[str], PublicKey | None]) -> bytes:
    """The payload, once its signature holds. Raises NotSigned, UnknownKey, Tampered."""
    protected, signer, payload, signature = _taken_apart(message)
    key = find(signer)
    if key is None:
        raise UnknownKey(signer)
    if protected != cbor2.dumps({ALGORITHM: ALGORITHMS[key.algorithm]}):
        raise Tampered("another algorithm than the key's")
    try:
        key.verify(signature, _to_be_signed(protected, payload))
    except WrongSignature:
        raise Tampered("the signature is not of these data") from None
    return payload


def _taken_apart(message: bytes) -> tuple[bytes, str, bytes, bytes]:
    """(protected header, key id, payload, signature): each of its very type, whoever wrote it.

    Raises NotSigned.
    """
    try:
        tag = cbor2.loads(message)
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError, cbor2.CBORError):
        raise NotSigned("not CBOR") from None
    if not isinstance(tag, cbor2.CBORTag) or tag.tag != SIGN1:
        raise NotSigned("another message")
    parts = tag.value
    if not isinstance(parts, list | tuple) or len(parts) != PARTS or not isinstance(parts[1], Mapping):
        raise NotSigned("another message of COSE")
    texts = [part for part in (parts[0], parts[1].get(KEY_ID), parts[2], parts[3]) if isinstance(part, bytes)]
    if len(texts) != PARTS:
        raise NotSigned("another message of COSE")
    protected, signer, payload, signature = texts
    return protected, signer.hex(), payload, signature


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, PURPOSE, payload])

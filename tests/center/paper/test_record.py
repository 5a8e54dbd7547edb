"""What the code on the back holds: packed, signed, cut into codes, and put together again."""

import hashlib
import zlib
from dataclasses import replace
from datetime import date

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.center.paper.codes import (
    HEADER,
    LIKED,
    MOST,
    ROOM,
    SMALLEST,
    Part,
    TooMuch,
    assembled,
    codes,
    part_of,
)
from daemon.center.paper.record import LARGEST, WORDS, Record, UnreadableRecord, unpack
from daemon.center.paper.signed import NotSigned, Tampered, UnknownKey, opened, sign
from daemon.issuance.keys import PrivateKey, PublicKey
from daemon.issuance.numbers import CertificateNumber
from daemon.issuance.seal import SEAL, framed

DAY = date(2026, 4, 1)
NUMBER = str(CertificateNumber("162027", DAY, "T01", 1))
RECORD = Record(
    "162027",
    "juminhyo",
    "住民票の写し",
    NUMBER,
    1,
    2,
    DAY,
    False,
    (("氏名", "渡邉\U000e010f 誠"), ("", "以下余白")),
)
SIDE = 4016
KEYS = [PrivateKey(Ed25519PrivateKey.generate()), PrivateKey(generate_private_key(SECP256R1()))]


# ---------------------------------------------------------------- the record


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=60)), max_size=20), st.booleans())
def test_a_record_comes_back_to_the_letter(fields: list[tuple[str, str]], sample: bool) -> None:
    record = replace(RECORD, fields=tuple(fields), sample=sample)
    assert unpack(record.pack()) == record
    assert record.pack() == record.pack()


def test_the_words_of_version_1_never_change() -> None:
    """Papers that are out are read with them: another list is another version."""
    assert hashlib.sha256(WORDS).hexdigest().startswith("b64114275db53432")


@pytest.mark.parametrize(
    "change",
    [
        {0: 2},
        {4: "162027-20260401-T01-000001-0"},
        {5: [2, 1]},
        {5: [0, 1]},
        {5: [1]},
        {6: "2026-02-30"},
        {7: 1},
        {8: [["氏名"]]},
        {8: [["氏名", 1]]},
        {8: 5},
        {9: ""},
        {1: 162027},
    ],
    ids=str,
)
def test_what_is_no_record_of_this_version_is_refused(change: dict[int, object]) -> None:
    values = cbor2.loads(zlib.decompressobj(zdict=WORDS).decompress(RECORD.pack()))
    with pytest.raises(UnreadableRecord):
        unpack(_squeezed(cbor2.dumps(values | change)))


@pytest.mark.parametrize("whole", [b"", b"\xff", cbor2.dumps([]), cbor2.dumps({}), bytes(LARGEST + 1)])
def test_noise_and_what_grows_beyond_bounds_are_refused(whole: bytes) -> None:
    with pytest.raises(UnreadableRecord):
        unpack(_squeezed(whole))
    with pytest.raises(UnreadableRecord):
        unpack(whole)


def _squeezed(whole: bytes) -> bytes:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, WORDS)
    return squeezer.compress(whole) + squeezer.flush()


# ---------------------------------------------------------------- the signature


def nobody(_: str) -> PublicKey | None:
    return None


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.public.algorithm)
def test_a_signed_message_opens_with_its_key_alone(key: PrivateKey) -> None:
    message = sign(b"payload", key)
    assert opened(message, {key.public.id: key.public}.get) == b"payload"
    with pytest.raises(UnknownKey) as found:
        opened(message, nobody)
    assert found.value.key == key.public.id
    (other,) = (one for one in KEYS if one is not key)
    with pytest.raises(Tampered):
        opened(message, {key.public.id: other.public}.get)


def test_it_is_a_cose_sign1_message_as_rfc_9052_has_it() -> None:
    key = KEYS[0]
    tag = cbor2.loads(sign(b"payload", key))
    protected, header, payload, signature = tag.value
    assert (tag.tag, cbor2.loads(protected), payload) == (18, {1: -8}, b"payload")
    assert header == {4: bytes.fromhex(key.public.id)}
    signed = cbor2.dumps(["Signature1", protected, b"madoguchi-paper/1", payload])
    key.public.verify(signature, signed)


def test_a_seal_is_no_signature_of_a_paper_and_a_paper_none_of_an_order() -> None:
    """Both are made with one key: neither text can begin as the other does."""
    signed = cbor2.dumps(["Signature1", b"", b"madoguchi-paper/1", b"payload"])
    assert signed[0] != framed(SEAL.encode(), b"")[0]


@settings(max_examples=150)
@given(st.data())
def test_any_changed_bit_is_caught(data: st.DataObject) -> None:
    key = KEYS[0]
    message = bytearray(sign(RECORD.pack(), key))
    bit = data.draw(st.integers(0, len(message) * 8 - 1))
    message[bit // 8] ^= 1 << bit % 8
    with pytest.raises((NotSigned, Tampered, UnknownKey)):
        opened(bytes(message), {key.public.id: key.public}.get)


@settings(max_examples=100)
@given(st.binary(max_size=80))
def test_noise_is_not_signed(noise: bytes) -> None:
    with pytest.raises(NotSigned):
        opened(noise, nobody)


# ---------------------------------------------------------------- the codes


@pytest.mark.parametrize(("size", "count"), [(1, 1), (ROOM - HEADER, 1), (ROOM - HEADER + 1, 2), (9000, 4)])
def test_there_are_as_few_codes_as_will_do_and_their_modules_are_large_enough(size: int, count: int) -> None:
    made = codes(bytes(size), SIDE)
    assert len(made) == count
    assert all(SMALLEST <= code.scale <= LIKED for code in made)
    assert all(code.side <= (SIDE if count == 1 else SIDE // 2) for code in made)
    assert SMALLEST * 25.4 / 600 >= 0.4


def test_more_than_the_back_has_room_for_is_refused() -> None:
    codes(bytes(MOST * (ROOM - HEADER)), SIDE)
    with pytest.raises(TooMuch):
        codes(bytes(MOST * (ROOM - HEADER) + 1), SIDE)


def parts(whole: str, count: int) -> list[Part]:
    return [Part(whole.encode(), part, count, f"{whole}{part}".encode()) for part in range(count)]


@given(st.permutations(parts("aaaa", 3) + parts("bbbb", 2) + parts("aaaa", 3)))
def test_parts_come_together_in_any_order_and_never_across_sheets(shuffled: list[Part]) -> None:
    found = {one.data for one in assembled(shuffled)}
    assert found == {b"aaaa0aaaa1aaaa2", b"bbbb0bbbb1"}


@given(st.sets(st.integers(0, 3), min_size=1, max_size=3))
def test_missing_parts_are_named_as_people_count(kept: set[int]) -> None:
    (one,) = assembled(part for part in parts("aaaa", 4) if part.part in kept)
    assert one.missing == tuple(part + 1 for part in range(4) if part not in kept)
    assert one.data == b""


@pytest.mark.parametrize(
    "share",
    [
        b"",
        b"https://example.com",
        b"MDG\x01",
        b"MDG\x02\x00\x01nameX",
        b"MDG\x01\x01\x01nameX",
        b"MDG\x01\x00\x09nameX",
    ],
)
def test_a_code_that_is_not_ours_is_none(share: bytes) -> None:
    assert part_of(share) is None
    assert part_of(b"MDG\x01\x00\x01nameX") == Part(b"name", 0, 1, b"X")

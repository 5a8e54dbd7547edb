"""Vectors of the JPKI protocol: bytes as in shared/protocols/card.md §2, and dialogues with a scripted card.

Plain functions without a test framework, so that MicroPython runs them too.
"""

from drivers.card import jpki

AID_SELECT = bytes.fromhex("00a4040c0ad392f000260100000001")
PIN_1234 = bytes.fromhex("002000800431323334")
CERTIFICATE = b"\x30\x82\x02\x00" + bytes(range(256)) * 2
RSA_2048, P384 = jpki.rsa(2048), jpki.ecdsa_p384()
FILE = CERTIFICATE + b"\xff" * 32


class ScriptedCard:
    """Answers exactly these commands in this order. steps: (C-APDU hex, R-APDU hex)."""

    def __init__(self, *steps: tuple[str, str]) -> None:
        self.steps = list(steps)

    def transmit(self, apdu: bytes | bytearray) -> bytes:
        wanted, response = self.steps.pop(0)
        assert bytes(apdu) == bytes.fromhex(wanted), (bytes(apdu).hex(), wanted)
        return bytes.fromhex(response)


def check_commands_are_the_documented_bytes() -> None:
    assert jpki.wake_up().encode() == bytes.fromhex("00a40000")
    assert jpki.select_application().encode() == AID_SELECT
    assert jpki.select_file(jpki.AUTH_CERTIFICATE).encode() == bytes.fromhex("00a4020c02000a")
    assert jpki.read_binary(0, 4).encode() == bytes.fromhex("00b0000004")
    assert jpki.read_binary(0x1234, 256).encode() == bytes.fromhex("00b0123400")
    assert jpki.query_tries().encode() == bytes.fromhex("00200080")
    assert jpki.verify(b"1234").encode() == PIN_1234
    digest = bytes(range(32))
    prefix = "802a0080333031300d060960864801650304020105000420"
    assert jpki.sign(digest, RSA_2048).encode() == bytes.fromhex(prefix) + digest + b"\x00"
    longer = bytes(range(48))
    assert jpki.sign(longer, P384).encode() == bytes.fromhex("802a008030") + longer + b"\x00"


def check_the_card_parses_what_the_host_built() -> None:
    command = jpki.parse_command(AID_SELECT)
    assert (command.cla, command.ins, command.p1, command.p2) == (0, 0xA4, 4, 0x0C)
    assert command.data == jpki.AID
    assert command.le is None
    assert jpki.parse_command(bytes.fromhex("00b0123400")).le == 256
    assert jpki.parse_command(bytes.fromhex("00200080")).data == b""
    assert jpki.parse_command(PIN_1234).data == b"1234"
    signing = jpki.parse_command(bytes(jpki.sign(bytes(32), RSA_2048).encode()))
    assert len(signing.data) == 51
    assert signing.le == 256


def check_malformed_commands_are_refused() -> None:
    for apdu in ("", "00a400", "00a4040c0ad392", "00a4040c00d3", "0020008004313233343500"):
        assert _raises(ValueError, jpki.parse_command, bytes.fromhex(apdu)), apdu


def check_a_short_answer_is_a_lost_card() -> None:
    assert jpki.parse_answer(bytes.fromhex("9000")) == (b"", 0x9000)
    assert jpki.parse_answer(bytes.fromhex("abcd6a82")) == (b"\xab\xcd", 0x6A82)
    assert jpki.answer(0x63C2, b"\x01") == bytes.fromhex("0163c2")
    assert _raises(jpki.CardLost, jpki.parse_answer, b"")
    assert _raises(jpki.CardLost, jpki.parse_answer, b"\x90")


def check_tries_by_status_word() -> None:
    known = {0x63C3: 3, 0x63C1: 1, 0x63C0: 0, 0x6984: 0, 0x6983: 0, 0x9000: None, 0x6300: None}
    for sw, tries in known.items():
        assert jpki.tries_in(sw) == tries
    assert _raises(jpki.StatusError, jpki.tries_in, 0x6A82)


def check_the_answer_to_a_verify() -> None:
    jpki.check_verified(0x9000)
    for sw, left in ((0x63C2, 2), (0x63C0, 0)):
        try:
            jpki.check_verified(sw)
            raise AssertionError("a wrong PIN passed")
        except jpki.PinRefused as refused:
            assert refused.tries_left == left
    assert _raises(jpki.PinBlocked, jpki.check_verified, 0x6984)
    assert _raises(jpki.PinBlocked, jpki.check_verified, 0x6983)
    assert _raises(jpki.StatusError, jpki.check_verified, 0x6F00)
    assert _raises(jpki.StatusError, jpki.check_verified, 0x6300)


def check_only_four_ascii_digits_become_a_verify() -> None:
    for pin in (b"", b"123", b"12345", b"12a4", b"12 4", b"\x00\x00\x00\x00", "１２３４".encode()):
        assert _raises(ValueError, jpki.verify, pin), pin


def check_only_digests_of_the_keys_own_hash_are_signed() -> None:
    assert _raises(ValueError, jpki.sign, bytes(31), RSA_2048)
    assert _raises(ValueError, jpki.sign, bytes(51), RSA_2048)
    assert _raises(ValueError, jpki.sign, bytes(32), P384)


def check_a_scheme_says_hash_and_length_of_a_signature() -> None:
    assert (RSA_2048.hash, RSA_2048.signature_length) == ("sha256", 256)
    assert jpki.rsa(1536).signature_length == 192
    assert (P384.hash, P384.signature_length) == ("sha384", 96)
    for bits in (0, 512, 2047, 3072, 4096):
        assert _raises(ValueError, jpki.rsa, bits), bits


def check_der_length() -> None:
    assert jpki.der_length(b"\x30\x82\x05\xdc") == 1504
    for head in (b"", b"\x30\x82\x05", b"\xff\xff\xff\xff", b"\x30\x80\x00\x00", b"\x30\x82\x20\x00"):
        assert _raises(jpki.NotACertificate, jpki.der_length, head), head


def check_opening_survives_a_6f00_to_the_first_command() -> None:
    card = ScriptedCard(("00a40000", "6f00"), (AID_SELECT.hex(), "9000"))
    jpki.JpkiSession(card.transmit).open()
    assert card.steps == []


def check_another_card_is_told_by_its_status_word() -> None:
    card = ScriptedCard(("00a40000", "6a86"), (AID_SELECT.hex(), "6a82"))
    try:
        jpki.JpkiSession(card.transmit).open()
        raise AssertionError("not a My Number card, and opened")
    except jpki.StatusError as error:
        assert (error.ins, error.status.kind) == (0xA4, "not-found")


def check_the_label_is_cut_at_its_padding() -> None:
    label = (b"JPKIAPICCTOKEN2" + b" " * 17).hex()
    card = ScriptedCard(("00a4020c020006", "9000"), ("00b0000020", label + "9000"))
    assert jpki.JpkiSession(card.transmit).label() == jpki.LABEL_MY_NUMBER


def check_a_certificate_is_read_to_its_last_byte_and_no_further() -> None:
    card = ScriptedCard(
        ("00a4020c02000a", "9000"),
        ("00b0000004", FILE[:4].hex() + "9000"),
        ("00b0000400", FILE[4:260].hex() + "9000"),
        ("00b0010400", FILE[260:516].hex() + "9000"),
    )
    assert jpki.JpkiSession(card.transmit).certificate() == CERTIFICATE
    assert card.steps == []


def check_short_chunks_are_put_together() -> None:
    small = b"\x30\x82\x00\x06" + b"abcdef"
    card = ScriptedCard(
        ("00a4020c02000a", "9000"),
        ("00b0000004", small[:4].hex() + "9000"),
        ("00b0000406", small[4:9].hex() + "9000"),
        ("00b0000901", small[9:].hex() + "9000"),
    )
    assert jpki.JpkiSession(card.transmit).certificate() == small


def check_a_file_that_ends_early_is_no_certificate() -> None:
    card = ScriptedCard(
        ("00a4020c02000a", "9000"), ("00b0000004", "30820006" + "9000"), ("00b0000406", "9000")
    )
    assert _raises(jpki.NotACertificate, jpki.JpkiSession(card.transmit).certificate)


def check_verify_wipes_what_it_sent() -> None:
    sent = []

    def transmit(apdu: bytes | bytearray) -> bytes:
        sent.append(apdu)
        return b"\x63\xc2"

    assert _raises(jpki.PinRefused, jpki.JpkiSession(transmit).verify, bytearray(b"1234"))
    assert sent == [bytearray(9)]


def check_nothing_is_sent_twice() -> None:
    card = ScriptedCard((PIN_1234.hex(), ""))
    assert _raises(jpki.CardLost, jpki.JpkiSession(card.transmit).verify, b"1234")
    assert card.steps == []


def check_a_signature() -> None:
    digest = bytes(range(32))
    card = ScriptedCard(
        ("00a4020c020017", "9000"),
        (bytes(jpki.sign(digest, RSA_2048).encode()).hex(), "55" * 256 + "9000"),
    )
    assert jpki.JpkiSession(card.transmit).sign(digest, RSA_2048) == b"\x55" * 256


def check_a_signature_of_another_length_is_none() -> None:
    digest = bytes(range(48))
    signing = bytes(jpki.sign(digest, P384).encode()).hex()
    for length in (0, 95, 97, 256):
        card = ScriptedCard(("00a4020c020017", "9000"), (signing, "55" * length + "9000"))
        assert _raises(jpki.NotASignature, jpki.JpkiSession(card.transmit).sign, digest, P384), length


def check_the_availability_of_both_certificates() -> None:
    for flags, found in (
        ("8f8f00", (True, True)),
        ("008f00", (False, True)),
        ("8f0000", (True, False)),
        ("8f", (True, False)),
        ("", (False, False)),
    ):
        card = ScriptedCard(("00a4020c020008", "9000"), ("00b0000003", flags + "9000"))
        assert jpki.JpkiSession(card.transmit).availability() == found, flags


def _raises(error: type[Exception], function: object, *arguments: object) -> bool:
    assert callable(function)
    try:
        function(*arguments)
    except error:
        return True
    return False

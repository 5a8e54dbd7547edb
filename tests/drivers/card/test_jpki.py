"""Whatever one side builds, the other reads. (The vectors are tests/vectors/jpki.py.)"""

from hypothesis import given
from hypothesis import strategies as st

from drivers.card import jpki

byte = st.integers(0, 255)


@given(byte, byte, byte, byte, st.binary(max_size=255), st.none() | st.integers(1, 256))
def test_a_command_survives_the_wire(
    cla: int, ins: int, p1: int, p2: int, data: bytes, le: int | None
) -> None:
    parsed = jpki.parse_command(bytes(jpki.Command(ins, p1, p2, data, le, cla).encode()))
    assert (parsed.cla, parsed.ins, parsed.p1, parsed.p2) == (cla, ins, p1, p2)
    assert (parsed.data, parsed.le) == (data, le)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_a_value_error(apdu: bytes) -> None:
    try:
        command = jpki.parse_command(apdu)
    except ValueError:
        return
    assert command.encode() == apdu


@given(st.binary(max_size=300), st.integers(0, 0xFFFF))
def test_an_answer_survives_the_wire(data: bytes, sw: int) -> None:
    assert jpki.parse_answer(jpki.answer(sw, data)) == (data, sw)


@given(st.lists(st.binary(min_size=0, max_size=300), min_size=12, max_size=12))
def test_a_session_ends_with_an_answer_or_its_own_error_whatever_the_card_says(answers: list[bytes]) -> None:
    session = jpki.JpkiSession(lambda _: answers.pop() if answers else b"")
    try:
        session.open()
        session.certificate()
    except jpki.JpkiError:
        pass

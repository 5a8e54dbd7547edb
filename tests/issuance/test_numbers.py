"""Certificate numbers: readable, checkable, each its own."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.issuance.numbers import CertificateNumber, is_terminal, parse

NUMBERS = st.builds(
    CertificateNumber,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.dates(date(2000, 1, 1), date(2999, 12, 31)),
    st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True),
    st.integers(1, 999999),
).filter(lambda number: number.municipality.isascii() and number.terminal.isascii())


def test_a_number_reads_as_the_requirements_say() -> None:
    number = CertificateNumber("162027", date(2026, 4, 1), "T01", 12)
    assert str(number).startswith("162027-20260401-T01-000012-")


@given(NUMBERS)
def test_a_number_can_be_read_back(number: CertificateNumber) -> None:
    assert parse(str(number)) == number


@given(NUMBERS, st.data())
def test_one_wrong_digit_is_found(number: CertificateNumber, data: st.DataObject) -> None:
    text = str(number)
    at = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from([char for char in "0123456789" if char != text[at]]))
    with pytest.raises(ValueError, match="not a certificate number"):
        parse(text[:at] + digit + text[at + 1 :])


@given(NUMBERS, st.data())
def test_two_swapped_digits_are_found(number: CertificateNumber, data: st.DataObject) -> None:
    text = str(number)
    pairs = [i for i in range(len(text) - 1) if text[i : i + 2].isdigit() and text[i] != text[i + 1]]
    assume(pairs)
    at = data.draw(st.sampled_from(pairs))
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    with pytest.raises(ValueError):
        parse(swapped)


@pytest.mark.parametrize("text", ["", "162027-20260401-T01-000012", "162027-20261301-T01-000012-0", "x"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a certificate number"):
        parse(text)


@pytest.mark.parametrize(
    ("name", "fits"), [("T01", True), ("0001", True), ("T-01", False), ("t01", False), ("", False)]
)
def test_a_terminal_is_named_in_capitals_and_digits(name: str, fits: bool) -> None:
    assert is_terminal(name) == fits

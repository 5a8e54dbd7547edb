"""A million bytes of noise: no exception, no hang, no coin credited or dispensed without a valid frame."""

from tests.drivers.cash.fuzz import fuzz, holds

MILLION = 1_000_000


def test_a_million_bytes_of_noise_credit_and_pay_nothing_that_no_frame_says() -> None:
    happened = fuzz(MILLION, seed=1)
    assert happened["bytes"] >= MILLION
    assert min(happened[what] for what in ("credits", "dispensed", "payouts", "broken", "garbled")) > 20


def test_the_judge_knows_a_valid_frame_when_it_sees_one() -> None:
    reply = bytes.fromhex("01030200 4e61bc8f")
    assert holds(b"\x00\x01" + reply, False, 1, 0)
    assert not holds(reply[:-1] + b"\x8e", False, 1, 0)
    assert holds(bytes.fromhex("2800b6fe21"), True, 40, 254)
    assert not holds(bytes.fromhex("2800b6fe22"), True, 40, 254)

"""The buffer that a PIN is typed into."""

from daemon.session.pin import Pin


def typed(*keys: str) -> Pin:
    pin = Pin()
    for key in keys:
        pin.type(key)
    return pin


def test_four_digits_complete_it_and_a_fifth_is_nothing() -> None:
    pin = typed("0", "7", "3", "9", "5")
    assert (bytes(pin.digits), pin.typed, pin.complete) == (b"0739", 4, True)
    assert not typed("0", "7", "3").complete


def test_what_is_no_digit_is_not_taken() -> None:
    assert typed("back", "", "quit").typed == 0


def test_the_correction_key_empties_the_whole_field() -> None:
    pin = typed("0", "7", "clear")
    assert (bytes(pin.digits), pin.typed) == (bytes(4), 0)


def test_wiped_it_is_zero_where_it_was_and_can_be_typed_into_again() -> None:
    pin = typed("0", "7", "3", "9")
    buffer = pin.digits
    pin.wipe()
    assert (bytes(buffer), pin.complete) == (bytes(4), False)
    pin.type("1")
    assert buffer is pin.digits
    assert bytes(buffer) == b"1\0\0\0"


def test_no_digit_is_told() -> None:
    assert "7" not in repr(typed("7")).partition(" object at")[0]

"""Touch packets: what counts as a touch, and what never does."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.display.packets import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_MT_TRACKING_ID,
    ABS_X,
    ABS_Y,
    BTN_TOUCH,
    EV_ABS,
    EV_KEY,
    EV_SYN,
    EVENT,
    SYN_DROPPED,
    Contact,
    Decoder,
    packet,
)

DOWN = packet((EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, 30), (EV_ABS, ABS_Y, 40))
UP = packet((EV_KEY, BTN_TOUCH, 0))
DROPPED = EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)


def multi(slot: int, tracking: int, x: int, y: int) -> bytes:
    return packet(
        (EV_ABS, ABS_MT_SLOT, slot),
        (EV_ABS, ABS_MT_TRACKING_ID, tracking),
        (EV_ABS, ABS_MT_POSITION_X, x),
        (EV_ABS, ABS_MT_POSITION_Y, y),
        (EV_KEY, BTN_TOUCH, 1),
        (EV_ABS, ABS_X, 999),
    )


def test_the_button_may_come_before_the_place() -> None:
    assert Decoder().feed(DOWN + UP) == [Contact(True, 30, 40), Contact(False, 30, 40)]


def test_nothing_counts_before_the_packet_is_complete() -> None:
    decoder = Decoder()
    assert decoder.feed(DOWN[: -EVENT.size]) == []
    assert decoder.feed(DOWN[-EVENT.size :]) == [Contact(True, 30, 40)]


@given(st.lists(st.integers(1, 50), max_size=20))
def test_bytes_may_arrive_in_any_pieces(cuts: list[int]) -> None:
    data, decoder, contacts = DOWN + UP + DOWN, Decoder(), []
    for cut in cuts:
        contacts += decoder.feed(data[:cut])
        data = data[cut:]
    contacts += decoder.feed(data)
    assert [contact.down for contact in contacts] == [True, False, True]


def test_a_finger_that_slides_goes_up_where_it_ends() -> None:
    decoder = Decoder()
    assert decoder.feed(DOWN) == [Contact(True, 30, 40)]
    assert decoder.feed(packet((EV_ABS, ABS_X, 500))) == []
    assert decoder.feed(UP) == [Contact(False, 500, 40)]


def test_a_coordinate_that_did_not_change_is_not_sent_again_by_the_kernel() -> None:
    decoder = Decoder()
    decoder.resume(x=7, y=9)
    assert decoder.feed(packet((EV_KEY, BTN_TOUCH, 1))) == [Contact(True, 7, 9)]


def test_of_several_fingers_only_the_first_counts() -> None:
    decoder = Decoder()
    assert decoder.feed(multi(0, 5, 10, 20)) == [Contact(True, 10, 20)]
    assert decoder.feed(multi(1, 6, 300, 400)) == []
    assert decoder.feed(packet((EV_ABS, ABS_MT_TRACKING_ID, -1))) == []
    lifted = packet((EV_ABS, ABS_MT_SLOT, 0), (EV_ABS, ABS_MT_TRACKING_ID, -1))
    assert decoder.feed(lifted) == [Contact(False, 10, 20)]


def test_a_touch_under_way_when_events_are_dropped_is_cancelled_not_completed() -> None:
    decoder = Decoder()
    decoder.feed(DOWN)
    assert decoder.feed(DROPPED + UP) == [Contact(False, None, None)]
    assert decoder.lost
    decoder.resume()
    assert decoder.feed(DOWN) == [Contact(True, 30, 40)]


def test_what_comes_between_a_drop_and_the_next_report_is_worthless() -> None:
    decoder = Decoder()
    assert decoder.feed(DROPPED + DOWN) == []


@given(st.binary(max_size=480))
def test_no_bytes_can_break_it(data: bytes) -> None:
    contacts = Decoder().feed(data)
    assert [contact.down for contact in contacts[:1]] in ([], [True])

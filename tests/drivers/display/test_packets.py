"""Touch packets: what counts as a touch, and what never does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.display.packets import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_MT_TOOL_TYPE,
    ABS_MT_TOUCH_MAJOR,
    ABS_MT_TRACKING_ID,
    ABS_X,
    ABS_Y,
    BTN_LEFT,
    BTN_TOUCH,
    CANCELLED,
    MOST_FINGERS,
    TOOL_PALM,
    Contact,
    Decoder,
    Slot,
)
from drivers.ports.evdev import EV_ABS, EV_KEY, EV_SYN, EVENT, SYN_DROPPED, Event, packet

DOWN = packet((EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, 30), (EV_ABS, ABS_Y, 40))
UP = packet((EV_KEY, BTN_TOUCH, 0))
LOST = EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)


def finger(slot: int, id: int, x: int, y: int, *more: Event) -> list[Event]:
    """A contact of a multi-touch panel, and what the panel says for those who know only one."""
    return [
        (EV_ABS, ABS_MT_SLOT, slot),
        (EV_ABS, ABS_MT_TRACKING_ID, id),
        (EV_ABS, ABS_MT_POSITION_X, x),
        (EV_ABS, ABS_MT_POSITION_Y, y),
        *more,
        (EV_KEY, BTN_TOUCH, 1),
        (EV_ABS, ABS_X, 999),
    ]


def lifted(slot: int) -> list[Event]:
    return [(EV_ABS, ABS_MT_SLOT, slot), (EV_ABS, ABS_MT_TRACKING_ID, -1)]


# ---------------------------------------------------------------- one finger


@pytest.mark.parametrize("button", [BTN_TOUCH, BTN_LEFT])
def test_the_button_may_come_before_the_place(button: int) -> None:
    down = packet((EV_KEY, button, 1), (EV_ABS, ABS_X, 30), (EV_ABS, ABS_Y, 40))
    up = packet((EV_KEY, button, 0))
    assert Decoder().feed(down + up) == [Contact(True, 30, 40), Contact(False, 30, 40)]


def test_nothing_counts_before_the_packet_is_complete() -> None:
    decoder = Decoder()
    assert decoder.feed(DOWN[: -EVENT.size]) == []
    assert decoder.feed(DOWN[-EVENT.size :]) == [Contact(True, 30, 40)]


def test_a_finger_that_slides_goes_up_where_it_ends() -> None:
    decoder = Decoder()
    assert decoder.feed(DOWN) == [Contact(True, 30, 40)]
    assert decoder.feed(packet((EV_ABS, ABS_X, 500))) == []
    assert decoder.feed(UP) == [Contact(False, 500, 40)]


def test_a_button_that_is_held_and_repeated_is_one_touch() -> None:
    decoder = Decoder()
    decoder.feed(DOWN)
    assert decoder.feed(packet((EV_KEY, BTN_TOUCH, 2)) * 5) == []


def test_a_coordinate_that_did_not_change_is_not_sent_again_by_the_kernel() -> None:
    decoder = Decoder()
    decoder.resume(x=7, y=9)
    assert decoder.feed(packet((EV_KEY, BTN_TOUCH, 1))) == [Contact(True, 7, 9)]


# ---------------------------------------------------------------- several fingers


@pytest.mark.parametrize("slot", [0, 3])
def test_of_several_fingers_the_first_counts_in_whatever_slot(slot: int) -> None:
    decoder = Decoder()
    assert decoder.feed(packet(*finger(slot, 5, 10, 20))) == [Contact(True, 10, 20)]
    assert decoder.feed(packet(*finger(slot + 1, 6, 300, 400))) == []
    assert decoder.feed(packet(*lifted(slot + 1))) == []
    assert decoder.feed(packet(*lifted(slot))) == [Contact(False, 10, 20)]


def test_no_finger_takes_the_place_of_the_first() -> None:
    decoder = Decoder()
    decoder.feed(packet(*finger(0, 5, 10, 20)) + packet(*finger(1, 6, 300, 400)))
    assert decoder.feed(packet(*lifted(0))) == [Contact(False, 10, 20)]
    assert decoder.feed(packet((EV_ABS, ABS_MT_SLOT, 1), (EV_ABS, ABS_MT_POSITION_X, 310))) == []
    assert decoder.feed(packet(*finger(0, 7, 11, 21))) == [Contact(True, 11, 21)]


def test_a_finger_that_was_replaced_in_its_slot_within_one_packet_is_a_new_one() -> None:
    decoder = Decoder()
    decoder.feed(packet(*finger(0, 5, 10, 20)))
    decoder.feed(packet(*lifted(0)))
    assert decoder.feed(packet(*lifted(0), *finger(0, 6, 50, 60))) == [Contact(True, 50, 60)]


def test_the_slot_and_the_place_that_were_last_need_not_be_told_again() -> None:
    decoder = Decoder(multi=True)
    decoder.resume(slot=2, slots=[Slot(), Slot(), Slot(x=70, y=80)])
    assert decoder.feed(packet((EV_ABS, ABS_MT_TRACKING_ID, 9))) == [Contact(True, 70, 80)]


def test_a_panel_without_slots_is_read_as_one_finger() -> None:
    """Protocol A tells places without slots; its single finger is told besides."""
    decoder = Decoder(multi=False)
    down = packet(
        (EV_ABS, ABS_MT_POSITION_X, 999), (EV_SYN, 2, 0), (EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, 30)
    )
    assert decoder.feed(down) == [Contact(True, 30, 0)]


# ---------------------------------------------------------------- palms


def test_more_contacts_than_two_are_a_palm_until_all_are_lifted() -> None:
    decoder = Decoder()
    assert decoder.feed(packet(*finger(0, 1, 10, 20))) == [Contact(True, 10, 20)]
    palm = [*finger(1, 2, 30, 20), *finger(2, 3, 50, 20)]
    assert decoder.feed(packet(*palm)) == [CANCELLED]
    assert decoder.feed(packet(*lifted(2)) + packet(*lifted(1)) + packet(*finger(1, 4, 90, 90))) == []
    assert decoder.feed(packet(*lifted(0), *lifted(1))) == []
    assert decoder.feed(packet(*finger(0, 5, 10, 20))) == [Contact(True, 10, 20)]


def test_a_hand_that_lands_as_a_whole_touches_nothing() -> None:
    hand = [event for slot in range(4) for event in finger(slot, slot + 1, 10 * slot, 10)]
    assert Decoder().feed(packet(*hand)) == []


PALMS = {"by name": (EV_ABS, ABS_MT_TOOL_TYPE, TOOL_PALM), "by size": (EV_ABS, ABS_MT_TOUCH_MAJOR, 201)}


@pytest.mark.parametrize("says", PALMS.values(), ids=PALMS)
def test_a_palm_is_no_finger(says: Event) -> None:
    decoder = Decoder(largest=200)
    assert decoder.feed(packet(*finger(0, 1, 10, 20, says)) + packet(*lifted(0))) == []


@pytest.mark.parametrize("says", PALMS.values(), ids=PALMS)
def test_a_finger_that_turns_out_to_be_a_palm_is_cancelled(says: Event) -> None:
    decoder = Decoder(largest=200)
    assert decoder.feed(packet(*finger(0, 1, 10, 20))) == [Contact(True, 10, 20)]
    assert decoder.feed(packet(says)) == [CANCELLED]
    assert decoder.feed(packet(*lifted(0))) == []


def test_the_next_contact_in_the_slot_of_a_palm_is_a_finger() -> None:
    decoder = Decoder()
    decoder.feed(packet(*finger(0, 1, 10, 20, PALMS["by name"])) + packet(*lifted(0)))
    assert decoder.feed(packet(*finger(0, 2, 10, 20))) == [Contact(True, 10, 20)]


def test_a_panel_that_tells_nonsense_of_sizes_can_be_believed_of_none() -> None:
    assert Decoder().feed(packet(*finger(0, 1, 10, 20, PALMS["by size"]))) == [Contact(True, 10, 20)]


# ---------------------------------------------------------------- what stays


def test_a_contact_that_stays_is_dirt_and_fingers_count_beside_it() -> None:
    decoder = Decoder()
    decoder.feed(packet(*finger(0, 1, 10, 20)))
    assert (decoder.look(100), decoder.dirty) == ([], False)
    assert decoder.look(129) == []
    assert (decoder.look(130), decoder.dirty) == ([CANCELLED], True)
    assert decoder.feed(packet(*finger(1, 2, 30, 40))) == [Contact(True, 30, 40)]
    assert decoder.feed(packet(*finger(2, 3, 50, 60))) == [], "of two fingers the first, and no palm"
    assert decoder.feed(packet(*lifted(2))) == []
    assert decoder.feed(packet(*lifted(1))) == [Contact(False, 30, 40)]
    decoder.feed(packet(*lifted(0)))
    assert (decoder.look(200), decoder.dirty) == ([], False)
    assert decoder.feed(packet(*finger(0, 4, 10, 20))) == [Contact(True, 10, 20)]


def test_on_a_panel_of_one_finger_dirt_counts_no_more_until_it_is_wiped_off() -> None:
    decoder = Decoder()
    decoder.feed(DOWN)
    decoder.look(0)
    assert (decoder.look(30), decoder.dirty) == ([CANCELLED], True)
    assert decoder.feed(packet((EV_KEY, BTN_TOUCH, 2)) + UP) == []
    assert (decoder.look(100), decoder.dirty) == ([], False)
    assert decoder.feed(DOWN) == [Contact(True, 30, 40)]


def test_fingers_that_come_and_go_are_no_dirt_however_often_they_are_looked_at() -> None:
    decoder = Decoder()
    for second in range(0, 200, 5):
        assert decoder.feed(DOWN) == [Contact(True, 30, 40)]
        assert (decoder.look(second), decoder.dirty) == ([], False)
        decoder.feed(UP)


# ---------------------------------------------------------------- dropped events


def test_a_touch_under_way_when_events_are_dropped_is_cancelled_not_completed() -> None:
    decoder = Decoder()
    decoder.feed(DOWN)
    assert decoder.feed(LOST + UP) == [CANCELLED]
    assert decoder.lost
    decoder.resume(30, 40)
    assert decoder.feed(DOWN) == [Contact(True, 30, 40)]


def test_whoever_touches_the_panel_after_a_drop_may_act_when_lifted_once() -> None:
    decoder = Decoder()
    decoder.feed(packet(*finger(0, 5, 10, 20)) + LOST + packet())
    decoder.resume(slot=0, slots=[Slot(5, 10, 20)])
    assert decoder.feed(packet((EV_ABS, ABS_MT_POSITION_X, 12)) + packet(*lifted(0))) == []
    assert decoder.feed(packet(*finger(0, 6, 10, 20))) == [Contact(True, 10, 20)]


# ---------------------------------------------------------------- whatever comes

steps = st.one_of(
    st.builds(
        lambda slot, number, x: packet(*finger(slot, number, x, 0)),
        *[st.integers(0, 4)] * 2,
        st.integers(0, 9),
    ),
    st.builds(lambda slot: packet(*lifted(slot)), st.integers(0, 4)),
    st.sampled_from([packet(PALMS["by name"]), packet(PALMS["by size"]), LOST + packet(), DOWN, UP]),
)


def is_in_turn(contacts: list[Contact]) -> bool:
    return [contact.down for contact in contacts] == [at % 2 == 0 for at in range(len(contacts))]


@given(st.lists(steps, max_size=30), st.sampled_from([None, False, True]))
@settings(max_examples=60)
def test_down_and_up_come_in_turn_whatever_the_panel_says(said: list[bytes], multi: bool | None) -> None:
    decoder, contacts = Decoder(multi, 200), []
    for data in said:
        contacts += decoder.feed(data)
        if decoder.lost:
            decoder.resume()
    assert is_in_turn(contacts)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=40))
@settings(max_examples=60)
def test_nobody_acts_while_a_hand_lies_on_the_panel(moves: list[tuple[int, bool]]) -> None:
    """Model: which slots are touched. With more than two, and until none is, nothing goes down."""
    decoder, touched, shunned = Decoder(multi=True), set[int](), False
    for number, (slot, down) in enumerate(moves, start=1):
        (touched.add if down else touched.discard)(slot)
        shunned = bool(touched) and (shunned or len(touched) > MOST_FINGERS)
        contacts = decoder.feed(packet(*(finger(slot, number, slot, 0) if down else lifted(slot))))
        assert not shunned or not any(contact.down for contact in contacts)


@given(st.binary(max_size=480))
def test_no_bytes_can_break_it(data: bytes) -> None:
    assert is_in_turn(Decoder().feed(data))

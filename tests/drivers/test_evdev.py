"""Events of the input layer: any pieces, and nothing of what was dropped."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.ports.evdev import DROPPED, EV_KEY, EV_SYN, EVENT, REPORT, SYN_DROPPED, Event, Stream, packet

A = (EV_KEY, 30, 1)
LOST = EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)


def test_a_packet_comes_out_as_it_went_in() -> None:
    assert list(Stream().feed(packet(A))) == [A, REPORT]


@given(st.lists(st.integers(1, 50), max_size=20))
def test_bytes_may_arrive_in_any_pieces(cuts: list[int]) -> None:
    data, stream = packet(A) * 3, Stream()
    events: list[Event] = []
    for cut in cuts:
        events += stream.feed(data[:cut])
        data = data[cut:]
    assert [*events, *stream.feed(data)] == [A, REPORT] * 3


def test_what_comes_between_a_drop_and_the_next_report_is_worthless() -> None:
    assert list(Stream().feed(LOST + packet(A) + packet(A))) == [DROPPED, A, REPORT]


@given(st.binary(max_size=480))
def test_no_bytes_can_break_it(data: bytes) -> None:
    assert len(list(Stream().feed(data))) <= len(data) // EVENT.size

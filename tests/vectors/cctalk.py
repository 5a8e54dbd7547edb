"""Vectors of ccTalk, credit and payout: the specification's own frames, and what libraries get wrong."""

from drivers.cash import cctalk
from drivers.cash.cctalk import Decoder, Frame, Garbled, crc16, decode, encode
from drivers.cash.credit import Position, advance
from drivers.cash.payloads import (
    DISABLED,
    OPTO_BLOCKED,
    POWER_UP,
    TIMEOUT,
    BadReply,
    Events,
    HopperLevel,
    HopperStatus,
    HopperTest,
    Scale,
    build_count,
    parse_bill_id,
    parse_coin_id,
    parse_count,
    parse_serial,
)
from drivers.cash.payout import Ask, Intend, Settle, Wait, dispense, judge

CRC = (
    ("49D5F2", 0xA6B3),
    ("2FBD9D", 0x90B2),
    ("D953D1", 0x7BB5),
    ("70B8D9640415", 0xFB00),
    ("7261B94ED078", 0x93E3),
    ("63FAD19FE619", 0x5BB3),
)
SIMPLE_FRAMES = (
    (Frame(2, 1, 254), (2, 0, 1, 254, 255)),
    (Frame(1, 2, 0), (1, 0, 2, 0, 253)),
    (Frame(1, 2, 0, bytes((78, 97, 188))), (1, 3, 2, 0, 78, 97, 188, 143)),
    (Frame(2, 1, 231, bytes((255, 255))), (2, 2, 1, 231, 255, 255, 22)),
    (Frame(1, 2, 0, b"JP100A"), (1, 6, 2, 0, 74, 80, 49, 48, 48, 65, 139)),
    (Frame(40, 1, 156, b"JP"), (40, 2, 1, 156, 74, 80, 159)),
    (Frame(3, 1, 164, bytes((165,))), (3, 1, 1, 164, 165, 178)),
    (Frame(3, 1, 167, bytes(8) + b"\x05"), (3, 9, 1, 167, 0, 0, 0, 0, 0, 0, 0, 0, 5, 71)),
)
CRC_FRAMES = (
    (Frame(40, 0, 1), (0x28, 0x00, 0x46, 0x01, 0x3F)),
    (Frame(1, 0, 0), (0x01, 0x00, 0x30, 0x00, 0x37)),
    (Frame(40, 0, 254), (0x28, 0x00, 0xB6, 0xFE, 0x21)),
)


def raises_bad_reply(parse: object, data: bytes) -> bool:
    assert callable(parse)
    try:
        parse(data)
    except BadReply:
        return True
    return False


def events(counter: int, *results: "tuple[int, int]") -> Events:
    return Events(counter, results + ((0, 0),) * (5 - len(results)))


# ---------------------------------------------------------------- frames


def check_crc_of_the_specification() -> None:
    for data, crc in CRC:
        assert crc16(bytes.fromhex(data)) == crc


def check_frames_with_simple_checksum() -> None:
    for frame, raw in SIMPLE_FRAMES:
        assert encode(frame) == bytes(raw)
        assert decode(bytes(raw)) == frame


def check_frames_with_crc() -> None:
    for frame, raw in CRC_FRAMES:
        assert encode(frame, True) == bytes(raw)
        assert decode(bytes(raw), True) == frame


def check_the_two_misprints_of_the_specification_are_garbled() -> None:
    fifteen_bytes = (1, 11, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 242)
    wrong_sum = (2, 0, 1, 229, 18)
    assert isinstance(decode(bytes(fifteen_bytes)), Garbled)
    assert isinstance(decode(bytes(wrong_sum)), Garbled)


def check_a_decoder_takes_bytes_one_by_one() -> None:
    decoder = Decoder()
    found: list[object] = []
    for byte in SIMPLE_FRAMES[2][1] + SIMPLE_FRAMES[0][1]:
        found.extend(decoder.feed(bytes((byte,))))
    assert found == [SIMPLE_FRAMES[2][0], SIMPLE_FRAMES[0][0]]
    assert not decoder.pending


def check_a_decoder_is_in_step_again_after_silence() -> None:
    decoder = Decoder()
    assert list(decoder.feed(b"\x01\x09\x02")) == []
    assert decoder.pending
    decoder.reset()
    assert list(decoder.feed(bytes(SIMPLE_FRAMES[1][1]))) == [SIMPLE_FRAMES[1][0]]


# ---------------------------------------------------------------- payloads


def check_a_credit_reply() -> None:
    parsed = Events.parse(bytes((4, 0, 1, 5, 5, 1, 5, 1, 5, 0, 0)))
    assert parsed.counter == 4
    assert parsed.results == ((0, 1), (5, 5), (1, 5), (1, 5), (0, 0))
    assert parsed.build() == bytes((4, 0, 1, 5, 5, 1, 5, 1, 5, 0, 0))
    assert raises_bad_reply(Events.parse, bytes(10))


def check_hopper_replies() -> None:
    status = HopperStatus.parse(bytes((8, 0, 3, 7)))
    assert (status.events, status.remaining, status.paid, status.unpaid) == (8, 0, 3, 7)
    assert parse_count(bytes((3, 1, 2))) == 0x020103
    assert build_count(0x020103) == bytes((3, 1, 2))
    assert parse_serial(bytes((78, 97, 188))) == 12345678
    assert raises_bad_reply(HopperStatus.parse, bytes(3))
    assert raises_bad_reply(parse_count, bytes(4))
    assert raises_bad_reply(parse_serial, b"")


def check_hopper_flags() -> None:
    assert HopperTest(POWER_UP | DISABLED).clean
    assert not HopperTest.parse(bytes((OPTO_BLOCKED,))).clean
    assert HopperTest.parse(bytes((TIMEOUT, 0, 0))).empty
    assert HopperTest(TIMEOUT | OPTO_BLOCKED).text == "payout timeout (empty?), payout opto blocked"
    assert raises_bad_reply(HopperTest.parse, b"")


def check_coin_and_bill_ids() -> None:
    assert parse_coin_id(b"JP100A") == 100
    assert parse_coin_id(b"JP500B") == 500
    for other in (b"......", b"      ", b"GB100A", b"TK100A", b"JP1K0A"):
        assert parse_coin_id(other) == 0
    assert Scale.parse(bytes((232, 3, 0))).yen(parse_bill_id(b"JP0001A")) == 1000
    assert Scale(100, 2).yen(5) == 5
    assert parse_bill_id(b".......") == 0


# ---------------------------------------------------------------- credit


def check_an_unknown_device_credits_nothing() -> None:
    step = advance(None, events(7, (1, 1), (2, 1)))
    assert step.first_seen
    assert step.results == []
    assert step.position == Position(0, 7, 0)


def check_a_device_that_said_zero_is_known() -> None:
    step = advance(Position(0, 0, 0), events(1, (3, 1)))
    assert [(result.seq, result.a) for result in step.results] == [(1, 3)]


def check_the_counter_wraps_from_255_to_1() -> None:
    step = advance(Position(0, 254, 40), events(1, (2, 1), (1, 1)))
    assert [(result.seq, result.a) for result in step.results] == [(41, 1), (42, 2)]
    assert step.position == Position(0, 1, 42)


def check_reading_twice_changes_nothing() -> None:
    step = advance(Position(2, 9, 9), events(9, (1, 1)))
    assert not step.changed
    assert step.position == Position(2, 9, 9)


def check_a_reset_opens_a_new_epoch() -> None:
    step = advance(Position(0, 17, 30), events(0))
    assert step.reset
    assert step.position == Position(1, 0, 30)
    assert step.results == []


def check_more_than_five_events_are_reported_as_lost() -> None:
    step = advance(Position(0, 10, 10), events(18, (1, 1), (2, 1), (3, 1), (4, 1), (5, 1)))
    assert step.lost == 3
    assert [result.a for result in step.results] == [5, 4, 3, 2, 1]
    assert [result.seq for result in step.results] == [14, 15, 16, 17, 18]


# ---------------------------------------------------------------- payout


def check_what_the_registers_say() -> None:
    cases = (
        # count and events before, (events, paid) and count after -> paid, certain
        (100, 7, 7, 4, 100, 0, True),  # never started; paid 4 is the payout before
        (100, 7, 8, 5, 105, 5, True),
        (100, 7, 8, 3, 103, 3, True),  # empty after three
        (100, 7, 0, 3, 103, 3, True),  # power lost after three
        (100, 255, 1, 5, 105, 5, True),
        (100, 7, 8, 6, 106, 6, True),  # a coin too many, and both registers know it
        (100, 7, 8, 4, 105, 5, False),
        (100, 7, 0, 4, 100, 0, False),
        (100, 7, 8, 5, 4000, 0, False),  # not the count we knew
        ((1 << 24) - 2, 7, 8, 5, 3, 5, True),
    )
    for count, before, after, paid_register, now, paid, certain in cases:
        end = judge(5, count, before, HopperStatus(after, 0, paid_register, 0), now)
        assert (end.paid, end.certain) == (paid, certain)


def check_one_payout_byte_by_byte() -> None:
    """Intent before 167, 167 once, settled by 168, disabled at the end."""
    replies = {
        cctalk.HOPPER_COUNT: [build_count(50), build_count(55)],
        cctalk.HOPPER_STATUS: [bytes((7, 0, 0, 0)), bytes((8, 2, 3, 0)), bytes((8, 0, 5, 0))],
        cctalk.TEST_HOPPER: [b"\x80"],
        cctalk.ENABLE_HOPPER: [b"", b""],
        cctalk.HOPPER_KEY: [bytes(8)],
        cctalk.DISPENSE: [b"\x08"],
    }
    script, answer = dispense(5, bytes(8), True), None
    told: list[object] = []
    while True:
        try:
            step = script.send(answer)
        except StopIteration:
            break
        answer = None
        if isinstance(step, Ask):
            told.append((step.header, step.data))
            answer = Frame(1, 3, cctalk.REPLY, replies[step.header].pop(0))
        elif isinstance(step, Intend):
            told.append(("intend", step.count, step.events))
        elif isinstance(step, Settle):
            told.append(("settle", step.paid, step.certain))
        else:
            assert isinstance(step, Wait)
    assert told == [
        (168, b""),
        (166, b""),
        (163, b""),
        ("intend", 50, 7),
        (164, b"\xa5"),
        (160, b""),
        (167, bytes(8) + b"\x05"),
        (166, b""),
        (166, b""),
        (168, b""),
        ("settle", 5, True),
        (164, b"\x00"),
    ]


def check_level_sensors_that_are_not_there_say_nothing() -> None:
    for octet, low, high in (
        (0x00, None, None),
        (0x03, None, None),
        (0x10, False, None),
        (0x31, True, False),
    ):
        level = HopperLevel.parse(bytes([octet]))
        assert (level.low, level.high) == (low, high)
    for low in (None, False, True):
        for high in (None, False, True):
            again = HopperLevel.parse(HopperLevel(low, high).build())
            assert (again.low, again.high) == (low, high)

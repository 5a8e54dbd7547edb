"""Vectors of the ccTalk exchange, and of the events of coins and bills: what each byte does to money."""

from drivers.cash import bill_events, cctalk, coin_events
from drivers.cash.cctalk import Frame
from drivers.cash.exchange import (
    GAP_SECONDS,
    REPLY_SECONDS,
    SLOW_REPLY_SECONDS,
    Broken,
    Exchange,
)

ASKED = Frame(2, 1, 229)
ANSWERED = Frame(1, 2, 0, bytes((1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0)))
ECHO = bytes((2, 0, 1, 229, 24))
REPLY = bytes((1, 11, 2, 0, 1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 235))


def broken(exchange: Exchange, *pieces: bytes) -> bool:
    try:
        for piece in pieces:
            exchange.feed(piece)
    except Broken:
        return True
    return False


# ---------------------------------------------------------------- one question


def check_a_question_and_its_answer() -> None:
    exchange = Exchange(ASKED, False, False)
    assert exchange.sent == ECHO
    assert exchange.feed(REPLY[:3]) is None
    assert exchange.feed(REPLY[3:]) == ANSWERED


def check_an_echo_is_counted_however_it_is_cut() -> None:
    wire = ECHO + REPLY
    for cut in range(1, len(wire)):
        for echo in (True, None):
            exchange = Exchange(ASKED, False, echo)
            found = exchange.feed(wire[:cut]) or exchange.feed(wire[cut:])
            assert found == ANSWERED
            assert exchange.echo


def check_a_wire_without_echo_is_found_out() -> None:
    exchange = Exchange(ASKED, False, None)
    assert exchange.feed(REPLY) == ANSWERED
    assert exchange.echo is False


def check_a_collision_breaks_it() -> None:
    assert broken(Exchange(ASKED, False, True), b"\x02\x00\x01\xe4\x18" + REPLY)
    assert broken(Exchange(ASKED, False, None), b"\x02\x00\x01\xe4\x18" + REPLY)
    assert broken(Exchange(ASKED, False, False), ECHO), "an echo where none should be is not for us"


def check_what_is_no_answer_to_it_breaks_it() -> None:
    for raw in (
        REPLY[:-1] + b"\x00",
        cctalk.encode(Frame(1, 3, 0)),  # of another device
        cctalk.encode(Frame(2, 1, 0)),  # to another host
        cctalk.encode(Frame(1, 2, 229)),  # a question
    ):
        assert broken(Exchange(ASKED, False, False), raw)


def check_nak_and_busy_are_answers() -> None:
    for header in (cctalk.NAK, cctalk.BUSY):
        reply = Exchange(ASKED, False, False).feed(cctalk.encode(Frame(1, 2, header)))
        assert reply is not None and reply.header == header


def check_how_long_silence_may_last() -> None:
    exchange = Exchange(ASKED, False, True)
    assert exchange.patience == REPLY_SECONDS
    exchange.feed(ECHO[:2])
    assert exchange.patience == GAP_SECONDS
    exchange.feed(ECHO[2:])
    assert exchange.patience == REPLY_SECONDS
    exchange.feed(REPLY[:7])
    assert exchange.patience == GAP_SECONDS
    assert Exchange(Frame(2, 1, cctalk.SELF_CHECK), False, False).patience == SLOW_REPLY_SECONDS


def check_with_crc_the_sender_is_not_told() -> None:
    exchange = Exchange(Frame(40, 1, 254), True, False)
    assert exchange.sent == bytes((0x28, 0x00, 0xB6, 0xFE, 0x21))
    reply = exchange.feed(bytes((0x01, 0x00, 0x30, 0x00, 0x37)))
    assert reply is not None and reply.header == cctalk.REPLY


# ---------------------------------------------------------------- events of coins


def check_every_coin_event_means_one_thing_at_least() -> None:
    for code in range(1, 256):
        what = coin_events.Meaning(code)
        assert what.returned or what.lever or what.stuck or what.fraud or what.kept
        assert not (what.returned and what.kept), "it cannot have come back and be inside"


def check_coin_events_of_the_specification() -> None:
    for code in (1, 2, 8, 9, 10, 11, 12, 30, 128, 159, 255):
        assert coin_events.Meaning(code).returned
    for code in (2, 128, 159):
        assert coin_events.Meaning(code).inhibited
    for code in (4, 5, 6, 7, 14, 15, 21, 26, 31, 32):
        assert coin_events.Meaning(code).stuck
    for code in (16, 17, 18, 19, 20, 22, 23, 25, 37, 38, 40):
        assert coin_events.Meaning(code).fraud
    for code in (4, 7, 20, 34, 36, 39, 40):
        assert coin_events.Meaning(code).kept
    assert coin_events.Meaning(254).lever
    assert not coin_events.Meaning(160).inhibited


# ---------------------------------------------------------------- events of bills


def check_bill_events_of_the_specification() -> None:
    for code in (1, 2, 3, 4, 5):
        assert bill_events.Meaning(code).returned
    for code in (8, 9, 17, 18):
        assert bill_events.Meaning(code).fraud
    for code in (6, 7, 16):
        assert bill_events.Meaning(code).stuck
    for code in (11, 13, 14, 15, 19):
        assert bill_events.Meaning(code).ill
    for code in (6, 7, 16, 21):
        assert bill_events.Meaning(code).kept
    for code in (10, 12):
        assert bill_events.Meaning(code).well
    assert bill_events.Meaning(0).off


def check_every_bill_event_has_words() -> None:
    for code in range(256):
        assert bill_events.Meaning(code).words

"""Frames on a bad line, and the published examples of the protocol."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cash.cctalk import Decoder, Frame, Garbled, decode, encode

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "cctalk_vectors.json").read_text("utf-8"))
MISPRINTS = 2

bytes_up_to_255 = st.binary(max_size=255)
byte = st.integers(0, 255)
frames = st.builds(Frame, byte, byte, byte, bytes_up_to_255)
modes = st.booleans()


def shown(frame: Frame, crc: bool) -> Frame:
    """As the other side sees it: CRC mode carries no source."""
    return Frame(frame.destination, 0 if crc else frame.source, frame.header, frame.data)


def correct(pair: dict[str, list[int]]) -> bool:
    return all(isinstance(decode(bytes(pair[side])), Frame) for side in ("tx", "rx"))


def test_the_published_examples_check_out_but_for_two_misprints() -> None:
    assert [correct(pair) for pair in VECTORS].count(False) == MISPRINTS
    assert len(VECTORS) == 95


@pytest.mark.parametrize("pair", [pair for pair in VECTORS if correct(pair)], ids=lambda pair: pair["desc"])
def test_a_published_example_is_what_we_send_and_read(pair: dict[str, list[int]]) -> None:
    for raw in (bytes(pair["tx"]), bytes(pair["rx"])):
        frame = decode(raw)
        assert isinstance(frame, Frame)
        assert encode(frame) == raw


@given(st.lists(frames, max_size=4), modes, st.data())
def test_frames_arrive_whole_however_the_bytes_are_cut(
    sent: list[Frame], crc: bool, data: st.DataObject
) -> None:
    stream = b"".join(encode(frame, crc) for frame in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    decoder = Decoder(crc)
    received: list[Frame | Garbled] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        received += decoder.feed(stream[start:end])
    assert received == [shown(frame, crc) for frame in sent]
    assert not decoder.pending


@given(frames, modes, st.data())
def test_one_wrong_bit_is_always_noticed(frame: Frame, crc: bool, data: st.DataObject) -> None:
    raw = bytearray(encode(frame, crc))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert frame not in [shown(f, crc) if isinstance(f, Frame) else f for f in Decoder(crc).feed(bytes(raw))]


@given(st.binary(max_size=300), frames, modes)
def test_after_noise_and_silence_the_next_frame_is_read(noise: bytes, frame: Frame, crc: bool) -> None:
    decoder = Decoder(crc)
    decoder.feed(noise)
    decoder.reset()
    assert list(decoder.feed(encode(frame, crc))) == [shown(frame, crc)]


@given(st.binary(max_size=600), modes)
def test_noise_never_breaks_the_decoder(noise: bytes, crc: bool) -> None:
    decoder = Decoder(crc)
    assert all(isinstance(found, Frame | Garbled) for found in decoder.feed(noise))
    assert list(decoder.feed(b"")) == []


def test_a_frame_longer_than_255_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 255"):
        encode(Frame(2, 1, 231, bytes(256)))

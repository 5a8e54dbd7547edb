"""Vectors of drivers.receipt.status: bits of Epson's reference, and both sides against each other."""

from drivers.receipt import status
from hal import faults

FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


def codes(*changes: "tuple[int, int]") -> "list[str]":
    answers = dict(FINE)
    for query, octet in changes:
        answers[query] = octet
    return [fault.code for fault in status.read_status(answers)]


def check_a_healthy_printer_has_no_fault() -> None:
    assert codes() == []


def check_each_bit_has_its_name() -> None:
    assert codes((1, 0x1A)) == [faults.RECEIPT_ERROR]
    assert codes((1, 0x1A), (2, 0x16)) == [faults.RECEIPT_COVER]
    assert codes((1, 0x1A), (2, 0x32)) == [faults.RECEIPT_PAPER_OUT]
    assert codes((1, 0x1A), (2, 0x32), (4, 0x7E)) == [faults.RECEIPT_PAPER_OUT, faults.RECEIPT_PAPER_LOW]
    assert codes((1, 0x1A), (2, 0x52), (3, 0x1A)) == [faults.RECEIPT_CUTTER]
    assert codes((1, 0x1A), (2, 0x52), (3, 0x32)) == [faults.RECEIPT_ERROR]
    assert codes((4, 0x1E)) == [faults.RECEIPT_PAPER_LOW]


def check_paper_near_its_end_does_not_stop_it() -> None:
    assert status.stopping(status.read_status({1: 0x12, 4: 0x1E})) == []
    assert len(status.stopping(status.read_status({4: 0x7E}))) == 1


def check_answers_are_told_apart_by_their_fixed_bits() -> None:
    for octet in range(256):
        assert not (status.is_status(octet) and status.is_barrier(octet))
    assert not status.is_status(0x11) and not status.is_barrier(0x11), "XON"
    assert not status.is_status(0x13) and not status.is_barrier(0x13), "XOFF"
    assert status.is_barrier(0x00) and status.is_barrier(0x0F)


def check_what_one_side_says_the_other_understands() -> None:
    kinds = (
        faults.RECEIPT_COVER,
        faults.RECEIPT_PAPER_OUT,
        faults.RECEIPT_CUTTER,
        faults.RECEIPT_ERROR,
        faults.RECEIPT_PAPER_LOW,
    )
    for code in kinds:
        answers = {query: status.write_status(query, [code])[0] for query in status.QUERIES}
        assert all(status.is_status(octet) for octet in answers.values())
        assert [fault.code for fault in status.read_status(answers)] == [code]
        assert status.is_barrier(status.write_barrier([code])[0])


def check_a_text_is_told_from_what_is_not_complete_or_none() -> None:
    assert status.read_text(b"_TM-T88VI\0") == "TM-T88VI"
    assert status.read_text(b"\x12_EPSON\0\x16") == "EPSON", "statuses around it"
    assert status.read_text(b"_\0") == ""
    assert status.read_text(b"_caf\xe9\0") == "caf?"
    for said in (b"", b"\x12", b"_TM-T", b"\0", b"\0_TM"):
        assert status.read_text(said) is None
    assert status.read_text(status.write_text("VR-0001")) == "VR-0001"

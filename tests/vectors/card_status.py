"""Vectors of drivers.card.status: every status word of shared/protocols/card.md §2, and the rest of them."""

from drivers.card import status

KINDS = {
    0x9000: "ok",
    0x6300: "uncounted",
    0x63C0: "tries",
    0x63C3: "tries",
    0x63CF: "tries",
    0x6700: "refused",
    0x6881: "refused",
    0x6981: "refused",
    0x6982: "pin-needed",
    0x6983: "blocked",
    0x6984: "blocked",
    0x6985: "refused",
    0x6986: "refused",
    0x6A80: "refused",
    0x6A81: "unknown-command",
    0x6A82: "not-found",
    0x6A86: "refused",
    0x6B00: "past-end",
    0x6D00: "unknown-command",
    0x6E00: "unknown-command",
    0x6F00: "failed",
    0x6110: "more",
    0x6281: "warning",
    0x6310: "warning",
    0x6400: "failed",
    0x6581: "failed",
    0x6999: "refused",
    0x6C04: "refused",
    0x6F87: "failed",
    0x0000: "unknown",
    0x9001: "unknown",
    0xFFFF: "unknown",
}


def check_each_word_has_its_kind() -> None:
    for sw, kind in KINDS.items():
        assert status.status_of(sw).kind == kind, "{:04X}".format(sw)


def check_any_word_has_a_result_with_a_meaning() -> None:
    for sw in range(0x10000):
        result = status.status_of(sw)
        assert result.sw == sw
        assert result.meaning


def check_tries_are_told_by_the_counter_and_by_a_lock_only() -> None:
    for sw, tries in ((0x63C0, 0), (0x63C2, 2), (0x63CF, 15), (0x6983, 0), (0x6984, 0)):
        assert status.status_of(sw).tries == tries
    for sw in (0x9000, 0x6300, 0x6982, 0x6A82, 0x6F00):
        assert status.status_of(sw).tries is None


def check_a_result_is_told_with_word_and_meaning() -> None:
    assert repr(status.status_of(0x63C2)) == "63C2: 2 tries of the PIN are left"
    assert repr(status.status_of(0x6982)) == "6982: its PIN must be verified first"

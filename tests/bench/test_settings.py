"""The configuration the bench writes."""

from daemon.bench.settings import KIOSK, LOOKS, without_looks


def test_a_kiosk_of_the_benchmark_looks_after_its_devices_as_often_as_one_in_the_field() -> None:
    asked, left = KIOSK.splitlines(), without_looks(KIOSK).splitlines()
    gone = [line for line in asked if line not in left]
    assert {line.partition(" ")[0] for line in gone} == set(LOOKS)
    assert [line for line in asked if not line.startswith(LOOKS)] == left

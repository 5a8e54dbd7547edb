"""Every coin is credited exactly once, whatever is lost, read twice or restarted in between."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.cash.credit import Position, advance
from drivers.cash.payloads import Events
from drivers.cash.virtual_device import EventMemory

coins_between_polls = st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=120)
anything_between_polls = st.lists(
    st.one_of(st.lists(st.integers(1, 5), max_size=9), st.just("reset")), max_size=60
)


class Host:
    """A book that forgets nothing, and a driver that may be restarted at any moment."""

    def __init__(self) -> None:
        self.position: Position | None = None
        self.credits: dict[tuple[int, int], int] = {}
        self.lost = 0

    def poll(self, device: EventMemory) -> None:
        step = advance(self.position, Events.parse(device.read()))
        for result in step.results:
            key = (step.position.epoch, result.seq)
            if result.a:
                assert key not in self.credits, "credited twice"
                self.credits[key] = result.a
        self.position = step.position
        self.lost += step.lost

    @property
    def coins(self) -> list[int]:
        return list(self.credits.values())


@given(coins_between_polls, st.integers(0, 254))
def test_up_to_five_events_between_polls_are_all_credited_in_order(
    rounds: list[list[int]], before: int
) -> None:
    device, host = EventMemory(), Host()
    for _ in range(before):
        device.add(1, 1)
    host.poll(device)
    for coins in rounds:
        for coin in coins:
            device.add(coin, 1)
        host.poll(device)
        host.poll(device)
    assert host.coins == [coin for coins in rounds for coin in coins]
    assert host.lost == 0


@given(anything_between_polls)
def test_with_resets_and_floods_nothing_is_invented(rounds: list[list[int] | str]) -> None:
    device, host, dropped = EventMemory(), Host(), 0
    host.poll(device)
    for happened in rounds:
        if isinstance(happened, str):
            device.clear()
            continue
        for coin in happened:
            device.add(coin, 1)
            dropped += 1
        host.poll(device)
    assert len(host.coins) <= dropped


@given(st.lists(st.integers(1, 5), min_size=6, max_size=200))
def test_what_left_the_memory_unread_is_counted_as_lost(coins: list[int]) -> None:
    device, host = EventMemory(), Host()
    host.poll(device)
    for coin in coins:
        device.add(coin, 1)
    host.poll(device)
    assert host.coins == coins[-5:]
    assert host.lost == len(coins) - 5


def test_the_first_coin_after_a_power_cut_counts() -> None:
    device, host = EventMemory(), Host()
    device.add(3, 1)
    host.poll(device)
    device.clear()
    host.poll(device)
    device.add(3, 1)
    host.poll(device)
    assert host.coins == [3]
    assert host.position == Position(1, 1, 1)


def test_old_coins_are_not_credited_to_a_new_kiosk() -> None:
    device, host = EventMemory(), Host()
    for _ in range(4):
        device.add(2, 1)
    host.poll(device)
    assert host.coins == []

"""The center's state and the kiosk's own clock and build, told like the state of a device: on change only."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from daemon.clock import TOKYO
from daemon.config import ASSETS, load_config
from daemon.issuance.messages import CenterDown, CenterStatus, Municipality, Reason, Refusal, Refused
from daemon.issuance.published import LOOK_SECONDS, Published
from daemon.session.journal import Journal
from daemon.session.paper import PaperCount
from daemon.town import Town
from daemon.watches import (
    KIOSK_SECONDS,
    LARGEST_SKEW,
    CenterWatch,
    KioskWatch,
    PaperWatch,
    ProfileWatch,
)
from hal.contracts import Emit, TokenKind
from hal.events import DeviceChanged, Event
from hal.faults import (
    BUILD_CHANGED,
    CENTER_REFUSES,
    CENTER_UNREACHABLE,
    CLOCK_WRONG,
    PRINTER_PAPER_LOW,
    PRINTER_PAPER_OUT,
    SAMPLE_MIXED,
    Fault,
)
from tests.session.fakes import FakeLine, FakePrinter
from tests.session.stage import Inline
from tests.settings import write_settings
from tests.virtual_time import run_virtual

PERIOD = KIOSK_SECONDS
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO)
PROFILE, OTHER = "ab" * 32, "cd" * 32
TAKAOKA = Municipality("162027", "富山県", "高岡市")
GOOD = CenterStatus("center-1", NOON, TAKAOKA, PROFILE, False, "key-1")


class Center(FakeLine):
    """Says ``answer`` to a question for its state."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: CenterStatus | Exception = GOOD

    async def status(self) -> CenterStatus:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Kiosk:
    """What the watches look at. virtual: whether its devices are simulated."""

    def __init__(self) -> None:
        self.center = Center()
        self.virtual = False
        self.believed = True
        self.profile = PROFILE
        self.build = True
        self.builds_hashed = 0

    def center_watch(self) -> CenterWatch:
        return CenterWatch(self.center, lambda: self.profile, lambda: self.virtual, lambda: NOON, PERIOD)

    def kiosk_watch(self) -> KioskWatch:
        return KioskWatch(lambda: self.believed, self._build_is_right)

    def _build_is_right(self) -> bool:
        self.builds_hashed += 1
        return self.build


def told(run: Callable[[Emit], object], *acts: Callable[[], None]) -> list[Fault | None]:
    """What a watch tells at its start, and after each act."""

    async def main() -> list[Event]:
        events: list[Event] = []
        task = asyncio.ensure_future(run(events.append))  # type: ignore[call-overload]
        await asyncio.sleep(PERIOD / 2)
        for act in acts:
            act()
            await asyncio.sleep(PERIOD)
        task.cancel()
        await asyncio.wait([task])
        return events

    events = run_virtual(main())
    assert all(isinstance(event, DeviceChanged) for event in events)
    return [event.fault for event in events if isinstance(event, DeviceChanged)]


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk()


def with_answer(kiosk: Kiosk, answer: CenterStatus | Exception) -> list[Fault | None]:
    kiosk.center.answer = answer
    return told(kiosk.center_watch().run)


def code(faults: list[Fault | None]) -> str:
    """The code of the one fault that was told."""
    (fault,) = faults
    assert fault is not None
    return fault.code


def shifted(seconds: float) -> CenterStatus:
    return msgspec.structs.replace(GOOD, now=NOON + timedelta(seconds=seconds))


# ---------------------------------------------------------------- the center


def test_a_good_center_is_told_once(kiosk: Kiosk) -> None:
    assert told(kiosk.center_watch().run, *[lambda: None] * 20) == [None]


def test_a_center_that_cannot_be_reached(kiosk: Kiosk) -> None:
    faults = with_answer(kiosk, CenterDown("no answer to status within 5 s"))
    assert faults == [Fault(CENTER_UNREACHABLE, "center", "no answer to status within 5 s")]


def test_a_center_that_refuses_us(kiosk: Kiosk) -> None:
    faults = with_answer(kiosk, Refused(Refusal(Reason.OUT_OF_SERVICE)))
    assert faults == [Fault(CENTER_REFUSES, "center", "out-of-service")]


@pytest.mark.parametrize("sign", [1, -1])
def test_clocks_that_are_too_far_apart_stop_sales(kiosk: Kiosk, sign: int) -> None:
    assert with_answer(kiosk, shifted(sign * LARGEST_SKEW)) == [None]
    faults = with_answer(kiosk, shifted(sign * (LARGEST_SKEW + 1)))
    assert faults == [Fault(CLOCK_WRONG, "center", "61 s apart; check NTP on both sides")]


def test_clocks_that_drift_on_are_told_once(kiosk: Kiosk) -> None:
    def drift(seconds: float) -> Callable[[], None]:
        return lambda: setattr(kiosk.center, "answer", shifted(seconds))

    faults = told(kiosk.center_watch().run, *(drift(seconds) for seconds in (100, 115, 130, 145)))
    assert [fault.code if fault else None for fault in faults] == [None, CLOCK_WRONG]


def test_the_time_zone_of_the_centers_clock_does_not_matter(kiosk: Kiosk) -> None:
    utc = msgspec.json.decode(msgspec.json.encode("2026-04-01T03:00:00Z"), type=datetime)
    assert with_answer(kiosk, msgspec.structs.replace(GOOD, now=utc)) == [None]


def test_p11_another_profile_of_the_municipality_stops_sales(kiosk: Kiosk) -> None:
    assert code(with_answer(kiosk, msgspec.structs.replace(GOOD, profile=OTHER))) == BUILD_CHANGED


def test_p11_sales_go_on_by_themselves_once_the_center_has_the_new_profile_too(kiosk: Kiosk) -> None:
    """The kiosk takes it up first and asks at once; then it looks often until the center has it."""
    asked: list[float] = []

    async def main() -> list[str]:
        codes: list[str] = []
        watch, loop = kiosk.center_watch(), asyncio.get_running_loop()

        def emit(event: Event) -> None:
            assert isinstance(event, DeviceChanged)
            codes.append(event.fault.code if event.fault else "")
            asked.append(loop.time())

        task = asyncio.create_task(watch.run(emit))
        await asyncio.sleep(1)
        kiosk.profile = OTHER
        watch.look()
        await asyncio.sleep(5)
        kiosk.center.answer = msgspec.structs.replace(GOOD, profile=OTHER)
        await asyncio.sleep(PERIOD)
        task.cancel()
        await asyncio.wait([task])
        return codes

    assert run_virtual(main()) == ["", BUILD_CHANGED, ""]
    first, differs, again = asked
    assert (first, differs) == (0, 1)
    assert again <= 6 + LOOK_SECONDS


# ---------------------------------------------------------------- the published profile

FILE = ASSETS / "municipalities" / "162027.toml"


def test_a_new_profile_is_taken_up_within_two_looks_and_told_once(tmp_path: Path) -> None:
    file = tmp_path / "municipality.toml"
    file.write_bytes(FILE.read_bytes())
    named = ('municipality = "162027"', f'municipality = "162027"\nprofile = "{file}"')
    town = Town(load_config(write_settings(tmp_path, named)), lambda: NOON)
    taken: list[Published | None] = []

    async def take(new: Published | None) -> None:
        taken.append(new)

    def publish() -> None:
        file.write_text(FILE.read_text("utf-8").replace("yen = 200", "yen = 250"), "utf-8")

    assert told(ProfileWatch(town, take).run, publish, lambda: None) == [None]
    assert taken == [None, town.published]
    assert town.published.profile.fee("juminhyo", NOON.date()) == 250


def test_the_day_on_which_phones_are_taken_is_noticed_without_a_restart(tmp_path: Path) -> None:
    site = ("[card]", "[site]\nandroid_from = 2026-04-02\n[card]")
    moment = [NOON]
    town = Town(load_config(write_settings(tmp_path, site)), lambda: moment[0])
    seen: list[frozenset[TokenKind]] = []

    async def take(_: Published | None) -> None:
        seen.append(town.tokens)

    def next_day() -> None:
        moment[0] = NOON + timedelta(days=1)

    told(ProfileWatch(town, take).run, next_day, lambda: None)
    assert seen == [{TokenKind.MY_NUMBER_CARD}, {TokenKind.MY_NUMBER_CARD, TokenKind.ANDROID}]


@pytest.mark.parametrize(
    ("sample", "virtual", "fault"),
    [(True, False, SAMPLE_MIXED), (True, True, None), (False, False, None), (False, True, SAMPLE_MIXED)],
)
def test_a_sample_and_a_real_side_never_stand_together(
    kiosk: Kiosk, sample: bool, virtual: bool, fault: str | None
) -> None:
    kiosk.virtual = virtual
    faults = with_answer(kiosk, msgspec.structs.replace(GOOD, sample=sample))
    assert [found.code if found else None for found in faults] == [fault]


def test_whether_devices_are_simulated_is_asked_each_time(kiosk: Kiosk) -> None:
    """A printer says what it is only once it is reached."""
    kiosk.center.answer = msgspec.structs.replace(GOOD, sample=True)
    faults = told(kiosk.center_watch().run, lambda: setattr(kiosk, "virtual", True))
    assert [found.code if found else None for found in faults] == [SAMPLE_MIXED, None]


def test_a_center_that_comes_and_goes_is_told_at_each_change(kiosk: Kiosk) -> None:
    def answer(what: CenterStatus | Exception) -> Callable[[], None]:
        return lambda: setattr(kiosk.center, "answer", what)

    down = answer(CenterDown("status: ClientConnectorError"))
    slow = answer(CenterDown("no answer to status within 5 s"))
    faults = told(kiosk.center_watch().run, down, slow, answer(GOOD), down, answer(shifted(99)))
    assert [found.code if found else None for found in faults] == [
        None,
        CENTER_UNREACHABLE,
        None,
        CENTER_UNREACHABLE,
        CLOCK_WRONG,
    ]


# ---------------------------------------------------------------- clock and build


def test_a_kiosk_with_a_true_clock_and_the_approved_build_is_well(kiosk: Kiosk) -> None:
    assert told(kiosk.kiosk_watch().run, *[lambda: None] * 20) == [None]
    assert kiosk.builds_hashed == 1


def test_a_kiosk_sells_only_once_its_clock_is_believed(kiosk: Kiosk) -> None:
    kiosk.believed = False
    faults = told(kiosk.kiosk_watch().run, lambda: setattr(kiosk, "believed", True))
    assert faults == [Fault(CLOCK_WRONG, "kiosk", "the system clock is not synchronised; check NTP"), None]


def test_a_clock_that_is_lost_later_stops_sales_too(kiosk: Kiosk) -> None:
    faults = told(kiosk.kiosk_watch().run, lambda: setattr(kiosk, "believed", False))
    assert [found.code if found else None for found in faults] == [None, CLOCK_WRONG]


def test_another_build_never_sells_whatever_its_clock_says(kiosk: Kiosk) -> None:
    """P11."""
    kiosk.build = False
    faults = told(kiosk.kiosk_watch().run, lambda: setattr(kiosk, "believed", False))
    assert code(faults) == BUILD_CHANGED


# ---------------------------------------------------------------- the kiosk's own count of paper


def test_paper_that_runs_low_by_our_own_count_is_told_once_and_again_when_it_is_loaded() -> None:
    class Count(PaperCount):
        """At ``now``."""

        now = 51

        @property
        def left(self) -> int:
            return self.now

    count = Count(Journal(":memory:", {}, lambda: NOON, "boot", Inline()), FakePrinter())

    def at(left: int) -> Callable[[], None]:
        return lambda: setattr(count, "now", left)

    heard = told(PaperWatch(count).run, at(50), at(49), at(0), at(500))
    assert [fault.code if fault else "" for fault in heard] == [PRINTER_PAPER_LOW, PRINTER_PAPER_OUT, ""]

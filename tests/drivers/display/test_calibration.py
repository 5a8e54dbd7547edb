"""A panel glued on askew is found out by five touches, and believed only if all of them fit."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drivers.display.calibration import CROSSES, MOST_MM, NoFit, Place, fit
from drivers.display.geometry import UNCHANGED, Matrix, Rotation, moved, on_glass, turned
from drivers.display.kept import Kept, load, store
from drivers.display.packets import ABS_X, ABS_Y
from drivers.display.touch import EvdevTouch, TouchSettings
from drivers.display.virtual import TouchSender
from hal.contracts import Rect
from hal.events import Touched
from hal.faults import TOUCH_LOST, DeviceError
from tests.drivers.display.test_touch import PATH, QUARTER, WELL, display_of, single, tap
from tests.drivers.ear import running
from tests.drivers.machine import InputDevice, Machine
from tests.virtual_time import run_virtual

MM = (217, 136)
part = st.floats(-1.5, 1.5, allow_nan=False)
matrices = st.tuples(part, part, part, part, part, part)


def inverse(matrix: Matrix, x: float, y: float) -> Place:
    """The place that the matrix moves to this one."""
    a, b, c, d, e, f = matrix
    whole = a * e - b * d
    return (e * (x - c) - b * (y - f)) / whole, (a * (y - f) - d * (x - c)) / whole


# ---------------------------------------------------------------- pure


@given(matrix=matrices, x=st.floats(0, 1), y=st.floats(0, 1))
@settings(max_examples=50)
def test_however_the_panel_lies_five_right_touches_tell(matrix: Matrix, x: float, y: float) -> None:
    a, b, _, d, e, _ = matrix
    assume(abs(a * e - b * d) > 0.3)
    touched = [inverse(matrix, *cross) for cross in CROSSES]
    found = fit(touched, CROSSES, MM)
    assert found.residual < 0.01
    assert moved(found.matrix, *inverse(matrix, x, y)) == pytest.approx((x, y), abs=1e-6)


def test_an_unsteady_hand_is_evened_out() -> None:
    touched = [(x + 0.004 * (-1) ** at, y - 0.004 * (-1) ** at) for at, (x, y) in enumerate(CROSSES)]
    found = fit(touched, CROSSES, MM)
    assert 0 < found.residual < MOST_MM
    assert moved(found.matrix, 0.5, 0.5) == pytest.approx((0.5, 0.5), abs=0.01)


def test_one_touch_beside_its_cross_spoils_it() -> None:
    touched = [*CROSSES[:4], (0.56, 0.5)]
    with pytest.raises(NoFit, match=r"mm beside its cross \(3.0 mm are allowed\)"):
        fit(touched, CROSSES, MM)


@pytest.mark.parametrize("touched", [[(0.5, 0.5)] * 5, [(x, x) for x, _ in CROSSES]])
def test_touches_on_one_spot_or_line_tell_nothing(touched: Sequence[Place]) -> None:
    with pytest.raises(NoFit, match="one line"):
        fit(touched, CROSSES, MM)


# ---------------------------------------------------------------- the file


def test_what_is_kept_is_found_and_replaces_what_was(tmp_path: Path) -> None:
    file = tmp_path / "touch.json"
    assert load(file) is None
    store(file, Kept(UNCHANGED, "old", 0.0))
    store(file, Kept(QUARTER, "new", 1.25))
    assert load(file) == Kept(QUARTER, "new", 1.25)
    assert [path.name for path in tmp_path.iterdir()] == ["touch.json"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "touch.json"
    store(file, Kept(QUARTER, "old", 0.0))
    (tmp_path / ".touch.json.new").mkdir()
    with pytest.raises(IsADirectoryError):
        store(file, Kept(UNCHANGED, "new", 0.0))
    assert load(file) == Kept(QUARTER, "old", 0.0)


# ---------------------------------------------------------------- the driver


class Hand:
    """Touches each cross as soon as it is drawn. shift: how far beside it, in the panel's parts."""

    def __init__(self, device: InputDevice, rotation: Rotation, shift: float = 0) -> None:
        self._device, self._rotation, self._shift = device, rotation, shift
        self.shown: list[Place] = []

    def __call__(self, x: float, y: float) -> None:
        self.shown.append((x, y))
        size = display_of(rotation=self._rotation).size
        place = on_glass(Rect(round(x * size[0]), round(y * size[1]), 1, 1), size, self._rotation)
        across, down = turned(size, self._rotation)
        tap(self._device, *panel_numbers(place.x / across + self._shift, place.y / down))


def panel_numbers(u: float, v: float) -> tuple[int, int]:
    """A panel that is mirrored, a little too small, and shifted."""
    return round(4095 * (0.95 - 0.9 * u)), round(4095 * (0.02 + 0.93 * v))


def settings_of(tmp_path: Path) -> TouchSettings:
    return TouchSettings(PATH, calibration=str(tmp_path / "touch.json"), bounce=0.0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
async def test_after_calibration_a_finger_meets_what_it_sees(tmp_path: Path, rotation: Rotation) -> None:
    machine, device, display = Machine(), single(name="Askew"), display_of(rotation=rotation)
    machine.plug(PATH, device)
    touch, hand = EvdevTouch(settings_of(tmp_path), display, machine), Hand(device, rotation)
    assert await touch.calibrate(hand) < 1
    assert tuple(hand.shown) == CROSSES
    async with running(touch.run) as ear:
        assert await ear.next() == WELL
        hand(0.25, 0.75)
        touched = await ear.next()
        assert isinstance(touched, Touched)
        width, height = display.size
        assert abs(touched.x - 0.25 * width) < 3
        assert abs(touched.y - 0.75 * height) < 3


async def test_a_calibration_that_does_not_fit_is_not_kept(tmp_path: Path) -> None:
    machine, device = Machine(), single()
    machine.plug(PATH, device)
    hand = Hand(device, 0)

    def careless(x: float, y: float) -> None:
        hand._shift = 0.1 if (x, y) == CROSSES[-1] else 0
        hand(x, y)

    with pytest.raises(NoFit):
        await EvdevTouch(settings_of(tmp_path), display_of(), machine).calibrate(careless)
    assert load(tmp_path / "touch.json") is None


def test_nobody_touches_and_nothing_changes(tmp_path: Path) -> None:
    async def scenario() -> None:
        machine = Machine()
        machine.plug(PATH, single())
        with pytest.raises(ValueError, match="nobody has touched the cross for 60 s"):
            await EvdevTouch(settings_of(tmp_path), display_of(), machine).calibrate(lambda x, y: None)
        assert load(tmp_path / "touch.json") is None

    run_virtual(scenario())


async def test_a_panel_that_is_unplugged_meanwhile_is_a_fault(tmp_path: Path) -> None:
    machine, device = Machine(), single()
    machine.plug(PATH, device)
    touch = EvdevTouch(settings_of(tmp_path), display_of(), machine)
    with pytest.raises(DeviceError) as caught:
        await touch.calibrate(lambda x, y: machine.unplug(PATH))
    assert caught.value.fault.code == TOUCH_LOST
    with pytest.raises(DeviceError, match="No such file"):
        await touch.calibrate(lambda x, y: None)


async def test_without_a_file_to_keep_it_in_nothing_is_asked() -> None:
    with pytest.raises(ValueError, match=r"\[touch\] calibration names no file"):
        await EvdevTouch(TouchSettings(PATH), display_of(), Machine()).calibrate(lambda x, y: None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b'{"matrix": [0, 0, 0, 0, 0, 0], "panel": "Another", "residual_mm": 0}',
            "of another panel (Another)",
        ),
        (b"{}", "cannot be read"),
        (b"\xff", "cannot be read"),
    ],
)
async def test_a_calibration_that_cannot_be_ours_is_left_and_told(
    tmp_path: Path, content: bytes, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "touch.json").write_bytes(content)
    machine, device = Machine(), InputDevice({ABS_X: (0, 0, 1279), ABS_Y: (0, 0, 799)})
    machine.plug(PATH, device)
    async with running(EvdevTouch(settings_of(tmp_path), display_of(), machine).run) as ear:
        assert await ear.next() == WELL
        tap(device, 31, 41)
        assert await ear.next() == Touched(31, 41, True)
    assert said in caplog.text


async def test_the_benchs_finger_can_calibrate_too(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    chosen = TouchSettings(str(tmp_path / "touch"), calibration=str(tmp_path / "touch.json"))
    touch = EvdevTouch(chosen, display_of())

    def show(x: float, y: float) -> None:
        asyncio.get_running_loop().call_soon(finger.tap, round(x * 1279), round(y * 799))

    assert await touch.calibrate(show) < 0.5

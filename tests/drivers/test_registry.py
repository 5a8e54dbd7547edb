"""Which drivers there are: each loads by its name alone and takes settings of its own."""

import subprocess
import sys

import msgspec
import pytest

from daemon.config import DEVICES, OPTIONAL
from drivers.registry import DRIVERS, SURVEYS, UnknownDriver, driver_class, drivers_of, survey_class

SYSTEM_LIBRARIES = ("smartcard", "escpos", "gpiozero", "evdev", "serial", "aiohttp")


@pytest.mark.parametrize(("device", "name"), DRIVERS)
def test_a_driver_loads_and_refuses_settings_it_does_not_know(device: str, name: str) -> None:
    driver = driver_class(device, name)
    assert issubclass(driver.Settings, msgspec.Struct)
    assert driver.Settings.__struct_config__.frozen
    assert driver.Settings.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize(("device", "name"), [key for key in DRIVERS if key[0] != "display"])
def test_a_driver_is_a_device(device: str, name: str) -> None:
    driver = driver_class(device, name)
    assert callable(driver.run)
    assert hasattr(driver, "virtual")


@pytest.mark.parametrize(("device", "name"), SURVEYS)
def test_a_survey_is_the_read_only_side_of_a_driver(device: str, name: str) -> None:
    """What it does not have it cannot do: no command of any contract."""
    survey = survey_class(device, name)
    assert (device, name) in DRIVERS
    assert issubclass(survey.Settings, msgspec.Struct)
    assert survey.Settings.__struct_config__.forbid_unknown_fields
    assert {word for word in vars(survey) if not word.startswith("_")} == {"Settings", "looks"}


def test_every_device_has_a_driver() -> None:
    assert {device for device, _ in DRIVERS} == {*DEVICES, *OPTIONAL}
    assert all(drivers_of(device) for device in DEVICES)


@pytest.mark.parametrize(
    ("device", "known"), [("voice", "alsa, silent, virtual"), ("card", "pcsc"), ("toaster", "")]
)
def test_a_driver_that_does_not_exist_is_told_with_those_that_do(device: str, known: str) -> None:
    with pytest.raises(
        UnknownDriver, match=rf"\[{device}\] driver = 'none' does not exist; one of: {known}$"
    ):
        driver_class(device, "none")


def test_a_driver_is_loaded_without_the_libraries_of_the_others() -> None:
    program = (
        "import sys; from drivers.registry import driver_class; driver_class('voice', 'silent'); "
        f"print([name for name in {SYSTEM_LIBRARIES} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"

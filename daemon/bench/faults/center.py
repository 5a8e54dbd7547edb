"""The center: away, of another mind, or of another kind than the kiosk."""

import shutil
import tomllib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from daemon.bench.faults.injection import Act, Injection, resolve
from daemon.bench.rig import Rig
from daemon.issuance.seal import new_key
from hal.faults import (
    BUILD_CHANGED,
    CENTER_MISMATCH,
    CENTER_REFUSES,
    CENTER_UNREACHABLE,
    CLOCK_WRONG,
    SAMPLE_MIXED,
)

SKEW = 1800.0
STRANGER = "OTHER01"


def _settings(rig: Rig) -> dict[str, Any]:
    """Those it was first started with."""
    return tomllib.loads((rig.root / "center.toml").read_text("utf-8"))


async def _unreachable(rig: Rig) -> AsyncGenerator[None, None]:
    await rig.stop_center()
    yield
    await rig.return_center()


def _changed(key: str, value: object) -> Act:
    """The center runs with another setting."""

    async def act(rig: Rig) -> AsyncGenerator[None, None]:
        await rig.change_center(**{key: value})
        yield
        await rig.restore_center(key)

    return act


async def _mismatch(rig: Rig) -> AsyncGenerator[None, None]:
    key = rig.root / "another.key.pem"
    key.write_bytes(new_key())
    await rig.change_center(seal_key=str(key))
    yield
    await rig.restore_center("seal_key")
    await resolve(rig, CENTER_MISMATCH)


async def _clock(rig: Rig) -> AsyncGenerator[None, None]:
    await rig.change_center(clock_offset=_settings(rig)["clock_offset"] + SKEW)
    yield
    await rig.restore_center("clock_offset")


async def _profile(rig: Rig) -> AsyncGenerator[None, None]:
    profile = rig.root / "profile.toml"
    shutil.copyfile(_settings(rig)["profile"], profile)
    with profile.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    await rig.change_center(profile=str(profile))
    yield
    await rig.restore_center("profile")


async def _real(rig: Rig) -> AsyncGenerator[None, None]:
    """A center with a registry of its own neither trusts sample cards nor shifts its clock."""
    real = {"registry": str(rig.root / "real.db"), "sample_file": "", "trust": [], "clock_offset": 0.0}
    await rig.change_center(**real)
    yield
    await rig.restore_center(*real)


CENTER: Mapping[str, Injection] = {
    CENTER_UNREACHABLE: Injection("The center is stopped.", _unreachable),
    CENTER_REFUSES: Injection(
        "This terminal is struck off the center's register.", _changed("terminals", [STRANGER])
    ),
    CENTER_MISMATCH: Injection(
        "The center seals with a key that the kiosk does not know: begin a session and order a certificate.",
        _mismatch,
        at_once=False,
    ),
    CLOCK_WRONG: Injection("The center's clock is set half an hour ahead.", _clock),
    BUILD_CHANGED: Injection("The municipality's profile is changed at the center alone.", _profile),
    SAMPLE_MIXED: Injection("A center with a real registry stands behind these simulated devices.", _real),
}

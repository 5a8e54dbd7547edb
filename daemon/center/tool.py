"""What ``madoguchi registry`` does: the registry's file brought up to date, or made of invented people."""

import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from daemon.center.generator import generate
from daemon.center.registry import open_engine
from daemon.center.settings import load_settings
from daemon.center.upgrade import upgrade
from daemon.issuance.calendar import TOKYO
from daemon.issuance.profile import load_profile


def migrate(config: Path, out: TextIO) -> int:
    """Exit status. Raises ValueError, OSError: what is wrong with the settings or the file."""
    settings = load_settings(config)
    if settings.sample:
        raise ValueError(f"{config}: the sample registry is in memory: there is nothing to migrate")
    profile = load_profile(Path(settings.profile))
    before, now = upgrade(Path(settings.registry), profile.code, f"{profile.prefecture}{profile.name}")
    if before == now:
        out.write(f"{settings.registry}: has schema {now} already\n")
    else:
        out.write(f"{settings.registry}: from schema {before or 'nothing'} to {now}\n")
    return 0


def generate_file(
    file: Path, people: int, seed: int, municipalities: Sequence[Path], day: str, out: TextIO
) -> int:
    """Exit status. Raises ValueError: the file is there, or a profile, the day or the number is wrong."""
    if file.exists():
        raise ValueError(f"{file}: is there already; invented people go into a file of their own")
    profiles = [load_profile(path) for path in municipalities]
    today = date.fromisoformat(day) if day else datetime.now(TOKYO).date()
    began = time.monotonic()
    engine = open_engine(file)
    try:
        serials = generate(engine, people, seed, profiles, today)
    except BaseException:  # half a town is none
        engine.dispose()
        file.unlink()
        raise
    engine.dispose()
    seconds = time.monotonic() - began
    out.write(f"{file}: {people} people, {len(serials)} cards, {seconds:.1f} s; day {today}, seed {seed}\n")
    return 0

"""What ``madoguchi registry`` does: the registry's file brought up to date, or made of invented people."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import SQLAlchemyError

from daemon.center.generator import generate
from daemon.center.registry import open_engine
from daemon.center.settings import load_settings
from daemon.center.upgrade import upgrade
from daemon.issuance.calendar import TOKYO, day_of
from daemon.issuance.profile import Profile, load_profile


def migrate(config: Path, out: TextIO) -> int:
    """Exit status. Raises ValueError, OSError: what is wrong with the settings or the file."""
    settings = load_settings(config)
    if settings.sample:
        raise ValueError(f"{config}: the sample registry is in memory: there is nothing to migrate")
    profile = load_profile(Path(settings.profile))
    file = Path(settings.registry)
    missing = not file.exists()
    with _told(file):
        before, now = upgrade(file, profile.code, f"{profile.prefecture}{profile.name}")
    if missing:
        out.write(f"{file}: was not there; it is new, of schema {now}, with nobody in it\n")
    elif before == now:
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
    profiles = _profiles(municipalities)
    today = day_of("--day", day) if day else datetime.now(TOKYO).date()
    began = time.monotonic()
    with _told(file):
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


def _profiles(files: Sequence[Path]) -> list[Profile]:
    """Raises ValueError: one is given twice."""
    profiles = [load_profile(file) for file in files]
    codes = [profile.code for profile in profiles]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            raise ValueError(f"--municipality {files[at]}: {code} is given twice")
    return profiles


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What the database says of this file, without the question that it was asked. Raises ValueError."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__)
        raise ValueError(f"{file}: cannot be used as a registry: {reason}") from None

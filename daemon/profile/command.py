"""What ``madoguchi profile check | show | schema | publish`` do. Exit status 1: a profile is refused."""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path
from typing import TextIO

from daemon.clock import TOKYO
from daemon.issuance.calendar import day_of
from daemon.issuance.profile import Profile, ProfileError
from daemon.issuance.published import Published, published, seal_beside
from daemon.profile.schema import schema
from daemon.profile.show import shown

MODE = 0o644
NOON = time(12)


def profile(arguments: argparse.Namespace, out: TextIO) -> int:
    """As ``daemon.profile.options`` describes them. Raises ValueError, OSError."""
    match arguments.act:
        case "check":
            return check(arguments.files, out)
        case "show":
            return show(arguments.file, arguments.on, arguments.at, out)
        case "publish":
            return publish(arguments.new, arguments.target, out, arguments.kiosk)
    out.write(schema())
    return 0


def check(files: Sequence[Path], out: TextIO) -> int:
    """Says of each file what it offers, or everything that is wrong with it."""
    refused = 0
    for file in files:
        try:
            found = published(file, with_seal=True)
        except ProfileError as error:
            refused += 1
            out.write(f"{error}\n")
        else:
            out.write(f"{file}: ok: {_offered(found)}\n")
            out.writelines(f"{file}: warning: {line}\n" for line in _ended(found))
    return 1 if refused else 0


def show(file: Path, on: str, at: str, out: TextIO) -> int:
    """on: a date, today if empty; at: a time, now if both are empty, else noon. Raises ValueError."""
    what, now = published(file), datetime.now(TOKYO)
    day = day_of("--on", on) if on else now.date()
    clock = _time_of(at) if at else NOON if on else now.time()
    out.writelines(f"{line}\n" for line in shown(what, datetime.combine(day, clock, TOKYO)))
    return 0


def _time_of(at: str) -> time:
    try:
        return time.fromisoformat(at)
    except ValueError:
        raise ValueError(f"--at {at}: a time like 09:00 is meant") from None


def publish(new: Path, target: Path, out: TextIO, kiosk: bool = False) -> int:
    """Puts a checked profile in the place of another, whole or not at all. Raises ProfileError, OSError.

    Its 公印 goes along, or lies beside the target already: without it a center takes up nothing, while the
    kiosks do, and nobody is served. kiosk: the target is a kiosk's, which needs none.
    """
    found = published(new)
    with suppress(ProfileError):  # there is none yet, or one that has to be replaced anyhow
        before = published(target)
        if before.profile.code != found.profile.code:
            out.write(f"{target} is of {before.profile.code}, {new} of {found.profile.code}: left as it is\n")
            return 1
    if found.profile.seal and not kiosk:
        _bring_seal(new, target, found.profile)
    _replace(target, new.read_bytes())
    out.write(f"{target}: {_offered(found)}; profile {found.hash[:12]}\n")
    return 0


def _bring_seal(new: Path, target: Path, profile: Profile) -> None:
    """Before the profile that names it. Raises ProfileError: it is on neither side."""
    if new.with_name(profile.seal).exists():
        image = seal_beside(new, profile)
        if new.parent.resolve() != target.parent.resolve():
            _replace(target.with_name(profile.seal), image)
    else:
        seal_beside(target, profile)


def _replace(target: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never a part; owner and rights stay."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if target.exists():
                stat = target.stat()
                os.fchown(file.fileno(), stat.st_uid, stat.st_gid)
                os.fchmod(file.fileno(), stat.st_mode & 0o777)
            else:
                os.fchmod(file.fileno(), MODE)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _offered(found: Published) -> str:
    """富山県高岡市 (162027) offers 住民票の写し 200 yen, …"""
    profile, today = found.profile, datetime.now(TOKYO).date()
    offers = [f"{one.name} {_fee(one.fee(today))}" for one in profile.certificates]
    return f"{profile.prefecture}{profile.name} ({profile.code}) offers {', '.join(offers)}"


def _ended(found: Published) -> Iterator[str]:
    """What nobody can get any more, though it still stands there: a fee that was forgotten, or is over."""
    today = datetime.now(TOKYO).date()
    for one in found.profile.certificates:
        end = max(fee.valid_to for fee in one.fees)
        if end < today:
            yield f"{one.name} has no fee after {end}: it is not on offer"


def _fee(yen: int | None) -> str:
    return "(not today)" if yen is None else f"{yen} yen"

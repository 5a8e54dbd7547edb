"""``madoguchi check``: reads a configuration as the daemon would, explains it, changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from daemon import doors
from daemon.build import build_hash
from daemon.config import Config, ConfigError, load_config, masked
from daemon.issuance.client import CenterClient
from daemon.issuance.profile import ProfileError
from daemon.issuance.seal import Keyring
from daemon.town import load_municipality, profile_path


def check(path: Path, out: TextIO) -> int:
    """Prints what is configured and every problem found. Exit status 1 if there is one."""
    config = load_config(path)
    problems = list(_problems(config))
    out.writelines(f"{line}\n" for line in _explained(config))
    out.writelines(f"note: {note}\n" for note in doors.notes(config))
    out.writelines(f"PROBLEM: {problem}\n" for problem in problems)
    out.write("this configuration can run\n" if not problems else f"{len(problems)} problem(s)\n")
    return 1 if problems else 0


def _explained(config: Config) -> Iterator[str]:
    kiosk = config.kiosk
    yield f"terminal {kiosk.terminal} of municipality {kiosk.municipality}"
    yield f"  profile    {profile_path(config)}"
    yield f"  journal    {kiosk.journal}"
    yield f"  socket     {kiosk.socket or '(none: status and resolve do not work)'}"
    yield f"  center     {masked(config.center.address)}"
    for name, table in config.devices.items():
        keys = masked(", ".join(f"{key}={value}" for key, value in table.keys.items()))
        yield f"  {name:<10} {table.driver}: {keys}"
    yield f'  build      this installation is [kiosk] build = "{build_hash()}"'


def _problems(config: Config) -> Iterator[str]:
    for name in config.devices:
        try:
            config.settings(name)
        except ConfigError as error:
            yield str(error)
    try:
        load_municipality(config)
    except (ProfileError, ConfigError) as error:
        yield from str(error).splitlines()
    yield from _center_problems(config)
    yield from doors.open_doors(config)
    if config.kiosk.build and config.kiosk.build != build_hash():
        yield "[kiosk] build is not the hash of the installed files; is this the approved installation?"
    folder = Path(config.kiosk.journal).parent
    if not folder.is_dir():
        yield f"[kiosk] journal: the folder {folder} does not exist; make it, owned by the kiosk's user"


def _center_problems(config: Config) -> Iterator[str]:
    center = config.center
    try:
        Keyring.load([Path(key) for key in center.keys])
    except OSError as error:
        yield f"[center] keys: {error.filename}: {error.strerror}; copy the center's public key there"
    except ValueError as error:
        yield f"[center] keys: {error}"
    try:
        CenterClient(center.address, config.kiosk.terminal, center.ca, center.certificate, center.key)
    except OSError as error:
        yield f"[center] {error.filename}: {error.strerror}; the center's operator issues the TLS files"
    except ValueError as error:
        yield str(error)

"""The configuration file: TOML, typed, unknown keys refused, every message names file and key.

``[kiosk]``, ``[center]``, ``[site]``, ``[limits]`` and ``[staff]`` are described here; each device has a
table of its own whose ``driver`` picks the driver and whose other keys are that driver's ``Settings``.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from daemon.issuance.maintenance import Maintenance
from daemon.issuance.numbers import TERMINAL
from daemon.toml import TomlError, complaint, read_toml
from drivers.registry import UnknownDriver, driver_class, drivers_of

ASSETS = Path(__file__).resolve().parent.parent / "assets"
DEVICES = ("card", "cash", "document", "receipt", "display", "touch", "voice", "cabinet")
OPTIONAL = ("keypad",)
"""A kiosk without one has no table of it."""
EXAMPLE = "systemd/kiosk.example.toml"
TYPEFACE = "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"
LARGEST_OFFSET = 10 * 366 * 86400.0


class ConfigError(ValueError):
    """The text names the file, the key, what is wrong and what to do."""


class KioskSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """terminal: as printed in certificate numbers. municipality: 団体コード.

    profile: its file, which may be replaced while the kiosk runs; empty: assets/municipalities/CODE.toml.
    journal: the SQLite file. socket: where status and staff acts are served; empty: nowhere.
    build: the hash ``madoguchi check`` prints, which the start must find unchanged (P11); empty: not checked.
    true_clock: refuse to sell until the system clock is synchronised (a Pi has no clock of its own).
    clock_offset: seconds added to the clock; a kiosk with real devices does not sell by a shifted clock.
    """

    terminal: str
    municipality: str
    journal: str
    profile: str = ""
    socket: str = ""
    build: str = ""
    true_clock: bool = True
    clock_offset: float = 0.0
    typeface: str = TYPEFACE

    def __post_init__(self) -> None:
        if not re.fullmatch(TERMINAL, self.terminal):
            raise ValueError(f"terminal = {self.terminal!r}: 1 to 12 capital letters and digits are meant")
        if not re.fullmatch("[0-9]{6}", self.municipality):
            raise ValueError(f"municipality = {self.municipality!r}: a 団体コード of six digits is meant")
        if self.profile and not Path(self.profile).is_absolute():
            raise ValueError(f"profile = {self.profile!r}: a path from the root is meant")
        if not abs(self.clock_offset) <= LARGEST_OFFSET:
            raise ValueError(f"clock_offset = {self.clock_offset}: seconds, at most ten years, are meant")


class CenterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """address: unix:/path or https://host:port (mutual TLS). keys: PEM files of the center's public keys.

    look_seconds: between two questions how it is.
    """

    address: str
    keys: tuple[str, ...]
    ca: str = ""
    certificate: str = ""
    key: str = ""
    look_seconds: float = 15.0

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("keys is empty: name a PEM file, or no certificate can be believed")
        if not 0 < self.look_seconds < math.inf:
            raise ValueError(f"look_seconds = {self.look_seconds}: seconds above 0 are meant")


class SiteSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shop. open, close: "07:00", where it is shorter than the municipality's hours. days = "weekdays":
    not on weekends and public holidays, as inside a town hall.

    maintenance: stops of this site alone. android_from: first day on which Android phones are accepted
    here; iphone: whether iPhones are.
    """

    open: str = ""
    close: str = ""
    days: Literal["all", "weekdays"] = "all"
    android_from: date | None = None
    iphone: bool = False
    maintenance: tuple[Maintenance, ...] = ()

    def __post_init__(self) -> None:
        for at, stop in enumerate(self.maintenance, start=1):
            for fault in stop.complaints():
                raise ValueError(f"maintenance {at} {fault.key}: {fault.reason}")
        for key, hour in (("open", self.open), ("close", self.close)):
            if hour and not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", hour):
                raise ValueError(f'{key} = {hour!r}: an hour like "07:00" is meant')


class LimitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds. idle: until E5, where it is not as the municipality says; session: until funded;
    attendant: a job may wait for one; dark: until the screen of a closed kiosk goes dark; double_tap: a
    press so soon after a new screen is not meant for it.
    """

    idle: float | None = None
    session: float = 1200.0
    attendant: float = 300.0
    dark: float = 300.0
    double_tap: float = 0.3

    def __post_init__(self) -> None:
        if not 0 <= self.double_tap <= 2:
            raise ValueError(f"double_tap = {self.double_tap}: seconds from 0 to 2 are meant")
        for key in ("idle", "session", "attendant", "dark"):
            seconds = getattr(self, key)
            if seconds is not None and not 0 < seconds < math.inf:
                raise ValueError(f"{key} = {seconds}: seconds above 0 are meant")


class StaffSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may do money acts, each by their own card at the reader.

    cards: staff number = SHA-256 of the card's user-authentication certificate.
    """

    cards: dict[str, str] = {}

    def __post_init__(self) -> None:
        for number, card in self.cards.items():
            if not re.fullmatch("[0-9A-Za-z]{1,12}", number):
                raise ValueError(f"cards: {number!r}: a staff number of letters and digits is meant, no name")
            if not re.fullmatch("[0-9a-f]{64}", card):
                raise ValueError(f"cards: {number}: 64 hex digits are meant, as `madoguchi cash` tells them")
        if len(set(self.cards.values())) < len(self.cards):
            raise ValueError("cards: one card has two staff numbers")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kiosk: KioskSettings
    center: CenterSettings
    card: dict[str, Any]
    cash: dict[str, Any]
    document: dict[str, Any]
    receipt: dict[str, Any]
    display: dict[str, Any]
    touch: dict[str, Any]
    voice: dict[str, Any]
    cabinet: dict[str, Any]
    keypad: dict[str, Any] | None = None
    site: SiteSettings = SiteSettings()
    limits: LimitSettings = LimitSettings()
    staff: StaffSettings = StaffSettings()


@dataclass(frozen=True)
class DeviceSettings:
    """One device's table. driver: its name in the registry. keys: everything else."""

    device: str
    driver: str
    keys: Mapping[str, Any]


@dataclass(frozen=True)
class Config:
    """A whole configuration, checked for form; ``settings`` checks a device's own keys."""

    path: Path
    kiosk: KioskSettings
    center: CenterSettings
    site: SiteSettings
    limits: LimitSettings
    staff: StaffSettings
    devices: Mapping[str, DeviceSettings]

    def settings(self, device: str) -> tuple[Any, Any]:
        """(driver class, its Settings). Imports the driver. Raises ConfigError."""
        table = self.devices[device]
        try:
            cls = driver_class(device, table.driver)
            return cls, msgspec.convert(dict(table.keys), cls.Settings)
        except UnknownDriver as error:
            raise ConfigError(f"{self.path}: {error}") from None
        except msgspec.ValidationError as error:
            raise ConfigError(f"{self.path}: {complaint(error, cls.Settings, device)}") from None
        except ImportError as error:
            needs = f"[{device}] driver {table.driver!r} needs {error.name or error}; install it"
            raise ConfigError(f"{self.path}: {needs}") from None

    def effective(self) -> str:
        """The whole configuration in force as one line of JSON, for the log; secrets are masked."""
        everything = json.dumps(
            {
                "kiosk": msgspec.to_builtins(self.kiosk),
                "center": msgspec.to_builtins(self.center),
                "site": msgspec.to_builtins(self.site),
                "limits": msgspec.to_builtins(self.limits),
                "staff": {"cards": sorted(self.staff.cards)},
                **{name: {"driver": d.driver, **d.keys} for name, d in self.devices.items()},
            },
            ensure_ascii=False,
            sort_keys=True,
            default=str,
        )
        return masked(everything)


def masked(text: str) -> str:
    """Without the passwords of addresses (``ipp://user:password@host``); keys are files, not values."""
    return re.sub(r"(?<=//)[^/@\s]+(?=@)", "***", text)


def load_config(path: Path) -> Config:
    """Reads a file. Raises ConfigError."""
    try:
        parsed = read_toml(path, _File)
    except TomlError as error:
        raise ConfigError(f"{error}; {EXAMPLE} shows every table") from None
    tables = {name: getattr(parsed, name) for name in (*DEVICES, *OPTIONAL)}
    devices = {name: _device(path, name, table) for name, table in tables.items() if table is not None}
    return Config(path, parsed.kiosk, parsed.center, parsed.site, parsed.limits, parsed.staff, devices)


def _device(path: Path, name: str, table: dict[str, Any]) -> DeviceSettings:
    driver = table.get("driver")
    if not isinstance(driver, str):
        raise ConfigError(f'{path}: [{name}] needs driver = "…", one of: {", ".join(drivers_of(name))}')
    return DeviceSettings(name, driver, {key: value for key, value in table.items() if key != "driver"})

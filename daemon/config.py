"""The configuration file: TOML, typed, unknown keys refused, every message names file and key.

``[kiosk]``, ``[center]`` and ``[site]`` are described here; each device has a table of its own whose
``driver`` picks the driver and whose other keys are that driver's ``Settings``.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from drivers.registry import UnknownDriver, driver_class

ASSETS = Path(__file__).resolve().parent.parent / "assets"
DEVICES = ("card", "cash", "document", "receipt", "display", "touch", "voice", "cabinet")
TYPEFACE = "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"


class ConfigError(ValueError):
    """The text names the file, the key, what is wrong and what to do."""


class KioskSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """terminal: as printed in certificate numbers. municipality: 団体コード of assets/municipalities/.

    journal: the SQLite file. socket: where status and staff acts are served; empty: nowhere.
    build: the hash ``madoguchi check`` prints, which the start must find unchanged (P11); empty: not checked.
    true_clock: refuse to sell until the system clock is synchronised (a Pi has no clock of its own).
    clock_offset: seconds added to the clock; a kiosk with real devices does not sell by a shifted clock.
    """

    terminal: str
    municipality: str
    journal: str
    socket: str = ""
    build: str = ""
    true_clock: bool = True
    clock_offset: float = 0.0
    typeface: str = TYPEFACE


class CenterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """address: unix:/path or https://host:port (mutual TLS). keys: PEM files of the center's public keys."""

    address: str
    keys: tuple[str, ...]
    ca: str = ""
    certificate: str = ""
    key: str = ""


class SiteSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shop. open, close: "07:00", where it is shorter than the municipality's hours.

    android_from: first day on which Android phones are accepted here; iphone: whether iPhones are.
    """

    open: str = ""
    close: str = ""
    android_from: date | None = None
    iphone: bool = False


class LimitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds. idle: until E5; session: until funded; attendant: a job may wait for one."""

    idle: float = 300.0
    session: float = 1200.0
    attendant: float = 300.0


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
    site: SiteSettings = SiteSettings()
    limits: LimitSettings = LimitSettings()


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
            raise ConfigError(f"{self.path}: [{device}] {error}") from None
        except ImportError as error:
            raise ConfigError(f"{self.path}: [{device}] driver {table.driver!r} needs {error.name}") from None

    def effective(self) -> str:
        """The whole configuration in force as one line of JSON, for the log. No secrets, only paths."""
        return json.dumps(
            {
                "kiosk": msgspec.to_builtins(self.kiosk),
                "center": msgspec.to_builtins(self.center),
                "site": msgspec.to_builtins(self.site),
                "limits": msgspec.to_builtins(self.limits),
                **{name: {"driver": d.driver, **d.keys} for name, d in self.devices.items()},
            },
            ensure_ascii=False,
            sort_keys=True,
        )


def load_config(path: Path) -> Config:
    """Reads a file. Raises ConfigError."""
    try:
        parsed = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give the file with --config") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from None
    devices = {name: _device(path, name, getattr(parsed, name)) for name in DEVICES}
    return Config(path, parsed.kiosk, parsed.center, parsed.site, parsed.limits, devices)


def _device(path: Path, name: str, table: dict[str, Any]) -> DeviceSettings:
    driver = table.get("driver")
    if not isinstance(driver, str):
        raise ConfigError(f'{path}: [{name}] needs driver = "…"')
    return DeviceSettings(name, driver, {key: value for key, value in table.items() if key != "driver"})

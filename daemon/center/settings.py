"""The center's configuration: one TOML file, unknown keys refused.

listen = "unix:/run/madoguchi-center/center.sock"  # or https://0.0.0.0:8443 with the three TLS files
registry = "/var/lib/madoguchi-center/registry.db" # or "sample": invented people, in memory
profile = "assets/municipalities/162027.toml"
also = ["assets/municipalities/012351.toml"]       # further municipalities that it serves
seal_key = "/etc/madoguchi-center/seal.key.pem"
trust = ["/etc/madoguchi-center/jpki-auth-ca.pem"]
revocations = ["/var/lib/madoguchi-center/jpki-auth.crl"]  # kept fresh by the line to the authority
dots = { big = 4, bigs = 2, small = 2, smalls = 8 }        # of the pattern 複写; see docs/paper.md
"""

import tomllib
from pathlib import Path

import msgspec

from daemon.center.documents.press import FONT
from daemon.center.paper.pattern import DEFAULT_DOTS, Dots

SAMPLE = "sample"
TEMPLATES = Path(__file__).resolve().parents[2] / "assets" / "certificates"


class SettingsError(ValueError):
    """The text names the file, the key and what is wrong."""


class CenterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """listen: unix:/path, or https://host:port with certificate, key, and client_ca for the terminals.

    registry: an SQLite file, or "sample". also: profiles of further municipalities, which those are served by
    who live there, or whose 本籍 is there. seal_key: Ed25519 or P-256 in PEM. trust: PEM files of
    authorities whose cards are believed. revocations: files of their revocation lists, DER or PEM; each
    must be current.
    templates: the folder of *.typ. font: the TrueType file of the certificates.
    dots: of the pattern against copies, as `madoguchi paper calibrate` shows them for the printers.
    terminals: the registered ones; empty: every terminal that the line lets in.
    clock_offset: seconds added to the clock, with the sample registry only.
    sample_file: where the sample registry lies, anew at each start, so that `madoguchi paper verify` can look
    its numbers up; empty: in memory.
    """

    listen: str
    registry: str
    profile: str
    seal_key: str
    trust: tuple[str, ...]
    templates: str = str(TEMPLATES)
    font: str = str(FONT)
    dots: Dots = DEFAULT_DOTS
    certificate: str = ""
    key: str = ""
    client_ca: str = ""
    terminals: tuple[str, ...] = ()
    revocations: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    clock_offset: float = 0.0
    sample_file: str = ""

    @property
    def sample(self) -> bool:
        return self.registry == SAMPLE

    @property
    def socket(self) -> Path | None:
        """The unix socket to listen on; None: TLS."""
        scheme, _, rest = self.listen.partition(":")
        return Path(rest) if scheme == "unix" else None


def load_settings(path: Path) -> CenterSettings:
    """Raises SettingsError, OSError."""
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CenterSettings)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{path}: {error}") from None
    fault = _fault(settings)
    if fault:
        raise SettingsError(f"{path}: {fault}")
    return settings


def _fault(settings: CenterSettings) -> str:
    scheme, _, rest = settings.listen.partition(":")
    if scheme not in ("unix", "https") or not rest:
        return "listen: unix:/path or https://host:port"
    if scheme == "https" and not rest.rpartition(":")[2].isdigit():
        return "listen: https needs a port, as in https://0.0.0.0:8443"
    if scheme == "https" and not (settings.certificate and settings.key and settings.client_ca):
        return "listen: https needs certificate, key and client_ca (mutual TLS)"
    if settings.clock_offset and not settings.sample:
        return "clock_offset: only with the sample registry; real certificates carry the real date"
    if settings.sample_file and not settings.sample:
        return "sample_file: only with the sample registry; it is made anew at each start"
    return ""

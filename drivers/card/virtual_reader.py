"""A private pcscd with one virtual reader, for the bench and for tests, beside whatever else runs.

Its socket, its reader configuration and its copy of the vpcd driver lie in one directory of ours (card.md
§1: a driver copy of its own per pcscd, no "hostname mode"). Rule: pcscd never outlives the thread that
started it. Note that vpcd listens on all addresses: a firewall is the machine's affair.
"""

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FRIENDLY_NAME = "Kiosk Virtual 0"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
RUN_DIRECTORY = Path("/run/pcscd")  # pcscd writes its pid there, wherever its socket is
_LONGEST_PATH = 107
_PORTS = range(20000, 32000, 2)  # below the ephemeral ones, in pairs: vpcd opens a second slot
_CONFIGURATION = """FRIENDLYNAME "{name}"
DEVICENAME /dev/null:{port:#06x}
LIBPATH {library}
CHANNELID {port:#06x}
"""
# Our listening socket comes as stdin and becomes fd 3, as systemd would pass it. A parent that died before
# the death signal was asked for is noticed by its number.
_LAUNCH = (
    '[ "$PPID" = "$0" ] || exit 1; LISTEN_FDS=1 LISTEN_PID=$$; export LISTEN_FDS LISTEN_PID; '
    'exec "$@" 3<&0 </dev/null'
)


class PcscdUnusable(RuntimeError):
    """pcscd cannot be started here; the text says what to do."""


class PrivatePcscd:
    """pcscd on ``socket`` (for PCSCLITE_CSOCK_NAME), its virtual reader's slot on ``host``:``port``.

    driver: of the reader; None: vpcd's.
    """

    def __init__(self, directory: Path, driver: Path | None = None) -> None:
        self.socket = directory / "pcscd.comm"
        self.host = "127.0.0.1"
        self.port = _free_pair()
        self.reader = FRIENDLY_NAME
        self._directory = directory
        self._driver = driver or DRIVER
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """None: it does not run."""
        return self._process.pid if self._process else None

    def start(self, reader: bool = True) -> None:
        """Starts it; clients can connect at once. reader: whether one is plugged in. Raises PcscdUnusable."""
        if self._process is not None:
            raise RuntimeError("this pcscd runs already")
        _check_machine(self.socket)
        command = _command(self._configure(reader))
        self.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self._directory / "pcscd.log").open("ab") as log:
            listener.bind(str(self.socket))
            listener.listen()
            self._process = subprocess.Popen(command, stdin=listener.fileno(), stdout=log, stderr=log)

    def stop(self) -> None:
        """Ends it; returns when it is gone. Nothing happens when it does not run."""
        if self._process is not None:
            self._process.terminate()
            self._reap()

    def kill(self) -> None:
        """What a crash of pcscd is to its clients."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def restart(self, reader: bool = True) -> None:
        """A crash, and systemd starting it again. reader: as for ``start``."""
        self.kill()
        self.start(reader)

    def _reap(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # a driver thread that hangs also hangs pcscd's own clean-up
            process.kill()
            process.wait()
        self.socket.unlink(missing_ok=True)

    def _configure(self, reader: bool) -> Path:
        library = self._directory / "libifdvpcd.so"
        shutil.copyfile(self._driver, library)
        configuration = self._directory / "reader.conf.d"
        configuration.mkdir(exist_ok=True)
        text = _CONFIGURATION.format(name=FRIENDLY_NAME, port=self.port, library=library)
        (configuration / "kiosk").write_text(text if reader else "")
        return configuration


@contextmanager
def private_pcscd(directory: Path) -> Iterator[PrivatePcscd]:
    """A running pcscd that is gone afterwards. directory: exists, ours, of a short path."""
    pcscd = PrivatePcscd(directory)
    pcscd.start()
    try:
        yield pcscd
    finally:
        pcscd.stop()


def _command(configuration: Path) -> list[str]:
    pcscd = _program()
    arguments = [str(pcscd), "--foreground", "--error", "--config", str(configuration)]
    if "--disable-polkit" in _help_of(pcscd):  # pcscd 2.x asks polkit, which knows nothing of ours
        arguments.append("--disable-polkit")
    return ["setpriv", "--pdeathsig", "KILL", "/bin/sh", "-c", _LAUNCH, str(os.getpid()), *arguments]


def _program() -> Path:
    found = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise PcscdUnusable("pcscd is not installed: apt-get install pcscd vsmartcard-vpcd")
    return Path(found)


def _help_of(pcscd: Path) -> str:
    return subprocess.run([pcscd, "--help"], capture_output=True, text=True, check=False).stdout


def _check_machine(path: Path) -> None:
    if not DRIVER.exists():
        raise PcscdUnusable(f"{DRIVER} is missing: apt-get install vsmartcard-vpcd")
    if len(str(path)) > _LONGEST_PATH:
        raise PcscdUnusable(f"{path} is too long for a unix socket: use a shorter directory")
    if os.geteuid() != 0 and not RUN_DIRECTORY.exists():
        raise PcscdUnusable(f"pcscd needs its directory: sudo install -d {RUN_DIRECTORY}")


def _free_pair() -> int:
    """A port that is free now, as is the next one."""
    candidates = random.sample(_PORTS, 50)
    for port in candidates:
        if _is_free(port) and _is_free(port + 1):
            return port
    raise PcscdUnusable(f"no free pair of TCP ports among {candidates}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True

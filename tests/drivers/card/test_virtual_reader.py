"""The private pcscd: several side by side, and nothing left behind."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.card import virtual_reader
from drivers.card.virtual_reader import PcscdUnusable, PrivatePcscd, private_pcscd

LIST_READERS = """
from drivers.card import scard
scard.use_socket({socket!r})
with scard.context() as context:
    print(context.readers())
"""
START_AND_DIE = """
import os, pathlib
from drivers.card.virtual_reader import PrivatePcscd
pcscd = PrivatePcscd(pathlib.Path({directory!r}))
pcscd.start()
print(pcscd.pid, flush=True)
input()
os.kill(os.getpid(), 9)
"""


def readers_of(pcscd: PrivatePcscd) -> str:
    code = LIST_READERS.format(socket=str(pcscd.socket))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_it_serves_beside_others_and_ends(pcscd: PrivatePcscd, tmp_path: Path) -> None:
    with private_pcscd(tmp_path) as other:
        assert other.port != pcscd.port
        assert "Kiosk Virtual 0 00 00" in readers_of(other)
        assert "Kiosk Virtual 0 00 00" in readers_of(pcscd)
        assert other.pid is not None
        process = Path(f"/proc/{other.pid}")
        assert process.exists()
    assert not process.exists()
    assert not other.socket.exists()
    assert other.pid is None


def test_it_runs_without_a_reader_until_one_is_plugged_in(tmp_path: Path) -> None:
    with private_pcscd(tmp_path) as pcscd:
        pcscd.restart(reader=False)
        assert readers_of(pcscd) == "[]\n"
        pcscd.restart()
        assert "Kiosk Virtual 0 00 00" in readers_of(pcscd)


def test_it_dies_with_who_started_it(tmp_path: Path) -> None:
    code = START_AND_DIE.format(directory=str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        pcscd = os.pidfd_open(pid)
        starter.communicate("\n")
    assert starter.returncode == -signal.SIGKILL
    ended, _, _ = select.select([pcscd], [], [], 10)
    os.close(pcscd)
    assert ended


def test_a_path_too_long_for_a_socket_is_explained(tmp_path: Path) -> None:
    directory = tmp_path / ("x" * 100)
    directory.mkdir()
    with pytest.raises(PcscdUnusable, match="shorter directory"):
        PrivatePcscd(directory).start()


def test_a_missing_driver_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_reader, "DRIVER", tmp_path / "libifdvpcd.so")
    with pytest.raises(PcscdUnusable, match="vsmartcard-vpcd"):
        PrivatePcscd(tmp_path).start()

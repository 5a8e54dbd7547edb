"""A disk that loses its power: every write and sync of SQLite is recorded, and any moment's images are made.

What was synced is there. Of what was written since, each sector of 512 bytes may be there or not, in any
mixture (drives reorder), and a file that was never synced may not exist. Recording is apsw's VFS, so the
recording side runs apsw's SQLite; the images are read by the SQLite of this Python, as after a real cut.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import apsw
import pytest

SECTOR = 512
LOGS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
"""SQLite syncs the folder of these with the first sync after it made one (UNIXFILE_DIRSYNC of os_unix.c)."""


@dataclass(frozen=True)
class Act:
    """What SQLite did to a file: data at offset, or a new size (offset), or nothing more than a sync.

    folder: its folder was synced too: what was deleted before is gone for good.
    """

    kind: Literal["write", "truncate", "sync", "delete"]
    file: str
    offset: int = 0
    data: bytes = b""
    folder: bool = False


Image = dict[str, bytearray]
"""File name → content."""


class Disk:
    """acts: everything so far, in order."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def image(self, moment: int, chance: random.Random | None = None, survives: float = 0.0) -> Image:
        """What lies on the disk if the power goes after so many acts.

        survives: the part of the sectors written since the last sync that made it, as chance has it.
        """
        durable: Image = {}
        pending: dict[str, list[Act]] = {}
        for act in self.acts[:moment]:
            waiting = pending.setdefault(act.file, [])
            waiting.append(act)
            if act.kind == "sync":
                for done in waiting:
                    _apply(durable, done)
                waiting.clear()
            if act.folder:
                _forget_deleted(durable, pending)
        for waiting in pending.values():
            for act in waiting:
                for part in _sectors(act):
                    if chance is not None and chance.random() < survives:
                        _apply(durable, part)
        return durable


def _forget_deleted(durable: Image, pending: dict[str, list[Act]]) -> None:
    for file, waiting in pending.items():
        deleted = [at for at, act in enumerate(waiting) if act.kind == "delete"]
        if deleted:
            durable.pop(file, None)
            del waiting[: deleted[-1] + 1]


def _sectors(act: Act) -> Iterator[Act]:
    if act.kind != "write":
        yield act
    at = act.offset
    while at < act.offset + len(act.data):
        end = min((at // SECTOR + 1) * SECTOR, act.offset + len(act.data))
        yield Act("write", act.file, at, act.data[at - act.offset : end - act.offset])
        at = end


def _apply(image: Image, act: Act) -> None:
    if act.kind == "delete":
        image.pop(act.file, None)
        return
    content = image.setdefault(act.file, bytearray())
    if act.kind == "write":
        content.extend(bytes(max(0, act.offset - len(content))))
        content[act.offset : act.offset + len(act.data)] = act.data
    elif act.kind == "truncate":
        del content[act.offset :]


def lay_out(image: Image, folder: Path) -> Path:
    """Writes an image into this folder; the path of the journal in it."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    return folder / "journal"


# ---------------------------------------------------------------- recording


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename, flags: list[int], disk: Disk) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__("", name, flags)
        self._new_log = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & LOGS)
        self._name = Path(path).name
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._disk.acts.append(Act("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._disk.acts.append(Act("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.acts.append(Act("sync", self._name, folder=self._new_log))
        self._new_log = False


class _Recording(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__("recording", "")
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        assert name is not None, "the journal needs no temporary file"
        return _File(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._disk.acts.append(Act("delete", Path(filename).name, folder=syncdir))


@contextmanager
def recorded(patch: pytest.MonkeyPatch, checkpoint: int, synchronous: str = "FULL") -> Iterator[Disk]:
    """Within it every Journal that opens is recorded.

    checkpoint: pages after which the log goes into the database; often, so that many cuts fall into one.
    """
    disk = Disk()
    vfs = _Recording(disk)

    class Connection(apsw.Connection):
        """As much of sqlite3's as the journal uses."""

        def execute(self, statements: str, *more: object, **options: object) -> apsw.Cursor:
            statements = statements.replace("synchronous=FULL", f"synchronous={synchronous}")
            return super().execute(statements, *more, **options)  # type: ignore[arg-type]

        def executescript(self, script: str) -> None:
            self.execute(script)

    def connect(path: str, **_: object) -> Connection:
        opened = Connection(path, vfs="recording")
        opened.wal_autocheckpoint(checkpoint)
        return opened

    fake = SimpleNamespace(connect=connect, Error=apsw.Error, Connection=Connection)
    with patch.context() as patched:
        patched.setattr("daemon.session.journal.sqlite3", fake)
        yield disk
    vfs.unregister()

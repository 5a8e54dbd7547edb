"""A cabinet without wood: the panel (bench side) and the driver that hears it, over a unix socket.

JSON lines. The panel says its whole state at every change, ``{"tray": …, "door": …, "key": …}`` (tray is
null where no sensor is fitted), the driver all of its lamps, ``{"card": true, …}``; so whoever was away
knows everything after the first line.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import get_args

import msgspec

from drivers.cabinet.contacts import Contacts
from hal.contracts import Emit, Lamp

FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
LAMPS: tuple[Lamp, ...] = get_args(Lamp)

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Stream]]


class CabinetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: of the panel's unix socket. tray_sensor: whether the cabinet has one."""

    path: str
    tray_sensor: bool = True


class _State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tray: bool | None
    door: bool
    key: bool


class VirtualCabinet:
    """hal.contracts.Cabinet. connect: another way to the panel than the socket."""

    Settings = CabinetSettings

    def __init__(self, settings: CabinetSettings, connect: Connect | None = None) -> None:
        self._settings = settings
        self._connect = connect or (lambda: asyncio.open_unix_connection(settings.path))
        self._lamps: dict[Lamp, bool] = dict.fromkeys(LAMPS, False)
        self._writer: asyncio.StreamWriter | None = None
        self._contacts = Contacts()

    @property
    def virtual(self) -> bool:
        return True

    @property
    def has_tray_sensor(self) -> bool:
        return self._settings.tray_sensor

    @property
    def paper_in_tray(self) -> bool | None:
        return self._contacts.state("tray")

    def lamp(self, name: Lamp, on: bool) -> None:
        """Switches a lamp; the panel learns it now, or when it is reached."""
        if self._lamps[name] != on:
            self._lamps[name] = on
            self._tell()

    async def run(self, emit: Emit) -> None:
        """Hears the panel for ever."""
        wait = FIRST_WAIT
        self._contacts.begin()
        while True:
            try:
                reader, self._writer = await self._connect()
                wait = FIRST_WAIT
                await self._hear(reader, emit)
            except (OSError, ValueError) as error:
                reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
                self._contacts.lost(f"{self._settings.path}: {reason}; does the bench run?", emit)
            finally:
                self._hang_up()
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    async def _hear(self, reader: asyncio.StreamReader, emit: Emit) -> None:
        """Raises OSError (the panel is gone), ValueError (not a panel's line)."""
        self._tell()
        while line := await reader.readline():
            self._take(msgspec.json.decode(line, type=_State), emit)
        raise OSError(0, "the panel has hung up")

    def _take(self, state: _State, emit: Emit) -> None:
        if state.tray is not None and self._settings.tray_sensor:
            self._contacts.take("tray", state.tray, emit)
        self._contacts.take("door", state.door, emit)
        self._contacts.take("key", state.key, emit)
        self._contacts.well(emit)

    def _tell(self) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(self._lamps).encode() + b"\n")

    def _hang_up(self) -> None:
        self._contacts.forget()
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class CabinetPanel:
    """The bench's side: contacts worked by hand, lamps to look at. path: of its unix socket."""

    def __init__(self, path: Path, tray_sensor: bool = True) -> None:
        self._path = path
        self.lamps: dict[str, bool] = dict.fromkeys(LAMPS, False)
        self._tray: bool | None = False if tray_sensor else None
        self._door = self._key = False
        self._plugged = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.listening = asyncio.Event()

    @property
    def paper_in_tray(self) -> bool | None:
        return self._tray

    @property
    def door(self) -> bool:
        """Whether it is open."""
        return self._door

    @property
    def key(self) -> bool:
        """Whether it is turned."""
        return self._key

    def set_tray(self, paper: bool) -> None:
        """Lays paper into the tray, or takes it. A cabinet without a sensor does not notice."""
        if self._tray is not None:
            self._tray = paper
            self._tell()

    def set_door(self, open: bool) -> None:
        self._door = open
        self._tell()

    def set_key(self, on: bool) -> None:
        self._key = on
        self._tell()

    def set_plugged(self, plugged: bool) -> None:
        """Pulls its cable, or puts it back: unplugged, it hangs up on every driver."""
        self._plugged = plugged
        if not plugged:
            for writer in self._writers:
                writer.close()

    async def until_lamp(self, name: Lamp, on: bool) -> None:
        """Returns when this lamp is so."""
        while self.lamps[name] != on:
            self._changed.clear()
            await self._changed.wait()

    async def serve(self) -> None:
        """Listens on the socket, for its owner only, until cancelled. ``listening`` is set meanwhile."""
        before = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(self.talk, self._path)
        finally:
            os.umask(before)
        try:
            self.listening.set()
            await asyncio.Event().wait()
        finally:
            self.listening.clear()
            server.close()
            self._unlink()
            await self._hang_up()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One driver, until it hangs up."""
        if task := asyncio.current_task():
            self._talks.add(task)
            task.add_done_callback(self._talks.discard)
        if not self._plugged:
            writer.close()
            return
        self._writers.add(writer)
        try:
            self._tell()
            while line := await reader.readline():
                self.lamps.update(msgspec.json.decode(line, type=dict[str, bool]))
                self._changed.set()
        except (OSError, ValueError):
            pass  # it hangs up, or is no driver of ours: either way this conversation is over
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
        if self._talks:
            await asyncio.wait(self._talks)

    def _tell(self) -> None:
        state = json.dumps({"tray": self._tray, "door": self._door, "key": self._key}).encode() + b"\n"
        for writer in self._writers:
            writer.write(state)

    def _unlink(self) -> None:
        self._path.unlink(missing_ok=True)

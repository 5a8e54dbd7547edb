"""The virtual coin vendor: the devices at the other end of a real ccTalk wire, worked by hand.

The bench and the tests use this same class. Its methods are what a customer, a technician or bad luck
does; what the kiosk does arrives only over ``serve``. Every yen can be accounted for at any moment
(``conserved``). Time is the event loop's.
"""

import asyncio
import os
import tty
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.cash import cctalk
from drivers.cash.cctalk import Decoder, Frame
from drivers.cash.virtual_acceptor import Inserted, VirtualAcceptor
from drivers.cash.virtual_device import VirtualDevice
from drivers.cash.virtual_faults import FAULTS
from drivers.cash.virtual_hopper import VirtualHopper
from drivers.cash.virtual_money import VirtualMoney
from drivers.cash.virtual_validator import VirtualValidator
from drivers.ports import FdPort, Port, PortLost, listen_tcp

__all__ = ["BYTE_SECONDS", "FAULTS", "VirtualBus", "VirtualHopper", "open_pty"]

COINS = ("JP010A", "JP050A", "JP100A", "JP500A", "JP500B")
HOPPERS: Mapping[int, tuple[int, int]] = {3: (10, 200), 4: (50, 100), 5: (100, 200), 6: (500, 60)}
BYTE_SECONDS = 10 / 9600
GAP_SECONDS = 0.05
UNPLUGGED_REQUESTS = 3

Kind = Literal[
    "drop request",
    "drop reply",
    "corrupt request",
    "corrupt reply",
    "delay request",
    "delay reply",
    "split reply",
    "garble echo",
    "nak",
    "busy",
]


@dataclass
class _Disturbance:
    kind: Kind
    times: int
    header: int | None
    seconds: float = 0.0
    address: int | None = None


class VirtualBus:
    """Acceptor at 2, hoppers by address (value, coins), a bill validator at 40 if wanted.

    heard: the last requests. carried: bytes of all requests and replies. echo: one wire, the host hears
    itself. coins_per_second: of the hoppers (0: at once). The acceptor's sorter path to a hopper is the
    hopper's address; any other leads to the cash box.
    """

    def __init__(
        self,
        hoppers: Mapping[int, tuple[int, int]] = HOPPERS,
        *,
        coins: Sequence[str] = COINS,
        validator: bool = False,
        echo: bool = False,
        crc: bool = False,
        coins_per_second: float = 0.0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        clock = clock or _loop_time
        self.money = VirtualMoney()
        self.hoppers = {
            address: VirtualHopper(address, value, number, self.money, coins_per_second, clock)
            for address, (value, number) in hoppers.items()
        }
        self.acceptor: VirtualAcceptor = VirtualAcceptor(2, coins, self.money, self._sort, clock)
        self.validator = VirtualValidator(40, self.money, clock) if validator else None
        self._echo = echo
        self._crc = crc
        self._silent: set[int] = set()
        self._serials = {address: device.serial for address, device in self._devices.items()}
        self._disturbances: list[_Disturbance] = []
        self._ports: set[Port] = set()
        self._plugged_in = asyncio.Event()
        self._plugged_in.set()
        self.heard: deque[Frame] = deque(maxlen=1000)
        self.carried = 0

    # ------------------------------------------------------------ the customer

    def insert(self, value: int, delay: float = 0.0) -> Inserted:
        """Drops a coin in. What is not accepted falls through to the tray.

        delay: an accepted coin is reported so many seconds later (a coin in flight).
        """
        return self.acceptor.insert(value, delay)

    def insert_bill(self, value: int) -> Literal["held", "inhibited", "rejected"]:
        """Feeds a bill in."""
        assert self.validator is not None, "this vendor has no bill validator"
        return self.validator.insert(value)

    def press_return(self) -> None:
        """The return lever."""
        self.acceptor.press_return()

    def take_tray(self) -> list[int]:
        """Takes everything out of the return tray: values in yen."""
        self._bring_up_to_date()
        return self.money.take_tray()

    # ------------------------------------------------------------ what can be seen

    @property
    def accepting(self) -> frozenset[int]:
        """Coins and bills it would take at this moment."""
        return self.acceptor.accepting | (self.validator.accepting if self.validator else frozenset())

    @property
    def tray(self) -> list[int]:
        """What lies in the return tray."""
        self._bring_up_to_date()
        return list(self.money.tray)

    @property
    def levels(self) -> dict[int, int]:
        """Coins really in the hoppers, by address."""
        return {address: hopper.coins for address, hopper in self.hoppers.items()}

    @property
    def held(self) -> int:
        """Yen the machine has: cash box, hoppers, coins in flight, escrow."""
        self._bring_up_to_date()
        in_hoppers = sum(hopper.value * hopper.coins for hopper in self.hoppers.values())
        in_escrow = self.validator.held if self.validator else 0
        return sum(self.money.cashbox) + in_hoppers + self.acceptor.in_flight + in_escrow

    @property
    def conserved(self) -> bool:
        """Whether everything that went in is somewhere."""
        return self.money.inserted + self.money.filled == self.held + self.money.given_back

    # ------------------------------------------------------------ the technician, and bad luck

    def power_cycle(self, *addresses: int) -> None:
        """Power off and on (no address: the whole vendor)."""
        for address in addresses or self._devices:
            self._devices[address].power_cycle()

    def silence(self, address: int, on: bool = True) -> None:
        """The device stops answering (or comes back)."""
        (self._silent.add if on else self._silent.discard)(address)

    def swap(self, address: int, serial: int) -> None:
        """Another unit of the same make takes its place."""
        self._devices[address].serial = serial

    def exchange(self, address: int, serial: int) -> None:
        """The same, as hands do it: nobody answers there until the host has noticed that it was unplugged."""
        self.swap(address, serial)
        self._disturbances.append(_Disturbance("drop request", UNPLUGGED_REQUESTS, None, address=address))

    def drop_requests(self, times: int = 1, header: int | None = None) -> None:
        """The next so many requests (of this header) never arrive."""
        self._disturb("drop request", times, header)

    def drop_replies(self, times: int = 1, header: int | None = None) -> None:
        """The next so many requests are carried out, but their replies are lost."""
        self._disturb("drop reply", times, header)

    def corrupt_requests(self, times: int = 1, header: int | None = None) -> None:
        """One bit of the request is wrong when it arrives: nobody answers it."""
        self._disturb("corrupt request", times, header)

    def corrupt_replies(self, times: int = 1, header: int | None = None) -> None:
        """One bit of the reply is wrong."""
        self._disturb("corrupt reply", times, header)

    def delay_requests(self, seconds: float, times: int = 1, header: int | None = None) -> None:
        """The device hears them late."""
        self._disturb("delay request", times, header, seconds)

    def delay_replies(self, seconds: float, times: int = 1, header: int | None = None) -> None:
        """The device answers late."""
        self._disturb("delay reply", times, header, seconds)

    def split_replies(self, seconds: float, times: int = 1, header: int | None = None) -> None:
        """So much silence in the middle of the reply."""
        self._disturb("split reply", times, header, seconds)

    def garble_echoes(self, times: int = 1, header: int | None = None) -> None:
        """A collision: what the host hears of itself is not what it sent. On a wire with echo."""
        self._disturb("garble echo", times, header)

    def nak(self, times: int = 1, header: int | None = None) -> None:
        """The next so many requests are refused and not carried out."""
        self._disturb("nak", times, header)

    def busy(self, times: int = 1, header: int | None = None) -> None:
        """The next so many requests are met with BUSY and not carried out."""
        self._disturb("busy", times, header)

    async def inject(self, name: str) -> None:
        """One of ``FAULTS``. Raises KeyError."""
        lasting = FAULTS[name](self)
        if lasting is not None:
            await lasting

    def swap_unit(self, address: int) -> None:
        """Another unit takes its place, or the old one comes back."""
        old = self._serials[address]
        self.exchange(address, old if address in self.swapped else old + 1)

    @property
    def swapped(self) -> frozenset[int]:
        """Addresses where another unit answers than at first."""
        return frozenset(a for a, device in self._devices.items() if device.serial != self._serials[a])

    @property
    def disturbed(self) -> bool:
        """Whether something waits to go wrong with the next request that fits."""
        return bool(self._disturbances)

    def mend(self) -> None:
        """The cable is in, every unit is the old one and answers; whatever was to go wrong does not."""
        self._disturbances.clear()
        self._silent.clear()
        self._plugged_in.set()
        for address in self.swapped:
            self.swap_unit(address)

    @property
    def plugged_in(self) -> bool:
        """Whether the line's cable is in."""
        return self._plugged_in.is_set()

    async def unplug(self) -> None:
        """The line's cable is pulled: the host's port hangs up, and none can be opened."""
        self._plugged_in.clear()
        for port in tuple(self._ports):
            await port.close()

    def plug_in(self) -> None:
        """The port appears again."""
        self._plugged_in.set()

    # ------------------------------------------------------------ the wire

    async def serve(self, port: Port, pace: bool = False) -> None:
        """Answers until the port is lost. pace: bytes take the time they take at 9600 baud."""
        decoder = Decoder(self._crc)
        self._ports.add(port)
        try:
            while self.plugged_in:
                for found in decoder.feed(await self._receive(port, decoder)):
                    if isinstance(found, Frame):
                        await self._attend(port, found, pace)
                    elif self._echo:
                        await _write(port, found.raw, pace)
        except PortLost:
            return
        finally:
            self._ports.discard(port)

    @asynccontextmanager
    async def serve_tcp(
        self, host: str = "127.0.0.1", port: int = 0, *, pace: bool = False
    ) -> AsyncIterator[int]:
        """Serves TCP, like a serial device server, while the context lasts; gives the bound port."""
        async with listen_tcp(lambda connection: self.serve(connection, pace), host, port) as bound:
            yield bound

    @asynccontextmanager
    async def serve_pty(self, link: Path, *, pace: bool = False) -> AsyncIterator[None]:
        """Serves a pseudo-terminal while the context lasts; link: a symbolic link to it.

        After the cable was pulled and put in again it is another one, at the same link. Raises
        FileExistsError: something else lies there. A link that an earlier one left is replaced.
        """
        pty = _LinkedPty(link)
        serving = asyncio.create_task(self._serve_again_and_again(pty, pace))
        try:
            yield
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            await pty.close()

    async def _serve_again_and_again(self, pty: "_LinkedPty", pace: bool) -> None:
        while True:
            await self.serve(pty.port, pace)
            await pty.close()
            await self._plugged_in.wait()
            pty.open()

    async def _receive(self, port: Port, decoder: Decoder) -> bytes:
        while True:
            try:
                async with asyncio.timeout(GAP_SECONDS if decoder.pending else None):
                    return await port.read()
            except TimeoutError:
                decoder.reset()

    async def _attend(self, port: Port, request: Frame, pace: bool) -> None:
        """One request: its echo, if the wire has one, and its answer."""
        disturbance = self._disturbance(request)
        kind = disturbance.kind if disturbance else None
        seconds = disturbance.seconds if disturbance else 0.0
        sent = cctalk.encode(request, self._crc)
        if self._echo:
            await _write(port, _one_bit_wrong(sent) if kind == "garble echo" else sent, pace)
        elif pace:
            await asyncio.sleep(len(sent) * BYTE_SECONDS)
        if kind == "delay request":
            await asyncio.sleep(seconds)
        raw = self._answer(request, kind)
        self.carried += len(sent) + len(raw)
        if kind == "delay reply":
            await asyncio.sleep(seconds)
        if kind == "split reply":
            half = len(raw) // 2
            await _write(port, raw[:half], pace)
            await asyncio.sleep(seconds)
            raw = raw[half:]
        await _write(port, raw, pace)

    def _answer(self, request: Frame, kind: Kind | None) -> bytes:
        self.heard.append(request)
        device = self._devices.get(request.destination)
        unheard = kind in ("drop request", "corrupt request", "garble echo")
        if device is None or request.destination in self._silent or unheard:
            return b""
        request = Frame(request.destination, cctalk.HOST, request.header, request.data)  # CRC has no source
        if kind in ("nak", "busy"):
            header = cctalk.NAK if kind == "nak" else cctalk.BUSY
            return cctalk.encode(Frame(cctalk.HOST, device.address, header), self._crc)
        reply = device.answer(request)
        if reply is None or kind == "drop reply":
            return b""
        raw = cctalk.encode(reply, self._crc)
        return _one_bit_wrong(raw) if kind == "corrupt reply" else raw

    # ------------------------------------------------------------

    @property
    def _devices(self) -> dict[int, VirtualDevice]:
        devices: list[VirtualDevice] = [self.acceptor, *self.hoppers.values()]
        if self.validator:
            devices.append(self.validator)
        return {device.address: device for device in devices}

    def _sort(self, path: int, value: int) -> bool:
        hopper = self.hoppers.get(path)
        if hopper is None or hopper.value != value:
            return False
        hopper.sort_in()
        return True

    def _bring_up_to_date(self) -> None:
        for hopper in self.hoppers.values():
            _ = hopper.coins

    def _disturb(self, kind: Kind, times: int, header: int | None, seconds: float = 0.0) -> None:
        self._disturbances.append(_Disturbance(kind, times, header, seconds))

    def _disturbance(self, request: Frame) -> _Disturbance | None:
        for disturbance in self._disturbances:
            wanted = disturbance.header in (None, request.header)
            if wanted and disturbance.address in (None, request.destination):
                disturbance.times -= 1
                if not disturbance.times:
                    self._disturbances.remove(disturbance)
                return disturbance
        return None


async def _write(port: Port, raw: bytes, pace: bool) -> None:
    """Raises PortLost."""
    if not pace:
        await port.write(raw)
        return
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number, byte in enumerate(raw, start=1):
        await asyncio.sleep(began + number * BYTE_SECONDS - loop.time())
        await port.write(bytes([byte]))


def _one_bit_wrong(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def open_pty() -> tuple[Port, str]:
    """The virtual vendor's end, and the path that the driver opens as ``pty:PATH``.

    The other end stays open here as well, or this one would read EIO whenever the driver is not there.
    """
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    path = os.ttyname(slave)

    def close() -> None:
        os.close(master)
        os.close(slave)

    return FdPort(master, f"pty master of {path}", close), path


class _LinkedPty:
    """A pseudo-terminal with a symbolic link to it. Raises FileExistsError: something else lies there."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self.open()

    def open(self) -> None:
        self.port, self._path = open_pty()
        if self._link.is_symlink():
            self._link.unlink()
        self._link.symlink_to(self._path)

    async def close(self) -> None:
        """The link goes too, unless it is another one's by now."""
        await self.port.close()
        with suppress(OSError):
            if self._link.readlink() == Path(self._path):
                self._link.unlink()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()

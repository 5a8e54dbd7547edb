"""A machine in memory: frame buffers, a console and input devices that answer as a kernel would.

The real drivers run over it (drivers.ports.kernel.Kernel): screens are mapped memory, input devices are
sockets that carry ``struct input_event``. What was told by ioctl can be looked at.
"""

import os
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Protocol

from drivers.display.geometry import FIX_SIZE
from drivers.ports.evdev import EVENT, Event, packet
from drivers.ports.kernel import Identity, identity

Colour = tuple[int, int]
"""Offset and length of a colour in a pixel."""
XRGB: Mapping[str, Colour] = {"red": (16, 8), "green": (8, 8), "blue": (0, 8)}
NO_SUCH = (2, "No such file or directory")
NOT_SO = (22, "Invalid argument")


class Device(Protocol):
    @property
    def fd(self) -> int: ...

    def ask(self, request: int, data: bytes) -> bytes: ...

    def tell(self, request: int, number: int) -> None: ...


class Descriptor:
    """Closes itself when nobody has it any more."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


class InMemory:
    """What stands for a device: a file in memory."""

    def __init__(self, name: str) -> None:
        self._file = Descriptor(os.memfd_create(name))

    @property
    def fd(self) -> int:
        return self._file.fd


class Screen(InMemory):
    """A frame buffer. mode: its picture; padding: bytes behind each line; x, y: where the picture begins."""

    def __init__(
        self,
        width: int,
        height: int,
        bpp: int = 32,
        colours: Mapping[str, Colour] = XRGB,
        *,
        padding: int = 0,
        x: int = 0,
        y: int = 0,
        mm: tuple[int, int] = (0, 0),
        can_blank: bool = True,
    ) -> None:
        super().__init__("screen")
        self.width, self.height, self.bpp, self.colours = width, height, bpp, colours
        self.line = (width + x) * bpp // 8 + padding
        self.start = y * self.line + x * bpp // 8
        self.x, self.y, self.mm, self._can_blank = x, y, mm, can_blank
        self.length = self.line * (height + y)
        self.blanked: list[int] = []
        os.truncate(self.fd, self.length)

    def ask(self, request: int, data: bytes) -> bytes:
        return {0x4600: self._var, 0x4602: self._fix}[request]()

    def tell(self, request: int, number: int) -> None:
        if request != 0x4611 or not self._can_blank:
            raise OSError(*NOT_SO)
        self.blanked.append(number)

    def _var(self) -> bytes:
        words = [0] * 40
        words[0:7] = [self.width, self.height, self.width, self.height, self.x, self.y, self.bpp]
        for at, name in ((8, "red"), (11, "green"), (14, "blue"), (17, "alpha")):
            words[at : at + 2] = self.colours.get(name, (0, 0))
        words[22:24] = [self.mm[1], self.mm[0]]
        return struct.pack("40I", *words)

    def _fix(self) -> bytes:
        values = (b"test", 0, self.length, 0, 0, 2, 0, 0, 0, self.line, 0, 0, 0, 0)
        return struct.pack("16sLIIIIHHHILIIH", *values).ljust(FIX_SIZE, b"\0")

    @property
    def memory(self) -> bytes:
        return os.pread(self.fd, self.length, 0)

    def fill(self, byte: int) -> None:
        """Somebody else draws over everything."""
        os.pwrite(self.fd, bytes([byte]) * self.length, 0)

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue on the glass, each cut to its bits."""
        at = self.start + y * self.line + x * self.bpp // 8
        word = int.from_bytes(self.memory[at : at + self.bpp // 8], "little")
        red, green, blue = (
            word >> offset & (1 << length) - 1
            for offset, length in (self.colours[name] for name in ("red", "green", "blue"))
        )
        return red, green, blue


class Terminal(InMemory):
    """A virtual terminal. allowed False: we may do nothing with it."""

    def __init__(self, number: int = 1, *, allowed: bool = True) -> None:
        super().__init__("terminal")
        self.number, self._allowed = number, allowed
        self.graphics, self.keyboard, self.locked, self.active = 0, 3, False, number

    def ask(self, request: int, data: bytes) -> bytes:
        if request == 0x4B3B:
            return struct.pack("@i", self.graphics)
        return struct.pack("@HHH", self.active, 0, 0)

    def tell(self, request: int, number: int) -> None:
        if not self._allowed:
            raise PermissionError(1, "Operation not permitted")
        match request:
            case 0x4B3A:
                self.graphics = number
            case 0x4B45:
                self.keyboard = number
            case 0x5606:
                self.active = self.active if self.locked else number
            case 0x560B | 0x560C:
                self.locked = request == 0x560B
            case _:
                raise OSError(*NOT_SO)

    @property
    def is_ours(self) -> bool:
        """Taken in every way."""
        return (self.graphics, self.keyboard, self.locked, self.active) == (1, 4, True, self.number)

    @property
    def is_given_back(self) -> bool:
        return (self.graphics, self.keyboard, self.locked) == (0, 3, False)


class InputDevice:
    """An input device. axes: code → (value, low, high). slots: code → the value of each slot."""

    def __init__(
        self,
        axes: Mapping[int, tuple[int, int, int]] | None = None,
        slots: Mapping[int, Sequence[int]] | None = None,
        name: str = "Test panel",
    ) -> None:
        self.axes = dict(axes or {})
        self.slots = dict(slots or {})
        self.name = name
        self.grabbed = 0
        self._far, self._near = (Descriptor(end.detach()) for end in socket.socketpair())

    @property
    def fd(self) -> int:
        return self._near.fd

    def ask(self, request: int, data: bytes) -> bytes:
        number, size = request & 0xFF, request >> 16 & 0x3FFF
        if number == 0x06:
            return self.name.encode()[: size - 1].ljust(size, b"\0")
        if number == 0x0A:
            (code,) = struct.unpack("I", data[:4])
            held = [*self.slots.get(code, ()), *[0] * size][: (size - 4) // 4]
            return struct.pack(f"I{len(held)}i", code, *held)
        if not self.axes:
            raise OSError(*NOT_SO)
        return struct.pack("6i", *self.axes.get(number - 0x40, (0, 0, 0)), 0, 0, 0)

    def tell(self, request: int, number: int) -> None:
        assert request == 0x40044590
        self.grabbed += number

    def say(self, *events: Event) -> None:
        """One packet."""
        os.write(self._far.fd, packet(*events))

    def lose(self) -> None:
        """The reader was too slow: events were dropped."""
        os.write(self._far.fd, EVENT.pack(0, 0, 0, 3, 0) + packet())

    def unplug(self) -> None:
        self._far.close()


class Machine:
    """drivers.ports.kernel.Kernel. opened: every path that was, in order."""

    def __init__(self, **framebuffers: str) -> None:
        """framebuffers: name → path."""
        self._framebuffers = framebuffers
        self._there: dict[str, Device] = {}
        self._known: dict[Identity, Device] = {}
        self.opened: list[str] = []

    def plug(self, path: str, device: Device) -> None:
        self._there[path] = device
        self._known[identity(os.fstat(device.fd))] = device

    def unplug(self, path: str) -> None:
        device = self._there.pop(path)
        if isinstance(device, InputDevice):
            device.unplug()

    def open(self, path: str, flags: int) -> int:
        self.opened.append(path)
        return os.dup(self._device(path).fd)

    def is_device(self, fd: int) -> bool:
        return True

    def identity(self, path: str) -> Identity:
        return identity(os.fstat(self._device(path).fd))

    def ask(self, fd: int, request: int, data: bytes) -> bytes:
        return self._known[identity(os.fstat(fd))].ask(request, data)

    def tell(self, fd: int, request: int, number: int) -> None:
        self._known[identity(os.fstat(fd))].tell(request, number)

    def framebuffer(self, name: str) -> str:
        if name not in self._framebuffers:
            raise FileNotFoundError(*NO_SUCH)
        return self._framebuffers[name]

    def _device(self, path: str) -> Device:
        if path not in self._there:
            raise FileNotFoundError(*NO_SUCH)
        return self._there[path]

"""What drivers of the kernel's own devices (frame buffer, console, input) ask of it, in one place.

Everything that can be asked passes through a ``Kernel``, so that a test drives the real driver over a file
in memory with the answers of a machine it does not have. What is read or mapped is an ordinary descriptor.
"""

import fcntl
import os
import stat
from pathlib import Path
from typing import Protocol

Identity = tuple[int, int, int]
GRAPHICS = Path("/sys/class/graphics")


class Kernel(Protocol):
    """Every call may raise OSError."""

    def open(self, path: str, flags: int) -> int:
        """A descriptor, not inherited by children."""

    def is_device(self, fd: int) -> bool:
        """A character device, so that it can be asked; on the bench files and FIFOs stand for devices."""

    def identity(self, path: str) -> Identity:
        """Of what the path names now: another one if a device was plugged in again."""

    def ask(self, fd: int, request: int, data: bytes) -> bytes:
        """An ioctl with a structure, as it comes back."""

    def tell(self, fd: int, request: int, number: int) -> None:
        """An ioctl with a number."""

    def framebuffer(self, name: str) -> str:
        """The path of the frame buffer of this name; the numbers of /dev/fb* are not stable."""


class Linux:
    """The kernel of this machine."""

    def open(self, path: str, flags: int) -> int:
        return os.open(path, flags | os.O_CLOEXEC)

    def is_device(self, fd: int) -> bool:
        return stat.S_ISCHR(os.fstat(fd).st_mode)

    def identity(self, path: str) -> Identity:
        return identity(Path(path).stat())

    def ask(self, fd: int, request: int, data: bytes) -> bytes:
        return fcntl.ioctl(fd, request, data)

    def tell(self, fd: int, request: int, number: int) -> None:
        fcntl.ioctl(fd, request, number)

    def framebuffer(self, name: str) -> str:
        return named_framebuffer(name, GRAPHICS)


LINUX = Linux()


def identity(status: os.stat_result) -> Identity:
    """Which file or device this is."""
    return status.st_dev, status.st_ino, status.st_rdev


def named_framebuffer(name: str, folder: Path) -> str:
    """The path in /dev of the frame buffer that calls itself so there. Raises FileNotFoundError."""
    found = {file.parent.name: file.read_text().strip() for file in sorted(folder.glob("fb*/name"))}
    for number, its in found.items():
        if its == name:
            return f"/dev/{number}"
    known = ", ".join(f"{number} is {its}" for number, its in found.items()) or "there is none at all"
    raise FileNotFoundError(2, f"no frame buffer is called so ({known})")

"""Events of the Linux input layer (struct input_event), both ways, without any I/O.

Bytes may come in any pieces. After SYN_DROPPED the kernel has lost events: everything up to the next
SYN_REPORT is worthless and is left out.
"""

import struct
from collections.abc import Iterator

EVENT = struct.Struct("@llHHi")
"""seconds, microseconds, type, code, value: 24 bytes on a 64-bit machine."""

Event = tuple[int, int, int]
"""type, code, value"""

EV_SYN, EV_KEY, EV_ABS = 0, 1, 3
SYN_REPORT, SYN_DROPPED = 0, 3
REPORT: Event = (EV_SYN, SYN_REPORT, 0)
DROPPED: Event = (EV_SYN, SYN_DROPPED, 0)

EVIOCGRAB = 0x40044590


def reading(number: int, size: int) -> int:
    """_IOC(_IOC_READ, 'E', number, size)"""
    return 2 << 30 | size << 16 | ord("E") << 8 | number


def packet(*events: Event) -> bytes:
    """These events and a SYN_REPORT, as bytes."""
    return b"".join(EVENT.pack(0, 0, *event) for event in (*events, REPORT))


class Stream:
    """Bytes in, events out. Of what was dropped only DROPPED itself comes out, once."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events these bytes complete."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_SYN and code == SYN_DROPPED:
                self._skipping = True
                yield DROPPED
            elif not self._skipping:
                yield kind, code, value
            elif kind == EV_SYN and code == SYN_REPORT:
                self._skipping = False

"""ccTalk 4.7 as bytes: frames, both checksums, an incremental decoder, the names of the headers.

Both sides use it: the driver and the virtual device. The rule it keeps: nothing is guessed. A frame that
does not check out is Garbled, never repaired; what the payloads mean is in ``payloads``.
Section numbers are those of the generic specification (S1-S4 = its parts). MicroPython subset.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

HOST = 1

REPLY = 0
NAK = 5
BUSY = 6

RESET = 1
COMMS_REVISION = 4
SIMPLE_POLL = 254
MANUFACTURER = 246
CATEGORY = 245
PRODUCT = 244
SERIAL = 242
SOFTWARE = 241
BUILD = 192
SELF_CHECK = 232
MODIFY_INHIBITS = 231
REQUEST_INHIBITS = 230
READ_CREDITS = 229
MODIFY_MASTER_INHIBIT = 228
REQUEST_MASTER_INHIBIT = 227
INSERTED_COUNT = 226
ACCEPTED_COUNT = 225
OVERRIDE_SORTER = 222
HOPPER_LEVEL = 217
MODIFY_SORTER_PATH = 210
REQUEST_SORTER_PATH = 209
DEFAULT_SORTER_PATH = 189
COIN_ID = 184
EMERGENCY_STOP = 172
HOPPER_COIN = 171
HOPPER_COUNT = 168
DISPENSE = 167
HOPPER_STATUS = 166
ENABLE_HOPPER = 164
TEST_HOPPER = 163
PUMP_RANDOM = 161
HOPPER_KEY = 160
READ_BILLS = 159
BILL_ID = 157
COUNTRY_SCALE = 156
ROUTE_BILL = 154
BILL_MODE = 153
REQUEST_BILL_MODE = 152
COUNT_BY_TYPE = 150

HOPPER_ENABLED = 165
BILL_RETURN = 0
BILL_STACK = 1
BILL_EXTEND = 255

OVERHEAD = 5


class Frame:
    """One message. destination, source, header: 0-255; data: at most 255 bytes. With CRC, source is 0."""

    __slots__ = ("data", "destination", "header", "source")

    def __init__(self, destination: int, source: int, header: int, data: bytes = b"") -> None:
        self.destination = destination
        self.source = source
        self.header = header
        self.data = bytes(data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return "Frame({}<-{} header {} data {})".format(*self._key())

    def _key(self) -> "tuple[int, int, int, bytes]":
        return (self.destination, self.source, self.header, self.data)


class Garbled:
    """Bytes that arrived as a frame but failed the checksum. Synchronisation is lost: wait for silence."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


# ---------------------------------------------------------------- frames


def crc16(data: bytes) -> int:
    """CRC-CCITT, polynomial 0x1021, start 0, not reflected (S3 App. 9)."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def encode(frame: Frame, crc: bool = False) -> bytes:
    """The bytes of a frame. crc: CRC mode (no source byte), else the 8-bit sum."""
    if len(frame.data) > 255:
        raise ValueError("a ccTalk frame carries at most 255 bytes")
    head = [frame.destination, len(frame.data)]
    if crc:
        check = crc16(bytes(head) + bytes([frame.header]) + frame.data)
        return bytes(head) + bytes([check & 0xFF, frame.header]) + frame.data + bytes([check >> 8])
    body = bytes(head) + bytes([frame.source, frame.header]) + frame.data
    return body + bytes([-sum(body) & 0xFF])


def decode(raw: bytes, crc: bool = False) -> "Frame | Garbled":
    """One complete frame's bytes."""
    if len(raw) < OVERHEAD or len(raw) != OVERHEAD + raw[1]:
        return Garbled(raw)
    destination, third, header, data = raw[0], raw[2], raw[3], bytes(raw[4:-1])
    if crc:
        right = crc16(bytes(raw[:2]) + bytes(raw[3:-1])) == third | raw[-1] << 8
        return Frame(destination, 0, header, data) if right else Garbled(raw)
    return Frame(destination, third, header, data) if sum(raw) & 0xFF == 0 else Garbled(raw)


class Decoder:
    """Bytes in, frames out. The caller owns the clock: after 50 ms of silence it calls ``reset`` (S1 11)."""

    def __init__(self, crc: bool = False) -> None:
        self._crc = crc
        self._buffer = b""

    @property
    def pending(self) -> bool:
        """Whether part of a frame waits for the rest."""
        return bool(self._buffer)

    def reset(self) -> None:
        """Forgets a partial frame."""
        self._buffer = b""

    def feed(self, data: bytes) -> "Sequence[Frame | Garbled]":
        """What is now complete. After a Garbled everything received so far is thrown away."""
        self._buffer += data
        found: list[Frame | Garbled] = []
        while len(self._buffer) >= OVERHEAD + (self._buffer[1] if len(self._buffer) > 1 else 0):
            size = OVERHEAD + self._buffer[1]
            frame = decode(self._buffer[:size], self._crc)
            if isinstance(frame, Garbled):
                found.append(Garbled(self._buffer))
                self._buffer = b""
            else:
                found.append(frame)
                self._buffer = self._buffer[size:]
        return found

"""What the data bytes of our ccTalk headers mean, in both directions.

The rule it keeps: a payload of the wrong shape raises BadReply. ccTalk replies do not name the request
they answer, so the shape is the last guard against a late answer to another question. MicroPython subset.
"""

RESULTS = 5
COUNT_MODULUS = 1 << 24


class BadReply(ValueError):
    """A payload that does not have the shape its header promises."""


class Events:
    """Reply to 229 and 159 (S2, S3 App. 4). results: five (A, B) pairs, the newest first."""

    __slots__ = ("counter", "results")

    def __init__(self, counter: int, results: "tuple[tuple[int, int], ...]") -> None:
        self.counter = counter
        self.results = results

    @staticmethod
    def parse(data: bytes) -> "Events":
        _expect(data, 1 + 2 * RESULTS)
        return Events(data[0], tuple((data[i], data[i + 1]) for i in range(1, 1 + 2 * RESULTS, 2)))

    def build(self) -> bytes:
        return bytes([self.counter]) + b"".join(bytes(pair) for pair in self.results)


class HopperStatus:
    """Reply to 166. events: counter, 0 after power-up; remaining, paid, unpaid: coins of the last payout."""

    __slots__ = ("events", "paid", "remaining", "unpaid")

    def __init__(self, events: int, remaining: int, paid: int, unpaid: int) -> None:
        self.events = events
        self.remaining = remaining
        self.paid = paid
        self.unpaid = unpaid

    @staticmethod
    def parse(data: bytes) -> "HopperStatus":
        _expect(data, 4)
        return HopperStatus(data[0], data[1], data[2], data[3])

    def build(self) -> bytes:
        return bytes([self.events, self.remaining, self.paid, self.unpaid])


OVERCURRENT = 1 << 0
TIMEOUT = 1 << 1
REVERSED = 1 << 2
OPTO_FRAUD_IDLE = 1 << 3
OPTO_FRAUD_BUSY = 1 << 4
OPTO_BLOCKED = 1 << 5
POWER_UP = 1 << 6
DISABLED = 1 << 7
OPTO_SHORT = 1 << 8
SINGLE_COIN = 1 << 9
MISMATCH = 1 << 11
REVERSE_LIMIT = 1 << 12
MEMORY_SUM = 1 << 14
PIN_MECHANISM = 1 << 15
POWER_DOWN = 1 << 16

_FLAG_NAMES = (
    (OVERCURRENT, "motor overcurrent"),
    (TIMEOUT, "payout timeout (empty?)"),
    (REVERSED, "motor reversed to clear a jam"),
    (OPTO_FRAUD_IDLE, "opto fraud while idle"),
    (OPTO_FRAUD_BUSY, "opto fraud in payout"),
    (OPTO_BLOCKED, "payout opto blocked"),
    (POWER_UP, "powered up"),
    (DISABLED, "disabled"),
    (OPTO_SHORT, "opto short in payout"),
    (SINGLE_COIN, "single-coin mode"),
    (MISMATCH, "opto mismatch"),
    (REVERSE_LIMIT, "motor reverse limit"),
    (MEMORY_SUM, "memory checksum"),
    (PIN_MECHANISM, "PIN set"),
    (POWER_DOWN, "power lost in payout"),
)

HARMLESS = REVERSED | POWER_UP | DISABLED | SINGLE_COIN | POWER_DOWN


class HopperTest:
    """Reply to 163 (S2): one to three flag bytes as one number, the first byte lowest."""

    __slots__ = ("flags",)

    def __init__(self, flags: int) -> None:
        self.flags = flags

    @staticmethod
    def parse(data: bytes) -> "HopperTest":
        if not 1 <= len(data) <= 3:
            raise BadReply("1 to 3 flag bytes expected, {} came".format(len(data)))
        return HopperTest(int.from_bytes(data, "little"))

    def build(self) -> bytes:
        return self.flags.to_bytes(3, "little")

    @property
    def clean(self) -> bool:
        """Nothing stands against a payout."""
        return not self.flags & ~HARMLESS

    @property
    def empty(self) -> bool:
        return bool(self.flags & TIMEOUT)

    @property
    def text(self) -> str:
        """For the technician."""
        return ", ".join(name for flag, name in _FLAG_NAMES if self.flags & flag) or "clean"


class HopperLevel:
    """Reply to 217: what the level sensors say. None: there is no such sensor."""

    __slots__ = ("high", "low")

    def __init__(self, low: "bool | None", high: "bool | None") -> None:
        self.low = low
        self.high = high

    @staticmethod
    def parse(data: bytes) -> "HopperLevel":
        flags = parse_byte(data)
        low = bool(flags & 0x01) if flags & 0x10 else None
        return HopperLevel(low, bool(flags & 0x02) if flags & 0x20 else None)

    def build(self) -> bytes:
        fitted = (self.low is not None) << 4 | (self.high is not None) << 5
        return bytes([fitted | bool(self.low) | bool(self.high) << 1])


def parse_count(data: bytes) -> int:
    """Reply to 168, 226, 225 and 150: 24 bits, low byte first."""
    _expect(data, 3)
    return int.from_bytes(data, "little")


def build_count(count: int) -> bytes:
    return (count % COUNT_MODULUS).to_bytes(3, "little")


def parse_coin_id(data: bytes) -> int:
    """Reply to 184, ``JP100A``: yen, or 0 for an empty position, a token or another currency."""
    _expect(data, 6)
    text = _ascii(data)
    return int(text[2:5]) if text.startswith("JP") and text[2:5].isdigit() else 0


def parse_bill_id(data: bytes) -> int:
    """Reply to 157, ``JP0001A``: the value before scaling, or 0 as for coins."""
    _expect(data, 7)
    text = _ascii(data)
    return int(text[2:6]) if text.startswith("JP") and text[2:6].isdigit() else 0


class Scale:
    """Reply to 156: yen = value x factor / 10^decimals."""

    __slots__ = ("decimals", "factor")

    def __init__(self, factor: int, decimals: int) -> None:
        self.factor = factor
        self.decimals = decimals

    @staticmethod
    def parse(data: bytes) -> "Scale":
        _expect(data, 3)
        return Scale(data[0] | data[1] << 8, data[2])

    def build(self) -> bytes:
        return bytes([self.factor & 0xFF, self.factor >> 8, self.decimals])

    def yen(self, value: int) -> int:
        return int(value * self.factor // 10**self.decimals)


def parse_inhibits(data: bytes) -> int:
    """Reply to 230, request of 231: bit n set = type n + 1 enabled."""
    if not data:
        raise BadReply("no mask")
    return int.from_bytes(data, "little")


def build_inhibits(mask: int, size: int = 2) -> bytes:
    return mask.to_bytes(size, "little")


def parse_byte(data: bytes) -> int:
    """The first byte of a reply that has at least one (232 may add an explanation)."""
    if not data:
        raise BadReply("an empty reply")
    return data[0]


def parse_text(data: bytes) -> str:
    """Replies to 246, 245, 244: printable ASCII, whatever else there is becomes ``?``."""
    return _ascii(data).strip()


def parse_revision(data: bytes) -> str:
    """Reply to 4: release, major and minor number of the protocol."""
    _expect(data, 3)
    return "{}.{}.{}".format(data[0], data[1], data[2])


def parse_serial(data: bytes) -> int:
    """Reply to 242: three (or four) bytes, low byte first."""
    if not 3 <= len(data) <= 4:
        raise BadReply("3 or 4 bytes of serial number expected, {} came".format(len(data)))
    return int.from_bytes(data, "little")


def _expect(data: bytes, size: int) -> None:
    if len(data) != size:
        raise BadReply("{} bytes expected, {} came".format(size, len(data)))


def _ascii(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in data)

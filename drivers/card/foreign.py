"""Virtual cards that are no My Number card: what a citizen may lay down by mistake, and what is broken.

A reader tells such a card by what it answers to the JPKI application, never by its ATR; so does ours. The
ATRs are those seen on such cards (card.md §4), so that pcscd treats these as it would treat them.
"""

from collections import deque
from dataclasses import dataclass

from drivers.card import status
from drivers.card.jpki import INS_SELECT, Command, answer, parse_command

MASTER_FILE = 0x3F00


@dataclass(frozen=True)
class ForeignKind:
    """atr: empty for a card that does not answer its reset. word: its answer to any command.

    master_file: whether it lets that be selected, as a file system by ISO 7816-4 does.
    """

    atr: bytes
    word: int = status.NOT_FOUND
    master_file: bool = False


FOREIGN = {
    "transit-card": ForeignKind(
        bytes.fromhex("3B8F8001804F0CA00000030611003B0000000042"), word=status.NO_FUNCTION
    ),
    "driving-licence": ForeignKind(bytes.fromhex("3B888001000000009181C100D8"), master_file=True),
    "bank-card": ForeignKind(bytes.fromhex("3B6E000080318066B0840C016E0183009000")),
    "mute-card": ForeignKind(b""),
    "garbage-card": ForeignKind(bytes.fromhex("FF00FF00")),
}
"""By the name of the kind. The bank card speaks T=0 over contacts, the transit card is a FeliCa one."""


class ForeignCard:
    """One of them. received: the last commands, oldest first."""

    def __init__(self, kind: ForeignKind) -> None:
        self.atr = kind.atr
        self.received: deque[Command] = deque(maxlen=500)
        self._kind = kind
        self._powered = False

    def power_on(self) -> bytes:
        """Returns the ATR."""
        self._powered = True
        return self.atr

    def power_off(self) -> None:
        self._powered = False

    def transmit(self, apdu: bytes) -> bytes:
        """C-APDU to R-APDU; empty: no answer."""
        if not self._powered:
            return b""
        try:
            command = parse_command(apdu)
        except ValueError:
            return answer(status.WRONG_LENGTH)
        self.received.append(command)
        return answer(status.OK if self._selects_master_file(command) else self._kind.word)

    def _selects_master_file(self, command: Command) -> bool:
        named = int.from_bytes(command.data) if command.data else MASTER_FILE
        return self._kind.master_file and (command.ins, command.p1, named) == (INS_SELECT, 0, MASTER_FILE)

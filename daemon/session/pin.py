"""The PIN while it is typed: four bytes in one place that are never shown and are zero afterwards.

The buffer has its full size from the start, because one that grows leaves what it held behind.
"""

PIN_LENGTH = 4


class Pin:
    """What has been typed so far."""

    def __init__(self) -> None:
        self.digits = bytearray(PIN_LENGTH)
        """ASCII, zero where nothing is typed yet."""
        self.typed = 0

    def type(self, key: str) -> None:
        """A key of the keypad: "0" to "9"; "clear" empties the field. A fifth digit is nothing."""
        if key == "clear":
            self.wipe()
        elif key.isdigit() and not self.complete:
            self.digits[self.typed] = ord(key)
            self.typed += 1

    @property
    def complete(self) -> bool:
        return self.typed == PIN_LENGTH

    def wipe(self) -> None:
        """Zero, as before the first key."""
        self.digits[:] = bytes(PIN_LENGTH)
        self.typed = 0

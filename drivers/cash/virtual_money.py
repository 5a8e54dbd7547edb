"""Where every yen of the virtual vendor lies. Money moves between places and is never made or lost."""

from dataclasses import dataclass, field


@dataclass
class VirtualMoney:
    """Coins and bills by value, in yen, except ``inserted`` and ``filled``, which are sums.

    inserted: what customers put in; filled: what staff put into hoppers. cashbox: what the kiosk keeps;
    tray: what lies in the return tray; taken: what customers took out of it.
    """

    inserted: int = 0
    filled: int = 0
    cashbox: list[int] = field(default_factory=list)
    tray: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    @property
    def given_back(self) -> int:
        """Yen that customers got or can take."""
        return sum(self.tray) + sum(self.taken)

    def take_tray(self) -> list[int]:
        """The customer empties the tray."""
        coins, self.tray = self.tray, []
        self.taken += coins
        return coins

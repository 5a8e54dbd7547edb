"""The municipalities that a center serves, by 団体コード. One is its home: the center is named after it.

A profile that was read anew takes the old one's place between two operations: an operation asks for its
``Office`` once and keeps it to its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from daemon.issuance.messages import Municipality
from daemon.issuance.profile import Profile


@dataclass(frozen=True)
class Office:
    """A municipality behind the center. profile_hash: of the profile's file. sample: invented people.

    seal: PNG of the 公印; empty: none is printed.
    """

    profile: Profile
    profile_hash: str
    sample: bool
    seal: bytes = b""

    @property
    def name(self) -> str:
        """How its center names itself in challenges."""
        return f"center-{self.profile.code}"


class Offices:
    """home, and the others that this center serves besides. Raises ValueError: one of them twice, or real
    and invented people together.
    """

    def __init__(self, home: Office, *others: Office) -> None:
        self._home = home.profile.code
        self._by_code = {office.profile.code: office for office in (home, *others)}
        if len(self._by_code) <= len(others):
            raise ValueError("a center serves each municipality once")
        if len({office.sample for office in (home, *others)}) > 1:
            raise ValueError("a center serves real people or invented ones")

    @property
    def home(self) -> Office:
        return self._by_code[self._home]

    def get(self, code: str) -> Office | None:
        """None: not served here."""
        return self._by_code.get(code)

    def __iter__(self) -> Iterator[Office]:
        """The home first."""
        return iter(tuple(self._by_code.values()))

    def others(self) -> tuple[Municipality, ...]:
        return tuple(office.profile.municipality() for office in self if office is not self.home)

    def update(self, office: Office) -> None:
        """This profile from now on. Raises KeyError: not one of those that are served."""
        if office.profile.code not in self._by_code:
            raise KeyError(office.profile.code)
        self._by_code[office.profile.code] = office

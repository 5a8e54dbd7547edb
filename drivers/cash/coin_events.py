"""What a coin acceptor's event codes mean for money (S3 Table 2; read with header 229, A = 0).

The rule it keeps: no event ever credits. Where the coin may have stayed inside, it is evidence for a
complaint and is written down. MicroPython subset.
"""

RETURN_LEVER = 254
REJECTED = 1
INHIBITED_COIN = 2
SWALLOWED = 36
ON_A_STRING = 20
INHIBITED = frozenset(range(128, 160)) | frozenset((INHIBITED_COIN,))
TOO_FAST = frozenset(range(8, 13))
JAM_SUSPECT = frozenset((4, 5, 6, 7, 21, 31))
BLOCKED = frozenset((14, 15, 26, 32))
FRAUD = frozenset((16, 17, 18, 19, 20, 22, 23, 24, 25, 37, 38, 40))
NOT_REJECTED = frozenset((7, 16, 17, 18, 19, 20, 23, 26, 27, 28, 29, 31, 36, 39, 40))
POSSIBLY_INSIDE = frozenset((4, 5, 6, 21, 34, 35))


class Meaning:
    """Of event B = code, A = 0.

    returned: the coin came back. inhibited: the acceptor thinks it must take nothing.

    stuck, fraud: stop accepting until the self-check is clean. kept: the coin may be inside.
    """

    __slots__ = ("fraud", "inhibited", "kept", "lever", "returned", "stuck")

    def __init__(self, code: int) -> None:
        self.kept = code in NOT_REJECTED or code in POSSIBLY_INSIDE
        self.stuck = code in JAM_SUSPECT or code in BLOCKED
        self.lever = code == RETURN_LEVER
        self.returned = not (self.kept or self.stuck or self.lever)
        self.inhibited = code in INHIBITED
        self.fraud = code in FRAUD

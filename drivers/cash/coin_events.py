"""What a coin acceptor's event codes mean for money (S3 Table 2; read with header 229, A = 0).

The rule it keeps: no event ever credits. Where the coin may have stayed inside, it is evidence for a
complaint and is written down.
"""

from dataclasses import dataclass

RETURN_LEVER = 254
SWALLOWED = 36
INHIBITED = frozenset({2, *range(128, 160)})
JAM_SUSPECT = frozenset({4, 5, 6, 7, 21, 31})
BLOCKED = frozenset({14, 15, 26, 32})
FRAUD = frozenset({16, 17, 18, 19, 20, 22, 23, 24, 25, 37, 38, 40})
NOT_REJECTED = frozenset({7, *range(16, 21), 23, 26, 27, 28, 29, 31, 36, 39, 40})
POSSIBLY_INSIDE = frozenset({4, 5, 6, 21, 34, 35})


@dataclass(frozen=True)
class Meaning:
    """returned: the coin came back. inhibited: the acceptor thinks it must take nothing.

    stuck, fraud: stop accepting until the self-check is clean. kept: the coin may be inside.
    """

    returned: bool = False
    inhibited: bool = False
    lever: bool = False
    stuck: bool = False
    fraud: bool = False
    kept: bool = False


def meaning(code: int) -> Meaning:
    """Of event B = code, 1-255."""
    kept = code in NOT_REJECTED or code in POSSIBLY_INSIDE
    stuck = code in JAM_SUSPECT or code in BLOCKED
    lever = code == RETURN_LEVER
    return Meaning(
        returned=not (kept or stuck or lever),
        inhibited=code in INHIBITED,
        lever=lever,
        stuck=stuck,
        fraud=code in FRAUD,
        kept=kept,
    )

"""What a bill validator's results mean for money (S3 Table 7; read with header 159).

A > 0: bill type A, and B says where it is; A = 0: event B. The rule it keeps: only "type A, B = 0" (stacked)
is money. MicroPython subset.
"""

HELD = 1
STACKED = 0

MASTER_INHIBITED = 0
RETURNED_BILL = 1
INVALID = 2
INHIBITED = 4
JAM_UNSAFE = 6
PULLED_BACK = 8
STACKER_OK = 10
STACKER_REMOVED = 11
STACKER_INSERTED = 12
STACKER_FULL = 14
JAM_SAFE = 16
ON_A_STRING = 18

RETURNED = frozenset((1, 2, 3, 4, 5, 20))
STACKER_WELL = frozenset((STACKER_OK, STACKER_INSERTED))
FRAUD = frozenset((8, 9, 17, 18))
STUCK = frozenset((6, 7, 16))
STACKER_ILL = frozenset((STACKER_REMOVED, 13, STACKER_FULL, 15, 19))
MAYBE_INSIDE = frozenset((6, 7, 16, 21))

WORDS = {
    0: "it has switched itself off: nobody polls it",
    1: "the bill was returned",
    2: "a bill was not recognised",
    3: "a bill was not transported well",
    4: "a bill was refused: inhibited",
    5: "a bill was refused: inhibited",
    6: "a bill is jammed, and may be inside",
    7: "a bill is jammed in the stacker",
    8: "a bill was pulled back",
    9: "somebody tampers with it",
    10: "the stacker is well",
    11: "the stacker was removed",
    12: "the stacker was put in",
    13: "the stacker is faulty",
    14: "the stacker is full",
    15: "the stacker is jammed",
    16: "a bill is jammed in a safe place",
    17: "optical fraud",
    18: "a bill on a string",
    19: "the anti-string mechanism is faulty",
    20: "a barcode was read",
    21: "a bill of unknown value was stacked",
}


class Meaning:
    """Of event B = code, A = 0.

    returned: the bill came back. off: it has switched itself off and must be enabled again.

    ill, well: its stacker cannot, or can again, take bills. fraud, stuck: stop accepting. kept: the bill may
    be inside.
    """

    __slots__ = ("fraud", "ill", "kept", "off", "returned", "stuck", "well", "words")

    def __init__(self, code: int) -> None:
        self.returned = code in RETURNED
        self.off = code == MASTER_INHIBITED
        self.ill = code in STACKER_ILL
        self.well = code in STACKER_WELL
        self.fraud = code in FRAUD
        self.stuck = code in STUCK
        self.kept = code in MAYBE_INSIDE
        self.words = WORDS.get(code, "something else happened")

"""Everything the kiosk ever says aloud: keys of texts without a placeholder, so nothing personal is spoken.

Each is a clip in every language, made by ``make voice``. A key that is not in this list cannot be said: the
type says so wherever a screen or the session speaks.
"""

from typing import Literal, get_args

Spoken = Literal[
    # the way to the order
    "menu.prompt",
    "card.place",
    "card.lift",
    "muni.prompt",
    "pin.prompt",
    "card.remove",
    "scope.prompt",
    "scope.part.prompt",
    "scope.one.prompt",
    "year.prompt",
    "items.prompt",
    "copies.prompt",
    "confirm.prompt",
    # 利用登録
    "reg.prompt",
    "reg.apply",
    "reg.done",
    "err.reg_needed",
    "err.reg_same",
    "err.reg_done",
    # money and paper
    "say.pay",
    "err.nochange",
    "pay.rejected",
    "pay.take_change",
    "print.wait",
    "print.hold",
    "take.cert",
    "take.receipt",
    "done.thanks",
    # left behind, or owed
    "card.forgotten",
    "take.forgotten",
    "refund.offer",
    "say.claim",
    # errors
    "err.card",
    "err.pin_wrong",
    "err.pin_locked",
    "err.timeout",
    "err.busy",
    "err.cashclosed",
    "err.center",
    "err.integrity_free",
    "err.printer_paid",
    "err.register",
    "card.gone",
    "cert.none",
    "session.limit",
    "say.in_doubt",
    "say.unavailable",
]
SPOKEN: tuple[Spoken, ...] = get_args(Spoken)

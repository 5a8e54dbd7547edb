"""Whether a card can be used at all, by the record of its certificate alone (R10, R12 to R14, R42). Pure."""

from datetime import date

from daemon.center.facts import Card
from daemon.issuance.calendar import (
    DAYS_TO_CONTINUE_CARD,
    DAYS_TO_FILE_AFTER_MOVE,
    DAYS_TO_FILE_AFTER_PLANNED_MOVE,
    last_good_day,
)
from daemon.issuance.messages import Reason


def card_refusal(card: Card | None, today: date) -> Reason | None:
    """By the certificate's record alone. An unknown serial may be one that is too new (R10)."""
    if card is None:
        return Reason.UNKNOWN_CERTIFICATE
    if card.revoked:
        return Reason.REVOKED
    if today < card.active_from:
        return Reason.NOT_READY
    return Reason.LAPSED if has_lapsed(card, today) else None


def can_register(card: Card) -> bool:
    """R42: a 利用登録 is filed with the card itself."""
    return not card.phone


def has_lapsed(card: Card, today: date) -> bool:
    """R12 no 転入届 within 30 days of the planned move; R13 filed later than 14 days after the real one;
    R14 no 継続利用 within 90 days of filing.
    """
    if card.leaving and _too_late(card.filed or today, card.leaving, DAYS_TO_FILE_AFTER_PLANNED_MOVE):
        return True
    if card.filed is None:
        return False
    if card.moved and _too_late(card.filed, card.moved, DAYS_TO_FILE_AFTER_MOVE):
        return True
    return _too_late(card.continued or today, card.filed, DAYS_TO_CONTINUE_CARD)


def _too_late(done: date, base: date, days: int) -> bool:
    return done > last_good_day(base, days)

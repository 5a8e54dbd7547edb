"""Somebody who does not read: presses, inserts, pulls, waits at random; and the attendant."""

import asyncio
import random
from collections.abc import Callable

from daemon.session.widgets import buttons
from hal.events import Touched
from hal.faults import RECEIPT_PAPER_OUT
from tests.flow.whole import Parts

COINS = (10, 50, 100, 500)
ACTIONS = 70
CARDS = ("taro", "taro", "taro", "hanako", "makoto", "makoto", "sakura", "misaki", "kenta", "unknown")
PIN = "1234"


class Walker:
    """One seeded citizen at the kiosk."""

    def __init__(self, parts: Parts, seed: int) -> None:
        self._parts = parts
        self._chance = random.Random(seed)
        self._card = self._chance.choice(CARDS)

    async def session(self) -> None:
        """Up to ACTIONS things, with pauses; long enough for most to get their paper."""
        for _ in range(ACTIONS):
            self._act()
            await asyncio.sleep(self._pause())
            if self._parts.screen.name == "start" and self._chance.random() < 0.1:
                return

    def _pause(self) -> float:
        draw = self._chance.random()
        if draw < 0.004:
            return self._chance.uniform(250, 400)
        return self._chance.uniform(0.2, 3.0) if draw < 0.3 else 0.25

    def _act(self) -> None:
        draw = self._chance.random()
        if draw < 0.04:
            self._do_something_odd()
        else:
            self._go_on()

    def _go_on(self) -> None:
        match self._parts.screen.name:
            case "card":
                self._place()
            case "removal" | "card-left":
                self._parts.reader.take()
            case "payment":
                self._insert() if self._chance.random() < 0.85 else self._press_anything()
            case "pin":
                self._type_pin()
            case "take":
                self._parts.take_paper()
            case _:
                self._press_anything()

    def _do_something_odd(self) -> None:
        odd = self._chance.choice(
            (
                self._place,
                self._parts.reader.take,
                self._insert,
                self._parts.bus.press_return,
                self._parts.take_paper,
                self._parts.bus.take_tray,
                self._press_anything,
                self._late_coin,
                *self._mishaps(),
            )
        )
        odd()

    def _mishaps(self) -> tuple[Callable[[], object], ...]:
        """What devices do to us."""
        parts = self._parts
        return (
            parts.printer.jam,
            lambda: parts.printer.load_paper(self._chance.randrange(2)),
            lambda: parts.bus.drop_replies(self._chance.randint(1, 3)),
            lambda: parts.bus.corrupt_replies(self._chance.randint(1, 3)),
            lambda: parts.receipts.inject(RECEIPT_PAPER_OUT),
        )

    def _place(self) -> None:
        if not self._parts.reader.card_present:
            card = self._parts.cards[self._card]
            card.pin.tries_left = max(1, card.pin.tries_left)
            self._parts.reader.place(card)

    def _insert(self) -> None:
        self._parts.bus.insert(self._chance.choice(COINS), self._chance.choice((0.0, 0.0, 0.3)))

    def _late_coin(self) -> None:
        self._parts.bus.insert(100, self._chance.uniform(0.5, 2.0))

    def _type_pin(self) -> None:
        right = self._chance.random() < 0.85
        for digit in PIN if right else "9999":
            self._tap(f"key.{digit}")

    def _press_anything(self) -> None:
        enabled = [button for button in buttons(self._parts.screen) if button.enabled]
        if not enabled:
            return
        weights = [self._weight(button.id) for button in enabled]
        self._tap(self._chance.choices(enabled, weights)[0].id)

    def _weight(self, id: str) -> float:
        if id in ("confirm", "services", "issue", "refund"):
            return 6.0
        if id == "quit":
            return 0.3
        return 0.5 if id in ("back", "register", "other") or id.startswith(("language", "key")) else 1.0

    def _tap(self, id: str) -> None:
        tap(self._parts, id)


def tap(parts: Parts, id: str) -> None:
    """A finger on this button, if it is there."""
    ids = [button.id for button in buttons(parts.screen)]
    if id in ids:
        parts.desk.post(Touched(ids.index(id), 0, down=True))
        parts.desk.post(Touched(ids.index(id), 0, down=False))


async def attend(parts: Parts) -> None:
    """The attendant: takes what lies there, lets pages close by themselves, until the start menu is back."""
    parts.printer.clear_jam()
    parts.printer.load_paper()
    parts.receipts.repair(RECEIPT_PAPER_OUT)
    for _ in range(4000):
        parts.reader.take()
        parts.take_paper()
        for case in parts.cases.open:
            await parts.cases.resolve(case.id, False, "17", "walk")
        if "taken" in [button.id for button in buttons(parts.screen)]:
            tap(parts, "taken")
        if parts.screen.name == "start" and not parts.host.busy:
            return
        await asyncio.sleep(1.0)
    raise AssertionError(f"the kiosk does not come back from screen {parts.screen.name}")

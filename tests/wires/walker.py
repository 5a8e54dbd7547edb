"""Somebody who does not read, in front of the real glass: the twin of tests.flow.walker over the wires."""

import asyncio
import random
from contextlib import suppress

from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.wallet import PIN
from hal.faults import RECEIPT_PAPER_OUT
from tests.wires.staff import own_buttons

ACTIONS = 60
COINS = (10, 50, 100, 500)
CARDS = ("taro", "taro", "taro", "makoto", "makoto", "hanako", "kenta", "unknown")
FORGETFUL = "hanako"
"""Only she types wrong PINs: a locked card stays locked as long as its process lives."""
LIKELY = {"confirm": 6.0, "services": 6.0, "issue": 6.0, "own": 3.0, "quit": 0.1, "back": 0.4}
CHOICES = ("scope", "person")
UNLIKELY = ("register", "other")


class Walker:
    """One seeded citizen."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self._rig = rig
        self._chance = random.Random(seed)
        self._card = self._chance.choice(CARDS)

    async def session(self) -> None:
        """Up to ACTIONS things; it may well end in the middle, with card, money and paper anywhere."""
        for number in range(ACTIONS):
            await (self._do_something_odd() if self._chance.random() < 0.05 else self._go_on())
            await self._wait_a_little()
            if number and self._rig.feed.shown.name == "start" and self._chance.random() < 0.3:
                return

    async def _wait_a_little(self) -> None:
        """Mostly until something new is shown; now and then too short for that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._chance.choice((0.02, 0.1, 0.2, 0.2))):
                await self._rig.feed.after(self._rig.feed.shown)

    async def _go_on(self) -> None:
        match self._rig.feed.shown.name:
            case "card":
                await self._place()
            case "removal" | "card-left":
                await self._rig.wallet.lift()
            case "payment":
                self._insert() if self._chance.random() < 0.9 else self._press_anything()
            case "pin":
                await self._type_pin()
            case "take":
                self._rig.take_paper()
            case _:
                self._press_anything()

    async def _do_something_odd(self) -> None:
        rig = self._rig
        odd = self._chance.choice(
            (
                self._insert,
                self._late_coin,
                self._press_anything,
                rig.bus.press_return,
                rig.bus.take_tray,
                rig.take_paper,
                rig.bus.drop_replies,
                rig.printer.jam,
                lambda: rig.receipts.inject(RECEIPT_PAPER_OUT),
                self._place,
                rig.wallet.lift,
            )
        )
        if asyncio.iscoroutine(acting := odd()):
            await acting

    async def _place(self) -> None:
        if not self._rig.wallet.lying:
            await self._rig.wallet.place(self._card)

    def _insert(self) -> None:
        self._rig.bus.insert(self._chance.choice(COINS), self._chance.choice((0.0, 0.0, 0.3)))

    def _late_coin(self) -> None:
        self._rig.bus.insert(100, self._chance.uniform(0.5, 2.0))

    async def _type_pin(self) -> None:
        wrong = self._card == FORGETFUL and self._chance.random() < 0.3
        with suppress(ChildFailed):  # the page may go away under the finger
            for digit in "9999" if wrong else PIN:
                await self._rig.press(f"key.{digit}", within=3)

    def _press_anything(self) -> None:
        buttons = own_buttons(self._rig.feed.shown)
        if not buttons:
            self._rig.tap_anywhere()
            return
        weights = [self._weight(button) for button in buttons]
        self._rig.tap(self._chance.choices(buttons, weights)[0])

    def _weight(self, button: str) -> float:
        if button in UNLIKELY or button.startswith(("language", "key")):
            return 0.1
        return LIKELY.get(button, 3.0 if button.startswith(CHOICES) else 1.0)

"""Money acts of staff, each with who and why: a hopper refilled or counted, the cash boxes collected.

The rule it keeps: such an act is an entry like any other, written before the driver hears of it, and it
never hides a difference: what was expected by the journal stands beside what was counted.
"""

import asyncio
from collections.abc import Mapping
from typing import Literal

from daemon.session.entries import Record, Value
from daemon.session.journal import Journal
from daemon.session.ledger import Ledger
from hal.contracts import CashVendor, HopperStock

Act = Literal["refill", "count", "collect"]
MOST = 5000
"""Pieces of one kind that an act can name."""
MONEY = (
    "cash.baseline",
    "cash.credited",
    "cash.filled",
    "cash.counted",
    "cash.collected",
    "payout.intent",
    "payout.outcome",
)
"""The events a ledger reads."""


class ActRefused(ValueError):
    """A money act that cannot be taken; the text says what to give instead."""


class Treasurer:
    """One act at a time, while no citizen is served."""

    def __init__(self, vendor: CashVendor, journal: Journal) -> None:
        self._vendor = vendor
        self._journal = journal
        self._one_at_a_time = asyncio.Lock()

    async def perform(self, act: Act, coins: Mapping[int, int], who: str, why: str) -> dict[str, str]:
        """coins: value → number put in, counted, or found in the boxes. Answers what it changed, in words.

        Raises ActRefused, DeviceError.
        """
        check(act, coins, why)
        async with self._one_at_a_time:
            if act == "collect":
                return await self._collect(coins, who, why)
            stock = await self._vendor.stock()
            hoppers = {value: _hopper(value, stock) for value in coins}
            records: list[Record] = []
            for value, number in coins.items():
                records += self._restock(act, hoppers[value], number, who, why)
            await self._journal.write_all(records)
            after = await self._vendor.stock()  # the driver reads its new starting points
            return {f"hopper {s.value} yen": f"{s.coins} coins" for s in after if s.value in coins}

    async def ledger(self) -> Ledger:
        """Of everything up to now. Raises DeviceError: a hopper does not tell its value."""
        ledger = Ledger({stock.hopper: stock.value for stock in await self._vendor.stock()})
        ledger.add(await self._journal.events(*MONEY))
        return ledger

    def _restock(self, act: Act, hopper: HopperStock, number: int, who: str, why: str) -> list[Record]:
        told: dict[str, Value] = {
            "hopper": hopper.hopper,
            "value": hopper.value,
            "coins": number,
            "before": hopper.coins,
            "who": who,
            "why": why,
        }
        level = number + (hopper.coins if act == "refill" else 0)
        start: dict[str, Value] = {"hopper": hopper.hopper, "counter": hopper.counter, "coins": level}
        event = "cash.filled" if act == "refill" else "cash.counted"
        return [Record(event, data=told), Record("cash.baseline", data=start)]

    async def _collect(self, coins: Mapping[int, int], who: str, why: str) -> dict[str, str]:
        ledger = Ledger({})
        ledger.add(await self._journal.events("cash.credited", "cash.collected"))
        expected = {value: number for value, number in ledger.box.items() if number}
        told: dict[str, Value] = {
            "coins": {str(value): str(number) for value, number in coins.items()},
            "expected": {str(value): str(number) for value, number in sorted(expected.items())},
            "yen": sum(value * number for value, number in coins.items()),
            "who": who,
            "why": why,
        }
        await self._journal.write_all([Record("cash.collected", data=told)])
        values = sorted({*expected, *coins})
        return {f"{v} yen": f"{coins.get(v, 0)} of {expected.get(v, 0)} expected" for v in values}


def check(act: Act, coins: Mapping[int, int], why: str) -> None:
    """Before anybody is asked for a PIN. Raises ActRefused."""
    if not why.strip():
        raise ActRefused("why is needed: it stands in the journal")
    if act != "collect" and not coins:
        raise ActRefused("say which coins and how many, e.g. --coins 100x50")
    wrong = {value: number for value, number in coins.items() if value <= 0 or not 0 <= number <= MOST}
    if wrong:
        raise ActRefused(f"{wrong}: yen a piece, and 0 to {MOST} pieces, are meant")


def _hopper(value: int, stock: tuple[HopperStock, ...]) -> HopperStock:
    found = [hopper for hopper in stock if hopper.value == value]
    if len(found) != 1:
        answering = ", ".join(str(hopper.value) for hopper in stock) or "none"
        raise ActRefused(f"{len(found)} hoppers of {value} yen answer; of these values do: {answering}")
    return found[0]

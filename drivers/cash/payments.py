"""Payments over all hoppers: one at a time, each begun one carried to its outcome in the book.

The rule it keeps: nothing new is paid while an older intent has no outcome, and where an outcome cannot be
known, nothing more of that value is paid.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from drivers.cash.hopper import Hopper, Paid
from hal.contracts import CashBook, HopperStock, Payout, PayoutIntent, PayoutOutcome
from hal.faults import CASH_HOPPER_EMPTY, DeviceError, Fault

log = logging.getLogger(__name__)

LINE_SECONDS = 10.0
RECOVER_SECONDS = 30.0
END_SECONDS = 60.0


class Payments:
    """wait_for_line: returns when the hoppers have been opened; raises DeviceError after so many seconds."""

    def __init__(
        self, hoppers: Sequence[Hopper], book: CashBook, wait_for_line: Callable[[float], Awaitable[None]]
    ) -> None:
        self._hoppers = hoppers
        self._book = book
        self._wait_for_line = wait_for_line
        self._one = asyncio.Lock()
        self._running: set[asyncio.Task[Payout]] = set()
        self._settled = False

    async def pay_out(self, payout: str, coins: Mapping[int, int]) -> Payout:
        """As CashVendor.pay_out. Cancelling the caller does not cancel the payment."""
        payment = asyncio.create_task(self._pay_out(payout, coins))
        self._running.add(payment)
        payment.add_done_callback(self._ended)
        return await asyncio.shield(payment)

    async def recover(self) -> None:
        """As CashVendor.recover."""
        async with self._one:
            self._settled = False
            await self._settle_all(RECOVER_SECONDS)

    async def look_at_hoppers(self) -> None:
        """Whether they can pay: also those that could, or a swapped one would first be met in a payout.

        Not while a payment runs. Raises PortLost.
        """
        if self._one.locked():
            return
        async with self._one:
            for hopper in self._hoppers:
                await (hopper.refresh() if hopper.fault is None else hopper.look_again())

    async def stock(self) -> tuple[HopperStock, ...]:
        """As CashVendor.stock. Raises BusError, PortLost."""
        async with self._one:
            found = [await hopper.stock() for hopper in self._hoppers]
        return tuple(stock for stock in found if stock is not None)

    async def finish(self) -> None:
        """Waits for the payments under way."""
        if self._running:
            await asyncio.wait(self._running, timeout=END_SECONDS)

    def abandon(self) -> None:
        """Leaves what still runs to the next boot, which finds the intents."""
        for payment in self._running:
            payment.cancel()

    def _ended(self, payment: asyncio.Task[Payout]) -> None:
        self._running.discard(payment)
        if not payment.cancelled() and (error := payment.exception()) is not None:
            log.warning("a payment ended with: %r", error)  # its caller may have gone away

    async def _pay_out(self, payout: str, coins: Mapping[int, int]) -> Payout:
        async with self._one:
            await self._settle_all(LINE_SECONDS)
            self._settled = False  # until this payment is in the book to its end
            parts = {
                value: await self._pay(payout, value, coins[value]) for value in sorted(coins, reverse=True)
            }
            self._settled = True
        if any(part.asked for part in parts.values()):
            paid = {value: part.coins for value, part in parts.items()}
            return Payout(paid, all(part.certain for part in parts.values()))
        reasons = [part.fault for part in parts.values() if part.fault]
        raise DeviceError(
            reasons[0] if reasons else Fault(CASH_HOPPER_EMPTY, "cash", "no coins were asked for")
        )

    async def _pay(self, payout: str, value: int, coins: int) -> Paid:
        """From the hoppers of this value, one after the other."""
        total = Paid(fault=Fault(CASH_HOPPER_EMPTY, "cash", f"no hopper holds coins of {value} yen"))
        for hopper in self._hoppers:
            if hopper.value == value and total.coins < coins and total.certain:
                part = await hopper.pay(payout, coins - total.coins)
                fault = part.fault or total.fault
                total = Paid(total.coins + part.coins, part.certain, total.asked or part.asked, fault)
        return total

    async def _settle_all(self, patience: float) -> None:
        await self._wait_for_line(patience)
        if self._settled:
            return
        for intent in await self._book.unsettled():
            await self._settle(intent)
        self._settled = True

    async def _settle(self, intent: PayoutIntent) -> None:
        for hopper in self._hoppers:
            if hopper.is_known_as(intent.hopper):
                await hopper.recover(intent)
                return
        missing = [hopper.fault for hopper in self._hoppers if hopper.identity is None and hopper.fault]
        if missing:  # it may be this one: settle when it is back
            raise DeviceError(missing[0])
        await self._book.settle(
            PayoutOutcome(intent.payout, intent.hopper, intent.value, intent.coins, paid=0, certain=False)
        )

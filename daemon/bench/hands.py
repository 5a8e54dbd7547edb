"""The hands of a story: what a step makes the citizen, the attendant and bad luck do to a rig."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from daemon.bench import faults
from daemon.bench.album import Album
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.scenario import Step
from daemon.bench.vocabulary import BILLS, is_digit
from daemon.bench.wallet import NoSuchCard
from hal.faults import PRINTER_JAM

POLL = 0.02
STOP = timedelta(hours=2)


class Hands:
    """album: for what is taken."""

    def __init__(self, rig: Rig, album: Album) -> None:
        self._rig = rig
        self._album = album
        self._acts: Mapping[str, Callable[[Step], Awaitable[None]]] = {
            "press": self._press,
            "place": self._place,
            "pin": lambda step: rig.type_pin(rig.wallet.pin(step.pin == "right"), step.within),
            "insert": self._insert,
            "take": self._take,
            "lever": self._lever,
            "door": self._door,
            "key": self._key,
            "fault": lambda step: faults.inject(rig, step.fault),
            "mend": self._mend,
            "jam": self._jam,
            "paper": self._paper,
            "power": self._power,
            "resolve": self._resolve,
            "publish": self._publish,
        }

    async def do(self, step: Step) -> None:
        """The one act of this step, and its tap. Raises ChildFailed."""
        if step.act:
            await self._acts[step.act](step)
        if step.tap:
            self._rig.tap_anywhere()

    # ------------------------------------------------------------ the citizen

    async def _press(self, step: Step) -> None:
        for button in step.press:
            if self._rig.feed.shown.name == "pin" and is_digit(button):
                raise ChildFailed('no digit of a PIN stands in a script; pin = "right" or "wrong" is meant')
            await self._rig.press(button, step.within)

    async def _place(self, step: Step) -> None:
        try:
            await self._rig.wallet.place(step.place)
        except NoSuchCard as error:  # the command line may have given the story another municipality
            raise ChildFailed(str(error)) from None

    async def _insert(self, step: Step) -> None:
        """Waits, as a citizen would, until the slot is open for this coin or bill."""
        for money in step.insert:
            try:
                async with asyncio.timeout(step.within):
                    while money not in self._rig.bus.accepting:  # noqa: ASYNC110 the slot has no events
                        await asyncio.sleep(POLL)
            except TimeoutError:
                kind = "bill" if money in BILLS else "coin"
                raise ChildFailed(f"the slot does not open for a {kind} of {money} yen") from None
            self._rig.bus.insert_bill(money) if money in BILLS else self._rig.bus.insert(money, step.late)

    async def _take(self, step: Step) -> None:
        match step.take:
            case "card":
                await self._rig.wallet.lift()
            case "paper":
                self._album.sheets(self._rig.take_paper())
            case "money":
                self._album.coins(self._rig.bus.take_tray())
            case _:
                self._album.receipts(self._rig.receipts.take())

    async def _lever(self, _: Step) -> None:
        self._rig.bus.press_return()

    # ------------------------------------------------------------ the attendant, and bad luck

    async def _door(self, step: Step) -> None:
        self._rig.panel.set_door(step.door == "open")

    async def _key(self, step: Step) -> None:
        self._rig.panel.set_key(step.key == "on")

    async def _mend(self, step: Step) -> None:
        """Of a jam also one that was no fault by name."""
        await faults.clear(self._rig, step.mend)
        if step.mend == PRINTER_JAM:
            self._rig.printer.clear_jam()

    async def _jam(self, step: Step) -> None:
        self._rig.printer.jam(step.jam)

    async def _paper(self, step: Step) -> None:
        self._rig.printer.load_paper(step.paper)

    async def _power(self, step: Step) -> None:
        await (self._rig.power_cut() if step.power == "cut" else self._rig.start_daemon())

    async def _resolve(self, step: Step) -> None:
        """Waits until there is such a case, and closes all of its kind."""
        try:
            async with asyncio.timeout(step.within):
                while not (cases := await self._cases(step.resolve)):  # noqa: ASYNC110 another process's
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise ChildFailed(f"no case of kind {step.resolve} is open") from None
        for case in cases:
            await self._rig.resolve(case, step.tray)

    async def _publish(self, step: Step) -> None:
        """Its profile, as it is or with a stop of everything from now for two hours."""
        rig = self._rig
        now = rig.now().replace(tzinfo=None, microsecond=0)
        stop = f"\n[[maintenance]]\nfrom = {now.isoformat()}\nto = {(now + STOP).isoformat()}\n"
        rig.publish(rig.published + (stop if step.publish == "maintenance" else ""))

    async def _cases(self, kind: str) -> list[str]:
        return [case.case for case in await self._rig.cases() if case.kind == kind]

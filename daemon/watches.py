"""The pumps that are not devices: the center's state, the kiosk's own clock and build, its count of paper.

They report like devices do, so that one list says why the kiosk cannot sell.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from daemon.issuance.messages import CenterDown, CenterLine, CenterStatus, Refused
from daemon.issuance.published import LOOK_SECONDS, Published
from daemon.session.paper import PaperCount
from daemon.town import Town
from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import (
    BUILD_CHANGED,
    CENTER_REFUSES,
    CENTER_UNREACHABLE,
    CLOCK_WRONG,
    SAMPLE_MIXED,
    Fault,
)

KIOSK_SECONDS = 15.0
PAPER_SECONDS = 5.0
LARGEST_SKEW = 60.0


class CenterWatch:
    """Asks the center how it is. profile: the hash of ours, which must equal the center's (P11).

    period: seconds between two questions; while only the profiles differ it is asked more often, since one
    side has taken up a new one just before the other.
    """

    def __init__(
        self,
        line: CenterLine,
        profile: Callable[[], str],
        sample: Callable[[], bool],
        now: Callable[[], datetime],
        period: float,
    ) -> None:
        self._line = line
        self._profile = profile
        self._sample = sample
        self._now = now
        self._period = period
        self._wanted = asyncio.Event()

    def look(self) -> None:
        """Asks now: something of ours has changed."""
        self._wanted.set()

    async def run(self, emit: Emit) -> None:
        told: list[str] = []
        while True:
            fault = await self._fault()
            code = fault.code if fault else ""
            if told != [code]:  # a detail that changes (seconds apart) is no news
                told = [code]
                emit(DeviceChanged("center", fault))
            await self._pause(min(self._period, LOOK_SECONDS) if code == BUILD_CHANGED else self._period)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), seconds)
        self._wanted.clear()

    async def _fault(self) -> Fault | None:
        try:
            return self._judge(await self._line.status())
        except CenterDown as error:
            return Fault(CENTER_UNREACHABLE, "center", str(error))
        except Refused as refused:
            return Fault(CENTER_REFUSES, "center", refused.refusal.reason.value)

    def _judge(self, status: CenterStatus) -> Fault | None:
        if status.sample != self._sample():
            mixed = "a sample registry behind real" if status.sample else "a real registry behind virtual"
            return Fault(SAMPLE_MIXED, "center", f"{mixed} devices; see madoguchi check")
        if status.profile != self._profile():
            return Fault(BUILD_CHANGED, "center", "the municipality's profile differs; install the same file")
        skew = abs((status.now - self._now()).total_seconds())
        if skew > LARGEST_SKEW:
            return Fault(CLOCK_WRONG, "center", f"{skew:.0f} s apart; check NTP on both sides")
        return None


class KioskWatch:
    """The clock is believable and the build is the one that was approved. believed: checks the clock."""

    def __init__(self, believed: Callable[[], bool], build_is_right: Callable[[], bool]) -> None:
        self._believed = believed
        self._build_is_right = build_is_right

    async def run(self, emit: Emit) -> None:
        right = await asyncio.to_thread(self._build_is_right)
        told: list[Fault | None] = []
        while True:
            fault = self._fault(right)
            if told != [fault]:
                told = [fault]
                emit(DeviceChanged("kiosk", fault))
            await asyncio.sleep(KIOSK_SECONDS)

    def _fault(self, build_is_right: bool) -> Fault | None:
        if not build_is_right:
            return Fault(BUILD_CHANGED, "kiosk", "the installed files are not those of [kiosk] build")
        if not self._believed():
            return Fault(CLOCK_WRONG, "kiosk", "the system clock is not synchronised; check NTP")
        return None


class ProfileWatch:
    """Looks whether the municipality has published a new profile. take: whenever what is served may be
    another: with what was published, or None if only the day has changed it.
    """

    def __init__(self, town: Town, take: Callable[[Published | None], Awaitable[None]]) -> None:
        self._town = town
        self._take = take

    async def run(self, emit: Emit) -> None:
        await self._take(None)
        emit(DeviceChanged("profile", None))
        tokens = self._town.tokens
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            new = await asyncio.to_thread(self._town.look)
            if new is not None or tokens != self._town.tokens:
                tokens = self._town.tokens
                await self._take(new)


class PaperWatch:
    """Tells that paper runs low, where only our own count knows it."""

    def __init__(self, count: PaperCount) -> None:
        self._count = count

    async def run(self, emit: Emit) -> None:
        told = ""
        while True:
            fault = self._count.fault
            code = fault.code if fault else ""
            if told != code:  # a sheet less is no news
                told = code
                emit(DeviceChanged("paper", fault))
            await asyncio.sleep(PAPER_SECONDS)

"""The clock that tests under virtual time stand on."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.virtual_time import Deadlock, run_virtual


def test_an_hour_passes_at_once() -> None:
    async def wait() -> float:
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time()

    started = time.monotonic()
    assert run_virtual(wait()) == pytest.approx(3600)
    assert time.monotonic() - started < 5


def test_timers_fire_in_their_order() -> None:
    async def main() -> list[int]:
        order: list[int] = []

        async def after(seconds: int) -> None:
            await asyncio.sleep(seconds)
            order.append(seconds)

        await asyncio.gather(*(after(seconds) for seconds in (300, 1, 86400 * 3, 20)))
        return order

    assert run_virtual(main()) == [1, 20, 300, 86400 * 3]


def test_a_timeout_comes_before_what_is_later() -> None:
    async def main() -> None:
        async with asyncio.timeout(1):
            await asyncio.sleep(2)

    with pytest.raises(TimeoutError):
        run_virtual(main())


def test_the_clock_stands_still_while_a_thread_works() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        alarm = asyncio.create_task(asyncio.sleep(5))
        with ThreadPoolExecutor(1) as own:
            await loop.run_in_executor(own, time.sleep, 0.02)
        await asyncio.to_thread(time.sleep, 0.02)
        alarm.cancel()
        return loop.time()

    assert run_virtual(main()) == 0


def test_a_deadlock_says_who_waits_where() -> None:
    async def nobody_sets_this() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        await asyncio.create_task(nobody_sets_this(), name="sleeper")

    with pytest.raises(Deadlock, match=r"sleeper: .*test_virtual_time.py:\d+ in nobody_sets_this"):
        run_virtual(main())


def test_an_error_of_the_program_comes_out_as_it_is() -> None:
    async def main() -> None:
        await asyncio.sleep(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_virtual(main())

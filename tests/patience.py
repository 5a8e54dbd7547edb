"""Waiting for what has no events: another process's file, a device worked by hand."""

import asyncio
from collections.abc import Callable


async def looked_until(condition: Callable[[], bool], what: str, within: float, every: float = 0.05) -> None:
    """Looks until it is so. within, every: seconds."""
    try:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(every)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None

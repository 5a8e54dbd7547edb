"""An event loop whose clock jumps: hours of timeouts run in milliseconds, always in the same order.

When nothing is ready the loop's time moves to the next timer at once; nothing ever really sleeps. Work
given to a thread (``run_in_executor``) is waited for in real time while the clock stands still. If nothing
is ready, nothing is scheduled and no thread works for us, the program could only hang: that raises
``Deadlock``, which names every task and the line it waits at.
"""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from concurrent.futures import Executor
from types import CoroutineType
from typing import Any, TypeVar

T = TypeVar("T")

THREAD_PATIENCE = 30.0
"""Real seconds that work in a thread may take."""


class Deadlock(RuntimeError):
    """Nobody will ever wake up. The text lists who waits where."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """``time()`` starts at 0. For transports in memory: real sockets and ptys have clocks of their own."""

    def __init__(self) -> None:
        self._now = 0.0
        self._threads_at_work = 0
        self._jumping = _JumpingSelector(self)
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._now

    def run_in_executor(  # type: ignore[override]  # typeshed's overloads of *args cannot be spelled again
        self, executor: Executor | None, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._threads_at_work += 1
        future.add_done_callback(self._thread_done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        self._threads_at_work += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._threads_at_work -= 1

    def advance(self, seconds: float) -> None:
        """Moves the clock; called by the selector when nothing is ready."""
        self._now += seconds

    @property
    def threads_at_work(self) -> bool:
        return self._threads_at_work > 0

    def _thread_done(self, _: "asyncio.Future[Any]") -> None:
        self._threads_at_work -= 1


class _JumpingSelector(selectors.BaseSelector):
    """A real selector that moves the loop's clock where a real one would wait."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop
        self._real = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = self._real.select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if self._loop.threads_at_work:
            return self._real.select(THREAD_PATIENCE) or self._give_up("a thread does not come back")
        if timeout is None:
            return self._give_up("nothing is ready and nothing is scheduled")
        self._loop.advance(timeout)
        return []

    def _give_up(self, reason: str) -> list[tuple[selectors.SelectorKey, int]]:
        raise Deadlock(f"{reason} at t={self._loop.time():.3f} s; waiting:\n{_who_waits(self._loop)}")

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()


def run_virtual(main: Coroutine[Any, Any, T], *, debug: bool = True) -> T:
    """Runs main to its end under virtual time, in a loop of its own (so: from a test that is not async)."""
    with asyncio.Runner(debug=debug, loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)


def _who_waits(loop: asyncio.AbstractEventLoop) -> str:
    lines = sorted(f"  {task.get_name()}: {_where(task.get_coro())}" for task in asyncio.all_tasks(loop))
    return "\n".join(lines) or "  (no task)"


def _where(coroutine: Any) -> str:
    """File and line of the innermost await of our own that can be seen."""
    place = repr(coroutine)
    while isinstance(coroutine, CoroutineType):
        frame = coroutine.cr_frame
        if frame is not None and "/asyncio/" not in frame.f_code.co_filename:
            place = f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
        coroutine = coroutine.cr_await
    return place

"""One daemon thread that does one blocking job after the other, and that can be left behind.

The standard executors join their threads at exit, so a PC/SC call that never returns would keep the
process from ending; here the thread is simply forgotten.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Starts its thread at once. name: of the thread."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Does the job after those before it. The future is done in the worker's thread."""
        future: Future[T] = Future()
        self._jobs.put(lambda: _do(job, future))
        return future

    def finish(self) -> None:
        """The thread ends after the jobs it has; a job that never returns keeps it, and nothing else."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def _do(job: Callable[[], T], future: Future[T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = job()
    except BaseException as error:  # noqa: BLE001 - handed on to whoever waits for the future
        future.set_exception(error)
    else:
        future.set_result(result)

"""Child processes of the bench: started with a log file, spoken to by lines, and never left behind."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends a process of the bench: Ctrl-C, a stop, a closed terminal."""


class ChildFailed(RuntimeError):
    """A child ended or answered badly; the text names it and its log."""


class Child:
    """One process. log: where its output goes."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def failed(self) -> bool:
        """It has ended by itself, and not well."""
        status = self._process.returncode if self._process else None
        return status is not None and status > 0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, module: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """``python -m module arguments``; the kernel ends it when the bench dies.

        What it leaves in its temporary folder (python-escpos does) lies beside the log, and goes with it.
        """
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", module, *arguments]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, "TMPDIR": str(self.log.parent), **(environment or {})},
                start_new_session=True,
            )

    async def tell(self, line: str) -> str:
        """Sends a line and returns the answer's. Raises ChildFailed unless it is ok."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{line}\n".encode())
        answer = (await process.stdout.readline()).decode().strip()
        if answer != "ok":
            raise ChildFailed(f"{self.name}: {line!r} answered {answer!r}; see {self.log}")
        return answer

    async def wait(self) -> int:
        """Its exit status."""
        assert self._process is not None
        return await self._process.wait()

    async def kill(self) -> None:
        """SIGKILL: a power cut, to this process."""
        await self._signal(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL if that is not heard, or nobody waits for it any more."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._signal(signal.SIGTERM)
        finally:
            await self._signal(signal.SIGKILL)

    async def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


def tail(log: Path, lines: int = 15) -> Sequence[str]:
    """The last lines of a child's log, for an error message."""
    return log.read_text("utf-8", "replace").splitlines()[-lines:] if log.exists() else []

"""A scan that is dropped on the page: the answer of ``madoguchi paper verify``, word for word.

A process of its own looks at the file, which comes from anywhere, and ends with it: it goes through a pipe,
and nothing of it is kept. Key and registry are those of the center which stands on the bench.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

from daemon.center.paper.told import Told

WAIT_SECONDS = 60.0


class NoAnswer(RuntimeError):
    """The text says why, for the person at the page."""


async def check(file: bytes, key: Path, center: Path) -> bytes:
    """A Told (JSON). center: its settings, for how numbers stand there. Raises NoAnswer."""
    believed = ("--samples", "--key", str(key), "--center", str(center))
    command = (sys.executable, "-m", "daemon", "paper", "verify", "-", "--json", *believed)
    pipe = asyncio.subprocess.PIPE
    looking = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            out, said = await looking.communicate(file)
    except TimeoutError:
        raise NoAnswer("it took too long to read this file") from None
    finally:
        if looking.returncode is None:
            looking.kill()
            await looking.wait()
    try:
        msgspec.json.decode(out, type=Told)
    except msgspec.MsgspecError:
        raise NoAnswer(said.decode(errors="replace").strip().removeprefix("madoguchi: ")) from None
    return out

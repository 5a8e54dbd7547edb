"""A program that works for the voice: run to its end, and never left behind, whatever ends the waiting."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE


class ChildFailed(Exception):
    """The text says why, in the program's own words."""


class ChildHung(ChildFailed):
    """It did not end in its time and was killed."""


async def run(*command: str, seconds: float, package: str) -> None:
    """Until it has ended well; cancelled, it is killed at once. package: of Debian, which has the program.

    Raises ChildFailed.
    """
    try:
        child = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    except OSError as error:
        raise ChildFailed(f"{command[0]}: {error.strerror}; apt-get install {package}") from None
    try:
        async with asyncio.timeout(seconds):
            _, said = await child.communicate()
    except TimeoutError:
        raise ChildHung(f"{command[0]} has not ended in {seconds} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        reason = " ".join(said.decode(errors="replace").split())
        raise ChildFailed(reason[-200:] or f"{command[0]}: status {child.returncode}")

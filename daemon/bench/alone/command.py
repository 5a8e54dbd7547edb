"""``madoguchi virtual``: one device in the foreground, until its input ends, ``quit`` or Ctrl-C.

What it is and where it listens goes to standard error; standard output has the answers of its console only.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib import import_module

from daemon.bench.alone.console import Console, lines_of
from daemon.bench.alone.part import Part
from daemon.bench.processes import STOPPING


def virtual(arguments: argparse.Namespace) -> int:
    """Runs the device. Raises ValueError: an address that cannot be one, or that is taken."""
    if not arguments.verbose:
        logging.getLogger().setLevel(logging.WARNING)
    asyncio.run(_run(arguments))
    return 0


async def _run(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for name in STOPPING:
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with AsyncExitStack() as stack:
        try:
            part = await stack.enter_async_context(_device(arguments))
        except OSError as error:
            raise ValueError(f"{arguments.at}: {error.strerror or error}; choose another address") from None
        _introduce(part)
        await _first_of(Console(part.hands).serve(lines_of(sys.stdin.fileno()), sys.stdout), stopped.wait())


def _device(arguments: argparse.Namespace) -> AbstractAsyncContextManager[Part]:
    """Imports one device's module alone: the wallet has a process for each card, and those start at once."""
    module = import_module(f"daemon.bench.alone.{arguments.device}")
    device: AbstractAsyncContextManager[Part] = getattr(module, arguments.device)(arguments)
    return device


async def _first_of(*work: Coroutine[object, object, object]) -> None:
    """Until one of them is done; raises what it raised."""
    tasks = [asyncio.create_task(one) for one in work]
    done, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in done:
        task.result()


def _introduce(part: Part) -> None:
    lines = (
        part.what,
        f"  at       {part.at}",
        f"  try      {part.example}",
        "  help     lists what you can do",
    )
    sys.stderr.writelines(f"{line}\n" for line in lines)
    sys.stderr.flush()

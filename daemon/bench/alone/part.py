"""What a device alone is to the command: where it is, how a host would talk to it, and its hands."""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.bench.alone.console import Hand


@dataclass(frozen=True)
class Part:
    """what: one line; at: where it listens; example: one command of a host, to copy."""

    what: str
    at: str
    example: str
    hands: Sequence[Hand]


def host_and_port(at: str, form: str) -> tuple[str, int]:
    """``host:port``; a scheme before it and a path behind it do not matter. Raises ValueError: say form."""
    bare = at.removeprefix("tcp:").rpartition("//")[2].partition("/")[0]
    host, _, port = bare.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{at!r} is no address: write {form}")
    return host.strip("[]"), int(port)

"""The coin vendor's half on a microcontroller: the kiosk's own modules, and this loop around them.

MicroPython runs it (CPython too); it imports nothing of the kiosk but starred modules. It takes coins at the
virtual bus until the sum is reached and pays the change: ``vendor.main("127.0.0.1", port, price)``. Each
line that it prints is one that a real one would have written into flash before it went on.
"""

import select
import socket
import sys
import time

from drivers.cash import cctalk
from drivers.cash.cctalk import Frame
from drivers.cash.coin_events import Meaning
from drivers.cash.credit import advance
from drivers.cash.exchange import GAP_SECONDS, ONCE, TRIES, Broken, Exchange
from drivers.cash.payloads import Events, build_inhibits, parse_coin_id
from drivers.cash.payout import MAX_COINS, Ask, Intend, Settle, Wait, dispense

TYPE_CHECKING = False
if TYPE_CHECKING:
    from drivers.cash.credit import Position

ACCEPTOR, HOPPER = 2, 3
POLL_SECONDS = 0.2


def tell(*words: object) -> None:
    sys.stdout.write(" ".join([str(word) for word in words]) + "\n")


class Wire:
    """A ccTalk line over TCP, one question at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.socket()
        self._socket.connect(socket.getaddrinfo(host, port)[0][-1])
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._echo: bool | None = None

    def ask(self, address: int, header: int, data: bytes = b"") -> "Frame | None":
        """The reply, or None for silence."""
        for _ in range(1 if header in ONCE else TRIES):
            exchange = Exchange(Frame(address, cctalk.HOST, header, data), False, self._echo)
            self._socket.send(exchange.sent)
            try:
                reply = None
                while reply is None:
                    reply = exchange.feed(self._some(exchange.patience))
                self._echo = exchange.echo
                return reply
            except Broken:
                while self._poll.poll(int(GAP_SECONDS * 1000)):
                    self._socket.recv(256)
        return None

    def must(self, address: int, header: int, data: bytes = b"") -> bytes:
        reply = self.ask(address, header, data)
        assert reply is not None and reply.header == cctalk.REPLY, header
        return reply.data

    def _some(self, seconds: float) -> bytes:
        if not self._poll.poll(int(seconds * 1000)):
            raise Broken("silence")
        return self._socket.recv(256)


def take(wire: Wire, price: int) -> int:
    """Coins, until they reach the price; the yen."""
    values = [parse_coin_id(wire.must(ACCEPTOR, cctalk.COIN_ID, bytes([kind]))) for kind in range(1, 7)]
    position: Position | None = None
    paid = 0
    while paid < price:
        step = advance(position, Events.parse(wire.must(ACCEPTOR, cctalk.READ_CREDITS)))
        position = step.position
        if step.first_seen or step.reset:
            mask = sum(1 << kind for kind, value in enumerate(values) if value)
            wire.must(ACCEPTOR, cctalk.MODIFY_INHIBITS, build_inhibits(mask))
            wire.must(ACCEPTOR, cctalk.MODIFY_MASTER_INHIBIT, b"\x01")
            tell("taking")
        for result in step.results:
            if result.a:
                paid += values[result.a - 1]
                tell("credited", values[result.a - 1])
            elif Meaning(result.b).returned:
                tell("returned")
        time.sleep(POLL_SECONDS)
    wire.must(ACCEPTOR, cctalk.MODIFY_MASTER_INHIBIT, b"\x00")
    return paid


def pay(wire: Wire, coins: int) -> None:
    """So many coins, each at most once: batches of what one DISPENSE may be asked for."""
    while coins:
        batch = min(coins, MAX_COINS)
        pay_batch(wire, batch)
        coins -= batch


def pay_batch(wire: Wire, coins: int) -> None:
    """One intent, one DISPENSE, one outcome."""
    script, answer = dispense(coins, bytes(8), True), None
    while True:
        try:
            step = script.send(answer)
        except StopIteration:
            return
        answer = None
        if isinstance(step, Ask):
            answer = wire.ask(HOPPER, step.header, step.data)
        elif isinstance(step, Wait):
            time.sleep(step.seconds)
        elif isinstance(step, Intend):
            tell("intent", coins)
        elif isinstance(step, Settle):
            tell("paid", step.paid, step.certain)


def main(host: str, port: int, price: int) -> None:
    """One sale; the change is paid in coins of 10 yen."""
    wire = Wire(host, port)
    change = take(wire, price) - price
    if change:
        pay(wire, change // 10)
    tell("done")

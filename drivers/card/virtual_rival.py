"""Another program that keeps the reader to itself, as scdaemon does: a process of its own.

``python -m drivers.card.virtual_rival --socket PATH --reader NAME`` answers each line of its input with ok,
and lets go at its end. It needs no card: beside a direct connection nobody gets an exclusive one.
"""

import argparse
import sys

from smartcard import scard as c

from drivers.card import scard


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m drivers.card.virtual_rival", description=__doc__)
    parser.add_argument("--socket", required=True, metavar="PATH", help="where pcscd listens")
    parser.add_argument("--reader", required=True, metavar="NAME", help="how the reader's name begins")
    options = parser.parse_args()
    scard.use_socket(options.socket)
    _, context = c.SCardEstablishContext(c.SCARD_SCOPE_SYSTEM)
    _, readers = c.SCardListReaders(context, [])
    (reader,) = [name for name in readers if name.startswith(options.reader)][:1]
    code, *_ = c.SCardConnect(context, reader, c.SCARD_SHARE_DIRECT, 0)
    if code != c.SCARD_S_SUCCESS:
        raise SystemExit(f"{reader}: {c.SCardGetErrorMessage(code)}")
    for _ in sys.stdin:
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

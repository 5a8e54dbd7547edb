"""The card reader and its service."""

from collections.abc import AsyncGenerator, Mapping

from daemon.bench.faults.injection import Injection, switch
from daemon.bench.processes import Child
from daemon.bench.rig import Rig
from hal.faults import PCSC_DOWN, READER_ABSENT, READER_BUSY, READER_HUNG


async def _hung(rig: Rig) -> AsyncGenerator[None, None]:
    await rig.wallet.hang()
    yield
    await rig.wallet.resume()


async def _busy(rig: Rig) -> AsyncGenerator[None, None]:
    rival = Child("rival", rig.root / "rival.log")
    where = ("--socket", str(rig.pcscd.socket), "--reader", rig.pcscd.reader)
    await rival.start("drivers.card.virtual_rival", *where)
    try:
        await rival.tell("hold")
        yield
    finally:
        await rival.stop()


CARD: Mapping[str, Injection] = {
    READER_ABSENT: Injection(
        "The reader's USB plug is pulled: pcscd runs on without a reader.",
        switch(lambda rig: rig.pcscd.restart(reader=False), lambda rig: rig.pcscd.restart()),
    ),
    READER_HUNG: Injection(
        "The reader stops answering in the middle of a command: place a card.", _hung, at_once=False
    ),
    READER_BUSY: Injection(
        "Another program keeps the reader to itself: begin a session and place a card.",
        _busy,
        at_once=False,
    ),
    PCSC_DOWN: Injection(
        "pcscd, the service in front of the reader, is killed.",
        switch(lambda rig: rig.pcscd.kill(), lambda rig: rig.pcscd.start()),
    ),
}

"""A member of staff at the machine: the money act is done by the card on the real reader, and by no other."""

import asyncio
import io
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from daemon.bench.wallet import PIN
from daemon.staff import KioskSaysNo, cash

HOPPER, COINS = 100, 20


def fingerprint(rig: Rig, card: str) -> str:
    one, *_ = x509.load_pem_x509_certificates((rig.root / f"card-{card}.pem").read_bytes())
    return sha256(one.public_bytes(Encoding.DER)).hexdigest()


async def refill(rig: Rig, card: str, pin: str) -> str:
    """``madoguchi cash refill`` at a terminal, the card on the reader once the kiosk is out of service."""
    told = io.StringIO()
    config = rig.root / "kiosk.toml"
    act = asyncio.to_thread(cash, config, "refill", {HOPPER: COINS}, "weekly round", pin, told)
    acting = asyncio.create_task(act)
    await rig.see("out")
    await rig.wallet.place(card)
    try:
        await acting
    finally:
        await rig.see("card-left")
        await rig.wallet.lift()
        await rig.see("start")
    return told.getvalue()


async def refused(rig: Rig, card: str, pin: str) -> str:
    try:
        await refill(rig, card, pin)
    except KioskSaysNo as error:
        return str(error)
    raise AssertionError("it was done")


async def test_money_is_filled_in_by_the_registered_card_and_its_pin_only() -> None:
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        with (rig.root / "kiosk.toml").open("a", encoding="utf-8") as config:
            config.write(f'\n[staff.cards]\n17 = "{fingerprint(rig, "taro")}"\n')
        await rig.power_cut()
        await rig.start_daemon()
        await rig.see("start")
        assert "not registered" in await refused(rig, "hanako", PIN)
        assert "the PIN is wrong; tries left: 2" in await refused(rig, "taro", "9999")
        assert [event for _, _, event, _ in rig.entries() if event == "cash.filled"] == []
        await refill(rig, "taro", PIN)
        (data,) = [data for _, _, event, data in rig.entries() if event == "cash.filled"]
        assert (data["value"], data["coins"], data["who"], data["why"]) == (
            HOPPER,
            COINS,
            "17",
            "weekly round",
        )
        assert PIN not in (rig.root / "daemon.log").read_text("utf-8").split()

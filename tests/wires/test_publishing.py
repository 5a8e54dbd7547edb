"""A profile is published while the real daemon and center run: no restart, nothing sold on a mixture."""

from datetime import timedelta

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import Expectation, Scenario
from daemon.bench.setup import Setup
from daemon.issuance.profile import profile_hash
from tests.patience import looked_until
from tests.wires.stories import residence_certificate

WITHIN = 30.0


def taken(rig: Rig) -> list[object]:
    """The hashes of the profiles that the kiosk says it has taken up."""
    return [data["profile"] for _, _, event, data in rig.entries() if event == "profile.taken"]


def in_force(rig: Rig) -> bool:
    """Whether kiosk and center have both taken up the profile as it is now."""
    logs = [(rig.root / f"{name}.log").read_text("utf-8") for name in ("daemon", "center")]
    return all(f"profile {profile_hash(rig.profile)[:12]} is in force" in log for log in logs)


def stop(rig: Rig, kinds: str = "") -> str:
    """A [[maintenance]] of two hours, now."""
    now = rig.now().replace(tzinfo=None, microsecond=0)
    begin, end = (now + timedelta(hours=hours) for hours in (-1, 1))
    return f"\n[[maintenance]]\nfrom = {begin.isoformat()}\nto = {end.isoformat()}\n{kinds}\n"


def center_faults(rig: Rig) -> list[object]:
    """The codes of what was wrong with the center, in their order."""
    changes = [data for _, _, event, data in rig.entries() if event == "device.changed"]
    return [data["code"] for data in changes if data["device"] == "center"]


async def test_r34_maintenance_and_a_new_fee_are_published_while_the_kiosk_and_the_center_run() -> None:
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        good = rig.profile.read_text("utf-8")
        rig.publish(good + stop(rig))
        await rig.see("error.E4", within=WITHIN)
        rig.publish("nonsense")  # refused by both: what was published before stays in force
        log = rig.root / "daemon.log"
        await looked_until(lambda: "stays in force" in log.read_text("utf-8"), "a refusal in the log", WITHIN)
        assert rig.feed.shown.name == "error.E4"
        rig.publish(good)
        await rig.see("start", within=WITHIN)
        await looked_until(lambda: len(taken(rig)) == 2, "the entry of the profile of before", WITHIN)
        assert taken(rig)[1] == profile_hash(rig.profile)
        rig.publish(good.replace("yen = 200", "yen = 300"))
        await looked_until(lambda: in_force(rig), "the new fee on both sides", WITHIN)
        await rig.see("start", within=WITHIN)
        story = residence_certificate()
        dearer = Scenario(story.title, Expectation("complete", delivered=1, kept=300), story.step)
        assert await Player(rig, None, lambda _: None).play(dearer) == []


async def test_p11_while_only_the_center_has_the_new_profile_no_session_starts() -> None:
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        good = rig.profile.read_text("utf-8")
        other = rig.root / "other.toml"
        other.write_text(good + stop(rig, 'kinds = ["inkan"]'), "utf-8")
        await rig.change_center(profile=str(other))
        await looked_until(lambda: "kiosk.build" in center_faults(rig), "the difference", WITHIN)
        assert rig.feed.shown.name == "out"
        rig.publish(other.read_text("utf-8"))
        await rig.see("start", within=WITHIN)

"""The survey of a ccTalk line: it finds what is there, tells what happens, and moves no coin."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from drivers.cash import cctalk
from drivers.cash.inhibits import Inhibits
from drivers.cash.payloads import OPTO_BLOCKED, TIMEOUT
from drivers.cash.survey import QUESTIONS, CctalkSurvey, CctalkSurveySettings, ReadingBus
from drivers.cash.virtual import VirtualBus
from drivers.ports import PortLost, memory_pair, open_port
from hal import faults
from hal.contracts import Finding, Survey
from tests.drivers.cash.kit import Cable
from tests.virtual_time import run_virtual

CHANGING = {
    cctalk.RESET,
    cctalk.MODIFY_INHIBITS,
    cctalk.MODIFY_MASTER_INHIBIT,
    cctalk.EMERGENCY_STOP,
    cctalk.DISPENSE,
    cctalk.ENABLE_HOPPER,
    cctalk.HOPPER_KEY,
    cctalk.ROUTE_BILL,
    cctalk.BILL_MODE,
    cctalk.OVERRIDE_SORTER,
    cctalk.MODIFY_SORTER_PATH,
    cctalk.DEFAULT_SORTER_PATH,
    cctalk.PUMP_RANDOM,
}

Looks = AsyncGenerator[tuple[Finding, ...], None]
Story = Callable[[Looks, VirtualBus], Awaitable[None]]


def play(story: Story, bus: VirtualBus | None = None, checksum: str = "simple") -> VirtualBus:
    """Runs the story beside a survey over a cable in memory; not a coin may have moved."""
    wired = bus or VirtualBus(validator=True)

    async def main() -> None:
        cable = Cable(wired)
        settings = CctalkSurveySettings("memory:", checksum=checksum)  # type: ignore[arg-type]
        survey: Survey = CctalkSurvey(settings, cable.open)
        async with aclosing(survey.looks()) as looks:
            await story(looks, wired)
        await cable.close()
        assert wired.conserved
        assert not {request.header for request in wired.heard} & CHANGING

    run_virtual(main())
    return wired


async def until(looks: Looks, name: str, so: Callable[[Finding], bool] = lambda _: True) -> Finding:
    """The next look at a thing of which this holds."""
    async with asyncio.timeout(120):
        async for found in looks:
            for finding in found:
                if finding.name == name and so(finding):
                    return finding
    raise AssertionError("the survey has ended")


def codes(finding: Finding) -> list[str]:
    return [fault.code for fault in finding.faults]


# ---------------------------------------------------------------- what is there


def test_every_device_of_the_line_is_found_with_what_it_says_of_itself() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        line, acceptor, *hoppers, validator = await anext(looks)
        assert line == Finding("line", (("port", "memory:"), ("checksum", "simple"), ("echo", "no")))
        assert acceptor.name == "coin acceptor at 2"
        assert dict(acceptor.facts) == {
            "maker": "MADOGUCHI VIRTUAL",
            "category": "Coin Acceptor",
            "model": "VA-1",
            "serial": "1001",
            "software": "1.0",
            "simulator": "yes",
            "can tell": "10, 50, 100, 500 yen",
            "takes money": "no",
            "build": "2026-04",
            "protocol": "1.4.7",
        }
        assert [hopper.name for hopper in hoppers] == [f"hopper at {n}" for n in (3, 4, 5, 6)]
        assert dict(hoppers[2].facts)["coin"] == "100 yen"
        assert (validator.name, dict(validator.facts)["can tell"]) == (
            "bill validator at 40",
            "1000, 2000, 5000, 10000 yen",
        )
        assert not any(finding.faults or finding.news for finding in (line, acceptor, *hoppers, validator))

    play(story)


@pytest.mark.parametrize(("echo", "crc"), [(True, False), (False, True), (True, True)])
def test_the_line_may_echo_and_use_either_checksum(echo: bool, crc: bool) -> None:
    async def story(looks: Looks, _: VirtualBus) -> None:
        line, *devices = await anext(looks)
        assert dict(line.facts)["echo"] == ("yes" if echo else "no")
        assert len(devices) == 5

    play(story, VirtualBus(echo=echo, crc=crc), "crc" if crc else "simple")


def test_a_line_on_which_nobody_answers_is_a_fault_that_says_what_to_try() -> None:
    async def story(looks: Looks, _: VirtualBus) -> None:
        (line,) = await anext(looks)
        assert codes(line) == [faults.CASH_LINK_LOST]
        assert "memory:" in line.faults[0].detail
        assert "checksum" in line.faults[0].detail

    play(story, VirtualBus(crc=True), "simple")


def test_a_device_that_is_plugged_in_later_is_found() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        bus.silence(5)
        assert "hopper at 5" not in [finding.name for finding in await anext(looks)]
        bus.silence(5, on=False)
        await until(looks, "hopper at 5")

    play(story)


def test_a_hopper_that_does_not_know_the_newer_questions_is_told_all_the_same() -> None:
    bus = VirtualBus()
    for header in (cctalk.HOPPER_COIN, cctalk.HOPPER_LEVEL, cctalk.SOFTWARE, cctalk.SERIAL):
        del bus.hoppers[4].handlers[header]

    async def story(looks: Looks, _: VirtualBus) -> None:
        facts = dict((await until(looks, "hopper at 4")).facts)
        assert {facts[label] for label in ("coin", "level", "software", "serial")} == {"not told"}

    play(story, bus)


def test_a_device_of_an_unknown_category_is_told_by_its_identity() -> None:
    bus = VirtualBus()
    bus.hoppers[6].category = "Changer"

    async def story(looks: Looks, _: VirtualBus) -> None:
        assert dict((await until(looks, "device at 6")).facts)["category"] == "Changer"

    play(story, bus)


# ---------------------------------------------------------------- what happens


def test_events_are_told_in_order_and_each_once() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        assert bus.validator is not None
        bus.acceptor.event(14)
        assert not (await until(looks, "coin acceptor at 2")).news, "what was before is no news"
        bus.insert(100)
        bus.press_return()
        bus.acceptor.event(20)
        bus.acceptor.event(4)
        bus.acceptor.event(36)
        bus.insert_bill(1000)
        bus.validator.event(14)
        found = {finding.name: finding.news for finding in await anext(looks)}
        assert found["coin acceptor at 2"] == (
            "a coin was refused: inhibited (event 2)",
            "the return lever was pressed (event 254)",
            "manipulation is suspected (event 20)",
            "something is stuck (event 4)",
            "a coin may have stayed inside (event 36)",
        )
        assert found["bill validator at 40"] == (
            "a bill was refused: inhibited (event 4)",
            "the stacker is full (event 14)",
        )
        assert not any(finding.news for finding in await anext(looks))

    play(story)


def test_a_reset_and_events_that_came_too_quickly_are_told() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        bus.press_return()
        await anext(looks)
        for _ in range(7):
            bus.press_return()
        news = (await until(looks, "coin acceptor at 2")).news
        assert (news[0], len(news)) == ("2 events came too quickly to be read", 6)
        bus.power_cycle()
        assert (await until(looks, "coin acceptor at 2")).news == (
            "it was reset, or had no power for a moment",
        )

    play(story)


def test_faults_come_and_go_with_their_code() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        await anext(looks)
        bus.acceptor.fault = 3
        bus.hoppers[3]._flags |= OPTO_BLOCKED
        bus.hoppers[4]._flags |= TIMEOUT
        bus.hoppers[5].empty()
        bus.silence(6)
        _, acceptor, three, four, five, six, _ = await anext(looks)
        assert codes(acceptor) == [faults.CASH_ACCEPTOR_BLOCKED]
        assert codes(three) == [faults.CASH_HOPPER_JAM]
        assert codes(four) == [faults.CASH_HOPPER_EMPTY]
        assert dict(five.facts)["level"] == "low"
        assert codes(six) == [faults.CASH_LINK_LOST]
        assert dict(six.facts)["serial"] == "3006", "what was known is still told"
        bus.silence(6, on=False)
        bus.power_cycle()
        bus.acceptor.fault = 0
        assert not any(finding.faults for finding in await anext(looks))

    play(story)


def test_a_device_that_was_silent_may_come_back_as_another_one() -> None:
    async def story(looks: Looks, bus: VirtualBus) -> None:
        await anext(looks)
        bus.silence(3)
        await until(looks, "hopper at 3", lambda finding: bool(finding.faults))
        bus.swap(3, 777)
        bus.silence(3, on=False)
        hopper = await until(looks, "hopper at 3", lambda finding: not finding.faults)
        assert dict(hopper.facts)["serial"] == "777"

    play(story)


def test_a_line_that_is_cut_is_told_and_found_again() -> None:
    async def main() -> None:
        bus = VirtualBus()
        cable = Cable(bus)
        async with aclosing(CctalkSurvey(CctalkSurveySettings("memory:"), cable.open).looks()) as looks:
            assert len(await anext(looks)) == 6
            await cable.unplug()
            assert codes(await until(looks, "line", lambda line: bool(line.faults))) == [
                faults.CASH_LINK_LOST
            ]
            cable.cut = False
            assert not (await until(looks, "line", lambda line: not line.faults)).faults
        await cable.close()

    run_virtual(main())


# ---------------------------------------------------------------- what it must not do


def test_an_input_that_is_switched_on_is_not_polled_so_it_takes_nothing() -> None:
    """What a kiosk that died with its till open leaves behind."""

    async def story(looks: Looks, bus: VirtualBus) -> None:
        await anext(looks)
        bus.heard.clear()
        for device in (bus.acceptor, bus.validator):
            assert device is not None
            device._inhibit.mask, device._inhibit.master = 0b100, True
        found = {finding.name: dict(finding.facts) for finding in await anext(looks)}
        assert found["coin acceptor at 2"]["takes money"].startswith("100 yen; its events are not read")
        assert found["bill validator at 40"]["takes money"].startswith("5000 yen; ")
        for _ in range(10):
            await anext(looks)
            assert bus.insert(100) == "inhibited"
        assert not {frame.header for frame in bus.heard} & {cctalk.READ_CREDITS, cctalk.READ_BILLS}

    play(story)


@pytest.mark.parametrize("header", sorted(CHANGING))
async def test_what_changes_something_does_not_reach_the_wire(header: int) -> None:
    host, device = memory_pair()
    bus = ReadingBus("off", crc=False)
    bus.attach(host)
    with pytest.raises(PermissionError, match=f"header {header}"):
        await bus.ask(2, header)
    with pytest.raises(PermissionError):
        await bus.command(2, header)
    assert device.discard_input() == b""
    with pytest.raises(PermissionError):
        await Inhibits(bus, 2, size=2).write(0)


def test_every_header_is_either_a_question_or_changes_something() -> None:
    numbers = {value for name, value in vars(cctalk).items() if name.isupper() and isinstance(value, int)}
    others = {cctalk.HOST, cctalk.REPLY, cctalk.NAK, cctalk.BUSY, cctalk.OVERHEAD}
    others |= {cctalk.HOPPER_ENABLED, cctalk.BILL_RETURN, cctalk.BILL_STACK, cctalk.BILL_EXTEND}
    assert not QUESTIONS & CHANGING
    assert numbers - others | {cctalk.RESET} == QUESTIONS | CHANGING


# ---------------------------------------------------------------- over real wires


async def test_it_surveys_over_tcp() -> None:
    bus = VirtualBus(validator=True)
    async with (
        bus.serve_tcp() as port,
        aclosing(CctalkSurvey(CctalkSurveySettings(f"tcp:127.0.0.1:{port}")).looks()) as looks,
    ):
        assert len(await anext(looks)) == 7
    assert {request.header for request in bus.heard} <= QUESTIONS


async def test_it_surveys_over_a_pseudo_terminal_whose_link_goes_with_the_vendor(tmp_path: Path) -> None:
    bus, link = VirtualBus(), tmp_path / "vendor"
    async with bus.serve_pty(link):
        for _ in range(2):
            async with aclosing(CctalkSurvey(CctalkSurveySettings(f"pty:{link}")).looks()) as looks:
                assert len(await anext(looks)) == 6
    assert not link.is_symlink()
    assert {request.header for request in bus.heard} <= QUESTIONS


async def test_a_link_left_by_an_earlier_vendor_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    link = tmp_path / "vendor"
    link.symlink_to(tmp_path / "gone")
    async with VirtualBus().serve_pty(link):
        port = await open_port(f"pty:{link}")
        await port.close()
    link.write_text("mine")
    with pytest.raises(FileExistsError):
        async with VirtualBus().serve_pty(link):
            pass
    assert link.read_text() == "mine"


async def test_a_line_that_another_program_has_is_told_with_its_address(tmp_path: Path) -> None:
    link = tmp_path / "vendor"
    async with VirtualBus().serve_pty(link):
        kiosk = await open_port(f"pty:{link}")
        async with aclosing(CctalkSurvey(CctalkSurveySettings(f"pty:{link}")).looks()) as looks:
            (line,) = await anext(looks)
        assert codes(line) == [faults.CASH_LINK_LOST]
        assert f"pty:{link} cannot be opened" in line.faults[0].detail
        await kiosk.close()


async def test_an_address_that_cannot_be_one_is_refused() -> None:
    async with aclosing(CctalkSurvey(CctalkSurveySettings("com1")).looks()) as looks:
        with pytest.raises(ValueError, match="write serial:"):
            await anext(looks)


def test_the_line_is_lost_before_anything_is_known() -> None:
    async def nowhere(_: str) -> None:
        raise PortLost("memory: gone; check")

    async def main() -> None:
        survey = CctalkSurvey(CctalkSurveySettings("memory:"), nowhere)  # type: ignore[arg-type]
        async with aclosing(survey.looks()) as looks:
            for _ in range(3):
                (line,) = await anext(looks)
                assert (codes(line), line.faults[0].detail) == (
                    [faults.CASH_LINK_LOST],
                    "memory: gone; check",
                )

    run_virtual(main())

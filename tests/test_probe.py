"""What ``madoguchi probe`` tells of a survey: a block for all that is there, then a line for each change."""

import io
import json
import re
from collections.abc import AsyncGenerator, Mapping

import msgspec
import pytest

from daemon import probe as module
from daemon.probe import DRIVERS, probe
from drivers.registry import SURVEYS
from hal.contracts import Finding
from hal.faults import Fault

LOST = Fault("cash.link-lost", "cash", "device 3 does not answer header 168; check its cable and power")
STILL_LOST = Fault("cash.link-lost", "cash", "device 3 does not answer header 254; check its cable and power")
LINE = Finding("line", (("port", "tcp:vendor:1"), ("echo", "no")))


class VendorSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    port: str
    crc: bool = False


class Scripted:
    """A survey that finds this, look after look, and is then interrupted as by Ctrl-C."""

    Settings = VendorSettings
    looks_to_give: tuple[tuple[Finding, ...], ...] = ()
    closed = False

    def __init__(self, settings: VendorSettings) -> None:
        assert settings.port == "tcp:vendor:1"

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        try:
            for found in self.looks_to_give:
                yield found
            raise KeyboardInterrupt
        finally:
            Scripted.closed = True


def told(
    monkeypatch: pytest.MonkeyPatch, *looks: tuple[Finding, ...], as_json: bool = False, once: bool = False
) -> tuple[int | None, str]:
    """(exit status, None: interrupted; what was told)."""
    monkeypatch.setattr(module, "survey_class", lambda device, name: Scripted)
    monkeypatch.setattr(Scripted, "looks_to_give", looks)
    out = io.StringIO()
    try:
        status: int | None = probe("cash", {"port": "tcp:vendor:1"}, as_json, once, out)
    except KeyboardInterrupt:
        status = None
    assert Scripted.closed
    return status, out.getvalue()


def lines_after_the_first_look(monkeypatch: pytest.MonkeyPatch, *looks: tuple[Finding, ...]) -> list[str]:
    """The lines of change, without their time."""
    _, text = told(monkeypatch, *looks)
    lines = text.partition("following; Ctrl-C ends\n")[2].splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d  ", line) for line in lines)
    return [line[10:] for line in lines]


def test_the_first_look_is_a_block_for_each_thing_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    hopper = Finding("hopper at 3", (("maker", "M"), ("coins paid ever", "12")), (LOST,))
    assert told(monkeypatch, (LINE, hopper), once=True) == (
        1,
        """\
cash at tcp:vendor:1

line
  port  tcp:vendor:1
  echo  no

hopper at 3
  maker            M
  coins paid ever  12
  FAULT cash.link-lost: device 3 does not answer header 168; check its cable and power
""",
    )


def test_without_a_fault_the_status_is_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, (LINE,), once=True)[0] == 0
    assert json.loads(told(monkeypatch, (LINE,), as_json=True, once=True)[1])["device"] == "cash"


def test_nothing_new_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_after_the_first_look(monkeypatch, (LINE,), (LINE,), (LINE,)) == []


def test_each_change_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Finding("line", (("port", "tcp:vendor:1"), ("echo", "yes"), ("level", "low")))
    new = Finding("hopper at 3", (("maker", "M"), ("coin", "10 yen")), (LOST,))
    assert lines_after_the_first_look(monkeypatch, (LINE,), (changed, new), (changed,)) == [
        "line: echo: no -> yes",
        "line: level: low",
        "hopper at 3: found; maker M; coin 10 yen",
        f"hopper at 3: FAULT cash.link-lost: {LOST.detail}",
        "hopper at 3: gone",
    ]


def test_a_fault_is_told_once_however_its_words_change_and_when_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = [(Finding("hopper at 3", (), found),) for found in ((), (LOST,), (STILL_LOST,), ())]
    assert lines_after_the_first_look(monkeypatch, *looks) == [
        f"hopper at 3: FAULT cash.link-lost: {LOST.detail}",
        "hopper at 3: mended: cash.link-lost",
    ]


def test_news_is_told_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lever = Finding("coin acceptor at 2", news=("the lever", "the lever"))
    looks = ((Finding("coin acceptor at 2"),), (lever,), (lever,))
    assert lines_after_the_first_look(monkeypatch, *looks) == ["coin acceptor at 2: the lever"] * 4


def test_for_machines_each_line_is_an_object_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    lever = Finding("line", LINE.facts, (), ("the lever",))
    lost, still = Finding("line", LINE.facts, (LOST,)), Finding("line", LINE.facts, (STILL_LOST,))
    status, text = told(monkeypatch, (LINE,), (LINE,), (lever,), (lever,), (lost,), (still,), as_json=True)
    assert status is None
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["device"], line["at"]) for line in lines] == [("cash", "tcp:vendor:1")] * 4
    assert [re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+09:00", line["time"]) is None for line in lines] == [
        False
    ] * 4
    found = {"name": "line", "facts": {"port": "tcp:vendor:1", "echo": "no"}, "faults": [], "news": []}
    assert [line["found"] for line in lines] == [
        [found],
        [found | {"news": ["the lever"]}],
        [found | {"news": ["the lever"]}],
        [found | {"faults": [{"code": LOST.code, "detail": LOST.detail}]}],
    ]


def test_the_password_of_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    probe("document", {"uri": "ipp://user:secret@127.0.0.1:1/ipp/print"}, False, True, out)
    assert "ipp://***@127.0.0.1:1/ipp/print" in out.getvalue()
    assert "secret" not in out.getvalue()


@pytest.mark.parametrize("keys", [{"port": "tcp:vendor:1", "crc": "perhaps"}, {"port": 5}, {}])
def test_settings_that_cannot_be_meant_are_refused(
    keys: Mapping[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "survey_class", lambda device, name: Scripted)
    with pytest.raises(ValueError, match=r"^\[cash\] "):
        probe("cash", keys, False, True, io.StringIO())


def test_every_device_that_can_be_surveyed_can_be_probed() -> None:
    assert set(DRIVERS.items()) == set(SURVEYS)

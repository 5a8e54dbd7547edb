"""What the printer at the end of all wires was given equals the registry's record, field by field."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from daemon.center.facts import Resident
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import SAMPLE_HOLDERS, sample_registry
from daemon.issuance.calendar import wareki
from tests.center.poppler import is_a_line, poppler, value_beside
from tests.wires.stories import residence_certificate

OMITTED = "省略"
BY_CHOICE = {
    "head": ("世帯主", "続柄"),
    "honseki": ("本籍", "筆頭者"),
    "mynumber": ("個人番号",),
}


@contextmanager
def household(holder: str, today: date) -> Iterator[dict[str, Resident]]:
    """The records of a holder's household, by name, in a sample registry of our own."""
    engine = open_engine(None)
    try:
        sample_registry(engine, today)
        members = Registry(engine).household(SAMPLE_HOLDERS[holder].resident)
        yield {member.name: member for member in members}
    finally:
        engine.dispose()


def fields(person: Resident) -> dict[str, str]:
    """Label → what the registry says. A field that is empty there is not looked for."""
    return {
        "生年月日": wareki(person.born),
        "性別": person.sex,
        "住所": person.address.text,
        "住所を定めた年月日": wareki(person.address.since),
        "届出年月日": wareki(person.address.filed),
        "住民となった年月日": wareki(person.resident_since),
        "前住所": person.previous,
        "世帯主": person.head,
        "続柄": person.relation,
        "本籍": person.honseki,
        "筆頭者": person.hittosha,
        "個人番号": person.mynumber,
    }


def as_chosen(said: dict[str, str], items: tuple[str, ...]) -> dict[str, str]:
    """The same, with 省略 for what was not chosen."""
    omitted = {label for item, labels in BY_CHOICE.items() if item not in items for label in labels}
    return {label: OMITTED if label in omitted else words for label, words in said.items() if words}


@pytest.mark.parametrize(
    ("holder", "items"), [("taro", ("head",)), ("makoto", ("honseki", "mynumber")), ("sakura", ())]
)
async def test_the_printed_page_says_what_the_registry_says(holder: str, items: tuple[str, ...]) -> None:
    async with Rig(Setup(speed=0)) as rig:
        today = rig.now().date()
        await rig.see("start", within=60)
        assert await Player(rig, None, lambda _: None).play(residence_certificate(holder, items)) == []
        (job,) = rig.printer.jobs
        (number,) = [entry[3]["number"] for entry in rig.entries() if entry[2] == "print.done"]
    with household(holder, today) as people:
        check_sheet(poppler(job.document), people[SAMPLE_HOLDERS[holder].name], items, today)
    assert re.search(rf"証明書固有番号 +{number} +1/1$", poppler(job.document), re.MULTILINE)


def check_sheet(text: str, person: Resident, items: tuple[str, ...], today: date) -> None:
    expected = as_chosen(fields(person), items)
    assert {label: value_beside(label, text) for label in expected} == expected
    assert is_a_line(person.name, text)
    assert value_beside("振り仮名", text) == person.kana
    assert is_a_line(wareki(today), text)
    assert is_a_line("富山県高岡市長", text)
    assert is_a_line("見本", text)


@pytest.mark.parametrize(
    ("holder", "scope", "picked", "names"),
    [
        ("hanako", "all", (), ("山田 太郎", "山田 花子", "山田 さくら", "山田 健太")),
        ("makoto", "part", (0, 2), ("渡邉\U000e010f 誠", "渡邉\U000e010f 美咲")),
    ],
)
async def test_the_printed_sheets_of_a_household_say_what_the_registry_says(
    holder: str, scope: str, picked: tuple[int, ...], names: tuple[str, ...]
) -> None:
    story = residence_certificate(holder, ("head",), 2, scope=scope, names=picked)
    async with Rig(Setup(speed=0)) as rig:
        today = rig.now().date()
        await rig.see("start", within=60)
        assert await Player(rig, None, lambda _: None).play(story) == []
        jobs = rig.printer.jobs
        numbers = [entry[3]["number"] for entry in rig.entries() if entry[2] == "print.done"]
        sheets = [entry[3]["sheets"] for entry in rig.entries() if entry[2] == "paper.presented"]
    assert sheets == [2 * len(names)]
    with household(holder, today) as people:
        for job, number in zip(jobs, numbers, strict=True):
            fronts = poppler(job.document).split("\f")[:-1:2]
            assert job.printed == len(fronts) == len(names)
            for sheet, (name, text) in enumerate(zip(names, fronts, strict=True), start=1):
                check_sheet(text, people[name], ("head",), today)
                assert re.search(rf"証明書固有番号 +{number} +{sheet}/{len(names)}$", text, re.MULTILINE)

"""Findings as rows for a person: the labels are those of the paper, in Japanese."""

from collections.abc import Iterator

import msgspec

from daemon.center.paper.record import Field, Record
from daemon.center.paper.verify import Finding
from daemon.issuance.backs import NUMBER_LABEL, SAMPLE_MARK, place
from daemon.issuance.calendar import wareki
from daemon.issuance.table import table


class Shown(msgspec.Struct, frozen=True):
    """A finding as it travels: rows of (label, words), none if the signature does not hold."""

    verdict: str
    good: bool
    said: str
    rows: tuple[Field, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """All that was found. missing: a line for each 通 of which a sheet was not shown."""

    findings: tuple[Shown, ...]
    missing: tuple[str, ...]


def shown(finding: Finding) -> Shown:
    told = rows(finding.record) if finding.record else ()
    return Shown(finding.verdict.value, finding.good, finding.said, told)


def rows(record: Record) -> tuple[Field, ...]:
    """(label, words): what the code says of the sheet as such, then what stands on its front."""
    sheet = (
        ("証明書", f"{record.title}({SAMPLE_MARK})" if record.sample else record.title),
        (NUMBER_LABEL, record.number),
        ("ページ番号", place(record.page, record.total)),
        ("発行年月日", wareki(record.issued)),
        ("団体コード", record.issuer),
    )
    return sheet + record.fields


def lines(finding: Finding) -> Iterator[str]:
    """The verdict, then the rows in two columns."""
    yield f"{finding.verdict.value.upper()}: {finding.said}"
    if finding.record is not None:
        yield from (f"  {line}" for line in table(rows(finding.record)))

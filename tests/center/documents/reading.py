"""Sheets held against the facts: by what the press says of them, and by what poppler reads on them."""

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from daemon.center.documents.press import Drawn, DrawnSheet
from tests.center.documents.expected import Fields, Person
from tests.center.poppler import letters, raw_pages


def read(drawn: Sequence[Drawn]) -> list[tuple[DrawnSheet, str]]:
    """Each sheet of all of these with the letters that poppler reads on it; one run of poppler for all."""
    out = BytesIO()
    with pikepdf.new() as whole:
        for one in drawn:
            with pikepdf.open(BytesIO(one.pdf)) as pdf:
                whole.pages.extend(pdf.pages)
        whole.save(out)
    sheets = [sheet for one in drawn for sheet in one.sheets]
    return list(zip(sheets, raw_pages(out.getvalue()), strict=True))


def stands_in_order(fields: Fields, page: str) -> bool:
    """Whether each value stands on the page right after its label, one field after the other."""
    at = 0
    for label, value in fields:
        at = page.find(letters(label + value), at)
        if at < 0:
            return False
        at += len(letters(label + value))
    return True


def check_register(
    sheets: Sequence[tuple[DrawnSheet, str]], head: Fields, made: Fields, people: Sequence[Person]
) -> None:
    """head: at the top of every sheet. made: what is recorded before anybody. Everything is there once and in
    order, but for whom a sheet goes on about; and exactly those whose entries stand on a sheet are said to.
    """
    found: Fields = []
    open_person: Person | None = None
    for sheet, page in sheets:
        assert list(sheet.fields[: len(head)]) == head
        assert stands_in_order(list(sheet.fields), page)
        fields, persons = list(sheet.fields[len(head) :]), []
        if open_person and fields[: len(open_person[1])] == open_person[1] and found:
            fields = fields[len(open_person[1]) :]
            persons.append(open_person[0])
        for person in people:
            if person[1][0] in fields and all(field in fields for field in person[1]):
                persons.append(person[0])
                open_person = person
        assert list(sheet.persons) == persons
        found += fields
    assert found == made + [field for person in people for field in (*person[1], *person[2])]

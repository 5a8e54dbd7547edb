"""Screens 7 to 11: what is wanted. Rows of buttons to the letter of the seed (REQUIREMENTS §1)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from daemon.issuance.messages import Item, Kind, Offer, Person, Scope
from daemon.session.screens.common import (
    Say,
    back_button,
    choices,
    confirm_button,
    quit_button,
)
from daemon.session.widgets import (
    Button,
    Choices,
    Field,
    Keypad,
    Rows,
    Screen,
    Table,
    Text,
    YesNo,
)


@dataclass(frozen=True)
class Wish:
    """What the citizen has chosen so far. copies: the digits as typed. persons: handles, for 世帯の一部 and
    個人事項証明. year: 年度 of a tax certificate, 0 until chosen.
    """

    offer: Offer | None = None
    scope: Scope | None = None
    items: frozenset[Item] = frozenset()
    copies: str = "1"
    persons: frozenset[str] = frozenset()
    year: int = 0

    @property
    def number(self) -> int:
        return int(self.copies or 0)


def certificate(say: Say, offers: Sequence[Offer], chosen: Kind | None) -> Screen:
    """7: the kinds this holder can have, in Japanese as their municipality calls them."""
    options = [(f"kind.{offer.kind}", certificate_name(say, offer)) for offer in offers]
    notices = dict.fromkeys(key for offer in offers for key in offer.notices)
    return Screen(
        "certificate",
        say.language,
        say("title.issue"),
        (
            choices(options, f"kind.{chosen}" if chosen else None),
            *(Text(say(key), "note") for key in notices),
        ),
        prompt=say("muni.prompt"),
        buttons=(quit_button(say), confirm_button(say, chosen is not None)),
        spoken="muni.prompt",
    )


def scope(say: Say, offer: Offer, chosen: Scope | None) -> Screen:
    """8: 交付種別. Its 前画面へ is our one deviation from the seed."""
    options = [(f"scope.{key}", say(f"scope.{key}")) for key in offer.scopes]
    return Screen(
        "scope",
        say.language,
        say("title.issue"),
        (choices(options, f"scope.{chosen}" if chosen else None),),
        prompt=say("scope.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say, chosen is not None)),
        spoken="scope.prompt",
    )


def persons(say: Say, offer: Offer, chosen: AbstractSet[str]) -> Screen:
    """8, 世帯の一部: the names of the household, any of them but not none. chosen: handles."""
    names = tuple(
        Button(f"person.{at}", person.name, "choice", chosen=person.handle in chosen)
        for at, person in enumerate(offer.persons)
    )
    return Screen(
        "persons",
        say.language,
        say("title.issue"),
        (Choices(names),),
        prompt=say("scope.part.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say, bool(chosen))),
        spoken="scope.part.prompt",
    )


def person(say: Say, offer: Offer, chosen: AbstractSet[str]) -> Screen:
    """8, 個人事項証明: exactly one name. chosen: handles."""
    names = tuple(
        Button(f"person.{at}", person.name, "choice", chosen=person.handle in chosen)
        for at, person in enumerate(offer.persons)
    )
    return Screen(
        "person",
        say.language,
        say("title.issue"),
        (Choices(names),),
        prompt=say("scope.one.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say, bool(chosen))),
        spoken="scope.one.prompt",
    )


def year(say: Say, offer: Offer, chosen: int) -> Screen:
    """8, tax: the 年度, as the municipality writes it."""
    options = [(f"year.{year.year}", year.label) for year in offer.years]
    return Screen(
        "year",
        say.language,
        say("title.issue"),
        (choices(options, f"year.{chosen}"),),
        prompt=say("year.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say, bool(chosen))),
        spoken="year.prompt",
    )


def items(say: Say, offer: Offer, chosen: frozenset[Item]) -> Screen:
    """9: 有 or 無 for each item, 無 unless chosen."""
    rows = tuple(
        YesNo(
            say(f"items.{item}"),
            Button(f"item.{item}.yes", say("items.yes"), "choice", chosen=item in chosen),
            Button(f"item.{item}.no", say("items.no"), "choice", chosen=item not in chosen),
        )
        for item in offer.items
    )
    return Screen(
        "items",
        say.language,
        say("title.issue"),
        (Rows(rows),),
        prompt=say("items.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say)),
        spoken="items.prompt",
    )


def copies(say: Say, value: str, maximum: int, over: bool) -> Screen:
    """10: 部数. value: the digits as typed; empty disables 確定する."""
    field = Field(
        say("copies.label"),
        value,
        hint=say("copies.max", n=maximum),
        alert=say("copies.over", n=maximum) if over else "",
    )
    return Screen(
        "copies",
        say.language,
        say("title.issue"),
        (field, Keypad(say("btn.correct"))),
        prompt=say("copies.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say, bool(value))),
        spoken="copies.prompt",
    )


def typed(value: str, key: str, maximum: int, fresh: bool) -> tuple[str, bool]:
    """The copies field after one more digit: (value, hint wanted). fresh: the first digit replaces it.

    0 alone is refused; a digit that would exceed the maximum is ignored; both ask for the hint.
    """
    candidate = key if fresh else value + key
    if candidate == "0":
        return value, True
    return (value, True) if int(candidate) > maximum else (candidate, False)


def confirm(say: Say, offer: Offer, wish: Wish, persons: Sequence[Person]) -> Screen:
    """11: everything once more, before money."""
    across = tuple(
        (say(f"items.{item}"), say("items.yes" if item in wish.items else "items.no")) for item in offer.items
    )
    years = tuple((say("confirm.year"), year.label) for year in offer.years if year.year == wish.year)
    names = [person.name for person in persons]
    japanese = frozenset((*names, *(label for _, label in years)))
    rows = (
        (say("confirm.type"), _kind_and_scope(say, offer, wish)),
        *years,
        (say("confirm.copies"), say("unit.copies", n=wish.number)),
        (say("confirm.fee"), say("unit.yen", n=offer.fee * wish.number)),
        (say("confirm.persons"), "\n".join(names)),
    )
    return Screen(
        "confirm",
        say.language,
        say("title.issue"),
        (Table(rows, across, japanese), *(Text(say(key), "note") for key in offer.notices)),
        prompt=say("confirm.prompt"),
        buttons=(quit_button(say), back_button(say), confirm_button(say)),
        spoken="confirm.prompt",
    )


def certificate_name(say: Say, offer: Offer) -> str:
    """In Japanese as the municipality calls it; other languages say what it is."""
    return offer.name if say.language == "ja" and offer.name else say(f"cert.{offer.kind}")


def _kind_and_scope(say: Say, offer: Offer, wish: Wish) -> str:
    """For the koseki family screen 11 also says whether it is of everybody or of one person."""
    if wish.scope not in ("koseki_all", "koseki_one"):
        return certificate_name(say, offer)
    return f"{certificate_name(say, offer)}\n{say(f'scope.{wish.scope}')}"

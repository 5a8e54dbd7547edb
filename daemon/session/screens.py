"""Every screen of the kiosk as a pure function: what it says and which buttons it has (REQUIREMENTS §1).

The button rows of screens 2 and 4–11 are the seed's, to the letter; the rest is ours. A ``Say`` gives the
text of a key in the citizen's language. Nothing here knows where things stand on the glass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from daemon.issuance.messages import Item, Kind, Municipality, Offer, Person, Scope
from daemon.session.widgets import (
    Button,
    Choices,
    Described,
    Field,
    Keypad,
    Picture,
    Progress,
    Rows,
    Screen,
    Table,
    Text,
    Widget,
    YesNo,
)

LANGUAGES = {
    "ja": "日本語",
    "en": "English",
    "ko": "한국어",
    "zh-Hans": "中文(简体字)",
    "zh-Hant": "中文(繁體字)",
    "es": "Español",
    "pt": "Português",
}


class Say(Protocol):
    """The texts in one language."""

    @property
    def language(self) -> str: ...

    def __call__(self, key: str, **values: object) -> str: ...


# ---------------------------------------------------------------- buttons


def _quit(say: Say) -> Button:
    return Button("quit", say("btn.finish"))


def _back(say: Say) -> Button:
    return Button("back", say("btn.back"))


def _confirm(say: Say, enabled: bool = True) -> Button:
    return Button("confirm", say("btn.confirm"), "primary", enabled)


def _languages(say: Say) -> tuple[Button, ...]:
    return tuple(
        Button(f"language.{code}", name, "choice", chosen=code == say.language)
        for code, name in LANGUAGES.items()
    )


def _choices(options: Sequence[tuple[str, str]], chosen: str | None) -> Choices:
    return Choices(tuple(Button(key, text, "choice", chosen=key == chosen) for key, text in options))


# ---------------------------------------------------------------- 1 to 6: the card comes and goes


def start(say: Say) -> Screen:
    """1: the start menu."""
    return Screen(
        "start",
        say.language,
        say("menu.title"),
        (Picture("card-place"), Choices((Button("services", say("service.start"), "choice"),))),
        prompt=say("menu.prompt"),
    )


def services(say: Say) -> Screen:
    """2: certificates, or the registration for koseki certificates; each button left of its description."""
    issue = Described(Button("issue", say("menu.issue"), "choice"), say("menu.issue.desc"))
    register = Described(
        Button("register", say("menu.register"), "choice"),
        say("menu.register.desc"),
        (say("menu.register.note1"), say("menu.register.note2", days=5)),
    )
    return Screen(
        "services",
        say.language,
        say("menu.title"),
        (issue, register),
        prompt=say("menu.prompt"),
        buttons=(Button("quit", say("btn.quit_menu")),),
    )


def card(say: Say, lift: bool = False) -> Screen:
    """3: place the card. lift: the last one could not be read; lift it and place it again."""
    hint = (Text(say("card.lift"), "alert"),) if lift else ()
    return Screen(
        "card",
        say.language,
        say("title.issue"),
        (Picture("card-place"), *hint),
        prompt=say("card.place"),
        buttons=(_quit(say),),
    )


def reading(say: Say) -> Screen:
    """3: the card is being read."""
    body = (Picture("wait"), Text(say("card.reading"), "lead"))
    return Screen("reading", say.language, say("title.issue"), body)


def municipality(say: Say, chosen: str | None) -> Screen:
    """4: whose certificates."""
    options = _choices((("own", say("muni.own")), ("other", say("muni.other"))), chosen)
    return Screen(
        "municipality",
        say.language,
        say("title.issue"),
        (Choices(options.buttons, note=say("muni.other.note")),),
        prompt=say("muni.prompt"),
        buttons=(_quit(say), _confirm(say, chosen is not None)),
        languages=_languages(say),
    )


def pin(say: Say, digits: int, tries_left: int | None, wrong: bool) -> Screen:
    """5: the PIN, shown as asterisks; the fourth digit verifies. wrong: E2 stands above the field."""
    alert = say("err.pin_wrong") if wrong else ""
    if tries_left == 1:
        alert = (alert + "\n" if alert else "") + say("pin.last")
    elif wrong and tries_left:
        alert += "\n" + say("pin.left", n=tries_left)
    return Screen(
        "pin",
        say.language,
        say("title.issue"),
        (
            Field(say("pin.label"), "*" * digits, hint=say("pin.help"), alert=alert),
            Keypad(say("btn.correct")),
        ),
        prompt=say("pin.prompt"),
        buttons=(_quit(say), _back(say)),
    )


def removal(say: Say) -> Screen:
    """6: the card goes home before anything else happens."""
    return Screen(
        "removal",
        say.language,
        say("title.issue"),
        (Picture("card-take"), Text(say("card.keep"))),
        prompt=say("card.remove"),
        buttons=(Button("quit", say("btn.cancel")),),
        languages=_languages(say),
    )


# ---------------------------------------------------------------- 7 to 11: what is wanted


@dataclass(frozen=True)
class Wish:
    """What the citizen has chosen so far. person indexes: into the offer's persons."""

    offer: Offer | None = None
    scope: Scope | None = None
    items: frozenset[Item] = frozenset()
    copies: str = "1"

    @property
    def number(self) -> int:
        return int(self.copies or 0)


def certificate(say: Say, offers: Sequence[Offer], chosen: Kind | None) -> Screen:
    """7: the kinds this holder can have."""
    options = [(f"kind.{offer.kind}", say(f"cert.{offer.kind}")) for offer in offers]
    notices = dict.fromkeys(key for offer in offers for key in offer.notices)
    return Screen(
        "certificate",
        say.language,
        say("title.issue"),
        (
            _choices(options, f"kind.{chosen}" if chosen else None),
            *(Text(say(key), "note") for key in notices),
        ),
        prompt=say("muni.prompt"),
        buttons=(_quit(say), _confirm(say, chosen is not None)),
    )


def scope(say: Say, offer: Offer, chosen: Scope | None) -> Screen:
    """8: 交付種別. Its 前画面へ is our one deviation from the seed."""
    options = [(f"scope.{key}", say(f"scope.{key}")) for key in offer.scopes]
    return Screen(
        "scope",
        say.language,
        say("title.issue"),
        (_choices(options, f"scope.{chosen}" if chosen else None),),
        prompt=say("scope.prompt"),
        buttons=(_quit(say), _back(say), _confirm(say, chosen is not None)),
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
        buttons=(_quit(say), _back(say), _confirm(say)),
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
        buttons=(_quit(say), _back(say), _confirm(say, bool(value))),
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
    rows = (
        (say("confirm.type"), say(f"cert.{offer.kind}")),
        (say("confirm.copies"), say("unit.copies", n=wish.number)),
        (say("confirm.fee"), say("unit.yen", n=offer.fee * wish.number)),
        (say("confirm.persons"), "\n".join(person.name for person in persons)),
    )
    return Screen(
        "confirm",
        say.language,
        say("title.issue"),
        (Table(rows, across), *(Text(say(key), "note") for key in offer.notices)),
        prompt=say("confirm.prompt"),
        buttons=(_quit(say), _back(say), _confirm(say)),
    )


# ---------------------------------------------------------------- 12 to 15: money, paper, receipt


def preparing(say: Say) -> Screen:
    """Between 11 and 12: the document is made, sealed and checked before any money."""
    body = (Picture("wait"), Text(say("print.preparing"), "lead"))
    return Screen("preparing", say.language, say("title.issue"), body)


@dataclass(frozen=True)
class Amounts:
    """Yen. exact: no change can be given, exact money only. rejected: the last coin came back."""

    due: int
    paid: int
    exact: bool = False
    rejected: bool = False

    @property
    def rest(self) -> int:
        return max(0, self.due - self.paid)

    @property
    def change(self) -> int:
        return max(0, self.paid - self.due)


def payment(say: Say, money: Amounts) -> Screen:
    """12: due, paid, remaining; 中止する until the fee is complete."""
    rows: list[tuple[str, str]] = [
        (say("pay.due"), say("unit.yen", n=money.due)),
        (say("pay.paid"), say("unit.yen", n=money.paid)),
        (say("pay.rest"), say("unit.yen", n=money.rest)),
    ]
    if money.change:
        rows.append((say("pay.change"), say("unit.yen", n=money.change)))
    notes: list[Widget] = [Text(say("pay.norefund"), "note")]
    if money.exact:
        notes.insert(0, Text(say("err.nochange"), "alert"))
    if money.rejected:
        notes.insert(0, Text(say("pay.rejected"), "alert"))
    return Screen(
        "payment",
        say.language,
        say("pay.title"),
        (Picture("coins"), Table(tuple(rows)), *notes),
        prompt=say("pay.insert", n=money.rest) if money.rest else say("pay.change_later"),
        buttons=(Button("quit", say("btn.cancel")),) if money.rest else (),
    )


def returning(say: Say) -> Screen:
    """Money is on its way back to the citizen."""
    body = (Picture("wait"), Text(say("pay.returning"), "lead"))
    return Screen("returning", say.language, say("pay.title"), body)


def take_money(say: Say, yen: int) -> Screen:
    """The coins lie in the return tray."""
    body = (Picture("coins-take"), Table(((say("pay.change"), say("unit.yen", n=yen)),)))
    return Screen("take-money", say.language, say("pay.title"), body, prompt=say("pay.take_change"))


def printing(say: Say, sheet: int, sheets: int) -> Screen:
    """13: sheet k of n."""
    text = say("print.progress", k=sheet, n=sheets)
    return Screen(
        "printing",
        say.language,
        say("print.title"),
        (Picture("printing"), Progress(text, sheet, sheets)),
        prompt=say("print.wait"),
    )


def hold(say: Say) -> Screen:
    """The printer needs an attendant; the job waits."""
    return Screen(
        "hold",
        say.language,
        say("print.title"),
        (Picture("error"), Text(say("print.hold"), "alert")),
    )


def take(say: Say, sheets: int, forgotten: bool, sensor: bool) -> Screen:
    """14: stays until the paper is taken: seen by the sensor, or said by the citizen where there is none.

    sheets: 0 if it is not known how many lie there.
    """
    alert = (Text(say("take.forgotten"), "alert"),) if forgotten else ()
    count = (Text(say("take.sheets", n=sheets), "lead"),) if sheets else ()
    return Screen(
        "take",
        say.language,
        say("take.title"),
        (Picture("paper-take"), *count, *alert),
        prompt=say("take.cert"),
        buttons=() if sensor else (Button("taken", say("btn.taken"), "primary"),),
    )


def receipt(say: Say, number: str, failed: bool) -> Screen:
    """15: the receipt; when it could not be printed its number stands here (reprint by staff, 再発行)."""
    note = (Text(say("print.hold"), "alert"), Text(number, "lead")) if failed else ()
    return Screen(
        "receipt",
        say.language,
        say("receipt.title"),
        (Picture("receipt"), *note),
        prompt="" if failed else say("take.receipt"),
    )


def thanks(say: Say) -> Screen:
    return Screen("thanks", say.language, say("title.issue"), (Text(say("done.thanks"), "lead"),))


# ---------------------------------------------------------------- errors and the kiosk's own states


def error(say: Say, code: str, lines: Sequence[str], help_at: Municipality | None = None) -> Screen:
    """An error page: what happened, its cause line, where to get help; closes by itself."""
    offices: tuple[Widget, ...] = ()
    if help_at is not None and help_at.offices:
        rows = tuple((office.name, f"{office.address} {office.phone}".strip()) for office in help_at.offices)
        note = "  ".join([say("err.offices"), help_at.website]).strip()
        offices = (Text(note, "note"), Table(rows), Text(say("err.bring"), "note"))
    first, *rest = lines
    return Screen(
        f"error.{code}",
        say.language,
        say("title.issue"),
        (Picture("error"), Text(first, "alert"), *(Text(line) for line in rest), *offices),
        buttons=(_quit(say),),
    )


def card_left(say: Say) -> Screen:
    """A card lies on the reader and must go; stays until it is taken."""
    return Screen(
        "card-left",
        say.language,
        say("title.issue"),
        (Picture("card-take"), Text(say("card.forgotten"), "alert")),
    )


def closed(say: Say, opens: str, closes: str) -> Screen:
    """Outside the site's hours."""
    return Screen(
        "closed",
        say.language,
        say("closed.title"),
        (Picture("closed"), Text(say("closed.hours", open=opens, close=closes), "lead")),
    )


def out_of_service(say: Say, reason: str = "") -> Screen:
    """Something the kiosk cannot work without is missing. reason: what the fault catalogue tells citizens."""
    return Screen(
        "out",
        say.language,
        say("out.title"),
        (Picture("closed"), Text(reason or say("out.staff"), "lead")),
    )


def refund_offer(say: Say, yen: int) -> Screen:
    """After a power cut: the money of the interrupted session, offered for three minutes."""
    return Screen(
        "refund-offer",
        say.language,
        say("pay.title"),
        (Text(say("refund.offer"), "lead"), Table(((say("pay.paid"), say("unit.yen", n=yen)),))),
        buttons=(Button("refund", say("btn.refund"), "primary"),),
    )


def claim(say: Say, number: str, yen: int) -> Screen:
    """Money the kiosk owes and cannot pay out: the number staff will ask for."""
    return Screen(
        "claim",
        say.language,
        say("pay.title"),
        (Text(say("claim.number", number=number, yen=yen), "alert"),),
        buttons=(_quit(say),),
    )

"""Citizens of generated municipalities at the counter: whatever they may choose, and whatever happens to the
registry before they confirm, the paper says what the registry says now, of nobody but whom they chose.

A machine of hypothesis plays them. Each 通 is read back by PDFium and held, field by field, against what
``documents.expected`` makes of the registry; what must not be sold any more must be refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, insert, select, update

from daemon.center import tables
from daemon.center.documents.press import FONT
from daemon.center.generator import generate
from daemon.center.glyphs import Repertoire
from daemon.center.offices import Office
from daemon.issuance.messages import (
    CopyOutcome,
    Entitlement,
    Offer,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Purpose,
    Reason,
    Refused,
    RegistrationRequest,
    ReissueRequest,
    Scope,
    SealedOrder,
)
from daemon.issuance.order import check
from daemon.issuance.pages import page_texts
from daemon.issuance.profile import Offering, Profile, load_profile, profile_hash
from tests.center.documents import expected
from tests.center.documents.expected import Fields
from tests.center.documents.reading import stands_in_order
from tests.center.poppler import letters
from tests.center.world import ISHIKARI, NOON, PROFILE, SESSION, TERMINAL, World, manifest_of

TOWNS = ((25, 1), (60, 3), (160, 20260401))
"""People and seed."""
PURPOSES: tuple[Purpose, ...] = ("residence", "residence", "residence", "honseki", "register")
SUMMER = NOON.replace(month=8)
REGISTERS = ("koseki", "fuhyo")
ENTERED = {
    "residence": {Reason.NOT_OFFERED},
    "honseki": {
        Reason.SAME_MUNICIPALITY,
        Reason.NOT_OFFERED,
        Reason.REGISTRATION_NEEDED,
        Reason.REGISTRATION_PENDING,
    },
    "register": {
        Reason.SAME_MUNICIPALITY,
        Reason.NOT_OFFERED,
        Reason.REGISTRATION_PENDING,
        Reason.ALREADY_REGISTERED,
    },
}
"""Why one may be sent away at the card, besides what is wrong with the card or its holder."""
OF_THE_HOLDER = {
    Reason.UNDERAGE,
    Reason.LAPSED,
    Reason.NOT_READY,
    Reason.REVOKED,
    Reason.BLOCKED,
    Reason.NOT_ENTITLED,
}


# ---------------------------------------------------------------- what happens meanwhile

Change = Callable[[Connection, int], None]


def blocked(connection: Connection, person: int) -> None:
    row = {"resident": person, "kind": "all", "cause": "office", "entered": SUMMER.date()}
    connection.execute(insert(tables.blocks).prefix_with("OR IGNORE").values(row))


def moved_out(connection: Connection, person: int) -> None:
    _gone(connection, person, "moved-out")


def died(connection: Connection, person: int) -> None:
    _gone(connection, person, "dead")


def _gone(connection: Connection, person: int, state: str) -> None:
    people, homes = tables.residents, tables.addresses
    connection.execute(update(people).where(people.c.id == person).values(state=state))
    current = (homes.c.resident == person) & homes.c.until.is_(None)
    connection.execute(update(homes).where(current).values(until=homes.c.since))


CHANGES: tuple[Change, ...] = (blocked, moved_out, died)


@dataclass(frozen=True)
class Visit:
    """Somebody at the kiosk. changes: (what, to whom) since the list was shown.

    dearer: the fees were raised since. sealed: whatever seal the holder had was not abolished since.
    """

    serial: str
    holder: int
    purpose: Purpose
    entitlement: Entitlement
    changes: tuple[tuple[Change, int], ...] = ()
    dearer: bool = False
    sealed: bool = True

    def kinds(self) -> set[str]:
        return {offer.kind for offer in self.entitlement.offers}

    @property
    def changed(self) -> bool:
        return bool(self.changes) or self.dearer or not self.sealed

    def must_be_refused(self, request: OrderRequest, persons: Iterable[int]) -> bool:
        """By R18, R15 and P12, told apart from how the center finds out."""
        if self.dearer or (blocked, self.holder) in self.changes:
            return True
        if request.kind == "inkan" and not self.sealed:
            return True
        concerned = {self.holder, *persons}
        worse = (blocked,) if request.kind in REGISTERS else (blocked, moved_out, died)
        return any(what in worse and whom in concerned for what, whom in self.changes)


# ---------------------------------------------------------------- what the paper has to say


@dataclass(frozen=True)
class Paper:
    """One 通 as it is read, and whose it is."""

    world: World
    offering: Offering
    holder: int
    request: OrderRequest
    fronts: tuple[str, ...]
    persons: tuple[int, ...]

    def compare(self) -> None:
        """R15, R16, R18, R19, R20, R25, §6."""
        if self.request.kind in REGISTERS:
            said = self._register()
            pages = ["".join(letters(text) for text in self.fronts)]
            assert all(letters(label + value) in pages[0] for label, value in said)
            self._nobody_else(pages[0], said)
            return
        assert len(self.fronts) == len(self.persons)
        for text, person in zip(self.fronts, self.persons, strict=True):
            page, said = letters(text), self._sheet(person)
            if self.request.year:
                assert all(letters(label + value) in page for label, value in said)
            else:
                assert stands_in_order(said, page)
            self._nobody_else(page, said)

    def fields(self) -> Fields:
        if self.request.kind in REGISTERS:
            return self._register()
        return [field for person in self.persons for field in self._sheet(person)]

    def _sheet(self, person: int) -> Fields:
        it, registry, kind = self.request, self.world.registry, self.request.kind
        facts = registry.resident(person)
        items = tuple(self.offering.printed(it.items))
        if kind == "juminhyo":
            return expected.juminhyo(facts, items)
        if kind == "kisaijiko":
            return expected.kisaijiko(facts, items)
        if kind == "inkan":
            return expected.inkan(facts)
        tax, years = registry.tax(person, it.year), self.offering.tax
        assert tax is not None and years is not None
        return expected.tax(kind, facts, tax, years.written(it.year))

    def _register(self) -> Fields:
        registry, some = self.world.registry, () if self.request.scope == "koseki_all" else self.persons
        if self.request.kind == "koseki":
            koseki = registry.koseki(self.holder)
            assert koseki is not None
            people = expected.koseki_people(koseki, some)
            top = [("本籍", koseki.honseki), ("氏名", koseki.hittosha), *expected.matters(koseki.entries)]
        else:
            fuhyo = registry.fuhyo(self.holder)
            assert fuhyo is not None
            people, top = expected.fuhyo_people(fuhyo, some), []
            if "honseki" not in self.offering.printed(self.request.items):
                top = [("本籍", expected.OMITTED), ("筆頭者", expected.OMITTED)]
        self._exactly([dict(head) for _, head, _ in people])
        return [*top, *(field for _, head, rest in people for field in (*head, *rest))]

    def _exactly(self, heads: Iterable[Mapping[str, str]]) -> None:
        """Those who are recorded, each by name and birth, and nobody else."""
        label = "【名】" if self.request.kind == "koseki" else "【氏名】"
        text = "".join(letters(front) for front in self.fronts)
        found = set(re.findall(rf"{label}(.*?)【生年月日】(\D+(?:元|\d+)年\d+月\d+日)", text))
        assert found == {(letters(one[label]), one["【生年月日】"]) for one in heads}

    def _nobody_else(self, page: str, said: Fields) -> None:
        """No name of the whole registry but those that have to be there, and no 個人番号."""
        rightly = "\n".join(letters(value) for _, value in said)
        people = tables.residents
        with self.world.engine.connect() as connection:
            everybody = connection.execute(select(people.c.name, people.c.mynumber)).all()
        for row in everybody:
            for text in filter(None, (letters(row.name), row.mynumber)):
                assert text in rightly or text not in page


# ---------------------------------------------------------------- the machine


class Citizens(RuleBasedStateMachine):
    """One kiosk, one citizen after another."""

    seen: ClassVar[Counter[str]] = Counter()
    repertoire = Repertoire(FONT)

    @initialize(town=st.sampled_from(TOWNS))
    def town(self, town: tuple[int, int]) -> None:
        people, seed = town
        ishikari = load_profile(ISHIKARI)
        self.world = World(also=[ishikari])
        self.profiles: dict[str, Profile] = {one.code: one for one in (self.world.profile, ishikari)}
        self.serials = generate(self.world.engine, people, seed, list(self.profiles.values()), NOON.date())
        self.world.clock.now = SUMMER
        self.visit: Visit | None = None
        self.bought: tuple[OrderRequest, list[str]] | None = None
        self.numbers: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    # ------------------------------------------------------------ at the kiosk

    @rule(who=st.integers(0, 10_000), purpose=st.sampled_from(PURPOSES))
    def lay_down_a_card(self, who: int, purpose: Purpose) -> None:
        serial = self.serials[who % len(self.serials)]
        self.visit = self.bought = None
        card = self.world.registry.card(serial)
        assert card is not None
        try:
            entitlement = self.world.enter(serial, purpose=purpose)
        except Refused as refused:
            assert refused.refusal.reason in ENTERED[purpose] | OF_THE_HOLDER
            return
        self.visit = Visit(serial, card.resident, purpose, entitlement)
        if purpose == "register":
            self._register_and_wait()

    def _register_and_wait(self) -> None:
        """Files the 利用登録, and comes back when it is ready (R41)."""
        assert self.visit
        serial = self.visit.serial
        self.world.service.register(RegistrationRequest("ab" * 16, TERMINAL, SESSION))
        self.world.clock.now = SUMMER.replace(day=SUMMER.day + 12)
        self.visit = replace(
            self.visit, purpose="honseki", entitlement=self.world.enter(serial, purpose="honseki")
        )
        self.seen["registered"] += 1

    @precondition(lambda self: self.visit)
    @rule(which=st.sampled_from(CHANGES), whom=st.integers(0, 10))
    def something_happens_to_the_holder_or_a_relative(self, which: Change, whom: int) -> None:
        assert self.visit
        near = sorted(self._relatives().values())
        person = (self.visit.holder, *near)[whom % (len(near) + 1)]
        with self.world.engine.begin() as connection:
            which(connection, person)
        self.visit = replace(self.visit, changes=(*self.visit.changes, (which, person)))

    @precondition(lambda self: self.visit and "inkan" in self.visit.kinds())
    @rule(chance=st.randoms(use_true_random=False))
    def the_seal_is_abolished_before_its_certificate_is_ordered(self, chance: Random) -> None:
        """R18."""
        assert self.visit
        seals, holder = tables.seals, self.visit.holder
        with self.world.engine.begin() as connection:
            connection.execute(
                update(seals).where(seals.c.resident == holder).values(abolished=SUMMER.date())
            )
        self.visit = replace(self.visit, sealed=False)
        self._order(chance, 1, "inkan")

    @precondition(lambda self: self.visit)
    @rule()
    def fees_are_raised(self) -> None:
        assert self.visit
        for code, profile in self.profiles.items():
            self.profiles[code] = dearer(profile)
            self.world.offices.update(Office(self.profiles[code], profile_hash(PROFILE), sample=True))
        self.visit = replace(self.visit, dearer=True)

    @precondition(lambda self: self.visit and self.visit.entitlement.offers)
    @rule(chance=st.randoms(use_true_random=False), copies=st.integers(1, 3))
    def orders_some_copies(self, chance: Random, copies: int) -> None:
        self._order(chance, copies)

    @precondition(lambda self: self.visit and self.visit.entitlement.offers)
    @rule(chance=st.randoms(use_true_random=False))
    def orders_one_copy(self, chance: Random) -> None:
        self._order(chance, 1)

    def _order(self, chance: Random, copies: int, kind: str = "") -> None:
        visit = self.visit
        assert visit
        offer = chance.choice([one for one in visit.entitlement.offers if kind in ("", one.kind)])
        request = wish(chance, offer, copies)
        relatives = self._relatives()
        names = {one.handle: one.name for one in offer.persons}
        persons = [relatives[names[one]] for one in request.subjects if names[one] in relatives]
        forbidden = visit.must_be_refused(request, persons) or len(persons) < len(request.subjects)
        try:
            sealed = self.world.service.order(request)
        except Refused as refused:
            self._refused(refused, offer, request, tuple(persons))
            return
        assert not forbidden and offer.refusal is None
        expect = self.world.expected(request, visit.entitlement, visit.serial)
        check(sealed, expect, self.world.keyring, self.world.clock.now)
        self._read(request, sealed, names, relatives)
        self.bought = request, [copy.number for copy in manifest_of(sealed).copies]
        self.seen[f"{request.kind} {request.scope}"] += 1

    @precondition(lambda self: self.bought)
    @rule(which=st.integers(0, 2))
    def a_copy_jams(self, which: int) -> None:
        """P13: it is issued again as everything stands now, or not at all."""
        assert self.visit and self.bought
        request, numbers = self.bought
        number = numbers[which % len(numbers)]
        try:
            sealed = self.world.service.reissue(ReissueRequest(request.order, TERMINAL, SESSION, number))
        except Refused:
            return
        offer = next(one for one in self.visit.entitlement.offers if one.kind == request.kind)
        names = {one.handle: one.name for one in offer.persons}
        if not self._answered_before(sealed):
            self._read(request, sealed, names, self._relatives())
            self.seen["reissued"] += 1

    @precondition(lambda self: self.bought)
    @rule(delivered=st.booleans())
    def the_order_ends(self, delivered: bool) -> None:
        assert self.bought
        request, numbers = self.bought
        if delivered:
            outcomes = dict.fromkeys(numbers, CopyOutcome.DELIVERED)
            self.world.service.close(OrderClose(request.order, TERMINAL, outcomes))
        else:
            self.world.service.cancel(OrderCancel(request.order, TERMINAL))
        record = self.world.registry.order(request.order)
        assert record is not None and None not in record.numbers.values()
        self.bought = None

    # ------------------------------------------------------------ what is true of it

    def _relatives(self) -> dict[str, int]:
        """Name → person, of who may be on a certificate of the holder's now (R15, R19)."""
        assert self.visit
        registry, holder = self.world.registry, self.visit.holder
        koseki = registry.koseki(holder)
        family = {one.full_name: one.person for one in koseki.members if not one.removed} if koseki else {}
        return family | {one.name: one.id for one in registry.household(holder)}

    def _refused(
        self, refused: Refused, offer: Offer, request: OrderRequest, persons: tuple[int, ...]
    ) -> None:
        assert self.visit
        reason = refused.refusal.reason
        if reason is Reason.CHARACTER:
            offering = self._offering(request)
            fields = Paper(self.world, offering, self.visit.holder, request, (), persons).fields()
            assert not all(self.repertoire.can_draw(value) for _, value in fields)
        elif offer.refusal is not None:
            assert self.visit.changed or reason is offer.refusal.reason
        else:
            assert self.visit.changed
            self.seen["changed"] += 1

    def _offering(self, request: OrderRequest) -> Offering:
        assert self.visit
        offering = self.profiles[self.visit.entitlement.municipality.code].offering(request.kind)
        assert offering is not None
        return offering

    def _answered_before(self, sealed: SealedOrder) -> bool:
        return all(copy.number in self.numbers for copy in manifest_of(sealed).copies)

    def _read(
        self,
        request: OrderRequest,
        sealed: SealedOrder,
        names: Mapping[str, str],
        relatives: Mapping[str, int],
    ) -> None:
        """Every 通 against the registry as it is now; P13: and no number was there before."""
        assert self.visit
        offering, holder = self._offering(request), self.visit.holder
        for pdf, copy in zip(sealed.pdfs, manifest_of(sealed).copies, strict=True):
            assert copy.number not in self.numbers
            self.numbers.add(copy.number)
            named = dict.fromkeys(handle for sheet in copy.sheets for handle in sheet.subjects)
            assert set(named) == set(request.subjects)
            persons = tuple(relatives[names[handle]] for handle in named)
            fronts = page_texts(pdf)[::2]
            Paper(self.world, offering, holder, request, fronts, persons).compare()


def wish(random: Random, offer: Offer, copies: int) -> OrderRequest:
    """Anything that the screens would let one choose."""
    scope: Scope = random.choice(offer.scopes) if offer.scopes else "self"
    people = {
        "self": offer.persons[:1],
        "all": offer.persons,
        "koseki_all": offer.persons,
        "part": random.sample(offer.persons, random.randint(1, len(offer.persons))),
        "koseki_one": random.sample(offer.persons, 1),
    }[scope]
    return OrderRequest(
        order=f"{random.getrandbits(128):032x}",
        terminal=TERMINAL,
        session=SESSION,
        kind=offer.kind,
        scope=scope,
        subjects=tuple(one.handle for one in offer.persons if one in people),
        items=tuple(item for item in offer.items if random.random() < 0.5),
        copies=copies,
        sample=True,
        year=random.choice(offer.years).year if offer.years else 0,
        fee=offer.fee,
    )


def dearer(profile: Profile) -> Profile:
    """Every fee 50 yen higher."""
    offerings = tuple(
        msgspec.structs.replace(
            one, fees=tuple(msgspec.structs.replace(fee, yen=fee.yen + 50) for fee in one.fees)
        )
        for one in profile.certificates
    )
    return msgspec.structs.replace(profile, certificates=offerings)


def test_whatever_citizens_choose_the_paper_says_what_the_registry_says_now() -> None:
    """R15, R16, R18, R19, R20, R21, R25, R41, P4, P5, P6, P12, P13."""
    Citizens.seen.clear()
    run_state_machine_as_test(
        Citizens,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    kinds = {key.split()[0] for key in Citizens.seen}
    assert {"juminhyo", "inkan", "koseki", "fuhyo", "shotoku_kazei"} <= kinds
    assert {"changed", "reissued"} <= kinds

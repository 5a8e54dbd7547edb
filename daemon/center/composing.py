"""From what the rules allow to what is printed: the facts go to the fields of their kind. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daemon.center.documents import register, residence
from daemon.center.documents.certificate import Certificate, Letterhead
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.center.facts import Resident
from daemon.center.offices import Office
from daemon.center.rules import Known
from daemon.issuance.messages import Item, OrderRequest
from daemon.issuance.profile import Offering


@dataclass(frozen=True)
class Allowed:
    """What the rules allow to be printed. subjects: (handle, person) of those on it, in their order."""

    office: Office
    known: Known
    subjects: tuple[tuple[str, int], ...]

    @property
    def persons(self) -> tuple[int, ...]:
        return tuple(person for _, person in self.subjects)

    def residents(self) -> tuple[Resident, ...]:
        """The subjects of a certificate about the household."""
        people = {one.id: one for one in (*self.known.household, self.known.holder)}
        return tuple(people[person] for person in self.persons)


def compose(request: OrderRequest, allowed: Allowed, today: date) -> Certificate:
    """Raises LookupError: something that the rules have seen is missing."""
    profile, office = allowed.office.profile, allowed.office
    offering = profile.offering(request.kind)
    if offering is None:
        raise LookupError(f"{request.kind} is not on offer")
    head = Letterhead(offering.name, profile.mayor, today, request.sample, office.seal)
    match request.kind:
        case "koseki" | "fuhyo":
            return _of_family(request, allowed, head, offering.printed(request.items))
        case "juminhyo" | "kisaijiko" | "inkan":
            return _of_residence(request, allowed, head, offering.printed(request.items))
        case kind:
            return _of_tax(kind, request.year, allowed, head, offering)


def _of_family(
    request: OrderRequest, allowed: Allowed, head: Letterhead, items: Collection[Item]
) -> Certificate:
    known, scope = allowed.known, request.scope
    if request.kind == "koseki" and known.koseki is not None:
        return register.koseki(head, known.koseki, scope, allowed.persons)
    if request.kind == "fuhyo" and known.fuhyo is not None:
        return register.fuhyo(head, known.fuhyo, scope, allowed.persons, items)
    raise LookupError("no koseki")


def _of_residence(
    request: OrderRequest, allowed: Allowed, head: Letterhead, items: Collection[Item]
) -> Certificate:
    people = allowed.residents()
    if request.kind == "juminhyo":
        return residence.juminhyo(head, people, items, request.scope)
    if request.kind == "kisaijiko":
        return residence.kisaijiko(head, people, items)
    return residence.inkan(head, people[0])


def _of_tax(kind: TaxKind, year: int, allowed: Allowed, head: Letterhead, offering: Offering) -> Certificate:
    if offering.tax is None:
        raise LookupError(f"{kind} has no years")
    holder, facts = allowed.residents()[0], allowed.known.taxes[year]
    return tax_certificate(kind, head, holder, facts, offering.tax.written(year))

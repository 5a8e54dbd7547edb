"""What the kiosk says of itself, as its socket answers to {"do": "status"} (daemon/service.py)."""

import msgspec


class Reported(msgspec.Struct, frozen=True):
    """A fault by the kiosk's own word."""

    code: str
    device: str
    detail: str


class Case(msgspec.Struct, frozen=True):
    """Staff must settle it before the kiosk sells again. code: of the fault it stands for."""

    case: str
    kind: str
    code: str


class Status(msgspec.Struct, frozen=True):
    can_sell: bool = False
    faults: tuple[Reported, ...] = ()
    cases: tuple[Case, ...] = ()

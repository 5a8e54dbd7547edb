"""How a certificate number stands at the center that gave it. The registry is only read."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from daemon.center import tables
from daemon.center.settings import CenterSettings


class Standing(Enum):
    """OPEN: printed or about to be, and not told yet how it ended. UNKNOWN: the center never gave it."""

    DELIVERED = "delivered"
    OPEN = "open"
    VOID = "void"
    REFUNDED = "refunded"
    IN_DOUBT = "in-doubt"
    UNKNOWN = "unknown"

    @property
    def good(self) -> bool:
        return self in (Standing.DELIVERED, Standing.OPEN)


Lookup = Callable[[str], Standing]
"""Of a certificate number."""


class NoRegistry(ValueError):
    """The text says why nothing can be looked up."""


def lookup(settings: CenterSettings) -> Lookup:
    """Raises NoRegistry, also later, when it is asked."""
    if settings.sample and not settings.sample_file:
        raise NoRegistry(
            "the sample registry lives in the memory of its center: nothing to look numbers up in"
        )
    path = Path(settings.sample_file or settings.registry)
    if not path.is_file():
        raise NoRegistry(f"{path}: no such registry")
    engine = create_engine(f"sqlite:///file:{path.absolute()}?mode=ro&uri=true", hide_parameters=True)
    return lambda number: _standing(engine, number)


def _standing(engine: Engine, number: str) -> Standing:
    table = tables.numbers
    query = select(table.c.outcome).where(table.c.number == number)
    try:
        with engine.connect() as connection:
            row = connection.execute(query).one_or_none()
    except SQLAlchemyError as error:
        raise NoRegistry(f"the registry cannot be read: {type(error).__name__}") from None
    finally:
        engine.dispose()
    if row is None:
        return Standing.UNKNOWN
    return Standing(row.outcome) if row.outcome else Standing.OPEN

"""What is to be printed, as values: who certifies, in which words, and the fields of the kind's template.

The fields of a kind are a dataclass of texts made from the facts (residence.py, register.py, tax.py); its
names are those that the template of the kind uses. Pure: the day comes in from outside.
"""

from dataclasses import dataclass
from datetime import date

from daemon.issuance.messages import Kind


@dataclass(frozen=True)
class Letterhead:
    """What a municipality prints on every certificate of a day.

    title: its own name of the certificate. mayor: the title that certifies. seal: PNG of the 公印; a sample
    has one drawn that says 見本 instead.
    """

    title: str
    mayor: str
    issued: date
    sample: bool
    seal: bytes = b""


@dataclass(frozen=True)
class Record:
    """The fields of one part of a certificate: texts, and ids of persons, which are never printed."""


@dataclass(frozen=True)
class Certificate:
    """One 通, still without a number. parts: one a sheet; of a register one, over as many as it takes."""

    kind: Kind
    head: Letterhead
    sentence: str
    parts: tuple[Record, ...]

    @property
    def is_register(self) -> bool:
        """Whether it runs over several sheets (R36)."""
        return self.kind in ("koseki", "fuhyo")

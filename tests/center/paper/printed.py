"""Certificates with both their sides, as a center makes them, for tests that draw one by themselves."""

import functools

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import Press
from daemon.center.documents.records import records
from daemon.center.paper.back import Paper
from daemon.issuance.keys import PrivateKey
from daemon.issuance.seal import Sealer, new_key


@functools.cache
def some_key() -> PrivateKey:
    return Sealer.from_pem(new_key()).signing


def finished(press: Press, certificate: Certificate, number: str, key: PrivateKey | None = None) -> bytes:
    """One 通 of Takaoka's. key: some center's if None."""
    drawn = press.draw(certificate, number)
    paper = Paper(press, key or some_key(), press.pattern)
    return paper.finish(drawn.pdf, records(certificate, drawn, "162027", number))

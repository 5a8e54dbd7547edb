"""Certificates with both their sides, as a center makes them, for tests that draw one by themselves."""

import functools

from daemon.center.documents import Certificate, Press, records
from daemon.center.paper.back import Paper
from daemon.issuance.keys import PrivateKey
from daemon.issuance.seal import Sealer, new_key


@functools.cache
def some_key() -> PrivateKey:
    return Sealer.from_pem(new_key()).signing


def finished(press: Press, certificate: Certificate, number: str, key: PrivateKey | None = None) -> bytes:
    """One 通 of Takaoka's. key: some center's if None."""
    paper = Paper(press, key or some_key(), press.pattern)
    return paper.finish(press.draw(certificate, number), records(certificate, "162027", number))

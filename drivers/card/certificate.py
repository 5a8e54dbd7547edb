"""How the key of a card signs, by its certificate; the only place in the driver that parses one.

A card may lie: the bytes go to ``cryptography`` and to nothing else, and whatever it raises is one answer,
that there is no certificate which can be used.
"""

import logging

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card import jpki
from drivers.card.jpki import Scheme
from hal.contracts import CardError, CardProblem

log = logging.getLogger(__name__)


def scheme_of(certificate: bytes) -> Scheme:
    """By the public key of this DER certificate, of which dates and serial can be read as well.

    Raises CardError(NO_CERTIFICATE).
    """
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        key, _, _ = parsed.public_key(), parsed.not_valid_after_utc, parsed.serial_number
        if isinstance(key, RSAPublicKey):
            return jpki.rsa(key.key_size)
    except Exception as error:  # noqa: BLE001 whatever it is, it is the card's doing
        log.warning("the certificate cannot be used: %s", type(error).__name__)
        raise CardError(CardProblem.NO_CERTIFICATE) from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return jpki.ecdsa_p384()
    log.warning("no card signs with a key of this kind: %s", type(key).__name__)
    raise CardError(CardProblem.NO_CERTIFICATE)

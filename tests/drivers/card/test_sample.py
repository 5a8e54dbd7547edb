"""Sample certificates are checkable like real ones, and cannot be taken for them."""

from datetime import UTC, datetime, timedelta, timezone

from cryptography import x509

from drivers.card.sample import Authority, sample_authority

JST = timezone(timedelta(hours=9))


def test_a_certificate_is_signed_by_the_sample_authority(authority: Authority) -> None:
    until = datetime(2031, 4, 1, 23, 59, 59, tzinfo=JST)
    issued = authority.issue(99, datetime(2026, 4, 1, tzinfo=JST), until, key=authority.key)
    certificate = x509.load_der_x509_certificate(issued.certificate)
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.serial_number == 99
    assert certificate.not_valid_before_utc == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert certificate.not_valid_after_utc == until
    assert "JPKI-SAMPLE" in certificate.issuer.rfc4514_string()
    assert len(issued.certificate) < 8192


def test_a_certificate_names_nobody(authority: Authority) -> None:
    subjects = {
        x509.load_der_x509_certificate(
            authority.issue(1, datetime.now(UTC), datetime(2040, 1, 1, tzinfo=UTC), authority.key).certificate
        ).subject.rfc4514_string()
        for _ in range(2)
    }
    assert len(subjects) == 2, "random, not derived from the holder"


def test_a_key_can_be_given(authority: Authority) -> None:
    assert sample_authority(authority.key).certificate.subject == authority.certificate.subject

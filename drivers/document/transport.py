"""Carries IPP messages over HTTP (RFC 8010 §4): one POST, one answer.

Rule: a connection for each request. A kept-alive one that the printer has just closed would make a
request fail that never arrived, and a failed Send-Document is a certificate in doubt. No proxy, no
redirect, no content coding: the bytes go to the configured printer or nowhere.
"""

import aiohttp
from yarl import URL

LONGEST_ANSWER = 1 << 20
CONNECT_SECONDS = 5.0


class ExchangeFailed(OSError):
    """No IPP answer came; whether the request arrived is not known. The text holds no content."""


class Untrusted(ExchangeFailed):
    """Somebody answers there who does not show the printer's certificate; nothing was sent to him."""


class HttpExchange:
    """Posts to a printer. uri: ``ipp://host[:631]/path`` or ``ipps://…``.

    fingerprint: SHA-256 of the printer's certificate in hex, pinned instead of a certificate authority.
    Raises ValueError: not such a URI, or a fingerprint that is none or has no TLS to protect.
    """

    def __init__(self, uri: str, fingerprint: str = "") -> None:
        url = URL(uri)
        if url.scheme not in ("ipp", "ipps") or not url.host:
            raise ValueError(f"{uri!r} is no printer: write ipp://host:631/ipp/print or ipps://…")
        if fingerprint and url.scheme != "ipps":
            raise ValueError("a fingerprint needs ipps://, with ipp:// nothing would check it")
        scheme = "https" if url.scheme == "ipps" else "http"
        self._url = URL.build(scheme=scheme, host=url.host, port=url.explicit_port or 631, path=url.path)
        self._ssl = aiohttp.Fingerprint(_digest(fingerprint)) if fingerprint else True

    async def __call__(self, body: bytes) -> bytes:
        """Sends a request, returns the answer. Raises ExchangeFailed. The caller limits the time."""
        try:
            async with self._session() as session:
                return await self._post(session, body)
        except aiohttp.ServerFingerprintMismatch as error:
            raise Untrusted(
                f"{self._url} shows another certificate than [document] fingerprint: {error.got.hex(':')}; "
                "see whether that is the printer's own, and if not, what stands in its place"
            ) from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise Untrusted(
                f"{self._url} shows a certificate that no authority vouches for; write its SHA-256 as "
                "[document] fingerprint"
            ) from error
        except aiohttp.ClientError as error:
            raise ExchangeFailed(f"{self._url}: {type(error).__name__}") from error

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._ssl, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            headers={"Content-Type": "application/ipp", "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def _post(self, session: aiohttp.ClientSession, body: bytes) -> bytes:
        async with session.post(self._url, data=body, allow_redirects=False) as response:
            if response.status != 200:
                raise ExchangeFailed(
                    f"{self._url} answers HTTP {response.status}; check path and access rules"
                )
            answer = bytearray()
            async for chunk in response.content.iter_any():
                answer += chunk
                if len(answer) > LONGEST_ANSWER:
                    raise ExchangeFailed(f"{self._url} answers more than {LONGEST_ANSWER} octets")
            return bytes(answer)


def _digest(fingerprint: str) -> bytes:
    digest = bytes.fromhex(fingerprint.replace(":", ""))
    if len(digest) != 32:
        raise ValueError("the fingerprint is not a SHA-256: 64 hexadecimal digits")
    return digest

"""A municipality's profile as it is published: a file that may be replaced while kiosk and center run.

Only a whole and good profile of the same municipality is ever taken up; until then the one before stays in
force, and the log says why, once. A file counts when it has stood still for one look: whoever copies it in
place may be caught half way, and half a profile can be a good one.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from daemon.issuance.profile import Fault, Profile, ProfileError, parse_profile

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""Between two looks at the file: a new one is in force after at most two of them."""

PNG = b"\x89PNG\r\n\x1a\n"

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Inode, size and time of a file, and of its 公印: other ones, other content. None: there is no file."""


@dataclass(frozen=True)
class Published:
    """A profile and the hash of its file, which kiosk and center compare (P11).

    seal: PNG of the 公印, if it was asked for.
    """

    profile: Profile
    hash: str
    seal: bytes = b""


def published(path: Path, with_seal: bool = False) -> Published:
    """What this file says now. with_seal: its 公印 must be beside it, as at the center (a kiosk has none).

    Raises ProfileError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError(path, [Fault(0, "file", error.strerror or "cannot be read")]) from None
    profile = parse_profile(path, content)
    image = seal_beside(path, profile) if with_seal and profile.seal else b""
    return Published(profile, hashlib.sha256(content).hexdigest(), image)


def seal_beside(path: Path, profile: Profile) -> bytes:
    """The 公印 that this profile names, beside that file. Raises ProfileError."""
    image = path.with_name(profile.seal)
    try:
        content = image.read_bytes()
    except OSError as error:
        reason = f"{image}: {error.strerror}; put the image of the 公印 there"
        raise ProfileError(path, [Fault(0, "seal", reason)]) from None
    if not content.startswith(PNG):
        raise ProfileError(path, [Fault(0, "seal", f"{image} is no PNG")])
    return content


class ProfileFile:
    """The file at this path. current: what of it is in force. with_seal: as of ``published``."""

    def __init__(self, path: Path, current: Published, with_seal: bool = False) -> None:
        self.current = current
        self._with_seal = with_seal
        self._path = path
        self._seen: Stamp = ()
        self._judged: Stamp = ()

    def look(self) -> Published | None:
        """What is in force from now on, if the file has become another good profile."""
        stamp = self._stamp()
        settled, self._seen = stamp == self._seen, stamp
        if not settled or stamp == self._judged:
            return None
        self._judged = stamp
        try:
            found = published(self._path, self._with_seal)
            self._check_same_municipality(found.profile)
        except ProfileError as error:
            log.error("the profile of before stays in force; refused:\n%s", error)
            return None
        if (found.hash, found.seal) == (self.current.hash, self.current.seal):
            return None
        log.warning("profile %.12s is in force, no longer %.12s", found.hash, self.current.hash)
        if found.seal != self.current.seal:
            log.warning("another 公印 is in force")
        self.current = found
        return found

    def _stamp(self) -> Stamp:
        """Of every picture beside it too: it may name another 公印 from now on."""
        images = sorted(self._path.parent.glob("*.png")) if self._with_seal else []
        return tuple(map(_file_stamp, (self._path, *images)))

    def _check_same_municipality(self, profile: Profile) -> None:
        code = self.current.profile.code
        if profile.code != code:
            reason = f"this is the profile of {profile.code}, but {code} is served here"
            raise ProfileError(self._path, [Fault(0, "code", reason)])


def _file_stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns

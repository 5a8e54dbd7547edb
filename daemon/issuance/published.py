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

Stamp = tuple[int, int, int] | None
"""Inode, size and time of a file: other ones, other content. None: there is no file."""


@dataclass(frozen=True)
class Published:
    """A profile and the hash of its file, which kiosk and center compare (P11)."""

    profile: Profile
    hash: str


def published(path: Path, with_seal: bool = False) -> Published:
    """What this file says now. with_seal: its 公印 must be beside it, as at the center (a kiosk has none).

    Raises ProfileError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError(path, [Fault(0, "file", error.strerror or "cannot be read")]) from None
    profile = parse_profile(path, content)
    if with_seal:
        _check_seal(path, profile)
    return Published(profile, hashlib.sha256(content).hexdigest())


def _check_seal(path: Path, profile: Profile) -> None:
    """Raises ProfileError."""
    if not profile.seal:
        return
    image = path.with_name(profile.seal)
    try:
        with image.open("rb") as file:
            reason = "" if file.read(len(PNG)) == PNG else f"{image} is no PNG"
    except OSError as error:
        reason = f"{image}: {error.strerror}; put the image of the 公印 there"
    if reason:
        raise ProfileError(path, [Fault(0, "seal", reason)])


class ProfileFile:
    """The file at this path. current: what of it is in force. with_seal: as of ``published``."""

    def __init__(self, path: Path, current: Published, with_seal: bool = False) -> None:
        self.current = current
        self._with_seal = with_seal
        self._path = path
        self._seen: Stamp = None
        self._judged: Stamp = (0, 0, 0)

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
        if found.hash == self.current.hash:
            return None
        log.warning("profile %.12s is in force, no longer %.12s", found.hash, self.current.hash)
        self.current = found
        return found

    def _stamp(self) -> Stamp:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _check_same_municipality(self, profile: Profile) -> None:
        code = self.current.profile.code
        if profile.code != code:
            reason = f"this is the profile of {profile.code}, but {code} is served here"
            raise ProfileError(self._path, [Fault(0, "code", reason)])

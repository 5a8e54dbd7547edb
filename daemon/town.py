"""The municipality as this kiosk serves it now: the published profile, within what the site allows.

Everything that asks is answered by the profile of that moment: a new one counts from the next question on,
also for a citizen who began under the one before. The site can only take away, never add (§4).
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from daemon.config import ASSETS, Config, ConfigError
from daemon.issuance.calendar import local
from daemon.issuance.hours import is_weekday
from daemon.issuance.maintenance import stopped
from daemon.issuance.messages import Municipality, Reason, Refusal
from daemon.issuance.published import ProfileFile, Published, published
from hal.contracts import TokenKind


def profile_path(config: Config) -> Path:
    """The municipality's file: the one the configuration names, or the one that came with the program."""
    named = config.kiosk.profile
    return Path(named) if named else ASSETS / "municipalities" / f"{config.kiosk.municipality}.toml"


def load_municipality(config: Config) -> Published:
    """Raises ProfileError, ConfigError."""
    found, wanted = published(profile_path(config)), config.kiosk.municipality
    if found.profile.code != wanted:
        raise ConfigError(
            f"{config.path}: [kiosk] profile is of {found.profile.code}, but municipality = {wanted}"
        )
    return found


class Town:
    """now: the kiosk's clock. Raises ProfileError, ConfigError."""

    def __init__(self, config: Config, now: Callable[[], datetime]) -> None:
        self._site = config.site
        self._idle = config.limits.idle
        self._now = now
        self._file = ProfileFile(profile_path(config), load_municipality(config))

    @property
    def published(self) -> Published:
        return self._file.current

    @property
    def municipality(self) -> Municipality:
        return self.published.profile.municipality()

    @property
    def idle(self) -> float:
        """Seconds until E5."""
        return self._idle or self.published.profile.idle_seconds

    @property
    def tokens(self) -> frozenset[TokenKind]:
        """Cards, and the phones that both site and municipality take today (R43)."""
        here, site = self.published.profile.smartphones, self._site
        tokens = {TokenKind.MY_NUMBER_CARD}
        if "android" in here and site.android_from and self._now().date() >= site.android_from:
            tokens.add(TokenKind.ANDROID)
        if "iphone" in here and site.iphone:
            tokens.add(TokenKind.IPHONE)
        return frozenset(tokens)

    def look(self) -> Published | None:
        """What is in force from now on, if something else has been published."""
        return self._file.look()

    def opening(self, kind: str | None) -> Refusal | None:
        """None if this kind (None: anything at all) is served here now, else why not."""
        now, site, profile = local(self._now()), self._site, self.published.profile
        stop = stopped(site.maintenance, kind, now)
        if stop is None and site.days == "weekdays" and not is_weekday(now.date()):
            opens, closes = f"{profile.hours.open:%H:%M}", f"{profile.hours.close:%H:%M}"
            return Refusal(Reason.CLOSED_DAY, open=site.open or opens, close=site.close or closes)
        return stop or profile.opening(kind, now, site.open, site.close)

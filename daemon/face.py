"""What is needed to draw the first screen, and no more: display, texts, renderer."""

from dataclasses import dataclass

from daemon.config import ASSETS, Config
from daemon.session.renderer import Renderer
from daemon.session.screens import out_of_service
from daemon.session.texts import Texts
from hal.contracts import Display


@dataclass(frozen=True)
class Tongue:
    """The texts in one language (a ``screens.Say``)."""

    texts: Texts
    language: str

    def __call__(self, key: str, **values: object) -> str:
        return self.texts.text(key, self.language, **values)


@dataclass(frozen=True)
class Face:
    """display and renderer of the running daemon; ``say`` gives the texts of a language."""

    display: Display
    renderer: Renderer
    texts: Texts

    def say(self, language: str) -> Tongue:
        return Tongue(self.texts, language)


def open_face(config: Config) -> Face:
    """Opens the display and shows the first complete screen. Raises ConfigError, DeviceError."""
    cls, settings = config.settings("display")
    display: Display = cls(settings)
    face = Face(display, Renderer(display, config.kiosk.typeface), Texts.load(ASSETS / "texts"))
    face.renderer.show(out_of_service(face.say("ja")))
    return face

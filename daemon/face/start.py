"""What is needed to draw the first screen, and no more: display, texts, renderer."""

from dataclasses import dataclass

from daemon.config import ASSETS, Config
from daemon.face.renderer import Renderer
from daemon.face.texts import Texts
from daemon.session.screens import out_of_service
from hal.contracts import Display


@dataclass(frozen=True)
class Face:
    """display and renderer of the running daemon; ``texts(language)`` speaks."""

    display: Display
    renderer: Renderer
    texts: Texts


def open_face(config: Config) -> Face:
    """Opens the display and shows the first complete screen. Raises ConfigError, DeviceError."""
    cls, settings = config.settings("display")
    display: Display = cls(settings)
    face = Face(display, Renderer(display, config.kiosk.typeface), Texts.load(ASSETS / "texts"))
    face.renderer.show(out_of_service(face.texts("ja")))
    return face

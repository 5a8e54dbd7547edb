"""With the keypad every button of every screen is reached, in the order it is read, and the focus is seen."""

import pytest
from PIL import ImageChops

from daemon.face.renderer import Renderer
from daemon.session.access import Access
from daemon.session.keys import meaning
from tests.face.example_screens import TEXTS, all_screens
from tests.face.test_renderer import Glass

SCREENS = all_screens("ja")


@pytest.mark.parametrize("large", [False, True])
def test_every_button_is_reached_by_next_and_by_previous(large: bool) -> None:
    renderer = Renderer(Glass())
    access = Access(large=large)
    for name, screen in SCREENS.items():
        renderer.show(screen, access.view(TEXTS("ja"), "", 0))
        for way in ("next", "previous"):
            focus, reached = "", []
            for _ in renderer.order:
                focus = meaning(way, screen, renderer.order, focus).id
                reached.append(focus)
            assert set(reached) == set(renderer.order), (name, way)


def test_the_order_is_that_of_reading() -> None:
    renderer = Renderer(Glass())
    for name, screen in SCREENS.items():
        if screen.languages or name.startswith(("07", "08")):
            continue  # read down the columns
        renderer.show(screen, Access().view(TEXTS("ja"), "", 0))
        own = [key for key in renderer.order if not key.startswith("access.")]
        targets = renderer.targets(screen)
        places = [(targets[key].y, targets[key].x) for key in own]
        assert places == sorted(places), name


def test_the_focus_is_seen_wherever_it_stands_and_leaves_nothing_behind() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    for screen in (SCREENS["09-items"], SCREENS["05-pin"], SCREENS["04-municipality-own"]):
        renderer.show(screen, Access().view(TEXTS("ja"), "", 0))
        plain = glass.seen.copy()
        for key in renderer.order:
            renderer.show(screen, Access().view(TEXTS("ja"), key, 0))
            assert ImageChops.difference(glass.seen, plain).getbbox() is not None, key
            assert ImageChops.difference(glass.seen, glass.drawn()).getbbox() is None
        renderer.show(screen, Access().view(TEXTS("ja"), "", 0))
        assert ImageChops.difference(glass.seen, plain).getbbox() is None

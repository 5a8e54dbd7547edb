"""The whole way from the start menu to the receipt with the keys of a physical keypad, without a finger."""

import pytest

from hal.events import KeyPressed, Touched
from tests.flow.citizen import Citizen, Wants, settled
from tests.flow.test_steps import JUMINHYO
from tests.flow.whole import SetUp, whole_kiosk
from tests.session.stage import virtual_time


class KeyCitizen(Citizen):
    """Presses buttons by walking to them; types digits as digits."""

    async def press(self, *ids: str) -> None:
        for button in ids:
            if button.startswith("key."):
                self._key(button.removeprefix("key."))
            else:
                await self._walk_to(button)
                self._key("enter")
            await settled()

    async def _walk_to(self, button: str) -> None:
        for _ in self.parts.face.order:
            if self.parts.face.view.focus == button:
                return
            self._key("next")
            await settled()
        assert self.parts.face.view.focus == button, f"no way to {button} on {self.sees.name}"

    def _key(self, key: str) -> None:
        self.desk.post(KeyPressed(key))

    def tap(self, id: str) -> None:
        raise AssertionError("no finger on the glass")


@pytest.mark.parametrize(
    "wants", [Wants(copies=3, items=("head",)), Wants(kind="inkan"), Wants(scope="part", names=(0, 1))]
)
@virtual_time
async def test_the_main_job_is_done_by_keys_alone(wants: Wants) -> None:
    async with whole_kiosk(1, set_up=SetUp()) as parts:
        one = KeyCitizen(parts, wants)
        await one.until("start")
        await one.to("payment")
        await one.to("take")
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * wants.copies
        assert await one.reason() == "complete"


@virtual_time
async def test_back_and_clear_are_keys_of_their_own() -> None:
    async with whole_kiosk(1, set_up=SetUp()) as parts:
        one = KeyCitizen(parts, Wants())
        await one.until("start")
        await one.to("copies")
        for key in ("1", "0", "clear", "2"):
            parts.desk.post(KeyPressed(key))
            await settled()
        assert "2" in one.texts
        parts.desk.post(KeyPressed("back"))
        await settled()
        assert one.sees.name == "items"


@virtual_time
async def test_digits_jump_to_choices() -> None:
    async with whole_kiosk(1, set_up=SetUp()) as parts:
        one = KeyCitizen(parts, Wants())
        await one.until("start")
        await one.to("scope")
        for key in ("2", "enter"):
            parts.desk.post(KeyPressed(key))
            await settled()
        assert one.chosen == ["scope.all"]


@virtual_time
async def test_a_touch_between_keys_works_as_well() -> None:
    async with whole_kiosk(1, set_up=SetUp()) as parts:
        one = KeyCitizen(parts, Wants())
        await one.until("start")
        await one.to("certificate")
        place = parts.face.place_of("kind.juminhyo")
        for down in (True, False):
            parts.desk.post(Touched(place, 0, down))
        await settled()
        assert one.chosen == ["kind.juminhyo"]
        await one.press("confirm")
        assert one.sees.name == JUMINHYO[JUMINHYO.index("certificate") + 1]

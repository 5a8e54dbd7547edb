"""The page that a browser shows beside us says what our screen says, where it says it."""

import re
from html import unescape

from PIL import Image, ImageDraw

from daemon.bench.benchmark.page import start_page
from daemon.session.widgets import Button, Choices, Screen

BAR, GROUND, WHITE = (22, 61, 107), (243, 246, 250), (255, 255, 255)
PLACE = (200, 150, 100, 60)


def picture() -> Image.Image:
    drawn = Image.new("RGB", (400, 300), GROUND)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, 399, 39), BAR)
    pen.rectangle((200, 150, 299, 209), WHITE)
    pen.text((230, 170), "x", BAR)
    return drawn


def test_title_prompt_and_buttons_stand_on_it_in_our_colours() -> None:
    body = (Choices((Button("services", "行政 & サービス"),)),)
    screen = Screen("start", "ja", "窓口", body, prompt="お選びください。")
    page = start_page(screen, {"services": PLACE}, picture())
    words = [unescape(text) for text in re.findall(r"<(?:h1|button|p)[^>]*>([^<]*)", page.html)]
    assert words == ["窓口", "行政 & サービス", "お選びください。"]
    assert "left:200px;top:150px;width:100px;height:60px" in page.html
    assert (page.title, page.ground) == ((0, 0, 400, 40), BAR)
    assert [colour for _, _, colour in page.marks] == [BAR, WHITE]


def test_a_mark_lies_inside_its_button() -> None:
    page = start_page(Screen("start", "ja", "窓口", ()), {"services": PLACE}, picture())
    x, y, _ = page.marks[1]
    assert 200 < x < 300
    assert 150 < y < 210


def test_it_loads_nothing_and_runs_nothing() -> None:
    html = start_page(Screen("start", "ja", "窓口", ()), {"services": PLACE}, picture()).html
    assert "<script" not in html
    assert set(re.findall(r'src="([^",]*)', html)) == {"data:image/png;base64"}

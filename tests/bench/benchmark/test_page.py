"""The page that a browser shows beside us says what our screen says, where it says it."""

import re
from html import unescape

from PIL import Image, ImageDraw

from daemon.bench.benchmark.page import start_page
from daemon.session.widgets import Button, Choices, Screen

BAR, GROUND, WHITE = (22, 61, 107), (243, 246, 250), (255, 255, 255)
PLACE, FRAME = (200, 150, 100, 60), (5, 60, 30, 30)
BODY = (Choices((Button("services", "行政 & サービス"),)),)
SCREEN = Screen("start", "ja", "窓口", BODY, prompt="お選びください。")
TARGETS = {"access.large": FRAME, "services": PLACE}


def picture() -> Image.Image:
    drawn = Image.new("RGB", (400, 300), GROUND)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, 399, 39), BAR)
    pen.rectangle((0, 0, 39, 299), BAR)
    pen.rectangle((200, 150, 299, 209), WHITE)
    pen.text((230, 170), "x", BAR)
    return drawn


def test_title_prompt_and_buttons_stand_on_it_in_our_colours() -> None:
    page = start_page(SCREEN, TARGETS, picture())
    words = [unescape(text) for text in re.findall(r"<(?:h1|button|p)[^>]*>([^<]*)", page.html)]
    assert words == ["窓口", "行政 & サービス", "お選びください。"]
    assert "left:200px;top:150px;width:100px;height:60px" in page.html
    assert (page.title, page.ground) == ((0, 0, 400, 40), BAR)
    assert [colour for _, _, colour in page.marks] == [BAR, WHITE]


def test_a_mark_lies_inside_its_button() -> None:
    x, y, _ = start_page(SCREEN, TARGETS, picture()).marks[1]
    assert 200 < x < 300
    assert 150 < y < 210


def test_the_frame_and_the_drawing_are_its_images() -> None:
    images = re.findall(r"<img[^>]*left:(\d+)px;top:(\d+)px", start_page(SCREEN, TARGETS, picture()).html)
    assert [int(left) for left, _ in images] == [0, 40]


def test_it_loads_nothing_and_runs_nothing() -> None:
    html = start_page(SCREEN, TARGETS, picture()).html
    assert "<script" not in html
    assert set(re.findall(r'src="([^",]*)', html)) == {"data:image/png;base64"}

"""The glasses that the screens are tried on: pixels and millimetres of panels one can buy."""

from daemon.face.design import Panel

PANELS = {
    "7-inch": Panel((800, 480), (154, 86)),
    "10-inch-wide": Panel((1024, 600), (223, 125)),
    "10-inch": Panel((1280, 800), (217, 136)),
    "15-inch": Panel((1366, 768), (344, 194)),
    "21-inch": Panel((1920, 1080), (476, 268)),
    "7-inch-tall": Panel((480, 800), (86, 154)),
    "10-inch-tall": Panel((800, 1280), (136, 217)),
}
TEN = PANELS["10-inch"]

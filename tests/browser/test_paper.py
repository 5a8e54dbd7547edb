"""The page checks printed paper: a sheet in the hand, a scan that is chosen, and what is no certificate."""

from pathlib import Path

from PIL import Image

from daemon.bench.pictures import side_of
from tests.browser.visitor import Visitor, visitor
from tests.center.paper.scanner import file_of

VERDICT = "document.querySelector('#check .verdict')"


async def a_sheet_in_hand(at: Visitor) -> None:
    await at.touch("services", "issue")
    await at.click(".cards [data-card=taro]")
    await at.sees("municipality")
    await at.touch("own", "confirm", "key.1", "key.2", "key.3", "key.4")
    await at.sees("removal")
    await at.click("#reader .well")
    await at.sees("certificate")
    await at.touch("kind.inkan", "confirm", "confirm", "confirm")
    await at.sees("payment")
    for _ in range(2):
        await at.click("[data-yen='100'].taken")
    await at.sees("take")
    await at.click("#paper .well.full")
    await at.until("document.querySelectorAll('#hand [data-sheet] img').length === 1")


async def test_a_sheet_and_its_scan_are_checked_beside_their_picture(tmp_path: Path) -> None:
    async with visitor() as at:
        await a_sheet_in_hand(at)
        await at.click("#hand [data-sheet]")
        await at.click("#viewer .prove")
        await at.until(f"{VERDICT}?.dataset.verdict === 'genuine'")
        rows = await at.page.locator("#check tr").all_inner_texts()
        assert [row.split("\t") for row in rows if row.startswith("氏名")] == [["氏名", "山田 太郎"]]
        assert any("見本" in row for row in rows)
        await at.until("document.querySelector('#check .scan img').naturalWidth > 1000")
        (sheet,) = at.stand.hand.sheets
        scan = tmp_path / "scan.png"
        scan.write_bytes(file_of(side_of(sheet, "back").rotate(3, expand=True, fillcolor="white")))
        await at.page.set_input_files("#check input", scan)
        await at.until(f"{VERDICT}?.dataset.verdict === 'genuine'")
        await at.until("document.querySelector('#check .scan p').textContent === 'scan.png'")


async def test_a_page_without_a_code_and_a_file_that_is_no_picture_get_clear_answers(tmp_path: Path) -> None:
    async with visitor() as at:
        await at.keys("n")
        white = tmp_path / "white.png"
        white.write_bytes(file_of(Image.new("L", (400, 500), 255)))
        await at.page.set_input_files("#check input", white)
        await at.until(f"{VERDICT}?.dataset.verdict === 'nothing'")
        assert "300 dpi" in await at.page.inner_text("#check .said")
        (tmp_path / "text.png").write_bytes(b"no picture")
        await at.page.set_input_files("#check input", tmp_path / "text.png")
        await at.until(f"{VERDICT}?.textContent.includes('not a picture')")

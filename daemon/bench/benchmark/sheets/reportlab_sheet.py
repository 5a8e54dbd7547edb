"""The same words set by reportlab: a table of paragraphs, broken as Japanese is."""

from html import escape
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from daemon.bench.benchmark.sheets.task import Task

GRID = [("GRID", (0, 0), (-1, -1), 0.4, "black")]


def main() -> None:
    task = Task()
    registerFont(TTFont("Certificate", task.font, shapable=True))
    style = ParagraphStyle(
        "body", fontName="Certificate", fontSize=12, leading=17, wordWrap="CJK", shaping=True
    )

    def draw(number: str) -> bytes:
        rows = [[Paragraph(escape(text), style) for text in field] for field in task.fields]
        file = BytesIO()
        table = Table(rows, colWidths=(42 * mm, 128 * mm), style=GRID)
        SimpleDocTemplate(file, pagesize=A4, leftMargin=20 * mm).build([table, Paragraph(number, style)])
        return file.getvalue()

    task.run(draw)


if __name__ == "__main__":
    main()

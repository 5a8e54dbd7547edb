"""The same words set by WeasyPrint: a table of label and value, as one would write it for a browser."""

from html import escape
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from daemon.bench.benchmark.sheets.task import Task

STYLE = """\
@font-face {{ font-family: Certificate; src: url({font}) }}
@page {{ size: A4; margin: 20mm }}
body {{ font-family: Certificate; font-size: 12pt }}
table {{ border-collapse: collapse; width: 100% }}
td {{ border: 0.4pt solid black; padding: 2.5mm }}
td:first-child {{ width: 42mm }}"""


def main() -> None:
    task = Task()
    style = STYLE.format(font=Path(task.font).as_uri())
    rows = "".join(f"<tr><td>{escape(label)}<td>{escape(value)}" for label, value in task.fields)
    fonts = FontConfiguration()

    def draw(number: str) -> bytes:
        page = f"<style>{style}</style><table>{rows}</table><p>{number}"
        pdf = HTML(string=page).write_pdf(font_config=fonts)
        assert isinstance(pdf, bytes)
        return pdf

    task.run(draw)


if __name__ == "__main__":
    main()

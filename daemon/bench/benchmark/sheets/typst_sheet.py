"""The sheet as the center sets it: its press, its template. Also tells what stands on it, for the others."""

from pathlib import Path

from daemon.bench.benchmark.sheets.citizen import CITIZEN, LETTERHEAD
from daemon.bench.benchmark.sheets.task import Task
from daemon.center.documents.press import Press
from daemon.center.documents.residence import juminhyo
from daemon.center.settings import TEMPLATES


def main() -> None:
    task = Task()
    press = Press(TEMPLATES, Path(task.font))
    certificate = juminhyo(LETTERHEAD, (CITIZEN,), ("head", "honseki", "mynumber"), "self")
    press.preflight(certificate)
    fields: list[tuple[str, str]] = []

    def draw(number: str) -> bytes:
        drawn = press.draw(certificate, number)
        fields[:] = drawn.sheets[0].fields
        return drawn.pdf

    task.run(draw, fields)


if __name__ == "__main__":
    main()

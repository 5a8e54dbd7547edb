"""The starred modules run on a microcontroller too: every vector passes under CPython and under MicroPython.

The vectors are the functions ``check_*`` of ``tests/vectors/*.py``. MicroPython is the Unix port that the
lock file brings on x86-64; it has no wheel elsewhere, and there the vectors run under CPython only.
"""

import ast
import platform
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.layout import ROOT, STARRED, dotted, imports

VECTORS = sorted(path for path in (ROOT / "tests" / "vectors").glob("*.py") if path.stem != "__init__")
MICROPYTHON = Path(sys.executable).with_name("micropython")
PROGRAM = "import sys; sys.path.insert(0, {root!r}); import {module} as m; m.{check}()"


def under_cpython(module: str, check: str) -> None:
    getattr(import_module(module), check)()


def under_micropython(module: str, check: str) -> None:
    program = PROGRAM.format(root=str(ROOT), module=module, check=check)
    command = [str(MICROPYTHON), "-X", "heapsize=32m", "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr or run.stdout


RUN = {"cpython": under_cpython, "micropython": under_micropython}
INTERPRETERS = tuple(RUN) if platform.machine() == "x86_64" else ("cpython",)


def checks() -> list[tuple[str, str]]:
    """(module, function) of every vector; from the source, so that a broken module fails, not vanishes."""
    return [
        (dotted(path), node.name)
        for path in VECTORS
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
    ]


@pytest.mark.parametrize("interpreter", INTERPRETERS)
@pytest.mark.parametrize(("module", "check"), checks())
def test_vector(interpreter: str, module: str, check: str) -> None:
    RUN[interpreter](module, check)


@pytest.mark.parametrize("module", STARRED)
def test_a_starred_module_has_vectors(module: str) -> None:
    covered = {found.name for path in VECTORS for found in imports(path)}
    assert module in covered, f"no module in tests/vectors imports {module}"

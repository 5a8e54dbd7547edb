"""Who may import whom (ARCHITECTURE.md, "Imports"). An import inside a function counts like any other."""

import ast
from collections.abc import Sequence

import pytest

from tests.layout import PURE, ROOT, STARRED, Import, dotted, imports, is_within, modules

MODULES = modules()
IMPURE = {"asyncio", "time", "socket", "sqlite3", "os"}
NOT_IN_MICROPYTHON = {"typing", "enum", "abc", "dataclasses", "contextlib", "functools"}
# What only the bench may touch besides the registry: the far side of the wires, and what it measures.
BENCH_DRIVERS = ("drivers.card.benchmark", "drivers.card.virtual_reader", "drivers.card.sample")


SCREENS = ("daemon.session.screens", "daemon.session.widgets")


def allowed_for(module: str) -> Sequence[str]:
    """The packages of ours this module may import from, first rule that fits."""
    parts = module.split(".")
    if parts[0] == "hal":
        return ("hal",)
    if parts[0] == "drivers":
        own = [".".join(parts[:2])] if len(parts) > 2 or (ROOT / "drivers" / parts[-1]).is_dir() else []
        return ("hal", "drivers.ports", *own)
    rules = {
        "daemon.issuance": ("hal", "daemon.issuance"),
        "daemon.face": ("hal", "daemon.config", "daemon.face", *SCREENS),
        "daemon.session": ("hal", "daemon.issuance", "daemon.session"),
        "daemon.center": ("daemon.issuance", "daemon.center"),
    }
    for package, allowed in rules.items():
        if is_within(module, package):
            return allowed
    return ("hal", "daemon", "drivers.registry")


def is_allowed(module: str, found: Import) -> bool:
    if is_within(module, "daemon.bench") and is_within(found.name, "drivers"):
        return found.name.endswith(".virtual") or found.name in (*BENCH_DRIVERS, "drivers.registry")
    if is_within(found.name, "daemon.bench"):
        return module == "daemon.__main__" or is_within(module, "daemon.bench")
    return any(is_within(found.name, package) for package in allowed_for(module))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_layer_may(module: str) -> None:
    ours = [found for found in imports(MODULES[module]) if found.is_ours]
    wrong = [f"line {found.line}: {found.name}" for found in ours if not is_allowed(module, found)]
    assert not wrong, f"{module} may import from {', '.join(allowed_for(module))} only"


@pytest.mark.parametrize("module", [name for name in MODULES if is_within(name, "hal")])
def test_hal_needs_the_standard_library_only(module: str) -> None:
    assert not [found for found in imports(MODULES[module]) if found.is_third_party]


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_exists_and_imports_nothing_of_the_outside_world(module: str) -> None:
    assert module in MODULES, f"{module} is promised to be pure in tests/layout.py, but it does not exist"
    assert not {found.top for found in imports(MODULES[module])} & IMPURE


@pytest.mark.parametrize("module", STARRED)
def test_a_starred_module_imports_only_what_micropython_has(module: str) -> None:
    used = [found for found in imports(MODULES[module]) if not found.for_types]
    assert not {found.top for found in used} & NOT_IN_MICROPYTHON
    assert not [found for found in used if found.is_third_party or found.name == "collections.abc"]
    assert not [found for found in used if found.is_ours and found.name not in STARRED]


@pytest.mark.parametrize("module", STARRED)
def test_a_starred_module_uses_no_syntax_that_micropython_lacks(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert not [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Match)], "match"
    assert not [ast.unparse(node) for node in ast.walk(tree) if _has_positional_only(node)], "/ parameters"
    assert not [ast.unparse(node) for node in ast.walk(tree) if _unpacks(node)], "[*x] or {**x}"


def _has_positional_only(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.Lambda) and bool(node.args.posonlyargs)


def _unpacks(node: ast.AST) -> bool:
    if isinstance(node, ast.List | ast.Set | ast.Tuple):
        return any(isinstance(item, ast.Starred) and isinstance(item.ctx, ast.Load) for item in node.elts)
    return isinstance(node, ast.Dict) and None in node.keys


def test_vectors_import_starred_modules_only() -> None:
    for path in (ROOT / "tests" / "vectors").glob("*.py"):
        allowed = {*STARRED, "hal", "tests.vectors"}
        used = [found for found in imports(path) if not found.for_types]
        surplus = [found.name for found in used if found.is_third_party or found.is_ours]
        assert set(surplus) <= allowed, f"{dotted(path)} must also run under MicroPython"

"""Which modules keep which promise; the tests of imports and of MicroPython read it here.

A new module that is pure, or that must run on a microcontroller, is added to these lists by hand: it is a
promise, not a discovery.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("hal", "drivers", "daemon")

RULES = ("cards", "destination", "family", "listing", "offers", "people", "residence")
STARRED = (
    "hal.events",
    "hal.faults",
    "drivers.card.jpki",
    "drivers.card.status",
    "drivers.cash.cctalk",
    "drivers.cash.exchange",
    "drivers.cash.payloads",
    "drivers.cash.coin_events",
    "drivers.cash.bill_events",
    "drivers.cash.credit",
    "drivers.cash.payout",
    "drivers.document.attributes",
    "drivers.document.ipp",
    "drivers.receipt.status",
)
PURE = (
    *STARRED,
    "drivers.display.bounce",
    "drivers.display.calibration",
    "drivers.display.geometry",
    "drivers.display.packets",
    "drivers.keypad.keys",
    "drivers.ports.evdev",
    "drivers.voice.loudness",
    "daemon.face.linebreak",
    "daemon.face.words",
    "daemon.face.design",
    "daemon.session.access",
    "daemon.session.keys",
    "daemon.session.ledger",
    "daemon.session.reading",
    "daemon.session.screens.arrival",
    "daemon.session.screens.common",
    "daemon.session.screens.handover",
    "daemon.session.screens.states",
    "daemon.session.screens.wishes",
    "daemon.session.spoken",
    "daemon.session.till",
    "daemon.session.widgets",
    "daemon.center.documents.certificate",
    "daemon.center.documents.register",
    "daemon.center.documents.residence",
    "daemon.center.documents.tax",
    "daemon.center.made.matters",
    "daemon.center.made.numbers",
    "daemon.center.made.taxes",
    *(f"daemon.center.rules.{name}" for name in RULES),
    "daemon.issuance.backs",
    "daemon.issuance.calendar",
    "daemon.issuance.faulty",
    "daemon.issuance.hours",
    "daemon.issuance.maintenance",
    "daemon.issuance.offering",
    "daemon.issuance.toml_lines",
)


@dataclass(frozen=True)
class Import:
    """One imported module, by its full dotted name. for_types: under ``if TYPE_CHECKING`` only."""

    name: str
    line: int
    for_types: bool = False

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]

    @property
    def is_ours(self) -> bool:
        return self.top in OURS

    @property
    def is_third_party(self) -> bool:
        return not self.is_ours and self.top != "tests" and self.top not in sys.stdlib_module_names


def is_within(name: str, package: str) -> bool:
    """Whether this module is the package or in it."""
    return name == package or name.startswith(package + ".")


def modules() -> dict[str, Path]:
    """Dotted name → file, of every module of the product."""
    files = (path for top in OURS for path in (ROOT / top).rglob("*.py"))
    return {dotted(path): path for path in files}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> list[Import]:
    """Every import of this file, also inside functions. ``from a import b`` gives a.b where b is a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return sorted(_walk(tree, dotted(path), path.name == "__init__.py", False), key=lambda found: found.line)


def _walk(node: ast.AST, module: str, is_package: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for name in _names(child, module, is_package):
                yield Import(name, child.lineno, for_types)
        elif isinstance(child, ast.If) and _tests_type_checking(child.test):
            yield from _walk(ast.Module(child.body, []), module, is_package, True)
            yield from _walk(ast.Module(child.orelse, []), module, is_package, for_types)
        else:
            yield from _walk(child, module, is_package, for_types)


def _names(node: ast.Import | ast.ImportFrom, module: str, is_package: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        above = module.split(".")[: -node.level + is_package or None]
        base = ".".join([*above, base] if base else above)
    return [_module_or_attribute(base, alias.name) for alias in node.names]


def _module_or_attribute(base: str, name: str) -> str:
    path = ROOT.joinpath(*base.split("."), name)
    return f"{base}.{name}" if path.with_suffix(".py").exists() or (path / "__init__.py").exists() else base


def _tests_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"

"""The floors of the house, as the tests hold it: who may import whom, and the few exceptions with their reasons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# A package imports from lower floors only, never from its neighbours on the same floor.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("tc0.dsl.base",),
    ("tc0.dsl.symbolic", "tc0.dsl.numbers", "tc0.dsl.bitslice"),
    ("tc0.dsl.syntax", "tc0.dsl.ops", "tc0.dsl.netlist"),
    ("tc0.dsl.core",),
    ("tc0.dsl.interpret",),
    ("tc0.dsl.circuit", "tc0.dsl.analysis"),
    ("tc0.dsl.export", "tc0.dsl.draw", "tc0.dsl.verify"),
    ("tc0.dsl.session",),
    ("tc0",),
    ("tc0.repl",),
)

# Data beside the code: imported from anywhere above, importing nothing.
DATA = ("tc0.grammar", "tc0.stdlib")

# (importer, imported) that goes up, with the reason.
UPWARD = {
    ("tc0.__main__", "tc0.repl"): "`python -m tc0` is the command",
}

# Imports inside functions: (importer, imported) with the reason. Everything else is imported at the top of its file.
SEAMS = {
    ("tc0", "importlib"): "the public face finds its names when they are first used",
    ("tc0.dsl.session", "tc0.dsl.interpret"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.circuit"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.verify"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.export"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.netlist"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.bitslice"): "work without wires needs no numpy",
    ("tc0.dsl.session", "numpy"): "work without wires needs no numpy",
    ("tc0.dsl.session", "tc0.dsl.numbers"): "the vectorised part needs numpy",
    ("tc0.dsl.session", "tc0.dsl.analysis"): "closed forms are derived only where they are asked for",
    ("tc0.dsl.session", "tc0.dsl.symbolic"): "closed forms are derived only where they are asked for",
    ("tc0.repl", "tc0.dsl.export"): "work without circuits needs no numpy",
    ("tc0.repl", "tc0.repl"): "the command line runs scripts without the loop's libraries",
    ("tc0.repl", "prompt_toolkit"): "only a terminal needs it",
    ("tc0.repl", "pygments"): "only a terminal needs it",
}

# Packages that are read without numpy, lark and the terminal's libraries.
LIGHT = ("tc0.dsl.base", "tc0.dsl.syntax", "tc0.dsl.core", "tc0.dsl.ops", "tc0.dsl.numbers")

# Files of those packages that need numpy all the same: vectors, for the walk that carries values. Nothing light imports them.
VECTORS = {
    "tc0.dsl.numbers.float_vectors": "loaded by the walk only",
    "tc0.dsl.numbers.float_codes": "loaded by the walk only",
    "tc0.dsl.numbers.float_sums": "loaded by the walk only",
}

LONGEST = 400  # lines of a file
LONGER = {
    "tc0.stdlib.index": "generated: one line for every name of the library",
    "tc0.dsl.base.codes": "one table: every code with its title and its explanation",
    "tc0.dsl.syntax.build": "one rule of the grammar a method",
    "tc0.dsl.core.program": "one tree: every node of the typed program, each with its documentation",
    "tc0.dsl.syntax.tree": "one tree: every node of the surface, each with its documentation",
    "tc0.dsl.core.expressions": "one case of the closed set of expressions a function",
    "tc0.dsl.core.static": "the evaluator of static expressions: one case of the closed set a function",
    "tc0.dsl.core.operators": "one operator of the language a function",
    "tc0.dsl.numbers.float_vectors": "one operation a function, with what makes its double decide the rounding",
    "tc0.dsl.symbolic.atoms": "one kind of atom a function, with the laws that it obeys",
    "tc0.dsl.analysis.wires": "what a gate, a word or a form adds to the tally: one kind of node a function",
    "tc0.dsl.analysis.cost": "the symbolic walk: one case of the closed set of expressions a function",
    "tc0.dsl.analysis.sources": "the program at index variables: one case of the closed set of expressions a function",
    "tc0.dsl.analysis.points": "the program at one point: one case of the closed set of expressions a function",
}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def package(self) -> str:
        """The unit of the floors that the module belongs to."""
        return package_of(self.name)


@dataclass(frozen=True)
class Import:
    """An import of `target` (a module of ours, or the top-level name of another) in line `line`.

    inside: it stands in a function. typing: it stands under `if TYPE_CHECKING`.
    """

    target: str
    line: int
    inside: bool
    typing: bool


def package_of(name: str) -> str:
    known = [p for floor in FLOORS for p in floor] + list(DATA)
    fitting = [p for p in known if name == p or name.startswith(p + ".")]
    return max(fitting, key=len) if fitting else name


def floor_of(package: str) -> int | None:
    return next((at for at, floor in enumerate(FLOORS) if package in floor), None)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, wherever it is installed."""
    import tc0

    found = []
    face = Path(tc0.__file__).resolve().parent
    for file in sorted(face.glob("*.py")):
        found.append(_read("tc0" if file.stem == "__init__" else f"tc0.{file.stem}", file))
    for name in ("dsl", "grammar", "stdlib", "repl"):
        top = next((Path(p) / name for p in tc0.__path__ if (Path(p) / name).is_dir()), None)
        if top is None:
            continue
        for file in sorted(top.rglob("*.py")):
            parts = ["tc0", name, *file.relative_to(top).with_suffix("").parts]
            found.append(_read(".".join(parts[:-1] if parts[-1] == "__init__" else parts), file))
    return tuple(found)


def _read(name: str, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(name, path, ast.parse(text, str(path)), text.count("\n"))


def imports(module: Module) -> Iterator[Import]:
    names = {m.name for m in modules()}
    yield from _imports(module, module.tree, names, inside=False, typing=False)


def _imports(module: Module, node: ast.AST, names: set[str], inside: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        now_typing = typing or (isinstance(node, ast.If) and _is_typing(node.test) and child in node.body)
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, inside, now_typing)
        elif isinstance(child, ast.ImportFrom):
            base = _absolute(module, child)
            for alias in child.names:
                full = f"{base}.{alias.name}"
                yield Import(full if full in names else base, child.lineno, inside, now_typing)
        else:
            deeper = inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(module, child, names, deeper, now_typing)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if module.path.name != "__init__.py":
        parts = parts[:-1]
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _is_typing(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )

"""The house stands: imports go down, nothing is filled by importing, nothing is loaded twice or too early."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest
from architecture.floors import (
    DATA,
    FLOORS,
    LIGHT,
    LONGER,
    LONGEST,
    SEAMS,
    UPWARD,
    VECTORS,
    Module,
    floor_of,
    imports,
    modules,
    package_of,
)

PARSER = {"tc0.dsl.syntax.parse", "tc0.dsl.syntax.tables"}

EVERY = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)


@EVERY
def test_every_module_has_a_floor(module: Module) -> None:
    if module.name in ("tc0.dsl",):
        assert not list(imports(module)), "tc0.dsl itself is only a folder"
        return
    assert floor_of(module.package) is not None or module.package in DATA


@EVERY
def test_imports_go_down(module: Module) -> None:
    wrong = []
    for found in imports(module):
        if not found.target.startswith("tc0"):
            continue
        package = package_of(found.target)
        if package == module.package or (module.name, package) in UPWARD:
            continue
        if package in DATA and module.package not in DATA:
            continue
        here, there = floor_of(module.package), floor_of(package)
        if here is None or there is None or there >= here:
            wrong.append(f"line {found.line}: {module.package} imports {found.target}")
    assert not wrong


@EVERY
def test_imports_inside_functions_are_named_seams(module: Module) -> None:
    wrong = []
    for found in imports(module):
        if not found.inside or found.typing:
            continue
        target = package_of(found.target) if found.target.startswith("tc0") else found.target.split(".")[0]
        if target in DATA or target == module.package != "tc0.repl":
            continue  # a table loaded on first use; a neighbour in the same package
        if (module.package, target) not in SEAMS and not _loads_the_grammar(module, found.target):
            wrong.append(f"line {found.line}: {found.target}")
    assert not wrong, "name the seam in floors.SEAMS with its reason, or import at the top of the file"


def _loads_the_grammar(module: Module, target: str) -> bool:
    return target == "tc0.dsl.syntax.parse" and module.package in ("tc0.dsl.session", "tc0.repl")


@EVERY
def test_light_packages_import_nothing_heavy(module: Module) -> None:
    heavy = {"numpy", "prompt_toolkit", "pygments"} | (set() if module.name in PARSER else {"lark"})
    if module.package in LIGHT and module.name not in VECTORS:
        found = [
            f"line {i.line}: {i.target}"
            for i in imports(module)
            if not (i.inside or i.typing) and (i.target.split(".")[0] in heavy or i.target in VECTORS)
        ]
        assert not found


@EVERY
def test_no_second_copy(module: Module) -> None:
    assert not [i for i in imports(module) if i.target.split(".")[0] in ("dsl", "grammar", "stdlib", "repl")]


def test_only_the_parser_imports_lark() -> None:
    importers = {m.name for m in modules() for i in imports(m) if i.target.split(".")[0] == "lark" and not i.typing}
    assert importers == PARSER


def test_no_cycle_between_modules() -> None:
    """Among the imports at the top of files."""
    names = {m.name for m in modules()}
    edges = {
        m.name: sorted(
            {i.target for i in imports(m) if i.target in names and i.target != m.name and not (i.inside or i.typing)}
        )
        for m in modules()
    }
    state: dict[str, int] = {}

    def visit(name: str, path: list[str]) -> None:
        state[name] = 1
        for target in edges[name]:
            if state.get(target) == 1:
                cycle = [*path[path.index(target) :], target] if target in path else [name, target]
                raise AssertionError(" -> ".join(cycle))
            if target not in state:
                visit(target, [*path, target])
        state[name] = 2

    for name in sorted(edges):
        if name not in state:
            visit(name, [name])


@EVERY
def test_tables_are_not_filled_by_importing(module: Module) -> None:
    """No statement at the top of a file changes something that another made; no function changes a table of the module."""
    wrong = [f"line {line}: {what}" for line, what in [*_effects(module.tree.body), *_changes(module)]]
    assert not wrong


_CHANGING = {"append", "add", "update", "extend", "insert", "setdefault", "pop", "clear", "remove", "discard"}


def _effects(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    for statement in body:
        match statement:
            case ast.Expr(ast.Constant()):
                pass
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("__path__"), "append"))):
                pass  # the public face finds the folders of a checkout
            case ast.Expr() | ast.AugAssign() | ast.For() | ast.While() | ast.With() | ast.Delete():
                yield statement.lineno, f"a {type(statement).__name__} at the top of a file"
            case ast.Assign(targets=targets) if any(isinstance(t, ast.Subscript | ast.Attribute) for t in targets):
                yield statement.lineno, "an assignment into something"
            case ast.If(test=ast.Compare(left=ast.Name("__name__"))):
                pass
            case ast.If():
                yield from _effects([*statement.body, *statement.orelse])
            case ast.Try():
                yield from _effects([*statement.body, *statement.orelse, *statement.finalbody])


def _changes(module: Module) -> Iterator[tuple[int, str]]:
    tables = set()
    for statement in module.tree.body:
        targets = (
            statement.targets
            if isinstance(statement, ast.Assign)
            else [statement.target]
            if isinstance(statement, ast.AnnAssign)
            else []
        )
        tables |= {t.id for t in targets if isinstance(t, ast.Name)}
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        own = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
        own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in ast.walk(function):
            match node:
                case ast.Global(names=names):
                    yield node.lineno, f"global {', '.join(names)}"
                case ast.Subscript(ast.Name(name), ctx=ast.Store() | ast.Del()) if name in tables - own:
                    yield node.lineno, f"{name}[...] = ..."
                case ast.Call(ast.Attribute(ast.Name(name), verb)) if name in tables - own and verb in _CHANGING:
                    yield node.lineno, f"{name}.{verb}(...)"


@EVERY
def test_files_are_short(module: Module) -> None:
    if module.lines > LONGEST:
        assert module.name in LONGER, f"{module.lines} lines: split it, or give the reason in floors.LONGER"


def test_reasons_are_still_needed() -> None:
    lines = {m.name: m.lines for m in modules()}
    assert not [name for name in LONGER if lines.get(name, 0) <= LONGEST]


def test_floors_are_listed_once() -> None:
    every = [package for floor in FLOORS for package in floor] + list(DATA)
    assert len(every) == len(set(every))


@EVERY
def test_every_module_says_what_it_does(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def _modules_after(*arguments: str) -> set[str]:
    """The names in sys.modules after running a script or module in a fresh interpreter."""
    code = "import sys, runpy\nsys.argv = ['tc0', *sys.argv[1:]]\n"
    code += "try:\n    runpy.run_module('tc0', run_name='__main__', alter_sys=False)\nexcept SystemExit:\n    pass\n"
    code += "sys.stderr.write('\\n@' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    assert "@" in done.stderr, done.stderr
    return set(done.stderr.rpartition("@")[2].split())


def test_arithmetic_loads_neither_numpy_nor_the_terminal() -> None:
    loaded = _modules_after("-c", "1 + 1")
    assert not loaded & {"numpy", "prompt_toolkit", "pygments"}
    assert not loaded & {"dsl", "grammar", "stdlib", "repl"}


def test_gates_load_no_second_copy() -> None:
    loaded = _modules_after("-c", 'MAJ("10110")')
    assert "tc0.dsl.interpret" in loaded
    assert not loaded & {"dsl", "grammar", "stdlib", "repl", "prompt_toolkit", "pygments"}

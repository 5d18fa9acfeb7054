"""The project around the code: lists that are written twice agree, generated pages are current, the wheel is whole."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import lark
import pytest
from architecture.floors import modules
from checkout import in_checkout

import tc0
from tc0.dsl.session import library


def test_public_face() -> None:
    assert sorted(tc0.__all__) == tc0.__all__
    for name in tc0.__all__:
        assert getattr(tc0, name) is not None
    with pytest.raises(AttributeError):
        _ = tc0.nothing  # type: ignore[attr-defined]
    assert set(tc0.__all__) <= set(dir(tc0))


def test_python_m() -> None:
    done = subprocess.run([sys.executable, "-m", "tc0", "--version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and tc0.__version__ in done.stdout, done


_CODE = re.compile(r"E\d{4}")


def test_codes_used_are_listed_and_codes_listed_are_used() -> None:
    from tc0.dsl.base.codes import CODES

    used: dict[str, str] = {}
    for module in modules():
        if module.name == "tc0.dsl.base.codes":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                used[node.value] = f"{module.name}:{node.lineno}"
    missing = {code: place for code, place in used.items() if code not in CODES}
    unused = sorted(set(CODES) - set(used))
    assert not missing, missing
    assert not unused, unused


def test_library_index_is_current() -> None:
    assert (library.FOLDER / "index.py").read_text(encoding="utf-8") == library.write_index(), (
        "run `python -m tc0.dsl.session.library`"
    )


def test_tables_of_the_parser_are_current() -> None:
    from tc0.dsl.syntax import tables

    head = (files("tc0.grammar") / "tables.json").read_text(encoding="utf-8").splitlines()[0]
    recorded = json.loads(head.rstrip(",") + "}")
    assert recorded["grammar"] == sha256(tables._text().encode()).hexdigest(), "run `python -m tc0.dsl.syntax.tables`"
    if recorded["lark"] == lark.__version__:
        loaded, built = tables.loaded(), tables.built()
        assert loaded is not None
        for text in ("1 + 2 * SUM(x)\n", library.source("logic").text):
            assert loaded.parse(text) == built.parse(text)


@pytest.mark.checkout
def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = in_checkout("README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert len(commands) == 2, "the README has two commands"
    tests = [command for command in commands if "pytest" in command]
    assert len(tests) == 1
    assert tests[0] in in_checkout(".ci", "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.checkout
@pytest.mark.parametrize("page", ["library", "errors"])
def test_generated_pages_are_current(page: str) -> None:
    written = in_checkout("docs", f"{page}.md").read_text(encoding="utf-8")
    script = in_checkout("docs", f"{page}.py")
    done = subprocess.run([sys.executable, script, "--print"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == written, f"run `python docs/{page}.py`"


@pytest.mark.checkout
@pytest.mark.parametrize("picture", ["last_letter"])
def test_pictures_are_current(picture: str) -> None:
    written = in_checkout("docs", f"{picture}.svg").read_text(encoding="utf-8")
    script = in_checkout("docs", "pictures.py")
    done = subprocess.run([sys.executable, script, "--print", picture], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == written, "run `python docs/pictures.py`"


@pytest.mark.checkout
@pytest.mark.slow
def test_wheel_holds_exactly_the_package(tmp_path: Path, root: Path) -> None:
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        information = {name.partition(".dist-info/")[2] for name in archive.namelist() if ".dist-info/" in name}
    assert inside == _expected(root)
    assert information == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


_ENDINGS = {"dsl": (".py",), "grammar": (".py", ".lark", ".json"), "stdlib": (".py", ".tc"), "repl": (".py",)}


def _expected(root: Path) -> set[str]:
    """Code, grammar and library, and nothing else: no test, no cache, no note lies among them."""
    expected = {"tc0/__init__.py", "tc0/__main__.py", "tc0/py.typed"}
    for folder, endings in _ENDINGS.items():
        for path in (root / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.suffix in endings, f"{path} is no part of the package"
                expected.add(f"tc0/{path.relative_to(root).as_posix()}")
    return expected

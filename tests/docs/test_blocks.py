"""What the documentation says is true: every code block of the README and of docs/ runs and answers as written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from checkout import ROOT
from docs.blocks import Runner, blocks, exchanges, fits

pytestmark = pytest.mark.checkout

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]) if ROOT else []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_run(page: Path, root: Path, tmp_path: Path) -> None:
    runner = Runner(root, tmp_path)
    for block in blocks(page.read_text(encoding="utf-8")):
        try:
            said = runner.run(block)
        except Exception as error:
            raise AssertionError(f"{page.name}:{block.line}: {type(error).__name__}: {error}\n{block.text}") from error
        assert said == block.text, (
            f"{page.name}:{block.line}: run `python tests/docs/blocks.py {page.name}` and read what it changed"
        )


def test_exchanges_are_taken_apart() -> None:
    found = list(exchanges("tc0> 1 +\n...> 1\n2\n\ntc0> let a = 1\n"))
    assert [(e.source, e.answer) for e in found] == [("1 +\n1", "2"), ("let a = 1", "")]


def test_dots_stand_for_any_lines() -> None:
    assert fits("a\nb\nc", "a\n...\nc")
    assert fits("a\nc", "a\n...\nc")
    assert fits("a\nb\nc", "a\n...")
    assert fits("a\nb\nc", "a\n...\nb\n...")
    assert not fits("a\nb\nc", "b\n...")
    assert fits("a", "a")
    assert not fits("a\nb\nd", "a\n...\nc")
    assert not fits("a", "")


def test_the_plot_is_what_its_program_draws(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "plot.svg"
    program = root / "examples" / "plot_iterated_addition.py"
    done = subprocess.run([sys.executable, program, out], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    drawn = out.read_text(encoding="utf-8")
    assert drawn == (root / "docs" / "iterated_addition.svg").read_text(encoding="utf-8"), f"run `python {program}`"
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert done.stdout.count(" gates ") == 9 and "iterated_add               depth  2   1,002 gates" in done.stdout

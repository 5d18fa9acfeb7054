"""The canonical layout: the same tree, the same comments, stable, and as the samples show it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntax.programs import Writer

from tc0.dsl.base.depth import deep
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source
from tc0.dsl.syntax.format import format_source
from tc0.dsl.syntax.parse import parse, tokens

FOLDER = Path(__file__).parent
SAMPLES = sorted((FOLDER / "samples").glob("*.tc"))
LAYOUTS = sorted((FOLDER / "layouts").glob("*.txt"))


def formatted(text: str) -> str:
    return format_source(Source("test.tc", text))


def comments(text: str) -> Counter[str]:
    return Counter(text[t.start : t.end].rstrip() for t in tokens(text) if t.type == "COMMENT")


def check(text: str) -> None:
    with deep():  # trees are compared by recursion
        _check(text)


def _check(text: str) -> None:
    once = formatted(text)
    assert parse(Source("test.tc", once)) == parse(Source("test.tc", text))
    assert comments(once) == comments(text)
    assert formatted(once) == once
    assert once == "" or (once.endswith("\n") and not once.endswith("\n\n"))
    assert all(line == line.rstrip() for line in once.split("\n"))
    assert "\n\n\n" not in once


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_random_programs(seed: int, gaps: bool) -> None:
    check(Writer(seed, gaps).script())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_layouts(path: Path) -> None:
    """What is written, a line of dashes, and what it becomes."""
    before, after = path.read_text(encoding="utf-8").split("\n-----\n")
    assert formatted(before) == after
    check(before)


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n", "\n\n# a\n\n\n\n# b\n\n", "x  # a\n  # b"])
def test_next_to_nothing(text: str) -> None:
    check(text)


def test_short_families_stay_on_their_line() -> None:
    for text in ("family f(x: bit[n]) -> bit = MAJ(x)\n", "family f(x: bit[n]) -> bit =\n    MAJ(x)\n"):
        assert formatted(text) == text


def test_long_and_deep() -> None:
    check("let a = " + " + ".join(["x"] * 3000))
    check("let a = " + "if a then b else " * 200 + "x")
    check("let a = " + "f(" * 250 + "x" + ")" * 250)


def test_what_does_not_parse_is_not_changed() -> None:
    with pytest.raises(Error) as caught:
        formatted("let a = (1")
    assert caught.value.code == "E0107"

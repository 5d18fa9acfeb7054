"""The library's own claims hold, its comments are in the form that others read, and its names are its own."""

from __future__ import annotations

import re

import pytest

import tc0
from tc0.dsl.core.builtins import is_builtin
from tc0.dsl.session.documentation import LABELS, read_documentation
from tc0.dsl.session.library import files, source, written
from tc0.dsl.syntax import tree

NAMES = [(file, name) for file in files() for name in written(file)]
THEMES = ("logic", "counting", "comparison", "addition", "iterated_addition", "graphs", "languages")
FAMILIES = [(file, name) for file, name in NAMES if file in THEMES]
EXAMPLES = (
    "tour",
    "parity",
    "majority",
    "addition",
    "iterated_addition",
    "reachability",
    "theorem",
    "trained_majority",
    "transformers",
)


@pytest.mark.checkout
@pytest.mark.parametrize("file", files())
def test_every_check_holds(root: object, file: str) -> None:
    report = tc0.Session().check(f"{root}/stdlib/{file}.tc")
    assert report.ok and report.replies


@pytest.mark.checkout
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(root: object, example: str) -> None:
    assert tc0.Session().load(f"{root}/examples/{example}.tc").ok


def test_names_are_given_once() -> None:
    names = [name for _, name in NAMES]
    assert len(names) == len(set(names))
    assert not [name for name in names if is_builtin(name)]


@pytest.mark.parametrize(("file", "name"), FAMILIES, ids=[name for _, name in FAMILIES])
def test_comments(file: str, name: str) -> None:
    """A sentence first; depth and size go together, and with them a source or a construction of one line."""
    node = written(file)[name].node
    if not isinstance(node, tree.Family) or not node.doc:
        return
    documentation = read_documentation(node.doc)
    assert re.match(r"[A-Z].*[.]$", documentation.summary, re.DOTALL), documentation.summary
    labels = [label for label, _ in documentation.entries]
    assert ("Depth" in labels) == ("Size" in labels)
    assert labels == sorted(labels, key=LABELS.index)
    assert all(text for _, text in documentation.entries)


@pytest.mark.parametrize("file", THEMES)
def test_lines_are_short(file: str) -> None:
    assert max(map(len, source(file).text.splitlines())) <= 110


@pytest.mark.parametrize(("file", "name"), FAMILIES, ids=[name for _, name in FAMILIES])
def test_a_family_that_states_its_size_checks_it(file: str, name: str) -> None:
    node = written(file)[name].node
    if not isinstance(node, tree.Family) or "Size" not in dict(read_documentation(node.doc or "").entries):
        return
    text = source(file).text
    if any("form(" in line for line in node.span.text.splitlines()[:1]):
        return  # its circuit depends on the forms that it is given
    for figure in ("depth", "size"):
        assert re.search(rf"^check {figure}\({name}\b", text, re.MULTILINE), f"no check of the {figure} of {name}"

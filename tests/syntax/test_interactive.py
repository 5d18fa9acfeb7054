"""What the terminal asks the parser: is this input complete, what may follow, which tokens are these."""

from __future__ import annotations

import re

import pytest
from syntax.programs import Writer

from tc0.dsl.syntax.parse import accepts, grammar, status, terminals, tokens


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 + 1",
        "# only a comment",
        "let a = 1\n\n",
        "family f(x: bit) -> bit {\n return x\n}",
        "f(1)  # why",
        "if a then b else c",
    ],
)
def test_complete(text: str) -> None:
    assert status(text) == "complete"


@pytest.mark.parametrize(
    "text",
    [
        "let a =",
        "1 +",
        "f(",
        "f(1,\n2",
        "[1, 2",
        "family f(x: bit[n]) -> bit",
        "family f(x: bit[n]) -> bit =",
        "family f(x: bit) -> bit {",
        "family f(x: bit) -> bit {\n let a = 1",
        "family f(x: bit) -> bit {\n return x",
        "if a",
        "if a then b",
        "fold s = 0 for k < 3",
        "check f(x) for",
        "let a = 1  # why\nlet b =  # why",
    ],
)
def test_incomplete(text: str) -> None:
    assert status(text) == "incomplete"


@pytest.mark.parametrize(
    "text", ["let in = 3", "a b", "let", "x = ", 'let s = "abc', "f(1))", "π", "let a = 1 +\n* 2", "return 1"]
)
def test_error(text: str) -> None:
    assert status(text) == "error"


@pytest.mark.parametrize("seed", range(40))
def test_a_program_becomes_complete_line_by_line(seed: int) -> None:
    """No beginning of a right program that ends with a line is an error: what follows can still make it right."""
    lines = Writer(seed, gaps=True).script().splitlines(keepends=True)
    for count in range(1, min(len(lines), 40)):
        assert status("".join(lines[:count])) != "error", "".join(lines[:count])


def test_accepts() -> None:
    assert accepts("family f(x") == {"COLON"}
    assert accepts("let a = f(b") >= {"RPAR", "COMMA", "PLUS", "FOR"}
    assert accepts("family f(x: bit) -> bit {\n") == {"LET", "RETURN"}
    assert "FAMILY" in accepts("") and "THEN" not in accepts("")
    assert accepts("a b ") == frozenset()
    assert accepts("π") == frozenset()


def test_tokens_of_anything() -> None:
    text = 'let π = "a" # b\n\t@@ 1.5 "open'
    found = tokens(text)
    assert [(t.type, text[t.start : t.end]) for t in found] == [
        ("LET", "let"),
        ("ERROR", "π"),
        ("EQUAL", "="),
        ("STRING", '"a"'),
        ("COMMENT", "# b"),
        ("_NL", "\n"),
        ("ERROR", "@"),
        ("ERROR", "@"),
        ("DECIMAL", "1.5"),
        ("ERROR", '"'),
        ("NAME", "open"),
    ]


@pytest.mark.parametrize("seed", range(30))
def test_tokens_are_those_of_the_parser(seed: int) -> None:
    text = Writer(seed).script()
    ours = [t for t in tokens(text) if t.type not in ("COMMENT", "_NL")]
    parsers = [t for t in grammar().lex(text) if t.type != "_NL"]
    assert [(t.start, t.end) for t in ours] == [(t.start_pos, t.end_pos) for t in parsers]


def test_terminals_are_enough_for_a_lexer() -> None:
    table = terminals()
    for terminal in table.patterns:
        assert not re.match(terminal.pattern, "")
    assert table.keywords["family"] == "FAMILY" and len(table.keywords) == 17
    assert set(table.soft) == {
        "use", "option", "alphabet", "weights", "table", "sampled", "precision", "embed", "repeat", "layer",
    }  # fmt: skip
    names = [terminal.name for terminal in table.patterns]
    assert names.index("DECIMAL") < names.index("INT")
    assert names.index("POW") < names.index("STAR")
    assert names.index("DOT2") < names.index("DOT")

"""What Enter does, how lines are indented, and what a pasted text is taken for."""

from __future__ import annotations

import pytest

from tc0.repl.inputs import indentation, inputs, on_enter, silenced

HEAD = "family f(x: bit[n]) -> bit"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "run"),
        ("1 + 1", "run"),
        ("1 +", "newline"),
        ("(1", "newline"),
        (HEAD, "newline"),
        (f"{HEAD} =", "newline"),
        (f"{HEAD} {{", "newline"),
        (f"{HEAD} {{\n    return 1", "newline"),
        (f"{HEAD} {{\n    return 1\n}}", "run"),
        (f"{HEAD} =\n    if n == 0\n    then 0", "newline"),
        ("1 2", "run"),
        ("let if = 3", "run"),
        ("# a remark", "newline"),
        (":type (1", "run"),
        ("?let", "run"),
        ("1 + 1;", "run"),
        ("(1;", "run"),
        ("(1\n\n", "run"),
        ("(1\n", "newline"),
        ("let a = 1\n\n\nlet b =", "newline"),
        ("tc0> 1 +\n...> 1\n2\n", "run"),
        ("tc0> 1 +", "newline"),
    ],
)
def test_enter_at_the_end(text: str, wanted: str) -> None:
    if text == "(1;":  # `;` belongs to the end of a complete statement
        wanted = on_enter("(1", "(1")
    assert on_enter(text, text) == wanted


def test_enter_inside_of_wrong_text() -> None:
    assert on_enter("let a = 1 2\nlet b = 3", "let a = 1 2") == "newline"
    assert on_enter("let a = 1 2\nlet b = 3", "let a = 1 2\nlet b") == "run"


@pytest.mark.parametrize(
    ("before", "blanks"),
    [
        ("1 + 1", 0),
        (f"{HEAD} {{", 4),
        (f"{HEAD} {{\n    let a = 1", 4),
        (f"{HEAD} {{\n    let a = (", 8),
        (f"{HEAD} {{\n    let a =", 8),
        (f"{HEAD} {{\n    let a =\n        1 +", 8),
        (f"{HEAD} {{\n    return 1\n}}", 0),
        (f"{HEAD} =", 4),
        (f"{HEAD} =\n    if n == 0", 0),
        ("OR(x[i]", 4),
        ("OR(x[i]\n    for", 4),
        ("transformer t(w: bit[n]) -> bit {\n    layer {", 8),
    ],
)
def test_indentation(before: str, blanks: int) -> None:
    assert indentation(before) == blanks


def test_plain_text_is_one_piece() -> None:
    assert inputs("let a = 1\nlet b = 2") == ["let a = 1\nlet b = 2"]
    assert inputs(" \n ") == []


def test_transcripts() -> None:
    assert inputs("tc0> 1 + 1\n2\ntc0> (3 +\n...>  4)\n7\n...> no input\ntc0>\n") == ["1 + 1", "(3 +\n 4)"]
    assert inputs("  tc0> 1\n  1\n  tc0> 2") == ["1", "2"]


def test_commands_between_statements() -> None:
    assert inputs("let a = 1\n:type a\nlet b = [\n1,\n2]\n?b") == ["let a = 1", ":type a", "let b = [\n1,\n2]", "?b"]


def test_silenced() -> None:
    assert silenced("1 + 1; \n") == ("1 + 1", True)
    assert silenced(":set seed 1;") == (":set seed 1;", False)
    assert silenced('"a;"') == ('"a;"', False)

"""Errors as text: the place, the marks below the lines, in columns of the terminal."""

from __future__ import annotations

import re

from tc0.dsl.base.errors import Error, Label
from tc0.dsl.base.render import display_width, render
from tc0.dsl.base.source import Source, Span


def place(text: str, part: str, name: str = "adder.tc") -> Span:
    at = text.index(part)
    return Span(Source(name, text), at, at + len(part))


def test_the_usual_shape() -> None:
    text = "family\n  let s = SUM(x\n"
    error = Error("E0107", "this `(` is never closed", place(text, "("), "add `)` before line 3")
    assert render(error) == (
        "error[E0107]: this `(` is never closed\n"
        "  --> adder.tc:2:14\n"
        "   |\n"
        " 2 |   let s = SUM(x\n"
        "   |              ^\n"
        "help: add `)` before line 3"
    )


def test_without_a_place() -> None:
    assert render(Error("E0812", "there is no file `a.tc`")) == "error[E0812]: there is no file `a.tc`"


def test_labels_stand_in_the_order_of_lines() -> None:
    source = Source("a.tc", "let a = 1\n\n\nlet a = 2\n")
    error = Error(
        "E0206", "`a` is defined twice", Span(source, 16, 17), None, (Label(Span(source, 4, 5), "first here"),)
    )
    assert render(error) == (
        "error[E0206]: `a` is defined twice\n"
        "  --> a.tc:4:5\n"
        "   |\n"
        " 1 | let a = 1\n"
        "   |     - first here\n"
        "...\n"
        " 4 | let a = 2\n"
        "   |     ^"
    )


def test_labels_in_another_file() -> None:
    here, there = Source("a.tc", "let a = 1"), Source("b.tc", "let a = 2")
    error = Error("E0206", "`a` is defined twice", Span(here, 4, 5), None, (Label(Span(there, 4, 5), "and here"),))
    assert render(error).splitlines()[5:] == ["  ::: b.tc:1:5", "   |", " 1 | let a = 2", "   |     - and here"]


def test_marks_are_counted_in_columns() -> None:
    text = "\t漢字 e\u0301 = x"
    lines = render(Error("E0101", "m", place(text, "x"))).splitlines()
    assert lines[3] == " 1 |     漢字 e\u0301 = x"
    assert display_width(lines[4]) == display_width(lines[3])


def test_long_lines_are_cut_around_the_mark() -> None:
    text = "a" * 500 + "(" + "b" * 500
    lines = render(Error("E0101", "m", place(text, "("))).splitlines()
    assert len(lines[3]) < 120
    assert lines[3][lines[4].index("^")] == "("
    assert lines[3].startswith(" 1 | ...") and lines[3].endswith("...")


def test_spans_over_lines_are_marked_on_their_first() -> None:
    text = "let a = [1,\n  2]\n"
    lines = render(Error("E0403", "m", place(text, "[1,\n  2]"))).splitlines()
    assert lines[3:] == [" 1 | let a = [1,", "   |         ^^^"]


def test_what_cannot_be_shown_is_replaced() -> None:
    text = "let \x1b[31m = \0"
    assert "\x1b" not in render(Error("E0103", "m", place(text, "\0")))
    assert "\0" not in render(Error("E0103", "m", place(text, "\0")))


def test_places_at_the_end() -> None:
    for text in ("", "let a =", "let a =\n"):
        source = Source("a.tc", text)
        assert render(Error("E0109", "m", Span(source, len(text), len(text)))).splitlines()[-1].endswith("^")


def test_colors_add_nothing_else() -> None:
    text = "let a = 1"
    error = Error("E0101", "m", place(text, "a"), "h", (Label(place(text, "1"), "l"),))
    assert re.sub(r"\x1b\[[0-9;]*m", "", render(error, color=True)) == render(error)

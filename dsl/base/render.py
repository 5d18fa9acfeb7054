"""Turns an error into the text that people read: headline, place, the lines concerned with their marks, and a help line.

The only place that does so; other outputs (JSON, an editor) read the fields of the error themselves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span

WIDEST = 100  # columns of program text shown; a longer line is cut around its mark
TAB = 4
_CUT = "..."

_RED, _BLUE, _CYAN, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1;34m", "\x1b[1;36m", "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place to underline: with `^` the error itself, with `-` what explains it."""

    span: Span
    text: str
    main: bool

    @property
    def line(self) -> int:
        return self.span.line


def render(error: Error, color: bool = False) -> str:
    """The error as lines of text, without a newline at the end."""
    paint = _paint if color else _no_paint
    lines = [paint(f"error[{error.code}]", _RED) + paint(f": {error.message}", _BOLD)]
    marks = [_Mark(label.span, label.text, False) for label in error.labels]
    if error.span is not None:
        marks.insert(0, _Mark(error.span, "", True))
    gutter = max((len(str(mark.line)) for mark in marks), default=0) + 1
    for at, source in enumerate(_sources(marks)):
        here = [mark for mark in marks if mark.span.source is source]
        arrow = "-->" if at == 0 else ":::"
        lines.append(" " * gutter + paint(arrow, _BLUE) + f" {here[0].span}")
        lines.append(" " * gutter + paint(" |", _BLUE))
        lines += _snippet(here, gutter, color)
    if error.hint:
        lines.append(paint("help", _CYAN) + f": {error.hint}")
    return "\n".join(lines)


def display_width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(_width(character) for character in text)


def _sources(marks: Iterable[_Mark]) -> list[Source]:
    found: list[Source] = []
    for mark in marks:
        if not any(mark.span.source is source for source in found):
            found.append(mark.span.source)
    return found


def _snippet(marks: list[_Mark], gutter: int, color: bool) -> Iterator[str]:
    """The lines of one source that hold marks, each with its marks below it."""
    paint = _paint if color else _no_paint
    before = 0
    for number, group in groupby(sorted(marks, key=lambda mark: mark.line), key=lambda mark: mark.line):
        here = sorted(group, key=lambda mark: (not mark.main, mark.span.start))
        text = here[0].span.source.line(number)
        shift, shown = _window(text, here[0].span.column - 1)
        if before and number > before + 1:
            yield paint(_CUT, _BLUE)
        yield paint(f"{number:>{gutter}} |", _BLUE) + (f" {shown}" if shown else "")
        for mark in here:
            start, length = _columns(mark.span, text)
            start -= shift
            if start < 0 or start > WIDEST + 2 * len(_CUT):
                continue  # outside of what is shown of a long line
            length = min(length, max(1, display_width(shown) - start))
            stroke = ("^" if mark.main else "-") * length + (f" {mark.text}" if mark.text else "")
            yield paint(" " * gutter + " | ", _BLUE) + " " * start + paint(stroke, _RED if mark.main else _BLUE)
        before = number


def _columns(span: Span, text: str) -> tuple[int, int]:
    """Where the mark of a span begins in the expanded line, and its length; it ends with its first line."""
    first = span.column - 1
    last = min(first + span.end - span.start, len(text))
    start = display_width(_expanded(text[:first]))
    return start, max(1, display_width(_expanded(text[:last])) - start)


def _window(text: str, column: int) -> tuple[int, str]:
    """The part of a line around a column that is shown, and by how many columns it is shifted to the left."""
    whole = _expanded(text)
    if display_width(whole) <= WIDEST:
        return 0, whole
    centre = display_width(_expanded(text[:column]))
    begin = max(0, min(centre - WIDEST // 2, display_width(whole) - WIDEST))
    shown, at, first = [], 0, -1
    for character in whole:
        if begin <= at < begin + WIDEST:
            first = at if first < 0 else first
            shown.append(character)
        at += _width(character)
    left = _CUT if first > 0 else ""
    right = _CUT if begin + WIDEST < at else ""
    return max(first, 0) - len(left), left + "".join(shown) + right


def _expanded(text: str) -> str:
    """The text with tabs as blanks, and with a placeholder for every character that cannot be shown."""
    shown: list[str] = []
    column = 0
    for character in text:
        if character == "\t":
            shown.append(" " * (TAB - column % TAB))
            column += TAB - column % TAB
            continue
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            character = "\N{REPLACEMENT CHARACTER}"
        shown.append(character)
        column += _width(character)
    return "".join(shown)


def _width(character: str) -> int:
    if " " <= character <= "~":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_PLAIN}"


def _no_paint(text: str, style: str) -> str:
    return text

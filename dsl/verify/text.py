"""Claims as text: on one line, and with a case put in, so that it can be pasted back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree


def one_line(span: Span) -> str:
    """The text of a span on one line, without comments."""
    lines = (line.split("#")[0] if '"' not in line else line for line in span.text.splitlines())
    return " ".join(" ".join(lines).split())


def substituted(expr: tree.Expression, values: Mapping[str, str]) -> str:
    """The expression's text with names replaced by the texts of their values."""
    start, text = expr.span.start, expr.span.text
    found = sorted((n.span.start, n.span.end, n.name) for n in _names(expr) if n.name in values)
    pieces: list[str] = []
    at = 0
    for first, last, name in found:
        pieces += [text[at : first - start], values[name]]
        at = last - start
    return " ".join("".join([*pieces, text[at:]]).split())


def _names(node: object) -> Iterator[tree.Name]:
    """All plain names in an expression; a claim's own names cannot be bound again inside."""
    todo = [node]
    while todo:
        at = todo.pop()
        if isinstance(at, tree.Name):
            yield at
        elif isinstance(at, tuple):
            todo.extend(at)
        elif is_dataclass(at) and not isinstance(at, Span):
            todo.extend(getattr(at, f.name) for f in fields(at) if not f.name.endswith("span"))

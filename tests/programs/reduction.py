"""A failing program made small: expressions replaced by simpler ones, `let`s and families left out, while it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse

Fails = Callable[[str], bool]


def reduced(text: str, fails: Fails, tries: int = 400) -> str:
    """A program that fails as `text` does, smaller where that was found within so many tries."""
    while tries > 0:
        for candidate in _smaller(text):
            tries -= 1
            if fails(candidate):
                text = candidate
                break
            if tries <= 0:
                return text
        else:
            return text
    return text


def _smaller(text: str) -> Iterator[str]:
    """Programs one step smaller, the smallest first."""
    try:
        nodes = list(_nodes(parse(Source("reduced", text))))
    except Error:
        return
    found = set()
    for node in nodes:
        span = _span(node)
        if isinstance(node, tree.Family | tree.Let):
            found.add(text[: span.start] + text[span.end :])
        elif isinstance(node, tree.Expression):
            inner = [f"({_span(part).text})" for part in _parts(node) if isinstance(part, tree.Expression)]
            for other in (*inner, "0", "1", "x[0]", "x", "(x[0] + 0)"):
                if len(other) < len(span.text):
                    found.add(text[: span.start] + other + text[span.end :])
    yield from sorted(found, key=lambda candidate: (len(candidate), candidate))


def _span(node: object) -> Span:
    span = getattr(node, "span")  # noqa: B009
    assert isinstance(span, Span)
    return span


def _parts(node: object) -> Iterator[object]:
    """The nodes directly below."""
    if isinstance(node, tuple):
        for part in node:
            yield from _parts(part) if isinstance(part, tuple) else iter((part,))
    elif is_dataclass(node) and not isinstance(node, Span):
        for field in fields(node):
            part = getattr(node, field.name)
            if isinstance(part, tuple):
                yield from _parts(part)
            elif is_dataclass(part) and not isinstance(part, Span):
                yield part


def _nodes(node: object) -> Iterator[object]:
    for part in _parts(node):
        if is_dataclass(part):
            yield part
            yield from _nodes(part)

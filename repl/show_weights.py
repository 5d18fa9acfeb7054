"""Replies about files of arrays as tables: what is in a file, and what rounding its arrays to floats costs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tc0.dsl.session.report import Tensors, Truncated, Truncation
from tc0.repl.look import Look
from tc0.repl.numerals import count, number
from tc0.repl.tables import table


def tensors(reply: Tensors, look: Look) -> str:
    """The arrays of a file, one a line."""
    head = f'{look.paint(reply.name, "name")}: {count(len(reply.rows), "array")} in "{reply.path}"'
    rows = [("array", "shape", "dtype"), *((name, _shape(shape), dtype) for name, shape, dtype in reply.rows)]
    return "\n".join([head, _ruled(rows, (), look)] if reply.rows else [head])


def truncated(reply: Truncated, look: Look) -> str:
    """The errors of each array, and what could not be rounded."""
    head = f"{look.paint(reply.of, 'name')} in {reply.format}"
    titles = ("array", "shape", "dtype", "largest error", "relative", "saturated", "become 0")
    rows = [titles, *(_figures(row) for row in reply.rows if row.problem is None)]
    lines = [head, *([_ruled(rows, range(3, 7), look)] if len(rows) > 1 else [])]
    return "\n".join([*lines, *(f"  {row.problem}" for row in reply.rows if row.problem is not None)])


def _figures(row: Truncation) -> tuple[str, ...]:
    errors = (_decimal(row.absolute), _decimal(row.relative))
    return (row.name, _shape(row.shape), row.dtype, *errors, number(row.saturated), number(row.vanished))


def _ruled(rows: Sequence[Sequence[str]], right: Sequence[int], look: Look) -> str:
    return table(rows, right, head=True, indent="  ", unicode=look.unicode)


def _shape(shape: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _decimal(error: Fraction) -> str:
    """Three significant digits."""
    return f"{float(error):.4g}"

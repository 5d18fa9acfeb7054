"""Traces as pictures: what a heat map shows of a transformer's trace."""

from __future__ import annotations

from tc0.dsl.draw.heatmap import Cell, Panel, svg
from tc0.dsl.numbers.floats import Float, text
from tc0.dsl.session.report import Head, Layer, Traced

LONG = 7  # characters of an exact value that a cell has room for
LARGEST = 900  # beyond this exponent a float is not a Python float


def heat_map(reply: Traced) -> str:
    """Attention weights and residual stream, layer by layer, as SVG."""
    panels: list[Panel] = []
    for layer in reply.layers:
        panels += [_head(layer, head, reply) for head in layer.heads]
        panels.append(_stream(layer, reply))
    return svg(f"{reply.of}: {reply.format}, result {' '.join(reply.result.split())}", panels)


def position(reply: Traced, at: int) -> str:
    """A position and its symbol."""
    symbol = reply.symbols[at] if at < len(reply.symbols) else ""
    return f"{at} {symbol}".rstrip()


def row_name(reply: Traced, label: str) -> str:
    """A row of attention: a position, or the values of several binders as they are."""
    return position(reply, int(label)) if label.isdigit() else label


def keys_of(head: Head) -> list[int]:
    """All positions that some row attends to."""
    return sorted({key for _, own, _ in head.rows for key in own})


def decimal(x: Float, long: int) -> str:
    """A float: exactly where that takes at most so many characters, else as a decimal after a `~`."""
    exact = text(x)
    if len(exact) <= long or not x.written_out or abs(x.exponent) > LARGEST:
        return exact
    return f"~{float(x.fraction()):.4g}"


def _cell(x: Float | None) -> Cell:
    if x is None:
        return Cell(None, "", "not attended to")
    near = max(-LARGEST, min(LARGEST, x.exponent))
    return Cell(x.mantissa * 2.0**near, decimal(x, LONG), text(x))


def _head(layer: Layer, head: Head, reply: Traced) -> Panel:
    keys = keys_of(head)
    cells = []
    for _, own, weights in head.rows:
        found = dict(zip(own, weights, strict=True))
        cells.append(tuple(_cell(found.get(key)) for key in keys))
    rows = tuple(row_name(reply, label) for label, _, _ in head.rows)
    return Panel(f"{layer.label}: weights of {head.label}", rows, tuple(position(reply, k) for k in keys), tuple(cells))


def _stream(layer: Layer, reply: Traced) -> Panel:
    rows = tuple(position(reply, at) for at in range(len(layer.stream)))
    columns = tuple(str(k) for k in range(len(layer.stream[0]) if layer.stream else 0))
    return Panel(f"{layer.label}: stream", rows, columns, tuple(tuple(map(_cell, row)) for row in layer.stream))

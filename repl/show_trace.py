"""A transformer's trace as text: for every layer its attention weights and the residual stream, as aligned tables."""

from __future__ import annotations

from tc0.dsl.session.pictures import decimal, keys_of, position, row_name
from tc0.dsl.session.report import Head, Layer, Traced
from tc0.repl.look import Look
from tc0.repl.tables import table

LONG = 8  # characters of an exact value; a longer one is shown as a decimal
NOTHING = "."  # of a weight: a mask leaves this position out


def traced(reply: Traced, look: Look) -> str:
    """The whole trace."""
    head = f"{look.paint(reply.of, 'name')}: {reply.format}, result {_one_line(reply.result)}"
    return "\n\n".join([head, *(_layer(layer, reply, look) for layer in reply.layers)])


def _one_line(result: str) -> str:
    return " ".join(result.split())


def _layer(layer: Layer, reply: Traced, look: Look) -> str:
    parts = [look.paint(layer.label, "name")]
    parts += [_head(head, reply, look) for head in layer.heads]
    parts.append(_stream(layer, reply))
    return "\n".join(parts)


def _head(head: Head, reply: Traced, look: Look) -> str:
    """Rows attend to columns."""
    keys = keys_of(head)
    title = f"  {head.label}"
    rows = [[title, *(position(reply, key) for key in keys)]]
    for label, own, weights in head.rows:
        found = dict(zip(own, weights, strict=True))
        rows.append(
            [f"    {row_name(reply, label)}", *(decimal(found[key], LONG) if key in found else NOTHING for key in keys)]
        )
    return table(rows, right=range(1, len(keys) + 1), unicode=look.unicode)


def _stream(layer: Layer, reply: Traced) -> str:
    rows = [["  stream", *(str(k) for k in range(len(layer.stream[0]) if layer.stream else 0))]]
    for at, row in enumerate(layer.stream):
        rows.append([f"    {position(reply, at)}", *(decimal(x, LONG) for x in row)])
    return table(rows, right=range(1, len(rows[0])))

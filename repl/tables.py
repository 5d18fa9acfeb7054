"""Aligned tables: rows of short texts to lines."""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.render import display_width


def table(
    rows: Sequence[Sequence[str]], right: Sequence[int] = (), head: bool = False, indent: str = "", unicode: bool = True
) -> str:
    """Columns two blanks apart, without a newline at the end.

    right: numbers of the columns whose texts stand at the right. head: the first row holds titles; a rule is drawn below it.
    """
    columns = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(display_width(row[at]) for row in padded) for at in range(columns)]
    lines = []
    for number, row in enumerate(padded):
        cells = [_cell(text, widths[at], at in right) for at, text in enumerate(row)]
        lines.append((indent + "  ".join(cells)).rstrip())
        if head and number == 0:
            stroke = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" if unicode else "-"
            lines.append(indent + stroke * (sum(widths) + 2 * (columns - 1)))
    return "\n".join(lines)


def _cell(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks

"""Aligned tables: rows of short texts to lines."""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.render import display_width

LEAST = 20  # columns: narrower texts are not wrapped, as nobody could read them


def table(
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
    head: bool = False,
    indent: str = "",
    unicode: bool = True,
    width: int | None = None,
) -> str:
    """Columns two blanks apart, without a newline at the end.

    right: numbers of the columns whose texts stand at the right. head: the first row holds titles; a rule is drawn below it.
    width: the last column goes on below itself where lines would be longer than this.
    """
    if not rows:
        return ""
    columns = max(len(row) for row in rows)
    padded = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(display_width(row[at]) for row in padded) for at in range(columns)]
    left = len(indent) + sum(widths[:-1]) + 2 * (columns - 1)
    room = width - left if width is not None and width - left >= LEAST else None
    if room is not None:
        widths[-1] = min(widths[-1], room)
    lines = []
    for number, row in enumerate(padded):
        first, *more = wrapped(row[-1], room) if room is not None else row[-1:]
        cells = [_cell(text, widths[at], at in right) for at, text in enumerate([*row[:-1], first])]
        lines.append((indent + "  ".join(cells)).rstrip())
        lines += [" " * left + text for text in more]
        if head and number == 0:
            stroke = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" if unicode else "-"
            lines.append(indent + stroke * (sum(widths) + 2 * (columns - 1)))
    return "\n".join(lines)


def wrapped(text: str, width: int) -> list[str]:
    """The words of a text in lines no longer than this, where no word is."""
    if display_width(text) <= width:
        return [text]
    lines: list[str] = []
    for word in text.split():
        if lines and display_width(lines[-1]) + 1 + display_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cell(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks

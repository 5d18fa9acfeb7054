"""Heat maps: matrices as panels of colored cells, one below the other, as one SVG.

A cell shows its value where there is room, and always as a tooltip, exactly. Zero is white, positive values are blue,
negative ones are red; within a panel the deepest color is the largest magnitude.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tc0.dsl.base.record import record

CELL_WIDTH, CELL_HEIGHT = 56, 22
LETTER = 7.5  # width of a character of 12 px monospace
GAP, MARGIN = 34, 16
LIGHT = 0.55  # beyond this share of the largest magnitude, text is white
BLUE, RED, NOTHING = (8, 69, 148), (165, 15, 21), "#e8e8e8"


@record
class Cell:
    """amount: decides the color; None: not there (a mask). shown: inside of the cell. exact: the tooltip."""

    amount: float | None
    shown: str
    exact: str


@record
class Panel:
    """A matrix with titles of its rows and columns."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def svg(title: str, panels: Sequence[Panel]) -> str:
    """The picture as text."""
    left = MARGIN + LETTER * max((len(r) for p in panels for r in p.rows), default=0) + 10
    wide = CELL_WIDTH * max((len(p.columns) for p in panels), default=0)
    width = max(left + wide + MARGIN, 2 * MARGIN + 1.1 * LETTER * len(title))
    parts: list[str] = [_text(MARGIN, 24, title, weight="bold")]
    top = 44.0
    for panel in panels:
        parts += _panel(panel, left, top)
        top += 40 + CELL_HEIGHT * len(panel.rows) + GAP - 20
    height = top
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="monospace" font-size="12">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _panel(panel: Panel, left: float, top: float) -> list[str]:
    largest = max((abs(c.amount) for row in panel.cells for c in row if c.amount is not None), default=0.0)
    parts = [_text(MARGIN, top + 12, panel.title, weight="bold")]
    for at, name in enumerate(panel.columns):
        parts.append(_text(left + CELL_WIDTH * (at + 0.5), top + 30, name, anchor="middle"))
    for at, name in enumerate(panel.rows):
        y = top + 36 + CELL_HEIGHT * at
        parts.append(_text(left - 8, y + 15, name, anchor="end"))
        for column, cell in enumerate(panel.cells[at]):
            parts.append(_cell(cell, left + CELL_WIDTH * column, y, largest))
    return parts


def _cell(cell: Cell, x: float, y: float, largest: float) -> str:
    share = 0.0 if cell.amount is None or not largest else abs(cell.amount) / largest
    fill = NOTHING if cell.amount is None else _color(RED if cell.amount < 0 else BLUE, share)
    ink = "white" if share > LIGHT else "black"
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="{fill}" stroke="white"/>'
    text = _text(x + CELL_WIDTH / 2, y + 15, cell.shown, anchor="middle", ink=ink, size=10)
    return f"<g><title>{escape(cell.exact)}</title>{box}{text}</g>"


def _color(deepest: tuple[int, int, int], share: float) -> str:
    """From white to the deepest color."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in deepest)


def _text(
    x: float, y: float, text: str, anchor: str = "start", weight: str = "normal", ink: str = "black", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}" '
        f'fill="{ink}">{escape(text)}</text>'
    )

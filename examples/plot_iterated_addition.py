"""Depth against gates and wires of iterated addition: the families of the library, drawn as an SVG.

python examples/plot_iterated_addition.py [OUT.svg]     the default is docs/iterated_addition.svg
"""

from __future__ import annotations

import sys
from math import log10
from pathlib import Path
from typing import NamedTuple

import tc0

M = W = 32  # 32 numbers of 32 bits

# The families, each with where its name stands: from its mark to the right (1) or to the left (-1), and how far below.
FAMILIES = {
    "iterated_add": (1, 16),
    "iterated_add_sqrt": (1, 16),
    "iterated_add_block": (1, -6),
    "iterated_add_block_sqrt": (1, -6),
    "iterated_add_columns": (1, -6),
    "iterated_add_columns_sqrt": (1, -6),
    "iterated_add_cascade": (1, 16),
    "iterated_add_tree": (-1, -6),
    "iterated_add_tree_three": (-1, -6),
}
WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 300, 70, 50, 60  # of one panel, in pixels, and the space around it
INK, FAINT, EXPONENTIAL, POLYNOMIAL = "#222222", "#dddddd", "#c0392b", "#1f6fb2"


class Point(NamedTuple):
    name: str
    depth: int
    gates: int
    wires: int
    weight: int  # the largest

    @property
    def color(self) -> str:
        """Weights of at most (m * w)**2 count as polynomial here; those of the others have about w bits."""
        return POLYNOMIAL if self.weight <= (M * W) ** 2 else EXPONENTIAL


def points() -> list[Point]:
    """Every family at these sizes, counted on its circuit."""
    session = tc0.Session()
    found = []
    for name in FAMILIES:
        circuit = session[name].instantiate(m=M, w=W)
        found.append(Point(name, circuit.depth, circuit.size, circuit.wires, circuit.largest_weight))
    return found


def panel(found: list[Point], figure: str, top: int) -> list[str]:
    """One panel: depth to the right, the figure upwards on a logarithmic scale with a line for every power of ten."""
    values = [getattr(point, figure) for point in found]
    low, high = int(log10(min(values))), int(log10(max(values))) + 1
    deepest = max(point.depth for point in found) + 1

    def x(depth: int) -> float:
        return LEFT + WIDTH * depth / deepest

    def y(value: float) -> float:
        return top + HEIGHT * (1 - (log10(value) - low) / (high - low))

    lines = [f'<text x="{LEFT - 50}" y="{top - 12}" font-weight="bold">{figure}</text>']
    for power in range(low, high + 1):
        lines.append(f'<path d="M{LEFT} {y(10**power):.1f}h{WIDTH}" stroke="{FAINT}"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y(10**power) + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for depth in range(2, deepest, 2):
        lines.append(f'<path d="M{x(depth):.1f} {top + HEIGHT}v5" stroke="{INK}"/>')
        lines.append(f'<text x="{x(depth):.1f}" y="{top + HEIGHT + 18}" text-anchor="middle">{depth}</text>')
    lines.append(f'<path d="M{LEFT} {top}v{HEIGHT}h{WIDTH}" stroke="{INK}" fill="none"/>')
    for point, value in zip(found, values, strict=True):
        side, below = FAMILIES[point.name]
        anchor = "start" if side > 0 else "end"
        place = f'x="{x(point.depth) + 9 * side:.1f}" y="{y(value) + below:.1f}" text-anchor="{anchor}"'
        lines.append(f'<circle cx="{x(point.depth):.1f}" cy="{y(value):.1f}" r="4.5" fill="{point.color}"/>')
        lines.append(f'<text {place} fill="{point.color}">{point.name.removeprefix("iterated_")} {value:,}</text>')
    return lines


def svg(found: list[Point]) -> str:
    """The drawing: gates above, wires below, in one scale of depth."""
    width, height = LEFT + WIDTH + 30, 2 * (HEIGHT + GAP) + TOP + 30
    second = TOP + HEIGHT + GAP
    body = [
        f'<text x="{LEFT}" y="20" font-size="15">The sum of {M} numbers of {W} bits: depth against gates and wires</text>',
        *panel(found, "gates", TOP),
        *panel(found, "wires", second),
        f'<text x="{LEFT + WIDTH / 2:.0f}" y="{second + HEIGHT + 38}" text-anchor="middle">depth</text>',
        f'<circle cx="{LEFT}" cy="{height - 16}" r="4.5" fill="{POLYNOMIAL}"/>',
        f'<text x="{LEFT + 10}" y="{height - 12}">polynomial weights</text>',
        f'<circle cx="{LEFT + 160}" cy="{height - 16}" r="4.5" fill="{EXPONENTIAL}"/>',
        f'<text x="{LEFT + 170}" y="{height - 12}">weights exponential in the number of bits</text>',
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="white"/>', *body, "</svg>", ""])


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs" / "iterated_addition.svg"
    found = points()
    out.write_text(svg(found), encoding="utf-8")
    for point in found:
        print(f"{point.name:26} depth {point.depth:2}  {point.gates:6,} gates  {point.wires:8,} wires")


if __name__ == "__main__":
    main()

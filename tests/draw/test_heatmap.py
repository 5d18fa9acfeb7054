"""Heat maps: well-formed SVG with one cell for each value, its tooltip exact."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

import tc0
from tc0.dsl.draw.heatmap import Cell, Panel, svg
from tc0.dsl.numbers.floats import text
from tc0.dsl.session.pictures import LONG, keys_of
from tc0.dsl.session.report import Traced

SVG = "{http://www.w3.org/2000/svg}"

PROGRAM = """
transformer masked(w: {"<", "&"}[n]) -> bit[n] {
    precision p = 24
    embed x[i < n] = [if w[i] == "<" then 1 else -1, 1 / (i + 1)]
    layer {
        let seen[i < n] = attend(1, x[j] for j < i)
        let all[i < n] = attend(x[j][1], x[j] for j < n)
        x[i < n] = seen[i] + all[i]
    }
    return [x[i][0] > x[i][1] for i < n]
}
"""


@pytest.fixture(scope="module")
def traced() -> Traced:
    session = tc0.Session()
    session.run(PROGRAM)
    return session["masked"].trace("<&<<&")  # type: ignore[union-attr]


def cells(picture: ElementTree.Element) -> list[tuple[str, str, str]]:
    """Tooltip, color and text of each cell, in order."""
    found = []
    for group in picture.iter(f"{SVG}g"):
        title, box, label = list(group)
        found.append((title.text or "", box.get("fill") or "", label.text or ""))
    return found


def test_every_value_is_a_cell_with_an_exact_tooltip(traced: Traced) -> None:
    expected: list[str] = []
    for layer in traced.layers:
        for head in layer.heads:
            for _, own, weights in head.rows:
                known = dict(zip(own, map(text, weights), strict=True))
                expected += [known.get(key, "not attended to") for key in keys_of(head)]
        expected += [text(x) for row in layer.stream for x in row]
    found = cells(ElementTree.fromstring(traced.svg()))
    assert [tooltip for tooltip, _, _ in found] == expected
    assert all(len(label) <= LONG or label.startswith("~") for _, _, label in found)
    assert "not attended to" in expected and any(label.startswith("~") for _, _, label in found)


def test_colors(traced: Traced) -> None:
    for tooltip, color, label in cells(ElementTree.fromstring(traced.svg())):
        red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
        if tooltip == "not attended to":
            assert label == "" and red == green == blue
        elif tooltip == "0":
            assert color == "#ffffff"
        elif tooltip.startswith("-"):
            assert red > blue
        else:
            assert blue > red


def test_letters_that_svg_reserves(traced: Traced) -> None:
    texts = [element.text for element in ElementTree.fromstring(traced.svg()).iter(f"{SVG}text")]
    assert "0 <" in texts and "1 &" in texts


def test_everything_lies_inside(traced: Traced) -> None:
    picture = ElementTree.fromstring(traced.svg())
    width, height = float(picture.get("width") or 0), float(picture.get("height") or 0)
    for box in picture.iter(f"{SVG}rect"):
        right = float(box.get("x") or 0) + float(box.get("width") or 0)
        lower = float(box.get("y") or 0) + float(box.get("height") or 0)
        assert right <= width and lower <= height


def test_the_same_trace_is_the_same_picture(traced: Traced) -> None:
    assert traced.svg() == traced.svg()


def test_a_panel_of_zeros_and_one_without_rows() -> None:
    zero = Cell(0.0, "0", "0")
    picture = svg("a < b", [Panel("none", (), (), ()), Panel("zeros", ("0",), ("0", "1"), ((zero, zero),))])
    assert [color for _, color, _ in cells(ElementTree.fromstring(picture))] == ["#ffffff", "#ffffff"]

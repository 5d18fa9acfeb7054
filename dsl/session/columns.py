"""Sizes from the number of columns of a batch."""

from __future__ import annotations

from tc0.dsl.base.errors import Error
from tc0.dsl.core.interface import Interface, complete, interface, missing
from tc0.dsl.core.program import Applied
from tc0.dsl.core.show import show_applied

MOST_COLUMNS = 1 << 20


def _columns(applied: Applied) -> int:
    return sum(port.wires for port in interface(applied).inputs)


def expected(applied: Applied, columns: int) -> Interface:
    """The ports of a family with everything fixed, which take this many columns."""
    ports = interface(applied)
    wanted = sum(port.wires for port in ports.inputs)
    if wanted != columns:
        inputs = ", ".join(f"{port.name}: {port.wires}" for port in ports.inputs)
        raise Error(
            "E0707", f"`{show_applied(applied)}` takes {wanted} columns ({inputs}), but the batch has {columns}"
        )
    return ports


def solved(applied: Applied, columns: int) -> Applied:
    """The one size that is left out, from the number of columns."""
    left = missing(applied)
    if not left:
        return applied
    family, values = applied.family, dict(applied.values)
    sizes = {size.name for size in family.sizes}
    if len(left) > 1 or left[0] not in sizes:
        raise Error(
            "E0903",
            f"`{show_applied(applied)}` needs {', '.join(f'`{n}`' for n in left)}",
            None,
            f"evaluate(batch, {left[0]}=..)",
        )
    found = [
        n for n in _candidates(applied, left[0], columns) if _width(complete(family, {**values, left[0]: n})) == columns
    ]
    if len(found) != 1:
        few = "no" if not found else "more than one"
        raise Error(
            "E0707",
            f"{few} `{left[0]}` gives `{show_applied(applied)}` {columns} columns",
            None,
            f"evaluate(batch, {left[0]}=..)",
        )
    return complete(family, {**values, left[0]: found[0]})


def _candidates(applied: Applied, name: str, columns: int) -> range:
    """Sizes that can give this many columns: by bisection where the columns grow with the size."""
    if columns > MOST_COLUMNS:
        raise Error("E0707", f"a batch of {columns:,} columns needs its size", None, f"evaluate(batch, {name}=..)")
    family, values = applied.family, dict(applied.values)
    low, high = 0, columns + 1
    while high - low > 64:
        middle = (low + high) // 2
        width = _width(complete(family, {**values, name: middle}))
        if width is None:
            break
        low, high = (low, middle) if width > columns else (middle, high)
    return range(max(0, low - 64), high + 65)


def _width(applied: Applied) -> int | None:
    try:
        return _columns(applied)
    except Error:
        return None

"""Static expressions evaluated on plain Python values, without numpy: one value at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tc0.dsl.core.program import Expr


def evaluate(
    expr: Expr,
    values: Mapping[str, object],
    outside: Callable[[Expr, Mapping[str, object]], object] | None = None,
) -> object:
    """The value of a static expression: int, bool, Fraction, str, nested tuple, or `Applied` for a family.

    values: of the local names. outside: called for nodes that are not static arithmetic (`Measure`, and expressions on
    wires); without it they are a fault.
    """
    raise NotImplementedError

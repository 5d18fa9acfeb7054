"""Typed program with every size fixed, to its values on a batch of inputs; no netlist is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.depth import deep
from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.planes import Planes
from tc0.dsl.core.program import Applied, Expr
from tc0.dsl.core.types import Bit, Form, Type, Wires
from tc0.dsl.interpret.reading import Compiled, compile_expression, compile_family


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a family or a closed expression gives.

    shape: of the array of elements (without the bits of a word). width: bits per element (1 for bits).
    planes: uint64 [prod(shape) * width, words], bit v of word w is vector 64 * w + v; None for forms.
    integers: int64 or object [prod(shape), count], the values of forms; None for all else.
    """

    shape: tuple[int, ...]
    width: int
    planes: Planes | None
    integers: npt.NDArray[np.generic] | None


class Reading:
    """The value reading of a family with everything fixed, compiled once and run on many batches."""

    def __init__(self, applied: Applied, meter: Meter) -> None:
        with deep():
            self._compiled = compile_family(applied, meter)
            self._type: Type = applied.family.result

    def run(self, planes: Planes, count: int, meter: Meter | None = None) -> Outcome:
        """planes: uint64 [inputs, words], inputs in the order of the circuit's; count: vectors (at most 64 * words).
        meter: of this run, where it is not the one of the compilation."""
        if meter is not None:
            self._compiled.meter = meter
        return _outcome(self._compiled, self._type, planes, count)


def evaluate(applied: Applied, planes: Planes, count: int, meter: Meter) -> Outcome:
    """One batch through `Reading`."""
    return Reading(applied, meter).run(planes, count)


def evaluate_expression(expr: Expr, meter: Meter) -> Outcome:
    """The value of a closed expression of wire type (one vector)."""
    with deep():
        compiled = compile_expression(expr, meter)
    return _outcome(compiled, expr.type, np.zeros((0, 1), np.uint64), 1)


def _outcome(compiled: Compiled, type: Type, planes: Planes, count: int) -> Outcome:
    assert isinstance(type, Wires)
    found, integers = compiled.run(planes, count)
    if isinstance(type.element, (Bit, Form)):
        return Outcome(compiled.dims, 1, found, integers)
    return Outcome(compiled.dims[:-1], compiled.dims[-1], found, integers)

"""Typed program with every size fixed, to its values on a batch of inputs; no netlist is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.meter import Meter
from tc0.dsl.core.program import Applied, Expr

Planes = npt.NDArray[np.uint64]


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
        raise NotImplementedError

    def run(self, planes: Planes, count: int) -> Outcome:
        """planes: uint64 [inputs, words], inputs in the order of the circuit's; count: vectors (at most 64 * words)."""
        raise NotImplementedError


def evaluate(applied: Applied, planes: Planes, count: int, meter: Meter) -> Outcome:
    """One batch through `Reading`."""
    return Reading(applied, meter).run(planes, count)


def evaluate_expression(expr: Expr, meter: Meter) -> Outcome:
    """The value of a closed expression of wire type (one vector)."""
    raise NotImplementedError

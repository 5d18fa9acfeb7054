"""A circuit and a batch of inputs to outputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.planes import Planes, pack, patterns, unpack, words_for
from tc0.dsl.circuit.program import Program, compile
from tc0.dsl.netlist import Netlist

__all__ = ["Program", "compile", "evaluate", "evaluate_all", "evaluate_batch"]

STREAMED = 1 << 18  # vectors of a piece of all inputs


def evaluate(netlist: Netlist, planes: Planes, count: int, meter: Meter) -> Planes:
    """One batch: planes uint64 [inputs, words] -> uint64 [outputs, words]. count: the vectors, at most 64 * words.

    For several batches `compile` once and `run` many times. E0610: a declared range does not hold.
    """
    return compile(netlist, meter).run(planes, count, meter)


def evaluate_batch(netlist: Netlist, batch: npt.ArrayLike, meter: Meter) -> npt.NDArray[np.bool_]:
    """One batch: bool [B, inputs] -> bool [B, outputs]."""
    bits = np.asarray(batch, np.bool_)
    return unpack(evaluate(netlist, pack(bits), len(bits), meter), len(bits))


def evaluate_all(netlist: Netlist, meter: Meter) -> Iterator[tuple[int, int, Planes]]:
    """All inputs in order, input k of vector v being bit k of v: (first vector, vectors, planes uint64 [outputs, words])."""
    program = compile(netlist, meter)
    total = 1 << netlist.inputs
    for start in range(0, total, STREAMED):
        meter.tick("evaluating all inputs", start / total)
        count = min(STREAMED, total - start)
        planes = patterns(netlist.inputs, start, count)
        yield start, count, program.run(planes, count, meter)[:, : words_for(count)]

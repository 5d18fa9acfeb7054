"""The value reading compiled: the walk with planes, once; then the tape for every chunk of every batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.base.meter import Meter
from tc0.dsl.bitslice.planes import Planes, patterns, unpack, words_for
from tc0.dsl.bitslice.sums import Counter, Numbers
from tc0.dsl.core.program import Applied, Expr, Family
from tc0.dsl.core.types import Float, Symbol, Wires, code_bits
from tc0.dsl.interpret.calls import given
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.float_steps import SLOT_ROWS
from tc0.dsl.interpret.forms import numbers, rows_of, select
from tc0.dsl.interpret.frame import Activation, Frame, Walk
from tc0.dsl.interpret.root import Active, Result, bind_inputs, frame_of, inputs_of, refuse_forms, result_of, run_body
from tc0.dsl.interpret.tape import Tape, sums_of
from tc0.dsl.interpret.value_algebra import Values
from tc0.dsl.interpret.values import Value
from tc0.dsl.interpret.vectors import at_point, uniform
from tc0.dsl.interpret.walk import new_walk
from tc0.dsl.numbers.float_codes import canonical
from tc0.dsl.ops.floats import format_of

WORKING = 12 << 20  # bytes of table and scratch: more falls out of the caches, less is all calls of numpy
CALL = 8192  # words that a call of numpy should handle
STORE = 128 << 20  # bytes of a chunk with floats
LEAST, MOST = 32, 4096  # words of a chunk, unless memory is short


@dataclass(slots=True, eq=False)
class Compiled:
    """A tape and where its results are. dims: of the result, the width of words last. outputs: rows of the table, or
    None and a counter with the values of the forms."""

    tape: Tape
    dims: tuple[int, ...]
    outputs: Any
    counter: Counter | None
    values: Numbers | None
    meter: Meter

    def run(self, planes: Planes, count: int) -> tuple[Planes | None, Any]:
        """planes: uint64 [inputs, words] -> planes of the result uint64 [outputs, words], or integers [forms, count]."""
        words = max(words_for(count), 0)
        width = self._chunk(max(1, words))
        rows, slots = self.tape.rows, self.tape.slots
        self.meter.reserve(8 * (rows + slots + SLOT_ROWS * self.tape.floats.slots) * width)
        table, scratch = np.empty((rows, width), np.uint64), np.empty((slots, width), np.uint64)
        result = None if self.outputs is None else np.empty((len(self.outputs), words), np.uint64)
        integers = []
        for start in range(0, words, width):
            size = min(width, words - start)
            own = table
            if size < width:  # the last chunk
                own, scratch = np.empty((rows, size), np.uint64), np.empty((slots, size), np.uint64)
            here = min(count - 64 * start, 64 * size)
            self.tape.run(own, scratch, planes[:, start : start + size], here)
            if result is not None:
                result[:, start : start + size] = own[self.outputs]
            elif self.counter is not None and self.values is not None:
                integers.append(self.values.integers(self.counter.run(own), here))
            self.meter.tick("evaluate", start / words)
        if self.outputs is not None:
            return result, None
        if not integers:
            return None, np.zeros((len(self.values.base) if self.values else 0, count), np.int64)
        return None, integers[0] if len(integers) == 1 else np.concatenate(integers, 1)

    def _chunk(self, words: int) -> int:
        """Words of a chunk: the table in cache where it can be, and never beyond the limit of memory."""
        rows = self.tape.rows + self.tape.slots + SLOT_ROWS * self.tape.floats.slots
        least = LEAST if not self.tape.floats.slots else max(1, min(LEAST, STORE // (8 * rows)))
        width = max(least, min(MOST, 1 << (WORKING // (8 * rows)).bit_length() >> 1))
        busy = int(CALL / self.tape.rows_per_call)  # enough for a call to be worth its overhead
        width = max(width, min(512 if least == LEAST else least, 1 << busy.bit_length() >> 1))
        most = self.meter.limits.memory // (8 * rows)
        return max(1, min(width, words, most))


def compile_family(applied: Applied, meter: Meter) -> Compiled:
    """The value reading of a family with everything fixed."""
    family = applied.family
    refuse_forms(family, results=False)
    algebra = Values(0, meter)
    walk = new_walk(algebra, meter, tabulate)
    context = Context()
    frame = frame_of(walk, applied, context, {})
    value = _body(walk, algebra, family, frame, context, as_table=True)
    return _finished(walk, algebra, result_of(walk, value, context, family.span))


def compile_expression(expr: Expr, meter: Meter) -> Compiled:
    """The value reading of a closed expression."""
    algebra = Values(0, meter)
    walk = new_walk(algebra, meter, tabulate)
    context = Context()
    value = walk.rules[type(expr)](walk, expr, Frame({}, None, {}, 0), context)
    return _finished(walk, algebra, result_of(walk, value, context, expr.span))


def _body(walk: Walk, algebra: Values, family: Family, frame: Frame, context: Context, as_table: bool) -> Value:
    inputs = inputs_of(walk, family, frame, context)
    algebra.inputs, algebra.next = inputs.count, 2 + inputs.count
    bind_inputs(inputs, frame, context)
    return run_body(walk, family, frame, context, as_table)


def _finished(walk: Walk, algebra: Values, result: Result) -> Compiled:
    tape = Tape(algebra.inputs, algebra.next, algebra.steps, algebra.floats.store)
    algebra.floats.read(result.wires if result.form is None else result.form[0].wires)
    if result.form is None:
        return Compiled(tape, result.dims, result.wires, None, None, walk.meter)
    forms, rows = result.form
    own = select(forms, rows)
    ends = (numbers(v, own.count) for v in (own.const, own.low, own.high))
    sums = sums_of(rows_of(own), *ends)
    values = sums.values()
    return Compiled(tape, result.dims, None, sums.compile(), values, walk.meter)


# ---- tables


def tabulate(
    walk: Walk,
    family: Family,
    values: Mapping[str, Any],
    bits: int,
    inner: Frame,
    context: Context,
    point: tuple[int, ...],
) -> Any:
    """The truth table of a table family at one point: bool [2**bits, outputs]; rows that are no valid code give 0."""
    key = (family, tuple(values.items()))
    found = walk.tables.get(key)
    if found is None:
        found = walk.tables[key] = _tabulate(walk, family, values, bits, inner, context, point)
    return found


def _tabulate(
    walk: Walk,
    family: Family,
    values: Mapping[str, Any],
    bits: int,
    inner: Frame,
    context: Context,
    point: tuple[int, ...],
) -> Any:
    algebra = Values(0, walk.meter)
    own = new_walk(algebra, walk.meter, tabulate, walk.tables)
    root = Context()
    active: Active = {owner: _at(a, context, point, root) for owner, a in inner.active.items()}
    frame = Frame({name: given(value, root) for name, value in values.items()}, inner.place, active, inner.depth)
    value = _body(own, algebra, family, frame, root, as_table=False)
    compiled = _finished(own, algebra, result_of(own, value, root, family.span))
    rows = 1 << bits
    planes, _ = compiled.run(patterns(bits, 0, rows), rows)
    assert planes is not None
    truth = unpack(planes, rows)
    truth[~_valid(own, family, frame, root, rows)] = False
    return truth


def _at(activation: Activation, context: Context, point: tuple[int, ...], root: Context) -> Activation:
    """An activation as it is at one point."""

    def here(v: Any) -> Any:
        v = context.lift(v, activation.context)
        return v if uniform(v) else at_point(v, point)

    arguments = tuple(here(v) for v in activation.arguments)
    return Activation(root, arguments, {k: True for k, v in activation.alive.items() if here(v)})


def _valid(walk: Walk, family: Family, frame: Frame, context: Context, rows: int) -> Any:
    """bool [rows]: whether every symbol among the inputs is one of its alphabet, and every float has its one code."""
    numbers_ = np.arange(rows, dtype=np.int64)
    valid = np.ones(rows, np.bool_)
    shapes = inputs_of(walk, family, frame, context).shapes
    at = 0
    for parameter, (_, shape) in zip(family.parameters, shapes, strict=True):
        size = int(np.prod(shape, dtype=np.int64))
        if isinstance(parameter.type, Wires) and isinstance(parameter.type.element, Symbol):
            symbols = len(parameter.type.element.symbols)
            width = code_bits(symbols)
            for first in range(at, at + size, max(1, width)):
                valid &= (numbers_ >> first & ((1 << width) - 1)) < symbols
        if isinstance(parameter.type.element, Float) and size:
            precision = shape[-1]
            format = format_of(precision, parameter.type.element.nearest)
            for first in range(at, at + size, precision):
                valid &= canonical(format, numbers_ >> first & ((1 << precision) - 1))
        at += size
    return valid

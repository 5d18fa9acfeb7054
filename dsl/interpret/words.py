"""Rules for words (and floats, which are codes): read as forms, as bits, in another width. No gates."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import AsWord, Bits, Resize
from tc0.dsl.core.program import Value as ValueOf
from tc0.dsl.core.types import Float as FloatType
from tc0.dsl.core.types import Wires, Word, width_of
from tc0.dsl.interpret import floats, statics
from tc0.dsl.interpret.constants import check_width
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import Forms
from tc0.dsl.interpret.frame import Frame, Walk, first_true, integer
from tc0.dsl.interpret.rows import array, wire_numbers
from tc0.dsl.interpret.values import Array, Form, Pool, Segments, Value, of_segments, segments
from tc0.dsl.interpret.vectors import (
    Run,
    Vector,
    at_point,
    dense,
    objects,
    product,
    shrink,
    single,
    spread,
    uniform,
)

# ---- words read as something else


def bits(walk: Walk, e: Bits, frame: Frame, context: Context) -> Value:
    return array(walk, e.word, frame, context)


def as_word(walk: Walk, e: AsWord, frame: Frame, context: Context) -> Value:
    found = array(walk, e.bits, frame, context)
    assert isinstance(e.type, Wires)
    element = e.type.element
    declared = width_of(element)
    assert declared is not None
    width = integer(walk, declared, frame, context)
    if isinstance(element, FloatType):
        floats.check_precision(width, element.nearest, "a float", e.span)
    check_width(width, e.span)
    differ = statics.unequal(found.dims[-1], width)
    if np.any(differ):
        point = first_true(differ) if np.ndim(differ) else ()
        a, b = (v if uniform(v) else at_point(v, point) for v in (found.dims[-1], width))
        kind = (
            "float"
            if isinstance(element, FloatType)
            else "int"
            if isinstance(element, Word) and element.signed
            else "uint"
        )
        raise Error("E0404", f"`{kind}({b})` takes {b} bits, not {a}", e.span)
    return found


def _wordwise(found: Segments, dims: tuple[Vector, ...]) -> tuple[int, Vector, Any]:
    """Words in segments: their number, the width of each (one, or [words]), and where each row's words begin
    (int64 [rows + 1])."""
    width = dims[-1]
    if found.per is not None:
        each = product(tuple(dims[:-1]))
        return found.rows * each, width, np.arange(found.rows + 1, dtype=np.int64) * each
    counts: Any = np.ones(found.rows, np.int64)
    for d in dims[:-1]:
        counts = counts * np.asarray(spread(d, found.shape)).reshape(-1)
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    widths = width if uniform(width) else np.repeat(np.asarray(spread(width, found.shape)).reshape(-1), counts)
    return int(begins[-1]), widths, begins


def value_of(walk: Walk, e: ValueOf, frame: Frame, context: Context) -> Value:
    found = array(walk, e.word, frame, context)
    word = e.word.type
    assert isinstance(word, Wires) and isinstance(word.element, Word)
    parts = segments(found, context, walk.meter, e.span)
    count, width, begins = _wordwise(parts, found.dims)
    forms = _word_forms(wire_numbers(dense(parts.numbers)), count, width, word.element.signed)
    if len(found.dims) == 1:
        return Form(context, forms, parts.row())
    pool = Pool(Run(0, (count,)), False, forms)
    per = None if parts.per is None else product(tuple(found.dims[:-1]))
    rows = Segments(parts.shape, parts.rows, per, None if per is not None else begins, pool.numbers)
    return of_segments(context, rows, found.dims[:-1], pool)


def _word_forms(wires: Any, count: int, width: Vector, signed: bool) -> Forms:
    fanin: int | None = None
    starts: Any = None
    last: Any
    low: Vector
    high: Vector
    if uniform(width):
        fanin = width
        exponents = np.tile(np.arange(width, dtype=np.int32), count)
        last = np.arange(1, count + 1, dtype=np.int64) * width - 1
        low, high = _word_range(width, signed)
    else:
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(width)])
        exponents = (np.arange(starts[-1]) - np.repeat(starts[:-1], width)).astype(np.int32)
        last = starts[1:][width > 0] - 1
        ranges = [_word_range(w, signed) for w in width.tolist()]
        low, high = (shrink(objects([r[k] for r in ranges])) for k in (0, 1))
    mantissas = None
    if signed and len(wires):
        mantissas = np.ones(len(wires), np.int64)
        mantissas[last] = -1
    return Forms(count, fanin, starts, wires, mantissas, exponents if len(wires) else None, 0, low, high)


def _word_range(width: int, signed: bool) -> tuple[int, int]:
    if width == 0:
        return 0, 0
    return (-(1 << (width - 1)), (1 << (width - 1)) - 1) if signed else (0, (1 << width) - 1)


def resize(walk: Walk, e: Resize, frame: Frame, context: Context) -> Value:
    found = array(walk, e.word, frame, context)
    given, wanted = e.word.type, e.type
    assert isinstance(given, Wires) and isinstance(wanted, Wires)
    assert isinstance(given.element, Word) and isinstance(wanted.element, Word) and wanted.element.width is not None
    width = integer(walk, wanted.element.width, frame, context)
    check_width(width, e.span)
    if not uniform(width):
        spread_out = statics.add(found.offset, np.zeros(width.shape, np.int64))
        found = Array(context, found.pool, spread_out, found.dims, found.steps())
    parts = segments(found, context, walk.meter, e.span)
    count, old, begins = _wordwise(parts, found.dims)
    new: Vector = (
        width if uniform(width) else np.repeat(np.asarray(spread(width, parts.shape)).reshape(-1), np.diff(begins))
    )
    numbers = wire_numbers(dense(parts.numbers))
    if uniform(old) and uniform(new):
        wires = _resized(numbers.reshape(count, old), new, given.element.signed)
        per = None if parts.per is None else product(tuple(found.dims[:-1])) * new
        rows = Segments(parts.shape, parts.rows, per, None if per is not None else begins * new, wires)
    else:
        wires, ends = _resized_ragged(numbers, count, old, new, given.element.signed)
        rows = Segments(parts.shape, parts.rows, None, ends[begins], wires)
    return of_segments(context, rows, (*found.dims[:-1], width), Pool(wires))


def _resized(wires: Any, width: int, signed: bool) -> Any:
    """int [words, old] as [words, width], one axis."""
    old = wires.shape[1]
    if width <= old:
        return np.ascontiguousarray(wires[:, :width]).reshape(-1)
    filler = (
        np.repeat(wires[:, -1:], width - old, 1) if signed and old else np.zeros((len(wires), width - old), wires.dtype)
    )
    return np.concatenate([wires, filler], 1).reshape(-1)


def _resized_ragged(wires: Any, count: int, old: Vector, new: Vector, signed: bool) -> tuple[Any, Any]:
    before, after = (np.broadcast_to(single(v), (count,)) if uniform(v) else v for v in (old, new))
    begins, ends = (np.concatenate([np.zeros(1, np.int64), np.cumsum(v)]) for v in (before, after))
    position = np.arange(ends[-1]) - np.repeat(ends[:-1], after)
    size = np.repeat(before, after)
    inside = position < size
    index = np.repeat(begins[:-1], after) + np.where(inside, position, size - 1)
    padded = np.append(wires, 0)
    index = np.where(inside | ((size > 0) & signed), index, len(wires))
    return padded[index].astype(wires.dtype, copy=False), ends

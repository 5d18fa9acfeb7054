"""The rule for constants: static values become bits, words, floats, symbols and forms. No gates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Lift
from tc0.dsl.core.static import describe, kind_of
from tc0.dsl.core.types import Bit as BitType
from tc0.dsl.core.types import Float as FloatType
from tc0.dsl.core.types import Form as FormType
from tc0.dsl.core.types import Symbol, Wires, Word, code_bits
from tc0.dsl.interpret import floats, statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import of_constants
from tc0.dsl.interpret.frame import Frame, Walk, first_true, integer, with_names
from tc0.dsl.interpret.rows import constant_form
from tc0.dsl.interpret.values import Array, Bit, Known, Pool, Segments, Value, lift, of_segments, segments
from tc0.dsl.interpret.vectors import (
    Run,
    Shape,
    Vector,
    at_point,
    common,
    dense,
    flat,
    objects,
    product,
    spread,
    uniform,
)


def lifted(walk: Walk, e: Lift, frame: Frame, context: Context) -> Value:
    value = lift(walk.rules[type(e.value)](walk, e.value, frame, context), context)
    assert isinstance(e.type, Wires)
    rank = len(e.type.shape)
    match e.type.element:
        case BitType():
            value = _spelled(value, rank, context)
            return _bits(value, rank, e, frame, context)
        case FormType():
            value = _spelled(value, rank, context)
            return _forms(value, rank, e, context)
        case Word() as word:
            return _words(walk, value, rank, word, e, frame, context)
        case Symbol() as symbol:
            return _symbols(_spelled(value, rank, context), rank, symbol, e, context)
        case FloatType() as element:
            return _floats(walk, value, rank, element, e, frame, context)


def _spelled(value: Value, rank: int, context: Context) -> Value:
    """Strings as arrays of their characters, where the rank asks for it."""
    if type(value) is str and rank == 1:
        return Array(context, Pool(objects(list(value)), static=True), 0, (len(value),), dense=True)
    if isinstance(value, Known) and rank == 1 and value.data.dtype == object:
        return _characters(value.data, (), value.data.shape, context)
    if (
        isinstance(value, Array)
        and len(value.dims) == rank - 1
        and value.pool.size
        and value.pool.numbers.dtype == object
    ):
        texts = value.pool.numbers.tolist()
        lengths = {len(t) for t in texts if isinstance(t, str)}
        if len(lengths) == 1 and all(isinstance(t, str) for t in texts):
            (length,) = lengths
            characters = objects([c for t in texts for c in t])
            steps = tuple(statics.multiply(s, length) for s in value.steps())
            return Array(
                context,
                Pool(characters, static=True),
                statics.multiply(value.offset, length),
                (*value.dims, length),
                (*steps, 1),
            )
    return value


def _characters(data: Any, dims: tuple[Vector, ...], shape: Shape, context: Context) -> Array:
    """Different strings at different points."""
    texts = data.ravel().tolist()
    counts = np.array([len(t) for t in texts], np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    pool = Pool(objects([c for t in texts for c in t]), static=True)
    return Array(context, pool, starts[:-1].reshape(shape), (*dims, counts.reshape(shape)), dense=True)


def _mismatch(value: Value, rank: int, e: Lift) -> Error:
    found = "an array" if isinstance(value, Array) else kind_of(value)
    wanted = "a single value" if rank == 0 else "an array"
    return Error("E0308", f"{wanted} is needed here, not {found}", e.span)


def _bits(value: Value, rank: int, e: Lift, frame: Frame, context: Context) -> Value:
    if rank == 0:
        v = value.data if isinstance(value, Known) else value
        if isinstance(v, (Array, str)):
            raise _mismatch(value, rank, e)
        _check_bits(v, e, frame, context)
        return Bit(context, v if uniform(v) else v.astype(np.int32))
    array_ = _as_array(value, rank, e, context)
    numbers = array_.pool.numbers
    if numbers.dtype == object and numbers.size and all(isinstance(c, str) for c in numbers):
        numbers = _digits(numbers, e)
    _check_bits(numbers, e, frame, None)
    return Array(context, Pool(numbers.astype(np.int32)), array_.offset, array_.dims, array_.strides, array_.dense)


def _as_array(value: Value, rank: int, e: Lift, context: Context) -> Array:
    if not isinstance(value, Array) or (len(value.dims) != rank and value.pool.size):
        raise _mismatch(value, rank, e)
    if len(value.dims) < rank:
        return Array(context, value.pool, 0, value.dims + (0,) * (rank - len(value.dims)), dense=True)
    return value


def _digits(characters: Any, e: Lift) -> Any:
    for c in characters:
        if c not in ("0", "1"):
            raise Error("E0702", f"`{c}` is not a bit: a string of bits holds 0 and 1", e.span)
    return np.array([c == "1" for c in characters], np.int64)


def _check_bits(v: Vector, e: Lift, frame: Frame, context: Context | None) -> None:
    if type(v) is int and v in (0, 1):
        return
    if not statics.integers(v):
        found = v if uniform(v) else next(x for x in v.ravel().tolist() if type(x) is not int)
        raise Error("E0701", f"a bit is 0 or 1, not {kind_of(found)} ({describe(found)})", e.span)
    outside = np.logical_or(statics.less(v, 0), statics.greater(v, 1))
    if np.any(outside):
        point = first_true(outside) if np.ndim(outside) else ()
        found = v if uniform(v) else at_point(v, point)
        note = with_names(frame, context, [e.value], point) if context is not None else ""
        raise Error("E0701", f"a bit is 0 or 1, not {describe(found)}{note}", e.span)


def _forms(value: Value, rank: int, e: Lift, context: Context) -> Value:
    if rank == 0:
        v = value.data if isinstance(value, Known) else value
        if isinstance(v, (Array, str)) or not statics.integers(v):
            raise _mismatch(value, rank, e)
        return constant_form(v, context)
    array_ = _as_array(value, rank, e, context)
    numbers = array_.pool.numbers
    if numbers.dtype == object and numbers.size and all(isinstance(c, str) for c in numbers):
        numbers = _digits(numbers, e)
    if not statics.integers(numbers):
        raise Error("E0504", "the elements must be integers", e.span)
    size = numbers.size
    pool = Pool(Run(0, (size,)), False, of_constants(statics.written_out(numbers), size))
    return Array(context, pool, array_.offset, array_.dims, array_.strides, array_.dense)


def _words(walk: Walk, value: Value, rank: int, word: Word, e: Lift, frame: Frame, context: Context) -> Array:
    """Static integers as words."""
    assert word.width is not None
    width = integer(walk, word.width, frame, context)
    check_width(width, e.span)
    found, dims, widths = _elements(walk, value, rank, width, e, context)
    numbers = dense(found.numbers)
    if not statics.integers(numbers):
        raise Error("E0701", "a word is an integer", e.span)
    _check_fits(numbers, widths, word.signed, e)
    digits, starts = _binary(numbers, widths)
    return _coded(found, dims, width, digits, starts, context)


def _floats(walk: Walk, value: Value, rank: int, element: FloatType, e: Lift, frame: Frame, context: Context) -> Array:
    """Static numbers and floats as codes of floats."""
    assert element.precision is not None
    width = integer(walk, element.precision, frame, context)
    floats.check_precision(width, element.nearest, "a float", e.span)
    found, dims, widths = _elements(walk, value, rank, width, e, context)
    values = statics.python_values(found.numbers, found.numbers.shape)
    each = [widths] * len(values) if uniform(widths) else widths.tolist()
    digits = floats.codes(values, each, element.nearest, e.span)
    starts = None if uniform(widths) else np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)])
    return _coded(found, dims, width, digits, starts, context)


def _elements(
    walk: Walk, value: Value, rank: int, width: Vector, e: Lift, context: Context
) -> tuple[Segments, tuple[Vector, ...], Vector]:
    """Static values that get wires: in segments, the lengths of their array, and the width of each (one, or [values])."""
    if rank == 0:
        v = value.data if isinstance(value, Known) else value
        if isinstance(v, (Array, str)):
            raise _mismatch(value, rank, e)
        shape = common(v, width) or (1,) * len(context.shape)
        found = Segments(shape, product(shape), 1, None, flat(spread(v, shape)))
        dims: tuple[Vector, ...] = ()
    else:
        array_ = _as_array(value, rank, e, context)
        found, dims = segments(array_, context, walk.meter, e.span), array_.dims
        if not uniform(width) and found.rows == 1:
            array_ = Array(context, array_.pool, spread(0, width.shape), array_.dims, array_.steps())
            found = segments(array_, context, walk.meter, e.span)
        shape = found.shape
    widths = (
        width if uniform(width) else np.repeat(np.asarray(spread(width, shape)).reshape(-1), np.diff(found.offsets()))
    )
    walk.meter.reserve(8 * (widths * found.numbers.size if uniform(widths) else sum(widths.tolist())), e.span)
    return found, dims, widths


def _coded(
    found: Segments, dims: tuple[Vector, ...], width: Vector, digits: Any, starts: Any, context: Context
) -> Array:
    """Wires of values in segments; starts: where each value's wires begin, None where all are equally wide."""
    if starts is None:
        per = None if found.per is None else found.per * width
        new = Segments(found.shape, found.rows, per, None if found.starts is None else found.starts * width, digits)
    else:
        new = Segments(found.shape, found.rows, None, starts[found.offsets()], digits)
    return of_segments(context, new, (*dims, width), Pool(digits))


def check_width(width: Vector, span: Span) -> None:
    if np.any(statics.less(width, 0)):
        found = width if uniform(width) else int(np.min(width))
        raise Error("E0704", f"a width must be at least 0, not {found}", span)


def _check_fits(numbers: Vector, widths: Vector, signed: bool, e: Lift) -> None:
    values = statics.python_values(numbers, numbers.shape)
    sizes = [widths] * len(values) if uniform(widths) else widths.tolist()
    for value, width in zip(values, sizes, strict=True):
        least = -(1 << (width - 1)) if signed and width else 0
        most = (1 << (width - 1)) - 1 if signed and width else (1 << width) - 1
        if not least <= value <= most:
            kind = "int" if signed else "uint"
            raise Error(
                "E0701",
                f"{describe(value)} does not fit into `{kind}({width})`: it holds {brief(least)}..{brief(most)}",
                e.span,
            )


def _binary(numbers: Vector, widths: Vector) -> tuple[Any, Any]:
    """The digits of all numbers, lowest first: int32 [digits], and where each number starts (None: all equally wide)."""
    if uniform(widths):
        if widths <= 62 and type(numbers) is np.ndarray and numbers.dtype != object:
            digits = numbers[:, None] >> np.arange(widths, dtype=np.int64) & 1
            return digits.astype(np.int32).reshape(-1), None
        values = statics.python_values(numbers, numbers.shape)
        return np.array([v >> i & 1 for v in values for i in range(widths)], np.int32), None
    values = statics.python_values(numbers, numbers.shape)
    digits_ = [v >> i & 1 for v, w in zip(values, widths.tolist(), strict=True) for i in range(w)]
    return np.array(digits_, np.int32), np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)])


def _symbols(value: Value, rank: int, symbol: Symbol, e: Lift, context: Context) -> Array:
    """Strings as codes of symbols."""
    width = code_bits(len(symbol.symbols))
    if rank == 0:
        v = value.data if isinstance(value, Known) else value
        if isinstance(v, Array):
            raise _mismatch(value, rank, e)
        texts, shape = ([v], (1,) * len(context.shape)) if uniform(v) else (v.ravel().tolist(), v.shape)
        digits = _codes(texts, symbol, width, e)
        found = Segments(shape, len(texts), width, None, digits)
        return of_segments(context, found, (width,), Pool(digits))
    array_ = _as_array(value, rank, e, context)
    digits = _codes(array_.pool.numbers.tolist(), symbol, width, e)
    steps = tuple(statics.multiply(s, width) for s in array_.steps())
    offset = statics.multiply(array_.offset, width)
    strides = None if array_.strides is None else (*steps, 1)
    return Array(context, Pool(digits), offset, (*array_.dims, width), strides, array_.dense)


def _codes(texts: Sequence[Any], symbol: Symbol, width: int, e: Lift) -> Any:
    numbers = {s: i for i, s in enumerate(symbol.symbols)}
    for text in texts:
        if text not in numbers:
            close = near(text, symbol.symbols) if isinstance(text, str) else None
            name = f"`{symbol.name}`" if symbol.name else "{" + ", ".join(f'"{s}"' for s in symbol.symbols) + "}"
            hint = f'the alphabet has "{close}"' if close else None
            raise Error("E0703", f"{describe(text)} is not a symbol of {name}", e.span, hint)
    found = np.array([numbers[t] for t in texts], np.int64)
    return (found[:, None] >> np.arange(width) & 1).astype(np.int32).reshape(-1)

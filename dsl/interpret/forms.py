"""Pools of linear forms: rows of weighted wires, each with a constant and its exact range.

Rows of equal length are one rectangle of terms, so that adding is a concatenation and scaling a broadcast; otherwise
`starts` says where each begins. Nothing is merged: a wire that occurs twice is two terms, a weight 0 stays a term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tc0.dsl.interpret.statics import (
    MOST,
    add,
    at_least,
    big,
    bits_of,
    choose,
    multiply,
    negate,
    row_sum,
    scaled,
    segment_sum,
    written_out,
)
from tc0.dsl.interpret.vectors import Array, Run, Scaled, Vector, dense, each, shrink, single, take, uniform
from tc0.dsl.netlist import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """count: rows. fanin: terms of each row, or None and `starts` int64 [count + 1].
    wires: [terms]; mantissas: int64 or object [terms], None for all 1; exponents: int32 [terms], None for all 0.
    const, low, high: integers, one for all rows or a vector [count]; low and high include const.
    """

    count: int
    fanin: int | None
    starts: Array | None
    wires: Array
    mantissas: Array | None
    exponents: Array | None
    const: Vector
    low: Vector
    high: Vector

    @property
    def terms(self) -> int:
        return len(self.wires)

    def lengths(self) -> Array:
        if self.starts is not None:
            return np.diff(self.starts)
        return np.full(self.count, self.fanin, np.int64)

    def offsets(self) -> Array:
        if self.starts is not None:
            return self.starts
        assert self.fanin is not None
        return np.arange(self.count + 1, dtype=np.int64) * self.fanin


EMPTY = np.zeros(0, np.int32)


def of_wires(wires: Array) -> Forms:
    """One form for each wire: [count]."""
    return Forms(len(wires), 1, None, wires, None, None, 0, 0, 1)


def of_rows(wires: Array, count: int, per: int | None, starts: Array | None) -> Forms:
    """Sums of bits: `per` wires a row, or rows by `starts`."""
    if per is not None:
        return Forms(count, per, None, wires, None, None, 0, 0, per)
    assert starts is not None
    return Forms(count, None, starts, wires, None, None, 0, 0, np.diff(starts))


def of_constants(values: Vector, count: int) -> Forms:
    """Forms without terms."""
    return Forms(count, 0, None, EMPTY, None, None, values, values, values)


def ranged(forms: Forms, low: Vector, high: Vector) -> Forms:
    """The same forms with other ranges."""
    return replace(forms, low=low, high=high)


def pick(v: Vector, rows: Vector) -> Vector:
    """The constants or bounds of some rows: one value, or a vector."""
    return v if uniform(v) else take(v, rows)


def select(forms: Forms, rows: Vector) -> Forms:
    """Some rows, in the order given: a vector with one axis."""
    if type(rows) is Run:
        if rows.base == 0 and rows.size == forms.count:
            return forms
        return _slice(forms, rows.base, rows.base + rows.size)
    count = len(rows)
    if count == 1:
        return _slice(forms, int(rows[0]), int(rows[0]) + 1)
    const, low, high = (pick(v, rows) for v in (forms.const, forms.low, forms.high))
    if forms.fanin is not None:
        fanin = forms.fanin
        if fanin == 0:
            return Forms(count, 0, None, EMPTY, None, None, const, low, high)
        parts = [
            None if a is None else a.reshape(forms.count, fanin).take(rows, 0).reshape(-1) for a in _term_arrays(forms)
        ]
        return Forms(count, fanin, None, parts[0], parts[1], parts[2], const, low, high)  # type: ignore[arg-type]
    lengths = forms.lengths()[rows]
    starts = _starts(lengths)
    index = np.arange(starts[-1], dtype=np.int64)
    index += np.repeat(forms.offsets()[rows] - starts[:-1], lengths)
    parts = [None if a is None else a.take(index) for a in _term_arrays(forms)]
    return Forms(count, None, starts, parts[0], parts[1], parts[2], const, low, high)  # type: ignore[arg-type]


def _slice(forms: Forms, first: int, end: int) -> Forms:
    """Consecutive rows, without copying."""
    const, low, high = (
        v if uniform(v) else each(v, lambda a: a[first:end]) for v in (forms.const, forms.low, forms.high)
    )
    if end - first == 1:
        const, low, high = (one(v) for v in (const, low, high))
    if forms.fanin is not None:
        a, b = first * forms.fanin, end * forms.fanin
        starts: Array | None = None
        fanin: int | None = forms.fanin
    else:
        assert forms.starts is not None
        a, b = int(forms.starts[first]), int(forms.starts[end])
        starts, fanin = (None, b - a) if end - first == 1 else (forms.starts[first : end + 1] - a, None)
    parts = [None if x is None else x[a:b] for x in _term_arrays(forms)]
    return Forms(end - first, fanin, starts, parts[0], parts[1], parts[2], const, low, high)  # type: ignore[arg-type]


def one(v: Vector) -> Vector:
    """The only element of a vector, as a plain value."""
    return v if uniform(v) else take(v, 0)


def _term_arrays(forms: Forms) -> tuple[Array, Array | None, Array | None]:
    return forms.wires, forms.mantissas, forms.exponents


def _starts(lengths: Array) -> Array:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


# ---- arithmetic, row by row


def total(parts: Sequence[Forms]) -> Forms:
    """The sum of forms row by row; all parts have the same number of rows. Terms of the parts follow one another."""
    if len(parts) == 1:
        return parts[0]
    const, low, high = parts[0].const, parts[0].low, parts[0].high
    for part in parts[1:]:
        const, low, high = add(const, part.const), add(low, part.low), add(high, part.high)
    count = parts[0].count
    filled = [part for part in parts if part.terms] or [parts[0]]
    if len(filled) == 1:
        return replace(filled[0], const=const, low=low, high=high)
    arrays = [_filled([part.wires for part in filled], None, filled)]
    for at, filler in ((1, 1), (2, 0)):
        arrays.append(_filled([_term_arrays(part)[at] for part in filled], filler, filled))
    if all(part.fanin is not None for part in filled):
        fanin = sum(part.fanin or 0 for part in filled)
        joined = [
            None if a is None else np.concatenate([x.reshape(count, -1) for x in a], 1).reshape(-1) for a in arrays
        ]
        return Forms(count, fanin, None, joined[0], joined[1], joined[2], const, low, high)  # type: ignore[arg-type]
    lengths = [part.lengths() for part in filled]
    starts = _starts(sum(lengths[1:], lengths[0]))
    joined = [None if a is None else _interleave(a, lengths, starts) for a in arrays]
    return Forms(count, None, starts, joined[0], joined[1], joined[2], const, low, high)  # type: ignore[arg-type]


def _filled(arrays: Sequence[Array | None], filler: int | None, parts: Sequence[Forms]) -> list[Array] | None:
    """One array a part; where a part has none, the filler. None where no part has one."""
    if all(a is None for a in arrays):
        return None
    result = [
        np.full(part.terms, filler, np.int64 if filler else np.int32) if a is None else a
        for a, part in zip(arrays, parts, strict=True)
    ]
    if any(a.dtype == object for a in result):
        return [a.astype(object) for a in result]
    return result


def _interleave(arrays: Sequence[Array], lengths: Sequence[Array], starts: Array) -> Array:
    """Rows of several ragged arrays, joined row by row."""
    result = np.empty(int(starts[-1]), np.result_type(*arrays) if arrays[0].dtype != object else object)
    at = starts[:-1]
    for a, length in zip(arrays, lengths, strict=True):
        own = _starts(length)
        index = np.arange(own[-1], dtype=np.int64)
        index += np.repeat(at - own[:-1], length)
        result[index] = a
        at = at + length
    return result


def scale(forms: Forms, weight: Vector) -> Forms:
    """Each row times an integer: one for all, or a vector [count]."""
    if type(weight) is int and weight == 1:
        return forms
    const = multiply(forms.const, weight)
    a, b = multiply(forms.low, weight), multiply(forms.high, weight)
    positive = at_least(weight, 0)
    low, high = (a, b) if uniform(positive) and positive else (choose(positive, a, b), choose(positive, b, a))
    mantissas, exponents = _weights(forms, weight)
    return replace(forms, mantissas=mantissas, exponents=exponents, const=const, low=low, high=high)


def _weights(forms: Forms, weight: Vector) -> tuple[Array | None, Array | None]:
    """The weights of the terms, times the weight of their rows."""
    if forms.terms == 0:
        return None, None
    small = type(weight) is int and weight.bit_length() <= MOST or type(weight) is np.ndarray and weight.dtype != object
    parts = Scaled(np.asarray(weight, np.int64), np.zeros((), np.int64)) if small else scaled(weight)
    if parts is None:
        return _times_objects(forms, big(weight)), forms.exponents
    m, e = (per_term(forms, x) for x in (parts.m, parts.e))
    exponents = forms.exponents
    if small or not np.any(parts.e):
        pass
    elif exponents is None:
        exponents = np.ascontiguousarray(np.broadcast_to(e, (forms.terms,)).astype(np.int32))
    else:
        exponents = (exponents + e).astype(np.int32)
    if forms.mantissas is None:
        mantissas = (
            None
            if parts.m.size and bool((parts.m == 1).all())
            else np.ascontiguousarray(np.broadcast_to(m, (forms.terms,)))
        )
    elif bits_of(forms.mantissas) + bits_of(parts.m) <= MOST:
        mantissas = forms.mantissas * m
    else:
        mantissas = _times_objects(forms, parts.m.astype(object))
    return mantissas, exponents


def _times_objects(forms: Forms, weight: Array) -> Array:
    """Mantissas times weights of any size; int64 where they fit."""
    wide = np.broadcast_to(per_term(forms, weight), (forms.terms,))
    return shrink(wide.astype(object) if forms.mantissas is None else forms.mantissas.astype(object) * wide)


def per_term(forms: Forms, v: Array) -> Array:
    """A vector [count] (or one value) for every term."""
    if v.size == 1:
        return v.reshape(())
    if forms.fanin is not None:
        return v if forms.fanin == 1 else np.repeat(v, forms.fanin)
    return np.repeat(v, forms.lengths())


def opposite(forms: Forms) -> Forms:
    """Each row times -1; the wires are shared with the original."""
    mantissas = np.full(forms.terms, -1, np.int64) if forms.mantissas is None else -forms.mantissas
    return replace(
        forms,
        mantissas=mantissas if forms.terms else None,
        const=negate(forms.const),
        low=negate(forms.high),
        high=negate(forms.low),
    )


def sum_rows(forms: Forms, count: int, per: int | None, starts: Array | None) -> Forms:
    """Sums of `per` consecutive rows each, or of rows by `starts` [count + 1]."""
    if per is not None:
        const, low, high = (row_sum(v, count, per) for v in (forms.const, forms.low, forms.high))
        if forms.fanin is not None:
            return replace(forms, count=count, fanin=forms.fanin * per, const=const, low=low, high=high)
        assert forms.starts is not None
        return replace(
            forms,
            count=count,
            starts=forms.starts[::per] if per else np.zeros(count + 1, np.int64),
            const=const,
            low=low,
            high=high,
        )
    assert starts is not None
    const, low, high = (
        0 if uniform(v) and v == 0 else segment_sum(v, starts) for v in (forms.const, forms.low, forms.high)
    )
    inner = starts * forms.fanin if forms.fanin is not None else forms.starts[starts]  # type: ignore[index]
    return replace(forms, count=count, fanin=None, starts=inner, const=const, low=low, high=high)


def stack(parts: Sequence[Forms]) -> Forms:
    """The rows of all parts, one pool after the other."""
    if len(parts) == 1:
        return parts[0]
    count = sum(part.count for part in parts)
    const, low, high = (
        _stack_values([(getattr(part, name), part.count) for part in parts]) for name in ("const", "low", "high")
    )
    arrays = [np.concatenate([part.wires for part in parts])]
    rest = []
    for at, filler in ((1, 1), (2, 0)):
        filled = _filled([_term_arrays(part)[at] for part in parts], filler, parts)
        rest.append(None if filled is None else np.concatenate(filled))
    fanins = {part.fanin for part in parts}
    if len(fanins) == 1 and None not in fanins:
        return Forms(count, parts[0].fanin, None, arrays[0], rest[0], rest[1], const, low, high)
    starts = _starts(np.concatenate([part.lengths() for part in parts]))
    return Forms(count, None, starts, arrays[0], rest[0], rest[1], const, low, high)


def _stack_values(parts: Sequence[tuple[Vector, int]]) -> Vector:
    first = parts[0][0]
    if uniform(first) and all(uniform(v) and v == first for v, _ in parts):
        return first
    wide = [np.broadcast_to(single(v), (n,)) if uniform(v) else written_out(v) for v, n in parts]
    if any(a.dtype == object for a in wide):
        wide = [a.astype(object) for a in wide]
    return np.concatenate(wide)


# ---- what a row is


def literals(forms: Forms, positive: bool = False) -> Array:
    """bool [count]: whether the form is a single bit b, or (unless `positive`) 1 - b."""
    lengths = forms.lengths()
    result = np.zeros(forms.count, np.bool_)
    alone = np.flatnonzero(lengths == 1)
    if len(alone) == 0:
        return result
    at = forms.offsets()[alone]
    m = np.ones(len(alone), np.int64) if forms.mantissas is None else forms.mantissas[at]
    e = np.zeros(len(alone), np.int64) if forms.exponents is None else forms.exponents[at]
    const = forms.const if uniform(forms.const) else written_out(forms.const)[alone]
    negative = ((m == -1) & (const == 1)) if not positive else False
    result[alone] = (e == 0) & (((m == 1) & (const == 0)) | negative)
    return result


def rows_of(forms: Forms) -> Rows:
    """The terms as operand rows of a block."""
    mantissas, exponents = forms.mantissas, forms.exponents
    if exponents is not None and not exponents.any():
        exponents = None
    if mantissas is not None and bool((mantissas == 1).all()):
        mantissas = None
    return Rows(forms.count, forms.fanin, forms.starts, forms.wires, mantissas, exponents)


def numbers(v: Vector, count: int) -> Array:
    """Integers [count] as an array, int64 or objects."""
    v = written_out(v)
    if uniform(v):
        return np.broadcast_to(single(v), (count,)).copy()
    return np.asarray(dense(v))

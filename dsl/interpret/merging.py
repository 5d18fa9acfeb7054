"""One value from the values of the parts of a context: after a static `if`, a fold whose steps differ, a call of families."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.forms import select, stack
from tc0.dsl.interpret.values import (
    Array,
    Bit,
    Closure,
    Families,
    Form,
    Known,
    Pool,
    Value,
    joined_pools,
    known,
    lift,
    plain,
    shifted,
)
from tc0.dsl.interpret.vectors import Run, Vector, collapse, dense, flat, objects, uniform

Parts = Sequence[tuple[Context, Value]]


def merge(context: Context, parts: Parts) -> Value:
    """The value over a context from values over parts of it. Points in no part are left arbitrary."""
    lifted = [(part, lift(value, part)) for part, value in parts]
    kinds = {_kind(value) for _, value in lifted}
    if len(kinds) > 1:
        return _merge_mixed(context, lifted)
    match lifted[0][1]:
        case Bit():
            return Bit(context, context.merge([(part, v.wires) for part, v in lifted]))
        case Form():
            return _merge_forms(context, lifted)
        case Array():
            return _merge_arrays(context, lifted)
        case Families():
            return _merge_families(context, lifted)
        case _:
            return known(context, context.merge([(part, v.data if isinstance(v, Known) else v) for part, v in lifted]))


def _kind(value: Value) -> object:
    if isinstance(value, Array):
        return (Array, len(value.dims), value.pool.static)
    return type(value) if isinstance(value, (Bit, Form, Families)) else Known


def _merge_mixed(context: Context, parts: Parts) -> Value:
    """Static values of different ranks at different points: objects, arrays as nested tuples."""
    vectors: list[tuple[Context, Vector]] = []
    for part, value in parts:
        points = [plain(value, part.place(p, part.shape)) for p in range(part.points)]
        vectors.append((part, objects(points).reshape(part.shape)))
    return known(context, context.merge(vectors))


def _merge_forms(context: Context, parts: Sequence[tuple[Context, Form]]) -> Form:
    if len({id(form.forms) for _, form in parts}) == 1:
        return Form(context, parts[0][1].forms, context.merge([(part, form.row) for part, form in parts]))
    pools, rows, size = [], [], 0
    for part, form in parts:
        form = settled(form)
        pools.append(form.forms)
        row = form.row
        rows.append((part, row + size if uniform(row) else dense(row) + size))
        size += form.forms.count
    return Form(context, stack(pools), context.merge(rows))


def settled(form: Form) -> Form:
    """The same form with a pool of its own rows only, in the order of its points; a plain row where there is one."""
    row = form.row
    if uniform(row):
        if form.forms.count == 1:
            return form
        return Form(form.context, select(form.forms, Run(row, (1,))), 0)
    return Form(form.context, select(form.forms, flat(row)), Run(0, row.shape))


def _merge_arrays(context: Context, parts: Sequence[tuple[Context, Array]]) -> Array:
    pool, starts = _pools([a.pool for _, a in parts])
    offset = context.merge([(part, shifted(a.offset, by)) for (part, a), by in zip(parts, starts, strict=True)])
    rank = len(parts[0][1].dims)
    dims = tuple(collapse(context.merge([(part, a.dims[k]) for part, a in parts])) for k in range(rank))
    strides = None
    if any(a.strides is not None for _, a in parts):
        steps = [(part, a.steps()) for part, a in parts]
        strides = tuple(collapse(context.merge([(part, s[k]) for part, s in steps])) for k in range(rank))
    return Array(context, pool, collapse(offset), dims, strides)


def _pools(pools: Sequence[Pool]) -> tuple[Pool, list[int]]:
    """One pool for all. Runs of wires are parts of the run of all wires: nothing is copied."""
    if len({id(pool) for pool in pools}) > 1 and all(type(p.numbers) is Run and p.forms is None for p in pools):
        end = max(p.numbers.base + p.numbers.size for p in pools)
        return Pool(Run(0, (end,)), pools[0].static), [p.numbers.base for p in pools]
    return joined_pools(pools)


def _merge_families(context: Context, parts: Sequence[tuple[Context, Families]]) -> Families:
    """Choices with the same family and the same names become one; others stay apart."""
    choices: list[list[tuple[Context, Closure]]] = []
    which: list[tuple[Context, Vector]] = []
    for part, families in parts:
        numbers = []
        for closure in families.choices:
            at = next((k for k, found in enumerate(choices) if _joins(found, part, closure)), len(choices))
            if at == len(choices):
                choices.append([])
            choices[at].append((part, closure))
            numbers.append(at)
        chosen = families.which
        which.append((part, numbers[chosen] if uniform(chosen) else _renumbered(numbers, chosen)))
    merged = tuple(_merge_closures(context, found) for found in choices)
    return Families(context, merged, collapse(context.merge(which)))


def _renumbered(numbers: Sequence[int], chosen: Vector) -> Vector:
    return np.array(numbers, np.int64)[dense(chosen)]


def _joins(found: list[tuple[Context, Closure]], part: Context, closure: Closure) -> bool:
    first = found[0][1]
    return (
        first.family is closure.family
        and first.fixed.keys() == closure.fixed.keys()
        and all(p is not part for p, _ in found)
    )


def _merge_closures(context: Context, parts: list[tuple[Context, Closure]]) -> Closure:
    first = parts[0][1]
    fixed = {name: merge(context, [(part, closure.fixed[name]) for part, closure in parts]) for name in first.fixed}
    return Closure(first.family, fixed)

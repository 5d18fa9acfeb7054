"""The rule that makes recursion end, at all points at once: some static integer gets smaller at every call.

Says for vectors what `core.descent` says for single values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.descent import TUPLE
from tc0.dsl.core.program import Family, Function
from tc0.dsl.core.static import UNFOUNDED_HINT, unfounded
from tc0.dsl.interpret import statics
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.frame import Activation, Frame, first_true
from tc0.dsl.interpret.values import Array, Families, Known, Value
from tc0.dsl.interpret.vectors import Vector, at_point, common, uniform


def measured(family: Family, names: dict[str, Value], context: Context) -> tuple[Vector, ...]:
    """The static integers that recursion may make smaller: bracketed parameters, then sizes."""
    found: list[Vector] = []
    for name in [p.name for p in family.statics] + [s.name for s in family.sizes]:
        value = names[name]
        data = value.data if isinstance(value, Known) else value
        found.append(None if isinstance(data, (Array, Families)) else data)
    return tuple(found)


def founded(
    owner: Family | Function, arguments: tuple[Vector, ...], name: str, inner: Frame, context: Context, span: Span
) -> None:
    """Recursion must make a measure smaller at every point; remembers the new activation in the frame."""
    before = inner.active.get(owner)
    alive: dict[int, Vector] = {}
    if before is None:
        integer_ = [at for at, v in enumerate(arguments) if v is not None and type(v) is not bool and _some_integer(v)]
        alive = dict.fromkeys([*integer_, TUPLE], True) if integer_ else {}
    else:
        old = tuple(context.lift(v, before.context) for v in before.arguments)
        for measure, where in before.alive.items():
            still = _decreases(measure, old, arguments)
            kept = _both(context.lift(where, before.context), still)
            if not (kept is False or (not uniform(kept) and not kept.any())):
                alive[measure] = kept
        _require(alive, old, arguments, name, span)
    inner.active = {**inner.active, owner: Activation(context, arguments, alive)}


def _some_integer(v: Vector) -> bool:
    return type(v) is int or (not uniform(v) and not (type(v) is np.ndarray and v.dtype == bool))


def _decreases(measure: int, old: tuple[Vector, ...], new: tuple[Vector, ...]) -> Vector:
    """Where a measure gets smaller without becoming negative."""
    if measure != TUPLE:
        return _both(_is_integer(new[measure]), _one_decreases(old[measure], new[measure]))
    result: Vector = False
    equal: Vector = True
    for a, b in zip(old, new, strict=True):
        if not (_some_number(a) and _some_number(b)):
            continue
        result = _either(result, _both(equal, _less(b, a)))
        equal = _both(equal, _compare(a, b, "=="))
    for b in new:
        if _some_number(b):
            result = _both(result, _compare(b, 0, ">="))
    return result


def _some_number(v: Vector) -> bool:
    return v is not None and type(v) is not bool and _some_integer(v)


def _is_integer(v: Vector) -> Vector:
    if type(v) is np.ndarray and v.dtype == object:
        return np.array([type(x) is int for x in v.flat], bool).reshape(v.shape)
    return _some_number(v)


def _one_decreases(old: Vector, new: Vector) -> Vector:
    if not (_some_number(old) and _some_number(new)):
        return False
    return _both(_less(new, old), _compare(new, 0, ">="))


def _less(a: Vector, b: Vector) -> Vector:
    return _compare(b, a, ">")


def _compare(a: Vector, b: Vector, how: str) -> Vector:
    """A comparison that is false where an operand is no integer."""
    if statics.integers(a, b):
        return {">": statics.greater, ">=": statics.at_least, "==": statics.equal}[how](a, b)
    shape = common(a, b)
    pairs = zip(statics.python_values(a, shape), statics.python_values(b, shape), strict=True)
    answers = [type(x) is int and type(y) is int and {">": x > y, ">=": x >= y, "==": x == y}[how] for x, y in pairs]
    return np.array(answers, bool).reshape(shape)


def _both(a: Vector, b: Vector) -> Vector:
    if type(a) is bool:
        return b if a else False
    if type(b) is bool:
        return a if b else False
    return np.logical_and(a, b)


def _either(a: Vector, b: Vector) -> Vector:
    if type(a) is bool:
        return True if a else b
    if type(b) is bool:
        return True if b else a
    return np.logical_or(a, b)


def _require(alive: dict[int, Vector], old: tuple[Vector, ...], new: tuple[Vector, ...], name: str, span: Span) -> None:
    founded: Vector = False
    for where in alive.values():
        founded = _either(founded, where)
    if founded is True or (not uniform(founded) and bool(founded.all())):
        return
    point = first_true(~founded) if not uniform(founded) else ()
    before, after = (tuple(_shown(v, point) for v in vs if v is not None) for vs in (old, new))
    raise Error("E0502", unfounded(name, before, after), span, UNFOUNDED_HINT)


def _shown(v: Vector, point: tuple[int, ...]) -> Any:
    if uniform(v):
        return v
    return at_point(v, point if point else (0,) * v.ndim)

"""Static expressions evaluated on plain Python values, without numpy: one value at a time.

The vectorised interpreter does the same for all points of a context at once; the two are tested against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

from tc0.dsl.base.depth import deep
from tc0.dsl.base.digits import brief
from tc0.dsl.base.errors import Error, Fault, LimitReached
from tc0.dsl.base.source import Span
from tc0.dsl.core import descent
from tc0.dsl.core.program import (
    Applied,
    Apply,
    Bound,
    Comprehension,
    Constant,
    Element,
    Expr,
    Fold,
    Function,
    If,
    Invoke,
    Items,
    Length,
    Logic,
    Range,
    Reduce,
    Reference,
    Variable,
)
from tc0.dsl.core.program import Block as BlockExpr
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.numbers.floats import Float
from tc0.dsl.numbers.real import Real
from tc0.dsl.ops import floats
from tc0.dsl.ops.functions import FUNCTIONS, FunctionRow, Undefined

Values = Mapping[str, object]
Outside = Callable[[Expr, Values], object]

MOST_SHOWN = 16  # elements of an array in a message, along each axis
MOST_CALLS = 10_000  # static functions nested this deep are reported, whatever the session allows
MOST_STEPS = 10_000_000  # elements and fold steps of one static expression


@dataclass(slots=True)
class _Activation:
    """A static function at work: its arguments, and the measures that have decreased so far."""

    arguments: tuple[object, ...]
    alive: frozenset[int]


@dataclass(slots=True)
class _Evaluator:
    outside: Outside | None
    tick: Callable[[], None] | None = None
    active: dict[Function, list[_Activation]] = field(default_factory=dict)
    depth: int = 0
    steps: int = 0


def evaluate(
    expr: Expr, values: Values, outside: Outside | None = None, tick: Callable[[], None] | None = None
) -> object:
    """The value of a static expression: int, bool, Fraction, str, nested tuple, or `Applied` for a family.

    values: of the local names. outside: called for nodes that are not static arithmetic (`Measure`, and expressions on
    wires); without it they are a fault. tick: called now and then, to stop long work.
    """
    with deep():
        return _value(_Evaluator(outside, tick), expr, values)


def truth(expr: Expr, values: Values, outside: Outside | None = None) -> bool:
    """The value of a static condition."""
    return _truth(evaluate(expr, values, outside), expr.span)


def integer(expr: Expr, values: Values, outside: Outside | None = None) -> int:
    """The value of a static expression that must be an integer."""
    return _integer(evaluate(expr, values, outside), expr.span)


def describe(value: object) -> str:
    """A static value in a message, as one would write it; a long array is cut, one from a file has its name there."""
    match value:
        case Tensor(called=called):
            return called
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case tuple():
            more = ", .." if len(value) > MOST_SHOWN else ""
            return "[" + ", ".join(describe(v) for v in value[:MOST_SHOWN]) + more + "]"
        case Fraction():
            return brief(value)
        case Applied(family=family):
            return f"the family `{family.name}`"
        case int():
            return brief(value)
        case _:
            return str(value)


def kind_of(value: object) -> str:
    """What a static value is, in a message."""
    match value:
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case Fraction():
            return "a rational"
        case Real():
            return "a real"
        case Float():
            return "a float"
        case str():
            return "a string"
        case tuple():
            return "an array"
        case _:
            return "a family"


def apply_row(row: FunctionRow, arguments: tuple[object, ...], span: Span) -> object:
    """A static function on plain values, with the kinds of its arguments checked."""
    if row.name in floats.OPERATIONS and any(map(floats.is_float, arguments)):
        return _defined(lambda: floats.operate(row.name, arguments), span)
    for at, value in enumerate(arguments):
        wanted = row.takes[min(at, len(row.takes) - 1)]
        if not _is(value, wanted):
            raise Error("E0504", f"`{row.name}` takes {_a(wanted)}, not {kind_of(value)} ({describe(value)})", span)
    if row.name in ("==", "!="):
        _comparable(arguments[0], arguments[1], span)
    return _defined(lambda: row.meaning(*arguments), span)


def _defined(compute: Callable[[], object], span: Span) -> object:
    try:
        return compute()
    except Undefined as e:
        raise Error(e.code, e.message, span) from None


def _is(value: object, wanted: str) -> bool:
    match wanted:
        case "integer":
            return type(value) is int
        case "number":
            return type(value) in (int, Fraction, Real)
        case "bool":
            return type(value) is bool
        case _:
            return True


def _a(wanted: str) -> str:
    return {"integer": "an integer", "number": "a number", "bool": "a boolean"}.get(wanted, wanted)


def _comparable(a: object, b: object, span: Span) -> None:
    numbers = (int, Fraction, Real)
    if type(a) in numbers and type(b) in numbers:
        return
    if type(a) is not type(b):
        raise Error("E0504", f"{kind_of(a)} is not compared with {kind_of(b)}", span, "true and false are not 1 and 0")


def _truth(value: object, span: Span) -> bool:
    if type(value) is not bool:
        raise Error("E0505", f"a condition must be true or false, not {kind_of(value)} ({describe(value)})", span)
    return value


def _integer(value: object, span: Span) -> int:
    if type(value) is not int:
        raise Error("E0504", f"an integer is needed here, not {kind_of(value)} ({describe(value)})", span)
    return value


def _value(e: _Evaluator, expr: Expr, values: Values) -> object:
    match expr:
        case Constant(value=value):
            return value
        case Variable(name=name):
            return values[name]
        case Apply(function=function, arguments=arguments, span=span):
            return apply_row(FUNCTIONS[function], tuple(_value(e, a, values) for a in arguments), span)
        case Logic(operator=operator, operands=operands):
            stop = operator == "or"
            return stop if any(_truth(_value(e, o, values), o.span) is stop for o in operands) else not stop
        case Reduce():
            return _reduce(expr, _value(e, expr.array, values))
        case Invoke():
            return _invoke(e, expr, tuple(_value(e, a, values) for a in expr.arguments))
        case Length(array=array, axis=axis, span=span):
            return _length(_value(e, array, values), axis, span)
        case Reference(family=family, fixed=fixed):
            return Applied(family, tuple((name, _value(e, value, values)) for name, value in fixed))
        case If(condition=condition, then=then, other=other):
            chosen = then if _truth(_value(e, condition, values), condition.span) else other
            return _value(e, chosen, values)
        case Fold():
            return _fold(e, expr, values)
        case Comprehension():
            return _comprehension(e, expr, values)
        case Items(elements=elements):
            return _array(tuple(_value(e, x, values) for x in elements), expr.span)
        case Element():
            return _element(e, expr, values)
        case BlockExpr(locals=locals_, result=result):
            inner = dict(values)
            for local in locals_:
                inner[local.name] = _value(e, local.value, inner)
            return _value(e, result, inner)
        case _:
            if e.outside is None:
                raise Fault("E9902", f"a {type(expr).__name__} stands in a static expression", expr.span)
            return e.outside(expr, values)


def _step(e: _Evaluator, span: Span, count: int = 1) -> None:
    if e.tick is not None and e.steps >> 10 != e.steps + count >> 10:
        e.tick()
    e.steps += count
    if e.steps > MOST_STEPS:
        raise LimitReached("E0806", f"this static expression takes more than {MOST_STEPS:,} steps", span)


def leaves(value: object) -> Iterator[object]:
    """The elements of a static array of any rank, in row-major order."""
    rows: tuple[object, ...] = value if isinstance(value, tuple) else (value,)
    while rows and isinstance(rows[0], tuple):  # all are of one shape
        rows = tuple(chain.from_iterable(rows))  # type: ignore[arg-type]
    yield from rows


def _reduce(expr: Reduce, array: object) -> object:
    return reduce(expr, list(leaves(array)))


def reduce(expr: Reduce, elements: list[object]) -> object:
    """`SUM`, `min` or `max` of plain values."""
    for value in elements:
        if not _is(value, "number") and not isinstance(value, Float):
            raise Error(
                "E0504", f"`{expr.function}` takes numbers, not {kind_of(value)} ({describe(value)})", expr.span
            )
    if any(map(floats.is_float, elements)):  # one operation: a sum of floats is not a fold
        return _defined(lambda: floats.reduce(expr.function, elements), expr.span)
    numbers: list[int | Fraction | Real] = elements  # type: ignore[assignment]
    if expr.function == "SUM":
        return sum(numbers, 0)
    if not numbers:
        raise Error("E0501", f"`{expr.function}` of nothing has no value", expr.span)
    return min(numbers) if expr.function == "min" else max(numbers)


def _invoke(e: _Evaluator, expr: Invoke, arguments: tuple[object, ...]) -> object:
    function = expr.function
    chain_ = e.active.setdefault(function, [])
    alive = descent.measures(arguments)
    if chain_:
        alive = descent.surviving(chain_[-1].arguments, arguments, chain_[-1].alive)
        if not alive:
            raise Error("E0502", unfounded(function.name, chain_[-1].arguments, arguments), expr.span, UNFOUNDED_HINT)
    if e.depth >= MOST_CALLS:
        raise LimitReached("E0804", f"calls are nested more than {MOST_CALLS:,} deep", expr.span)
    _step(e, expr.span)
    e.depth += 1
    chain_.append(_Activation(arguments, alive))
    try:
        return _value(e, function.body.get(), dict(zip(function.parameters, arguments, strict=True)))
    finally:
        chain_.pop()
        e.depth -= 1


UNFOUNDED_HINT = "call it with a smaller size or bracketed parameter, and end at 0 or 1 with a static `if`"


def unfounded(name: str, before: tuple[object, ...], after: tuple[object, ...]) -> str:
    """The message for a recursion that does not shrink."""
    old, new = (", ".join(describe(v) for v in values) for values in (before, after))
    return f"`{name}` calls itself without getting smaller: ({old}) calls ({new})"


def _length(value: object, axis: int, span: Span) -> int:
    if isinstance(value, str):
        return len(value)
    for _ in range(axis):
        if not isinstance(value, tuple) or not value:
            return 0
        value = value[0]
    if not isinstance(value, tuple):
        raise Error("E0504", f"`len` takes an array, not {kind_of(value)}", span)
    return len(value)


def _fold(e: _Evaluator, expr: Fold, values: Values) -> object:
    times = _integer(_value(e, expr.times, values), expr.times.span)
    inner = dict(values)
    state = _value(e, expr.init, values)
    for index in range(times):
        _step(e, expr.span)
        inner[expr.state], inner[expr.index] = state, index
        state = _value(e, expr.step, inner)
    return state


def _comprehension(e: _Evaluator, expr: Comprehension, values: Values) -> object:
    if expr.separate:
        return _grid(e, expr, 0, dict(values))
    found: list[object] = []
    _points(e, expr, 0, dict(values), found)
    return _array(tuple(found), expr.span)


def _range(e: _Evaluator, bound: Bound, values: Values) -> range:
    low = _integer(_value(e, bound.low, values), bound.low.span)
    high = _integer(_value(e, bound.high, values), bound.high.span)
    _step(e, bound.span, max(0, high - low))
    return range(low, high)


def _grid(e: _Evaluator, expr: Comprehension, at: int, values: dict[str, object]) -> object:
    if at == len(expr.bounds):
        return _value(e, expr.body, values)
    bound = expr.bounds[at]
    found = []
    for index in _range(e, bound, values):
        values[bound.name] = index
        found.append(_grid(e, expr, at + 1, values))
    return _array(tuple(found), expr.span)


def _points(e: _Evaluator, expr: Comprehension, at: int, values: dict[str, object], found: list[object]) -> None:
    if at == len(expr.bounds):
        if expr.guard is None or _truth(_value(e, expr.guard, values), expr.guard.span):
            found.append(_value(e, expr.body, values))
        return
    bound = expr.bounds[at]
    for index in _range(e, bound, values):
        values[bound.name] = index
        _points(e, expr, at + 1, values, found)


def shape_of(value: object) -> tuple[int, ...]:
    """The shape of a static array; () of a single value. Ends at the first empty dimension."""
    shape: list[int] = []
    while isinstance(value, tuple):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _array(elements: tuple[object, ...], span: Span) -> tuple[object, ...]:
    shapes = {shape_of(v) for v in elements}
    if len(shapes) > 1:
        first, second = sorted(shapes)[:2]
        raise Error("E0403", f"a ragged array: elements of shape {list(first)} and {list(second)}", span)
    return elements


def _element(e: _Evaluator, expr: Element, values: Values) -> object:
    array = _value(e, expr.array, values)
    selectors: list[tuple[Span, int, int | None]] = []
    for selector in expr.selectors:
        if isinstance(selector, Range):
            low = _integer(_value(e, selector.low, values), selector.low.span)
            selectors.append((selector.span, low, _integer(_value(e, selector.high, values), selector.high.span)))
        else:
            selectors.append((selector.span, _integer(_value(e, selector, values), selector.span), None))
    return _select(array, selectors, expr.span)


def _select(array: object, selectors: list[tuple[Span, int, int | None]], span: Span) -> object:
    if not selectors:
        return array
    if not isinstance(array, (tuple, str)):
        raise Error("E0308", f"{kind_of(array)} has no elements", span)
    place, low, high = selectors[0]
    if high is None:
        if not 0 <= low < len(array):
            raise Error("E0401", out_of_range(low, len(array)), place)
        return _select(array[low], selectors[1:], span)
    if not 0 <= low <= high <= len(array):
        raise Error("E0402", bad_slice(low, high, len(array)), place)
    if isinstance(array, str):
        return array[low:high]
    return tuple(_select(row, selectors[1:], span) for row in array[low:high])


def out_of_range(index: int, length: int) -> str:
    """The message for an index outside an array."""
    inside = f"outside 0..{length - 1}" if length else "but the array is empty"
    return f"index {brief(index)} is {inside}" if length else f"index {brief(index)}, {inside}"


def bad_slice(low: int, high: int, length: int) -> str:
    """The message for a slice outside an array."""
    return (
        f"the slice {low}..{high} is not within 0..{length}"
        if low <= high
        else f"the slice {low}..{high} ends before it starts"
    )

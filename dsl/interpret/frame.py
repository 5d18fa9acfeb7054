"""What a step of the walk knows: the names in scope, the place, the calls that led here; and the walk itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.meter import Meter
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Constant, Expr, Family, Function, Lazy, Variable
from tc0.dsl.core.static import describe, kind_of
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.functions import Explain
from tc0.dsl.interpret.statics import integers
from tc0.dsl.interpret.values import Array, Known, Value, lift, plain
from tc0.dsl.interpret.vectors import Scaled, Vector, at_point, uniform
from tc0.dsl.netlist import Place

if TYPE_CHECKING:
    from tc0.dsl.interpret.algebra import Algebra


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """A family or static function at work. arguments: vectors over `context`. alive: for each measure that may still
    be the one that gets smaller, where it is (a boolean vector)."""

    context: Context
    arguments: tuple[Vector, ...]
    alive: Mapping[int, Vector]


class Frame:
    """names: what is in scope. place: the call or fold step that led here. active: the latest activation of each family
    and static function at work. depth: nested calls."""

    __slots__ = ("names", "place", "active", "depth")

    def __init__(
        self, names: dict[str, Value], place: Place | None, active: dict[Family | Function, Activation], depth: int
    ) -> None:
        self.names = names
        self.place = place
        self.active = active
        self.depth = depth

    def fork(self) -> Frame:
        """The same scope, to add names to."""
        return Frame(dict(self.names), self.place, self.active, self.depth)


Rule = Callable[["Walk", Any, Frame, Context], Value]


class Walk:
    """One reading: an algebra, the limits, and the rule of every kind of node.

    Rules are called straight from the table, so that a nested expression costs one Python frame and no C frame: calls
    may nest ten thousand deep.
    """

    __slots__ = ("algebra", "meter", "rules", "tabulate", "tables")

    def __init__(
        self,
        algebra: Algebra,
        meter: Meter,
        rules: Mapping[type, Rule],
        tabulate: Callable[..., Any],
        tables: dict[Any, Any],
    ) -> None:
        self.algebra = algebra
        self.meter = meter
        self.rules = rules
        self.tabulate = tabulate  # the value reading of the body of a table on all its inputs
        self.tables = tables  # what it gave so far


# ---- static operands


def static(walk: Walk, expr: Expr, frame: Frame, context: Context) -> Vector:
    """A static value that is no array, as a vector over the context."""
    value = walk.rules[type(expr)](walk, expr, frame, context)
    if type(value) is Known:
        return context.lift(value.data, value.context)
    if type(value) is Array:
        raise Error("E0504", "a single value is needed here, not an array", expr.span)
    return value


def integer(walk: Walk, expr: Expr, frame: Frame, context: Context) -> Vector:
    """A static integer at every point."""
    v = static(walk, expr, frame, context)
    if type(v) is int:
        return v
    if not (type(v) is np.ndarray and v.dtype == np.int64) and not integers(v):
        value, point = first_other(v, int)
        note = with_names(frame, context, [expr], point)
        raise Error("E0504", f"an integer is needed here, not {kind_of(value)} ({describe(value)}){note}", expr.span)
    return v


def truth(walk: Walk, expr: Expr, frame: Frame, context: Context) -> Vector:
    """A static condition at every point: True, False, or a boolean array that is neither everywhere."""
    v = static(walk, expr, frame, context)
    if type(v) is bool:
        return v
    if type(v) is np.ndarray and v.dtype == object and all(type(x) is bool for x in v.flat):
        v = v.astype(bool)
    if type(v) is not np.ndarray or v.dtype != bool:
        value, _ = first_other(v, bool)
        raise Error("E0505", f"a condition must be true or false, not {kind_of(value)} ({describe(value)})", expr.span)
    if v.all():
        return True
    return v if v.any() else False


def first_other(v: Vector, kind: type) -> tuple[Any, tuple[int, ...]]:
    """The first value that is not of a kind, and its point."""
    if uniform(v):
        return v, ()
    if type(v) is Scaled:
        return at_point(v, (0,) * v.ndim), (0,) * v.ndim
    for position, value in enumerate(v.ravel().tolist()):
        if type(value) is not kind:
            return value, tuple(int(i) for i in np.unravel_index(position, v.shape))
    raise AssertionError


# ---- errors that name the point


def first_true(flags: Any) -> tuple[int, ...]:
    """The coordinates of the first true element."""
    flags = np.asarray(flags)
    return tuple(int(i) for i in np.unravel_index(int(flags.argmax()), flags.shape))


def explain(frame: Frame, context: Context, exprs: Sequence[Any]) -> Explain:
    """Adds the values of the names in the expressions to an error at a point."""

    def explained(error: Error, point: tuple[int, ...]) -> Error:
        note = with_names(frame, context, exprs, point)
        return Error(error.code, error.message + note, error.span, error.hint, error.labels)

    return explained


def with_names(frame: Frame, context: Context, exprs: Sequence[Any], point: tuple[int, ...]) -> str:
    """ ", with i = 3, n = 5": the single values of the names that occur in expressions, at a point of the context."""
    shown: dict[str, str] = {}
    for name in (n for expr in exprs for n in names_in(expr)):
        value = frame.names.get(name)
        if name not in shown and (isinstance(value, Known) or (uniform(value) and type(value) is int)):
            shown[name] = describe(value_at(value, context, point))
    return ", with " + ", ".join(f"{name} = {text}" for name, text in shown.items()) if shown else ""


def value_at(value: Value, context: Context, point: tuple[int, ...]) -> Any:
    """A static value at a point of a context inside of its own."""
    if not isinstance(value, (Known, Array)):
        return value
    if not point:
        point = (0,) * len(context.shape)
    return plain(lift(value, context), point)


def names_in(expr: Any) -> Iterator[str]:
    """The names that occur in an expression, in order."""
    stack: list[Any] = [expr]
    while stack:
        at = stack.pop()
        if isinstance(at, Variable):
            yield at.name
        elif isinstance(at, tuple):
            stack.extend(reversed(at))
        elif is_dataclass(at) and not isinstance(at, (type, Constant, Family, Function, Lazy, Span)):
            stack.extend(reversed([getattr(at, f.name) for f in fields(at) if f.compare]))

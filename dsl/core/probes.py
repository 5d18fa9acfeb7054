"""Families that stop inside of a transformer: at the residual stream after a layer, at the weights of an attention call.

A probe is an ordinary family, so that every reading has it. Binders around an attention call become static parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace

from tc0.dsl.base.errors import Error
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.program import (
    Apply,
    Block,
    Bound,
    Call,
    Comprehension,
    Constant,
    Expr,
    Family,
    Fold,
    Heads,
    If,
    Lazy,
    Length,
    Lift,
    Local,
    StaticParameter,
    Variable,
)
from tc0.dsl.core.shapes import number
from tc0.dsl.core.static import evaluate, integer, truth
from tc0.dsl.core.types import BOOL, INTEGER, Float, Kind, Static, Wires


@record
class Guard:
    """A static condition on the way to a call: the guard of a comprehension, or a branch of an `if`."""

    condition: Expr
    holds: bool


Step = tuple[Local, ...] | Bound | Guard


@record
class Probe:
    """An attention call of a layer. steps: `let`s, binders and static conditions on the way to it, from outside. head: what
    is called."""

    stage: int
    steps: tuple[Step, ...]
    head: Heads

    @property
    def binders(self) -> tuple[Bound, ...]:
        return tuple(step for step in self.steps if isinstance(step, Bound))


def _body(family: Family) -> Block:
    body = family.body.get()
    assert isinstance(body, Block) and family.stack is not None
    return body


def _before(family: Family, stage: int, repeats: int | None) -> tuple[Local, ...]:
    """The locals up to the stream after a stage, of which the last is repeated so often (None: as the text says)."""
    assert family.stack is not None
    name = f"{family.stack().stream} {stage}"
    locals_ = _body(family).locals
    at = next(k for k, local in enumerate(locals_) if local.name == name)
    kept = list(locals_[: at + 1])
    last = kept[-1].value
    if repeats is not None and isinstance(last, Fold):
        kept[-1] = replace(kept[-1], value=replace(last, times=number(repeats, last.span)))
    return tuple(kept)


def until(family: Family, stage: int, repeats: int | None = None) -> Family:
    """The family whose result is the residual stream after `stage` layers of the text (0: the embedding). repeats: how
    often the last one is applied, instead of as often as the text says."""
    locals_ = _before(family, stage, repeats)
    type = locals_[-1].value.type
    assert isinstance(type, Wires)
    cut = Block(locals_, Variable(locals_[-1].name, type, family.span), type, family.span)
    return replace(family, body=Lazy(lambda: cut), result=_open(type), stack=None)


# ---- attention calls


def probes(family: Family, stage: int) -> Sequence[Probe]:
    """The attention calls of a layer, in the order of the text; those in a fold inside of the layer are left out."""
    assert family.stack is not None
    heads = {id(head.call): head for head in family.stack().stages[stage - 1].heads}
    value = _before(family, stage, None)[-1].value
    layer = value.step if isinstance(value, Fold) else value
    return [Probe(stage, steps, heads[id(call)]) for steps, call in _calls(layer, ()) if id(call) in heads]


def _calls(expr: object, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Call]]:
    match expr:
        case Block(locals=locals_, result=result):
            for at, local in enumerate(locals_):
                yield from _calls(local.value, (*steps, locals_[:at]))
            yield from _calls(result, (*steps, locals_))
            return
        case Comprehension(bounds=bounds, guard=guard, body=body):
            yield from _calls(body, (*steps, *bounds, *(() if guard is None else (Guard(guard, True),))))
            return
        case If(condition=condition, then=then, other=other):
            yield from _calls(then, (*steps, Guard(condition, True)))
            yield from _calls(other, (*steps, Guard(condition, False)))
            return
        case Fold() | Family() | Span():
            return
        case Call():
            yield steps, expr
        case _:
            pass
    if isinstance(expr, tuple):
        for part in expr:
            yield from _calls(part, steps)
    elif is_dataclass(expr) and not isinstance(expr, type):
        for field in fields(expr):
            if field.compare:
                yield from _calls(getattr(expr, field.name), steps)


def weights(family: Family, probe: Probe, repeats: int) -> Family:
    """The family that gives the weights of an attention call in repetition number `repeats` (from 0) of its layer; the
    binders around it are static parameters. It is the call itself, with rows of the identity matrix for values: every
    weight is multiplied by 1, all others by 0."""
    locals_ = list(_before(family, probe.stage, None))
    last = locals_.pop()
    if isinstance(last.value, Fold):
        before = locals_[-1] if repeats == 0 else None
        start: Expr = last.value.init if before is not None else replace(last.value, times=number(repeats, last.span))
        locals_.append(Local(last.value.state, start, last.span))
    call = probe.head.call
    *others, values = call.arguments
    result: Expr = replace(call, arguments=(*others, _identity(values, probe.head.count)))
    for step in reversed(probe.steps):
        if isinstance(step, tuple):
            result = Block(step, result, call.type, call.span)
    assert isinstance(call.type, Wires)
    whole = Block(tuple(locals_), result, call.type, call.span)
    statics = tuple(StaticParameter(b.name, INTEGER, b.span) for b in probe.binders)
    statics = (*family.statics, *statics)
    return replace(family, statics=statics, body=Lazy(lambda: whole), result=_open(call.type), where=None, stack=None)


def _open(type: Wires) -> Wires:
    """The type of a result whose shape and precision are local names: evaluation finds them."""
    assert isinstance(type.element, Float)
    return Wires(Float(None, type.element.nearest), (None,) * len(type.shape))


def _identity(values: Expr, heads: Expr) -> Expr:
    """An identity matrix for each head, side by side, as values: as many keys as the values have."""
    assert isinstance(values.type, Wires) and isinstance(values.type.element, Float)
    span = values.span
    keys = Length(values, 0, INTEGER, span)
    row, column = Variable("key", INTEGER, span), Variable("feature", INTEGER, span)
    zero, one = number(0, span), number(1, span)
    same = Apply("==", (row, Apply("%", (column, keys), INTEGER, span)), BOOL, span)
    bounds = (Bound("key", zero, keys, span), Bound("feature", zero, Apply("*", (heads, keys), INTEGER, span), span))
    entries = Comprehension(bounds, None, If(same, one, zero, INTEGER, span), True, Static(Kind.INTEGER, 2), span)
    return Lift(entries, Wires(values.type.element, (None, None)), span)


# ---- where a probe stands


def points(family: Family, probe: Probe, values: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The values of the binders around a call, in order, each with all static names in scope there; none where a static
    condition leaves the call out."""
    known = dict(values)
    _add(known, _before(family, probe.stage, None))
    yield from _points(probe.steps, known)


def _points(steps: Sequence[Step], known: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    if not steps:
        yield known
        return
    first, *rest = steps
    if isinstance(first, tuple):
        inner = dict(known)
        _add(inner, first)
        yield from _points(rest, inner)
        return
    if isinstance(first, Guard):
        if truth(first.condition, known) is first.holds:
            yield from _points(rest, known)
        return
    for value in range(integer(first.low, known), integer(first.high, known)):
        yield from _points(rest, {**known, first.name: value})


def stage_value(family: Family, stage: int) -> Expr:
    """What makes the stream after a layer of the text: a fold where the layer is repeated."""
    return _before(family, stage, None)[-1].value


def add_statics(known: dict[str, object], body: Expr) -> None:
    """The static `let`s of a body, by name."""
    assert isinstance(body, Block)
    _add(known, body.locals)


def _add(known: dict[str, object], locals_: Sequence[Local]) -> None:
    """The static ones among some locals."""
    for local in locals_:
        if isinstance(local.value.type, Static):
            try:
                known[local.name] = evaluate(local.value, known)
            except (Error, KeyError):
                continue


def keys(probe: Probe, known: Mapping[str, object]) -> Sequence[int] | None:
    """The indices that a call's comprehension runs over, where it is one over a single index: those that a mask admits."""
    array = probe.head.call.arguments[0]
    if isinstance(array, Lift):
        array = array.value
    if not isinstance(array, Comprehension) or len(array.bounds) != 1:
        return None
    index = Variable(array.bounds[0].name, INTEGER, array.span)
    listed = Comprehension(array.bounds, array.guard, index, array.separate, Static(Kind.INTEGER, 1), array.span)
    found = evaluate(listed, known)
    assert isinstance(found, tuple)
    return [k for k in found if isinstance(k, int)]


def heads(probe: Probe, known: Mapping[str, object]) -> int:
    """How many heads a call has."""
    count = probe.head.count
    return count.value if isinstance(count, Constant) and isinstance(count.value, int) else integer(count, known)

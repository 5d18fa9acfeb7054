"""The outermost call: a family with everything fixed, its inputs as wires, its result as a list of wires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.core.types import Form as FormType
from tc0.dsl.core.types import Wires
from tc0.dsl.interpret.arrays import width_of
from tc0.dsl.interpret.calls import check_size, check_where, given, leave
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.frame import Activation, Frame, Walk, integer
from tc0.dsl.interpret.recursion import founded, measured
from tc0.dsl.interpret.tables import table
from tc0.dsl.interpret.values import Array, Bit, Form, Known, Value, segments, wire_array
from tc0.dsl.interpret.vectors import Run, dense, product, uniform

Active = dict[Any, Activation]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The input wires of a family: names with their lengths (the width of words last), and how many wires there are."""

    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    count: int


def refuse_forms(family: Family, results: bool) -> None:
    """A family with forms among its parameters (or results) has no circuit of its own."""
    found = [p for p in family.parameters if isinstance(p.type.element, FormType)]
    if found or (results and isinstance(family.result.element, FormType)):
        what = f"the parameter `{found[0].name}`" if found else "the result"
        raise Error(
            "E0601",
            f"`{family.name}` has no circuit of its own: {what} is a form, and its wires depend on the terms it is given",
            found[0].span if found else family.span,
            "instantiate the family that calls it",
        )


def frame_of(walk: Walk, applied: Applied, context: Context, active: Active, depth: int = 0) -> Frame:
    """The frame of a family's statics and sizes, everything about them checked."""
    family = applied.family
    names: dict[str, Value] = {name: given(value, context) for name, value in applied.values}
    for name in [p.name for p in family.statics] + [s.name for s in family.sizes]:
        if name not in names:
            raise Error(
                "E0306", f"`{family.name}` needs `{name}` to be fixed", family.span, f"`{family.name}[{name} = ..]`"
            )
    for size in family.sizes:
        check_size(family, size.name, names[size.name], family.span)
    frame = Frame(names, None, active, depth)
    founded(family, measured(family, names, context), family.name, frame, context, family.span)
    check_where(walk, family, frame, context, family.span)
    return frame


def inputs_of(walk: Walk, family: Family, frame: Frame, context: Context) -> Inputs:
    """The shapes of the parameters, and the number of their wires."""
    shapes = []
    for parameter in family.parameters:
        shapes.append((parameter.name, shape_of(walk, parameter.type, frame, context)))
    return Inputs(tuple(shapes), sum(product(shape) for _, shape in shapes))


def shape_of(walk: Walk, type: Wires, frame: Frame, context: Context) -> tuple[int, ...]:
    """The lengths of a declared type at given sizes, the width of words last."""
    dims = [integer(walk, d, frame, context) for d in type.shape if d is not None]
    dims += width_of(walk, type, frame, context)
    for length in dims:
        if length < 0:
            raise Error("E0407", f"a length of {length}, which is negative", frame_span(type, frame))
    return tuple(int(d) for d in dims)


def frame_span(type: Wires, frame: Frame) -> Any:
    return next((d.span for d in type.shape if d is not None), None)


def bind_inputs(inputs: Inputs, frame: Frame, context: Context) -> None:
    """Names the input wires, from wire 2 on."""
    wire = 2
    for name, shape in inputs.shapes:
        size = product(shape)
        frame.names[name] = wire_array(context, Run(wire, (size,)), shape) if shape else Bit(context, wire)
        wire += size


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """Stands for the call when a table is the outermost family."""

    span: Any


def run_body(walk: Walk, family: Family, frame: Frame, context: Context, as_table: bool) -> Value:
    """The result of the family at its inputs."""
    if family.table and as_table:
        return table(walk, family, frame, _Node(family.span), context)
    body = family.body.get()
    result = walk.rules[type(body)](walk, body, frame, context)
    return leave(walk, family, result, frame, context, family.span)


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a walk gives at its only point. dims: lengths, the width of words last. wires: their numbers, or None and
    `form`: an array (or one) of forms."""

    dims: tuple[int, ...]
    wires: Any
    form: Any


def result_of(walk: Walk, value: Value, context: Context, span: Any) -> Result:
    """Row-major elements of a value."""
    match value:
        case Bit():
            return Result((), np.array([_one(value.wires)], np.int64), None)
        case Form():
            return Result((), None, (value.forms, np.array([_one(value.row)], np.int64)))
        case Array():
            found = segments(value, context, walk.meter, span)
            dims = tuple(int(d if uniform(d) else dense(d).flat[0]) for d in value.dims)
            numbers = np.asarray(dense(found.numbers))
            if value.pool.forms is not None:
                return Result(dims, None, (value.pool.forms, numbers.astype(np.int64)))
            if not value.pool.static:
                return Result(dims, numbers.astype(np.int64), None)
        case Known():
            pass
        case _:
            pass
    raise Error("E0308", "this is a static value, not wires", span)


def _one(v: Any) -> int:
    return int(v if uniform(v) else np.asarray(dense(v)).flat[0])

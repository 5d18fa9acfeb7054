"""`check` statements (section 10): on every input of bounded size, or on a seeded sample; claims by counting circuits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from tc0.dsl.base.depth import deep
from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import evaluation, families, sizes, typing
from .builtins import FIGURES
from .conversion import count_wires, decode
from .reference import Reference, plain
from .scope import At, names_in
from .value_reading import Values
from .values import Bit, Family, Form, Ghost, Mistake, Type, condition, integer

UNBOUNDED = range(1, 6)  # the sizes at which a claim about all sizes is looked at here


@dataclass(frozen=True)
class Outcome:
    """holds: None where the claim cannot be looked at here. cases: how many sizes and inputs were tried."""

    text: str
    holds: bool | None
    cases: int
    note: str = ""


def check(reference: Reference, statement: tree.Check, negation: str, budget: int = 4096) -> Outcome:
    """budget: inputs of one size that are tried at the most."""
    cases = 0
    text = " ".join(statement.span.text.split())
    at = At(Values(), reference.scope, {}, (), negation)
    if "class" in _called(statement.body) or "uniformity" in _called(statement.body):
        return Outcome(text, None, 0, "classes are not part of the reference")
    try:
        with deep():
            quantifiers, note = _quantifiers(statement, at)
            inputs = [q for q in quantifiers if isinstance(q, tree.Parameter)]
            first = statement.guard is not None and not set(names_in(statement.guard)) & {q.name for q in inputs}
            for place in _sizes([q for q in quantifiers if not isinstance(q, tree.Parameter)], at):
                if first and statement.guard is not None and not _true(statement.guard, place):
                    continue  # these sizes may not even have types
                for inside in _inputs(inputs, place, budget):
                    if statement.guard is not None and not _true(statement.guard, inside):
                        continue
                    cases += 1
                    if not _true(statement.body, inside):
                        return Outcome(text, False, cases, f"counterexample: {_shown(inside)}")
    except Mistake as mistake:
        return Outcome(text, False, cases, str(mistake))
    return Outcome(text, True, cases, note)


def _true(node: tree.Expression, at: At) -> bool:
    """A claim or guard is a static boolean or a bit."""
    value = evaluation.evaluate(node, at, Type("bit"))
    match value:
        case Bit(wire=wire):
            return wire == 1
        case Form(constant=constant):
            return constant == 1
    return condition(value, "a claim", node.span)


def _calls(node: object) -> Iterator[tree.Call]:
    """The calls of names in an expression."""
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
        yield node
    if isinstance(node, tuple):
        for part in node:
            yield from _calls(part)
    elif is_dataclass(node) and not isinstance(node, Span):
        for field in fields(node):
            yield from _calls(getattr(node, field.name))


def _called(node: object) -> set[str]:
    """The names of what is called in an expression."""
    return {call.function.name for call in _calls(node) if isinstance(call.function, tree.Name)}


def _quantifiers(statement: tree.Check, at: At) -> tuple[list[tree.Quantifier], str]:
    """The quantifiers; for a claim about all sizes a few sizes of the families in it that satisfy their `where`."""
    quantifiers = list(statement.quantifiers)
    if not _called(statement.body) & set(FIGURES):
        return quantifiers, ""
    given = {q.name for q in quantifiers}
    note = ""
    inside = at
    for name in given:
        inside = inside.bind(name, Ghost(Type("integer")))
    for call in _calls(statement.body):
        if not isinstance(call.function, tree.Name) or call.function.name not in FIGURES:
            continue
        family = typing.family_of(call.arguments[0].value, inside)
        for size in families.open_parameters(family) if isinstance(family, Family) else ():
            if size not in given:
                low, high = (tree.Number(n, str(n), statement.span) for n in (UNBOUNDED.start, UNBOUNDED.stop))
                quantifiers.append(tree.Binder(size, "in", low, high, statement.span))
                given.add(size)
                note = f"looked at for {UNBOUNDED.start} <= {size} < {UNBOUNDED.stop} only"
    return quantifiers, note


def _sizes(quantifiers: list[tree.Binder | tree.AtLeast], at: At) -> Iterator[At]:
    """Sizes ascend."""
    if not quantifiers:
        yield at
        return
    first = quantifiers[0]
    if isinstance(first, tree.AtLeast):
        low = integer(evaluation.evaluate(first.low, at), "a bound", first.span)
        values = range(low, low + len(UNBOUNDED))
    else:
        values = evaluation.bounds(first, at)
    for value in values:
        yield from _sizes(quantifiers[1:], at.bind(first.name, value))


def _inputs(parameters: list[tree.Parameter], at: At, budget: int) -> Iterator[At]:
    """Inputs in the order of the integer whose bit k is input wire k; only valid codes."""
    types = [sizes.resolve(parameter.type, at) for parameter in parameters]
    wires = sum(count_wires(type) for type in types)
    if 2**wires <= budget:
        numbers: Iterator[int] = iter(range(2**wires))
    else:
        draw = random.Random(0)
        numbers = (draw.getrandbits(wires) for _ in range(max(1, budget // 8)))
    for number in numbers:
        bits = [Bit(number >> k & 1) for k in range(wires)]
        inside = at
        for parameter, type in zip(parameters, types, strict=True):
            value = decode(type, bits[: count_wires(type)], at.reading)
            bits = bits[count_wires(type) :]
            inside = inside.bind(parameter.name, value)
        if all(families.is_code(inside.names[parameter.name]) for parameter in parameters):
            yield inside


def _shown(at: At) -> str:
    return ", ".join(f"{name} = {plain(value)!r}" for name, value in at.names.items())


def run(reference: Reference, budget: int = 4096) -> Iterator[Outcome]:
    """The checks of the text in order; `option negation = free` holds from where it stands."""
    negation = "gate"
    for statement in reference.statements:
        match statement:
            case tree.Option(name="negation", value=tree.Name(name=name)):
                negation = name
            case tree.Check():
                yield check(reference, statement, negation, budget)
            case tree.Show(value=value):
                yield _show(reference, value)


def _show(reference: Reference, node: tree.Expression) -> Outcome:
    try:
        with deep():
            value = evaluation.evaluate(node, At(Values(), reference.scope))
            return Outcome(f"{node.span.text} = {plain(value)!r}", None, 0)
    except Mistake as mistake:
        return Outcome(node.span.text, False, 0, str(mistake))

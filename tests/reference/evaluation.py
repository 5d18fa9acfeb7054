"""Expressions: one case of the surface tree a function. What a text says once is evaluated once (section 5, sharing)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import builtins, families, float_operators, linear, statics, transformers, typing
from .conversion import common, convert, encode, stack, unify
from .reading import require_bit_range
from .scope import At, Scope, names_in
from .values import (
    Array,
    Bit,
    Constant,
    Family,
    Form,
    Function,
    Ghost,
    Mistake,
    NotKnown,
    Scalar,
    Type,
    Value,
    Word,
    condition,
    integer,
    like,
    scalars,
    type_of,
)

Hint = Type | None  # the type that is expected, where one is


def evaluate(node: tree.Expression, at: At, hint: Hint = None) -> Value:
    """The value of an expression."""
    match node:
        case tree.Number(value=value):
            return value
        case tree.Text(value=text):
            return text
        case tree.Name():
            return _name(node, at)
        case tree.Items(elements=elements):
            values = [evaluate(e, at, deeper(hint, 1)) for e in elements]
            values = unify(values, (), at.reading, "an element", node.span)
            return stack((len(values),), values, Type("integer"), node.span)
        case tree.Comprehension(body=body, clause=clause):
            return comprehension(body, clause, at, hint)
        case tree.If():
            return _if(node, at, hint)
        case tree.Fold():
            return _fold(node, at, hint)
        case tree.Logic(operator=operator, operands=operands):
            return _logic(operator, operands, at)
        case tree.Unary():
            return _unary(node, at)
        case tree.Compare():
            return linear.compare(node.operator, evaluate(node.left, at), evaluate(node.right, at), at, node.span)
        case tree.Combine():
            return _combine(node, at)
        case tree.Chain(first=first, rest=rest):
            total = evaluate(first, at)
            for operator, operand in [(operator, evaluate(e, at)) for operator, e in rest]:
                total = linear.operate(operator, total, operand, at, node.span)
            return total
        case tree.Power(base=base, exponent=exponent):
            return statics.arithmetic("**", evaluate(base, at), evaluate(exponent, at), node.span)
        case tree.Call():
            return _call(node, at)
        case tree.Index():
            return _index(node, at)
        case tree.Field(base=base, name=name):
            return _field(evaluate(base, at), name, at, node.span)
        case _:
            assert_never(node)


# ---- names


def find(name: str, at: At) -> Value | None:
    """What a name means: a local name, `true` and `false`, a definition; None if nothing of the text."""
    if name in at.names:
        return at.names[name]
    if name in ("true", "false"):
        return name == "true"
    if name == "pi" and at.scope.find(name) is None:
        return statics.PI
    found = at.scope.find(name)
    if found is None:
        return None
    definition, home = found
    match definition:
        case tree.Family():
            return Family(definition, home)
        case tree.Transformer():
            return Family(transformers.head(definition), home, transformer=definition)
        case tree.Function():
            return Function(definition, home)
        case tree.Alphabet(symbols=symbols):
            return Array(Type("text"), (len(symbols.symbols),), symbols.symbols)
        case tree.Let():
            return _top_let(definition, home, at)


def _top_let(definition: tree.Let, home: Scope, at: At) -> Value:
    if id(definition) not in at.reading.lets:
        at.reading.lets[id(definition)] = let(definition, At(at.reading, home, {}, at.calls))
    return at.reading.lets[id(definition)]


def _name(node: tree.Name, at: At) -> Value:
    value = find(node.name, at)
    if value is None:
        raise Mistake(f"nothing is called `{node.name}`", node.span)
    if isinstance(value, Ghost):
        raise NotKnown(f"`{node.name}` is not known here", node.span)
    return value


def let(definition: tree.Let, at: At) -> Value:
    """`let name[binders] = e` is `let name = [e for binders]` (section 5)."""
    if not definition.binders:
        return evaluate(definition.value, at)
    names = [binder.name for binder in definition.binders]
    if any(b.operator == "in" or set(names_in(b.high)) & set(names) for b in definition.binders):
        raise Mistake("the binders of a `let` count from 0, independent of one another", definition.span)
    return comprehension(definition.value, tree.Clause(definition.binders, None, definition.span), at, None)


# ---- comprehensions (section 5)


def deeper(hint: Hint, dimensions: int) -> Hint:
    """The expected type of an element of what is expected."""
    if hint is None or len(hint.shape) < dimensions:
        return None
    return replace(hint, shape=hint.shape[dimensions:])


def bounds(binder: tree.Binder, at: At) -> range:
    """The values of a binder; a range may be empty."""
    low = 0 if binder.low is None else integer(evaluate(binder.low, at), "a bound", binder.span)
    high = integer(evaluate(binder.high, at), "a bound", binder.span)
    return range(low, high + (binder.operator == "<="))


def is_separate(clause: tree.Clause) -> bool:
    """Whether every binder is a dimension of its own: no bound mentions an earlier binder, and there is no guard."""
    names = {binder.name for binder in clause.binders}
    mentioned = {name for b in clause.binders for name in names_in((b.low, b.high))}
    return clause.guard is None and not names & mentioned


def points(clause: tree.Clause, at: At) -> list[At]:
    """The places that the binders run through, in lexicographic order."""
    found = [at]
    for binder in clause.binders:
        if binder.name in at.names:
            raise Mistake(f"`{binder.name}` is bound twice", binder.span)
        found = [place.bind(binder.name, value) for place in found for value in bounds(binder, place)]
    if clause.guard is not None:
        found = [p for p in found if condition(evaluate(clause.guard, p), "a guard", clause.span)]
    return found


def comprehension(body: tree.Expression, clause: tree.Clause, at: At, hint: Hint) -> Array:
    places = points(clause, at)
    separate = is_separate(clause)
    dims = [len(bounds(binder, at)) for binder in clause.binders] if separate else [len(places)]
    inner = deeper(hint, len(dims))
    values = unify([evaluate(body, place, inner) for place in places], (), at.reading, "an element", body.span)
    empty = None if values else typing.type_of_body(body, clause, at, inner)
    return stack(dims, values, empty, body.span)


# ---- choices and folds (sections 3 and 6)


def _if(node: tree.If, at: At, hint: Hint) -> Value:
    """A static condition builds only the chosen branch, which has the type that both have together."""
    chosen = evaluate(node.condition, at)
    if isinstance(chosen, Bit | Form):
        return _multiplexer(chosen, evaluate(node.then, at, hint), evaluate(node.other, at, hint), at, hint, node.span)
    taken, left = (node.then, node.other) if condition(chosen, "a condition", node.span) else (node.other, node.then)
    value = evaluate(taken, at, hint)
    return unify([value], [typing.typeof(left, at, hint)], at.reading, "a branch", node.span)[0]


def _multiplexer(chosen: Bit | Form, then: Value, other: Value, at: At, hint: Hint, span: Span) -> Value:
    """`(c & a) | (!c & b)` on each wire; of two static integers with no expected type the form `b + (a - b) * c`."""
    if isinstance(chosen, Form):
        require_bit_range(chosen, "a condition", span)
    target = common([type_of(then), type_of(other)])
    if target is None and float_operators.among((then, other)):
        constants = next(t for t in (type_of(then), type_of(other)) if t.kind == "constant")
        target = replace(constants, kind="float", shape=(None,) * len(constants.shape))
    if target is None and (hint is None or hint.kind == "form" or (hint.kind == "float" and hint.width is None)):
        a, b = integer(then, "a branch", span), integer(other, "a branch", span)
        form = chosen if isinstance(chosen, Form) else at.reading.form(chosen)
        return Form.number(b).plus(form.times(a - b))
    if target is None and hint is not None:
        target = replace(hint, shape=(None,) * len(hint.shape))
    assert target is not None
    if target.kind == "form":
        target = replace(target, kind="bit")
    bit = chosen if isinstance(chosen, Bit) else at.reading.wire(chosen)
    then, other = (convert(branch, target, at.reading, "a branch", span) for branch in (then, other))
    if type_of(then) != type_of(other):
        raise Mistake("the branches of a multiplexer differ in type or shape", span)
    pairs = list(zip(scalars(then), scalars(other), strict=True))
    return like(then, at.reading.choose(bit, pairs), type_of(then))


def _fold(node: tree.Fold, at: At, hint: Hint) -> Value:
    """A static init takes the type of the step; the type, shape and ranges of the state stay equal."""
    if node.binder.operator == "in":
        raise Mistake("the index of a `fold` counts from 0", node.span)
    times = bounds(node.binder, at)
    state = evaluate(node.init, at, hint)
    if type_of(state).is_static:
        step = typing.typeof(node.step, at.bind(node.state, state).bind(node.binder.name, Ghost(Type("integer"))), hint)
        if not step.is_static:
            target = replace(step, shape=(None,) * len(step.shape))
            state = convert(state, target, at.reading, "the initial state", node.span)
    initial = state
    for index in times:
        value = evaluate(node.step, at.bind(node.state, state).bind(node.binder.name, index), hint)
        if type_of(initial).is_static:
            if not type_of(value).is_static or type_of(value).shape != type_of(initial).shape:
                raise Mistake("the state of a fold changes its type or shape", node.span)
            state = value
        else:
            state = _stays(convert(value, type_of(initial), at.reading, "a step", node.span), initial, node.span)
    return state


def _stays(value: Value, initial: Value, span: Span) -> Value:
    """The state after a step: forms keep the ranges of the initial state."""
    items: list[Scalar] = []
    for item, first in zip(scalars(value), scalars(initial), strict=True):
        if isinstance(item, Form) and isinstance(first, Form):
            item = within_range(item, first.low, first.high, "a fold state", span)
        items.append(item)
    return like(value, items, type_of(initial))


def within_range(form: Form, low: int, high: int, what: str, span: Span | None) -> Form:
    """A form where one of range low..high is expected: its own range must lie within."""
    if form.low < low or form.high > high:
        raise Mistake(f"the range {form.low}..{form.high} of {what} leaves {low}..{high}", span)
    return replace(form, low=low, high=high)


# ---- operators


def _logic(operator: str, operands: Sequence[tree.Expression], at: At) -> bool:
    """`and` and `or` stop early."""
    for operand in operands:
        if condition(evaluate(operand, at), f"an operand of `{operator}`", operand.span) == (operator == "or"):
            return operator == "or"
    return operator == "and"


def _unary(node: tree.Unary, at: At) -> Value:
    value = evaluate(node.operand, at)
    match node.operator:
        case "not":
            return not condition(value, "the operand of `not`", node.span)
        case "!":
            return at.reading.invert(builtins.operand(value, at, "the operand of `!`", node.span))
        case _:
            if float_operators.among((value,)):
                return float_operators.unary("negate", value, at.reading, node.span, linear.library(at, node.span))
            if type_of(value).is_static:
                return statics.arithmetic("-", 0, value, node.span)
            if type_of(value).is_word:
                assert isinstance(value, Word)
                return at.reading.operate("negate", (value,), linear.library(at, node.span))
            return linear.form(value, at, "-", node.span).times(-1)


def _combine(node: tree.Combine, at: At) -> Value:
    """`a & b & c` is one gate, `|` likewise; `a ^ b ^ c` goes from left to right."""
    values = [evaluate(operand, at) for operand in node.operands]
    operands = [builtins.operand(value, at, f"an operand of `{node.operator}`", node.span) for value in values]
    if node.operator != "^":
        return at.reading.gate(
            "AND" if node.operator == "&" else "OR", operands, len(operands) if node.operator == "&" else 1
        )
    bits = [at.reading.wire(operand) if isinstance(operand, Form) else operand for operand in operands]
    total = bits[0]
    for bit in bits[1:]:
        total = at.reading.exclusive_or(total, bit)
    return total


# ---- calls


def _call(node: tree.Call, at: At) -> Value:
    name, brackets = builtins.callee(node, at)
    if name is not None:
        return builtins.call(name, brackets, node, at)
    if (float_ := builtins.float_type(node.function, at)) is not None:
        if len(node.arguments) != 1 or node.arguments[0].name is not None:
            raise Mistake("a float is written `float(8)(0.5)`", node.span)
        return builtins.as_float(float_, node.arguments[0].value, node.clause, at, node.span)
    if (word := builtins.word_type(node, at)) is not None:
        (value,) = arguments(node, at)
        return builtins.as_word(value, word, at, node.span)
    target = evaluate(node.function, at)
    if isinstance(target, Function):
        return families.invoke(target, arguments(node, at), at, node.span)
    if not isinstance(target, Family):
        raise Mistake("this is no family: it cannot be called", node.span)
    return families.call(target, families.ordered(target, node, at), at, node.span)


def arguments(node: tree.Call, at: At) -> list[Value]:
    """`f(a, b for i < n)` is `f([a for i < n], [b for i < n])` (section 5)."""
    if any(argument.name is not None for argument in node.arguments):
        raise Mistake("these arguments have no names", node.span)
    return [argument_value(argument.value, node.clause, at, None) for argument in node.arguments]


def argument_value(node: tree.Expression, clause: tree.Clause | None, at: At, hint: Hint) -> Value:
    return evaluate(node, at, hint) if clause is None else comprehension(node, clause, at, hint)


# ---- brackets and fields (section 4)


def _index(node: tree.Index, at: At) -> Value:
    value = evaluate(node.base, at)
    if isinstance(value, Family):
        return families.fix(value, node.items, at, node.span)
    if isinstance(value, str):
        value = convert(value, Type("bit", (None,)), at.reading, "a string", node.span)
    if not isinstance(value, Array):
        raise Mistake("this is no array", node.span)
    if len(node.items) > len(value.shape):
        raise Mistake("more indices than dimensions", node.span)
    axes: list[range] = []
    kept: list[int] = []
    for item, length in zip(node.items, value.shape, strict=False):
        chosen = _selected(item, length, at)
        axes.append(chosen)
        if isinstance(item, tree.Slice):
            kept.append(len(chosen))
    return _gather(value, axes, kept)


def _selected(item: tree.Argument | tree.Slice, length: int, at: At) -> range:
    if isinstance(item, tree.Slice):
        low = integer(evaluate(item.low, at), "the start of a slice", item.span)
        high = integer(evaluate(item.high, at), "the end of a slice", item.span)
        if not 0 <= low <= high <= length:
            raise Mistake(f"the slice {low}..{high} of an array of length {length}", item.span)
        return range(low, high)
    if item.name is not None:
        raise Mistake("an array has no parameters", item.span)
    index = integer(evaluate(item.value, at), "an index", item.span)
    if not 0 <= index < length:
        raise Mistake(f"the index {index} outside of 0..{length}", item.span)
    return range(index, index + 1)


def _gather(value: Array, axes: Sequence[range], kept: Sequence[int]) -> Value:
    """The elements at these indices of the first axes."""
    offsets = [0]
    for axis, length in enumerate(value.shape):
        chosen = axes[axis] if axis < len(axes) else range(length)
        offsets = [offset * length + index for offset in offsets for index in chosen]
    shape = (*kept, *value.shape[len(axes) :])
    items = tuple(value.items[offset] for offset in offsets)
    return Array(value.type, shape, items) if shape else items[0]


def _field(value: Value, name: str, at: At, span: Span) -> Value:
    """`e.bits`: the wires of words and symbols."""
    type = type_of(value)
    if name != "bits" or not (type.is_word or type.kind in ("symbol", "float", "constant")):
        raise Mistake(f"there is no field `{name}`", span)
    if type.kind == "constant":
        items = [at.reading.constant(item) for item in scalars(value) if isinstance(item, Constant)]
        type = replace(type, kind="float")
        value = like(value, items, type)
    shape = tuple(length or 0 for length in type.shape)
    return Array(Type("bit"), (*shape, type.code_bits), tuple(encode(value, at.reading)))

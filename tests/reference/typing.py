"""Types of expressions that are not evaluated: the body of an empty comprehension, the branch of a static `if` that is
not taken, the step of a fold. `SUM(x[i] for i < 0)` is a form, not a number, because of what `x[i]` would be.

Lengths are known only where they do not depend on binders that have no value here. Nothing is built, and a mistake in
what is not evaluated is no mistake: then a length is just not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import assert_never

from tc0.dsl.syntax import tree

from . import builtins, evaluation, families, float_operators, sizes, statics, word_operators
from .conversion import common
from .scope import At
from .values import Family, Function, Ghost, Mistake, Type, Value, integer, type_of

INTEGER = Type("integer")
Hint = Type | None


def type_of_body(body: tree.Expression, clause: tree.Clause, at: At, hint: Hint) -> Type:
    """The type of an element of a comprehension without elements."""
    return typeof(body, _ghosts(clause, at), hint)


def _ghosts(clause: tree.Clause, at: At) -> At:
    for binder in clause.binders:
        at = at.bind(binder.name, Ghost(INTEGER))
    return at


def typeof(node: tree.Expression, at: At, hint: Hint = None) -> Type:
    """The type of an expression, without evaluating what is on wires."""
    match node:
        case tree.Number(value=value):
            return type_of(value)
        case tree.Text():
            return Type("text")
        case tree.Name(name=name):
            value_ = evaluation.find(name, at)
            return Type("static") if value_ is None else type_of(value_)
        case tree.Items(elements=elements):
            inner = _join([typeof(e, at, evaluation.deeper(hint, 1)) for e in elements]) if elements else INTEGER
            return inner.array(len(elements))
        case tree.Comprehension(body=body, clause=clause):
            return comprehension(body, clause, at, hint)
        case tree.If():
            return _if(node, at, hint)
        case tree.Fold():
            return _fold(node, at, hint)
        case tree.Logic():
            return Type("bool")
        case tree.Unary(operator=operator, operand=operand):
            return _unary(operator, typeof(operand, at))
        case tree.Compare(left=left, right=right):
            return Type("bool" if typeof(left, at).is_static and typeof(right, at).is_static else "bit")
        case tree.Combine():
            return Type("bit")
        case tree.Chain(first=first, rest=rest):
            total = typeof(first, at)
            for operator, e in rest:
                total = _operate(operator, total, typeof(e, at))
            return total
        case tree.Power():
            return Type("static")
        case tree.Call():
            return _call(node, at)
        case tree.Index():
            return _index(node, at)
        case tree.Field(base=base):
            type = typeof(base, at)
            if type.kind == "constant":
                type = replace(type, kind="float")
            known = type.kind == "symbol" or type.width is not None
            return Type("bit", (*type.shape, type.code_bits if known else None))
        case _:
            assert_never(node)


def _number(node: tree.Expression, at: At) -> int | None:
    """A static integer, None where it is not known."""
    try:
        return integer(evaluation.evaluate(node, at), "a length", node.span)
    except Mistake:
        return None


def _join(types: Sequence[Type]) -> Type:
    """The type of several branches or elements together."""
    shapes = [type.shape for type in types if type.kind != "text"] or [types[0].shape]
    rank = max(map(len, shapes))
    fitting = [shape for shape in shapes if len(shape) == rank]
    shape = tuple(lengths[0] if len(set(lengths)) == 1 else None for lengths in zip(*fitting, strict=True))
    wires = common(types)
    if wires is not None:
        return replace(wires, shape=shape)
    if any(type.kind == "constant" for type in types):
        return replace(_floats(types), shape=shape)
    kinds = {type.kind for type in types}
    return Type(kinds.pop() if len(kinds) == 1 else "static", shape)


def comprehension(body: tree.Expression, clause: tree.Clause, at: At, hint: Hint = None) -> Type:
    dims: list[int | None] = [None]
    if evaluation.is_separate(clause):
        dims = []
        for binder in clause.binders:
            low, high = 0 if binder.low is None else _number(binder.low, at), _number(binder.high, at)
            known = low is not None and high is not None
            dims.append(max(0, (high or 0) + (binder.operator == "<=") - (low or 0)) if known else None)
    return typeof(body, _ghosts(clause, at), evaluation.deeper(hint, len(dims))).array(*dims)


def _if(node: tree.If, at: At, hint: Hint) -> Type:
    then, other = typeof(node.then, at, hint), typeof(node.other, at, hint)
    if "family" in (then.kind, other.kind):
        return Type("family")
    if typeof(node.condition, at).is_static:
        return _join([then, other])
    if then.is_static and other.is_static and "constant" in (then.kind, other.kind):
        return replace(_floats([then, other]), kind="float")
    if then.is_static and other.is_static:
        return Type("form") if hint is None or hint.kind == "form" else replace(hint, shape=(None,) * len(hint.shape))
    joined = _join([then, other])
    return replace(joined, kind="bit") if joined.kind == "form" else joined


def _fold(node: tree.Fold, at: At, hint: Hint) -> Type:
    inside = at.bind(node.binder.name, Ghost(INTEGER))
    init = typeof(node.init, at, hint)
    step = typeof(node.step, inside.bind(node.state, Ghost(init)), hint)
    return _join([init, step]) if init.is_static else init


def _unary(operator: str, operand: Type) -> Type:
    if operator == "not":
        return Type("bool")
    if operator == "!":
        return Type("bit")
    if operand.kind in ("float", "constant"):
        return operand
    if operand.is_word:
        return _words("negate", operand.kind == "int", [operand.width])
    return operand if operand.is_static else Type("form")


def _words(operator: str, signed: bool, widths: Sequence[int | None]) -> Type:
    signed, width = word_operators.result(operator, signed, widths)
    return Type("int" if signed else "uint", width=width)


def _operate(operator: str, left: Type, right: Type) -> Type:
    if "float" in (left.kind, right.kind) or "constant" in (left.kind, right.kind):
        return _floats([left, right])
    if left.is_static and right.is_static:
        both = left.kind == right.kind == "integer"
        return INTEGER if both and operator != "/" else Type("static")
    if operator in ("<<", ">>"):
        kind = right.kind if left.is_static else left.kind
        return Type(kind, width=None if right.is_static else right.width if left.is_static else left.width)
    left, right = (right if left.is_static else left), (left if right.is_static else right)
    if not (left.is_word and right.is_word):
        return Type("form")
    signed = "int" in (left.kind, right.kind)
    widths = [None if t.width is None else t.width + (signed and t.kind == "uint") for t in (left, right)]
    return _words(operator, signed, widths)


def _floats(types: Sequence[Type]) -> Type:
    """Floats and numbers together, with the shape of the one that has one."""
    kind = "float" if any(type.kind == "float" for type in types) else "constant"
    first = next((t for t in types if t.kind == kind and t.width is not None), None)
    first = first or next(t for t in types if t.kind == kind)
    return replace(first, shape=max((type.shape for type in types), key=len))


def _of_words(name: str, types: Sequence[Type]) -> Type:
    """SUM, MAX, MIN or SORT of one array of words, or of single words."""
    words = [type for type in types if type.is_word]
    signed = any(type.kind == "int" for type in words)
    kind = "int" if signed else "uint"
    count: int | None = len(types)
    if len(types) == 1 and types[0].shape:
        count = None if None in types[0].shape else prod(length or 0 for length in types[0].shape)
    grown = [None if t.width is None else t.width + (signed and t.kind == "uint") for t in words]
    width = None if None in grown else max((g for g in grown if g is not None), default=None)
    if name == "SORT":
        return Type(kind, (count,), width=width)
    if name == "SUM" and width is not None:
        width = None if count is None else width + max(count - 1, 0).bit_length()
    return Type(kind, width=width)


# ---- calls and brackets


def _call(node: tree.Call, at: At) -> Type:
    name, _ = builtins.callee(node, at)
    if name is not None:
        return _builtin(name, node, at)
    match node.function:
        case tree.Call(function=tree.Name(name="uint" | "int" as kind), arguments=[width]):
            type = _arguments(node, at)[0]
            shape = type.shape if type.is_word or type.is_static else type.shape[:-1]
            return Type(kind, shape, width=_number(width.value, at))
    if (float_ := _float_type(node.function, at)) is not None:
        return _made(float_, _arguments(node, at)[0])
    target = family_of(node.function, at)
    if not isinstance(target, Family):
        return Type("static")
    return _result(target, _arguments(node, at), at)


def _float_type(node: tree.Expression, at: At) -> Type | None:
    match node:
        case tree.Call(function=tree.Name(name="float"), arguments=[precision, *rest], clause=None):
            if evaluation.find("float", at) is None:
                return Type("float", width=_number(precision.value, at), nearest=bool(rest))
    return None


def _made(float_: Type, given: Type) -> Type:
    """`float(p)(e)` where e has this type: a choice of numbers is one of floats."""
    if given.is_static:
        return replace(float_, kind="constant", shape=given.shape)
    if given.kind in ("float", "form"):
        return replace(float_, shape=given.shape)
    return replace(float_, shape=given.shape[:-1])


def argument(node: tree.Expression, clause: tree.Clause | None, at: At) -> Type:
    """The type of an argument of a call; `f(a for i < n)` is `f([a for i < n])`."""
    return typeof(node, at) if clause is None else comprehension(node, clause, at)


def _arguments(node: tree.Call, at: At) -> list[Type]:
    return [argument(one.value, node.clause, at) for one in node.arguments]


def _builtin(name: str, node: tree.Call, at: At) -> Type:
    if name in builtins.GATES:
        return Type("bit")
    if name in builtins.FIGURES:
        return INTEGER
    types = _arguments(node, at)
    floating = [type for type in types if type.kind in ("float", "constant")]
    if floating and (name in float_operators.FUNCTIONS or name.upper() in float_operators.REDUCTIONS):
        return replace(_floats(types), shape=())
    match name:
        case "SUM":
            if types and all(type.is_word or type.is_static for type in types) and any(type.is_word for type in types):
                return _of_words(name, types)
            static = all(type.is_static for type in types) and not any(type.kind == "text" for type in types)
            return Type("static") if static else Type("form")
        case "MAX" | "MIN" | "SORT":
            return _of_words(name, types)
        case "abs" if types[0].is_word:
            return Type("uint", width=types[0].width)
        case "COUNT":
            length = types[0].shape[0] if len(types[0].shape) == 1 else None
            return Type("uint", width=None if length is None else length.bit_length())
        case "value":
            return Type("form", types[0].shape)
        case "within":
            return Type("form")
        case "bit" if len(types) == 1:
            return Type("bit")
        case "len":
            return INTEGER
        case _:
            return statics.result_type(name)


def family_of(node: tree.Expression, at: At) -> Value | None:
    """The family that an expression names, with what is not known in brackets left open."""
    match node:
        case tree.Name(name=name):
            return evaluation.find(name, at)
        case tree.Index(base=base, items=items):
            family = family_of(base, at)
            if not isinstance(family, Family):
                return None
            given: list[tuple[str | None, Value]] = []
            for item in items:
                if isinstance(item, tree.Argument):
                    given.append((item.name, _value_or_ghost(item.value, at)))
            return families.fix_values(family, given, node.span)
        case tree.If(then=then):
            return family_of(then, at)
    return None


def _value_or_ghost(node: tree.Expression, at: At) -> Value:
    try:
        return evaluation.evaluate(node, at)
    except Mistake:
        return Ghost(typeof(node, at))


def _result(family: Family, types: Sequence[Type], at: At) -> Type:
    """The declared result, with the sizes that the arguments decide."""
    if len(types) != len(family.definition.parameters):
        return Type("bit")
    home = sizes.home_of(family)
    bound = sizes.bind_sizes(family, types, At(at.reading, home), None, lenient=True)
    type = sizes.resolve(family.definition.result, At(at.reading, home, bound), lenient=True)
    return replace(type, low=None, high=None)


def _index(node: tree.Index, at: At) -> Type:
    base = typeof(node.base, at)
    if base.kind == "family" or isinstance(family_of(node.base, at), Family | Function):
        return Type("family")
    if base.kind == "text" and not base.shape:
        return Type("bit")
    kept: list[int | None] = []
    for item in node.items:
        if isinstance(item, tree.Slice):
            low, high = _number(item.low, at), _number(item.high, at)
            kept.append(None if low is None or high is None else high - low)
    return replace(base, shape=(*kept, *base.shape[len(node.items) :]))

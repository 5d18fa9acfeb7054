"""Expressions: every kind of phrase of the surface tree, typed.

`hint` is the wire type that is expected, where one is: only a multiplexer of two constants depends on it. Everything
else is inferred from the inside out, and converted by whoever needs another type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from tc0.dsl.base.digits import are_given
from tc0.dsl.base.errors import Error, UnknownName
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.core import builtins, float_wires, floats, operators, verbs, weights
from tc0.dsl.core.calls import Named, call, call_named, fix
from tc0.dsl.core.context import Context, constant
from tc0.dsl.core.convert import as_condition, as_integer, coerce, join
from tc0.dsl.core.program import (
    AsWord,
    Bits,
    Bound,
    Comprehension,
    Constant,
    Element,
    Expr,
    Family,
    Fold,
    Function,
    If,
    Invoke,
    Items,
    Lift,
    Local,
    Logic,
    Range,
    Reference,
    Resize,
    Variable,
)
from tc0.dsl.core.scope import Given, Held, Letters, Weights
from tc0.dsl.core.shapes import Dim, apply, mentions, number, over_wires, same, without
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import (
    ANY,
    BOOL,
    INTEGER,
    RATIONAL,
    REAL,
    TEXT,
    Bit,
    FamilyOf,
    Float,
    Form,
    Kind,
    Static,
    Symbol,
    Type,
    Wires,
    Word,
    code_bits,
)
from tc0.dsl.numbers.real import pi
from tc0.dsl.ops.classes import rank_of
from tc0.dsl.syntax import tree


def infer(node: tree.Expression, at: Context, hint: Wires | None = None) -> Expr:
    """The typed expression."""
    match node:
        case tree.Number(value=value, span=span):
            return Constant(value, INTEGER if isinstance(value, int) else RATIONAL, span)
        case tree.Text(value=value, span=span):
            return Constant(value, TEXT, span)
        case tree.Name():
            return _name(node, at)
        case tree.Items():
            return _items(node, at, hint)
        case tree.Comprehension():
            return _comprehension(node.body, node.clause, node.span, at, hint)
        case tree.If():
            return _if(node, at, hint)
        case tree.Fold():
            return _fold(node, at, hint)
        case tree.Logic():
            operands = tuple(as_condition(infer(o, at), f"an operand of `{node.operator}`") for o in node.operands)
            return Logic(node.operator, operands, BOOL, node.span)
        case tree.Unary():
            return _unary(node, at)
        case tree.Compare():
            left, right = infer(node.left, at), infer(node.right, at)
            return operators.compare(at.scope, node.operator, left, right, node.span, call)
        case tree.Combine():
            return operators.combine(node.operator, [infer(o, at) for o in node.operands], node.span)
        case tree.Chain():
            return _chain(node, at)
        case tree.Power():
            return operators.static("**", (infer(node.base, at), infer(node.exponent, at)), node.span)
        case tree.Call():
            return _call(node, at)
        case tree.Index():
            return _index(node, at)
        case tree.Field():
            return _field(node, at)
        case _:
            assert_never(node)


# ---- names


def _name(node: tree.Name, at: Context) -> Expr:
    name, span = node.name, node.span
    if name in at.locals:
        return Variable(at.alias(name), at.locals[name], span)
    if name in ("true", "false"):
        return Constant(name == "true", BOOL, span)
    found = at.scope.find(name)
    match found:
        case Family():
            return Reference(found, (), found.type, span)
        case Function():
            shown = ", ".join(found.parameters)
            raise Error("E0204", f"`{name}` is a static function", span, f"call it: `{name}({shown})`")
        case Given(value=value):
            return constant(value, span)
        case Held(value=value):
            return value  # type: ignore[return-value]
        case Letters(symbols=symbols):
            return Constant(symbols, Static(Kind.TEXT, 1), span)
        case Weights():
            raise weights.alone(found, span)
        case None if rank_of(name) is not None:
            return Constant(rank_of(name) or 0, INTEGER, span)
        case None if name == "pi":
            return Constant(pi(), REAL, span)
        case None:
            raise _unknown(name, span, at)


# Words that begin a statement where something follows, and are plain names elsewhere.
_STATEMENTS = {
    "option": "option NAME = VALUE",
    "use": 'use "other.tc"',
    "alphabet": 'alphabet Sigma = {"a", "b"}',
    "weights": 'weights W = "model.safetensors"',
    "table": "table family f(x: bit[n]) -> bit = ..",
}


def _unknown(name: str, span: Span, at: Context) -> Error:
    if builtins.is_builtin(name):
        return Error("E0204", f"`{name}` stands without its arguments", span, f"call it: `{name}(..)`")
    if name in verbs.names():
        return Error("E0204", f"`{name}` stands without its arguments", span, f"call it: `{name}(f)`")
    if name in _STATEMENTS:
        return Error("E0204", f"`{name}` stands without what it takes", span, f"write `{_STATEMENTS[name]}`")
    if name in builtins.TYPE_NAMES:
        return Error("E0204", f"`{name}` is a type, not a value", span)
    known = [*at.locals, *at.scope.names(), *builtins.builtin_names(), *verbs.names()]
    close = near(name, known)
    return UnknownName("E0201", f"nothing is called `{name}`", span, f"there is `{close}`" if close else None)


def _callable(name: str, at: Context) -> bool:
    """Whether a definition of the user or of the library has this name; else it may be a gate or a function."""
    return name in at.locals or at.scope.find(name) is not None


# ---- arrays


def _deeper(hint: Wires | None, dimensions: int) -> Wires | None:
    """The hint for the elements of an array."""
    if hint is None or len(hint.shape) < dimensions:
        return None
    return Wires(hint.element, hint.shape[dimensions:])


def _items(node: tree.Items, at: Context, hint: Wires | None) -> Expr:
    elements = [infer(e, at, _deeper(hint, 1)) for e in node.elements]
    length = number(len(elements), node.span)
    if not elements:
        return Constant((), Static(Kind.INTEGER, 1), node.span)
    joined, type = join(elements, "an element of an array", node.span)
    match type:
        case Wires(element=element, shape=shape):
            _not_ragged(joined, node.span)
            return Items(tuple(joined), Wires(element, (length, *shape)), node.span)
        case Static(kind=kind, rank=rank):
            _not_ragged_static(joined, node.span)
            static = Static(kind, None if rank is None else rank + 1)
            if all(isinstance(e, Constant) for e in joined):
                return Constant(tuple(e.value for e in joined if isinstance(e, Constant)), static, node.span)
            return Items(tuple(joined), static, node.span)
        case _:
            raise Error("E0307", "an array holds values, not families", node.span)


def _not_ragged(elements: Sequence[Expr], span: Span) -> None:
    shapes = [e.type.shape for e in elements if isinstance(e.type, Wires)]
    for shape, element in zip(shapes, elements, strict=True):
        if any(same(a, b) is False for a, b in zip(shapes[0], shape, strict=True)):
            raise Error(
                "E0403", f"a ragged array: elements {show_type(elements[0].type)} and {show_type(element.type)}", span
            )


def _not_ragged_static(elements: Sequence[Expr], span: Span) -> None:
    lengths = {len(e.value) for e in elements if isinstance(e, Constant) and isinstance(e.value, tuple)}
    if len(lengths) > 1:
        first, second = sorted(lengths)[:2]
        raise Error("E0403", f"a ragged array: rows of length {first} and {second}", span)


def clause(node: tree.Clause, at: Context) -> tuple[tuple[Bound, ...], Expr | None, Context]:
    """The binders and the guard of a comprehension, and the context of its body."""
    bounds: list[Bound] = []
    for binder in node.binders:
        bounds.append(bound(binder, at))
        at = at.bind(binder.name, INTEGER, binder.span)
    guard = None if node.guard is None else as_condition(infer(node.guard, at), "a guard")
    return tuple(bounds), guard, at


def bound(binder: tree.Binder, at: Context) -> Bound:
    """`low <= name < high` of a binder."""
    what = f"the bound of `{binder.name}`"
    high = as_integer(infer(binder.high, at), what)
    low = number(0, binder.span) if binder.low is None else as_integer(infer(binder.low, at), what)
    if binder.operator == "<=":
        high = operators.static("+", (high, number(1, binder.span)), binder.high.span)
    return Bound(binder.name, low, high, binder.span)


def _length_of(bound: Bound) -> Dim:
    return apply("-", bound.span, bound.high, bound.low)


def _comprehension(body: tree.Expression, node: tree.Clause, span: Span, at: Context, hint: Wires | None) -> Expr:
    bounds, guard, inner = clause(node, at)
    names = [b.name for b in bounds]
    separate = guard is None and not any(mentions(b.low, names) or mentions(b.high, names) for b in bounds)
    dims: tuple[Dim, ...] = tuple(_length_of(b) for b in bounds) if separate else (None,)
    element = infer(body, inner, _deeper(hint, len(dims)))
    return Comprehension(bounds, guard, element, separate, _array_of(element, dims, names), span)


def _array_of(element: Expr, dims: tuple[Dim, ...], names: Sequence[str]) -> Type:
    """The type of an array of such elements, outside of the scope of its binders."""
    match element.type:
        case Static(kind=kind, rank=rank):
            return Static(kind, None if rank is None else rank + len(dims))
        case Wires() as wires:
            outside = over_wires(wires, lambda dim: without(dim, names))
            return Wires(outside.element, (*dims, *outside.shape))
        case _:
            raise Error("E0307", "an array holds values, not families", element.span, "call it: `f(x)`")


# ---- choices and repetition


def _if(node: tree.If, at: Context, hint: Wires | None) -> Expr:
    """A ladder of `else if` is walked from its end, so that its length costs no recursion."""
    ladder: list[tree.If] = []
    last: tree.Expression = node
    while isinstance(last, tree.If):
        ladder.append(last)
        last = last.other
    other = infer(last, at, hint)
    for step in reversed(ladder):
        other = _choice(step, infer(step.condition, at), infer(step.then, at, hint), other, hint)
    return other


def _choice(node: tree.If, condition: Expr, then: Expr, other: Expr, hint: Wires | None) -> Expr:
    match condition.type:
        case Wires(element=Bit() | Form(), shape=()):
            return operators.choose(condition, then, other, _floating((then, other), hint), node.span)
        case Wires():
            raise Error(
                "E0309", f"a condition on wires is one bit, but this is {show_type(condition.type)}", condition.span
            )
        case _:
            condition = as_condition(condition, "a condition")
    if isinstance(then.type, FamilyOf) and isinstance(other.type, FamilyOf):
        return If(condition, then, other, then.type, node.span)
    (then, other), type = join((then, other), "the branches of `if`", node.span)
    return If(condition, then, other, type, node.span)


def _floating(branches: Sequence[Expr], hint: Wires | None) -> Wires | None:
    """The hint for two branches: static floats make a multiplexer of floats of their type."""
    if not floats.among(branches) or not all(isinstance(e.type, Static) for e in branches):
        return hint
    said = floats.format_said(next(e for e in branches if floats.among((e,))))
    if said is None:
        return hint
    rank = max(e.type.rank or 0 for e in branches if isinstance(e.type, Static))
    return Wires(Float(said.precision, said.nearest), (None,) * rank)


def _fold(node: tree.Fold, at: Context, hint: Wires | None) -> Expr:
    binder = node.binder
    if binder.operator == "in":
        raise Error(
            "E0311",
            "the index of a `fold` counts from 0",
            binder.span,
            f"write `for {binder.name} < t`, and add the offset in the step",
        )
    times = bound(binder, at).high
    init = infer(node.init, at, hint)
    while True:  # a static init takes the type of the step: at most three rounds, each to a wider type
        inner = at.bind(node.state, init.type, node.span).bind(binder.name, INTEGER, binder.span)
        try:
            step = infer(node.step, inner, hint)
        except Error:
            widened = _as_wires(node, init, at, hint)
            if widened is None:
                raise
        else:
            widened = _widen(init, step, inner)
            if widened is None:
                break
        init = widened
    match init.type:
        case Wires() as state:
            step = coerce(step, state, "the step of `fold`")
            return Fold(node.state, init, binder.name, times, step, state, node.span)
        case Static():
            _, type = join((init, step), "the state and the step of `fold`", node.span)
            return Fold(node.state, init, binder.name, times, step, type, node.span)
        case _:
            raise Error("E0307", "the state of a `fold` is a value, not a family", init.span)


def _as_wires(node: tree.Fold, init: Expr, at: Context, hint: Wires | None) -> Expr | None:
    """A static init as bits or forms, where the step is legal for those only: `fold s = 0 for k < n yield !s`."""
    if not isinstance(init.type, Static) or init.type.kind is not Kind.INTEGER or init.type.rank is None:
        return None
    for element in (Bit(), Form()):
        try:
            state = coerce(init, Wires(element, (None,) * init.type.rank), "the initial state of `fold`")
            step = infer(
                node.step,
                at.bind(node.state, state.type, node.span).bind(node.binder.name, INTEGER, node.binder.span),
                hint,
            )
        except Error:
            continue
        if isinstance(step.type, Wires) and isinstance(step.type.element, type(element)):
            return state
    return None


def _widen(init: Expr, step: Expr, inner: Context) -> Expr | None:
    """A static init as the type of its step, where that is wires or a rational."""
    if not isinstance(init.type, Static):
        return None
    match step.type:
        case Wires(element=element, shape=shape):
            return coerce(init, Wires(element, (None,) * len(shape)), "the initial state of `fold`")
        case Static(kind=Kind.FLOAT) if floats.converts(init):
            return floats.beside(init, step)
        case Static(kind=kind) if kind is not init.type.kind and kind in (Kind.RATIONAL, Kind.REAL, Kind.ANY):
            return replace(init, type=Static(kind, init.type.rank))
        case _:
            return None


# ---- operators


def _unary(node: tree.Unary, at: Context) -> Expr:
    operand = infer(node.operand, at)
    match node.operator:
        case "not":
            return operators.static("not", (as_condition(operand, "the operand of `not`"),), node.span)
        case "!":
            return operators.invert(operand, node.span)
        case _:
            return operators.negate(at.scope, operand, node.span, call)


def _chain(node: tree.Chain, at: Context) -> Expr:
    first = infer(node.first, at)
    if node.rest[0][0] in ("+", "-"):
        operands = [("+", first), *((operator, infer(e, at)) for operator, e in node.rest)]
        return operators.sum_chain(at.scope, operands, node.span, call)
    total = first
    for operator, e in node.rest:
        operand = infer(e, at)
        total = operators.product_step(at.scope, operator, total, operand, total.span.to(operand.span), call)
    return total


# ---- calls


def _call(node: tree.Call, at: Context) -> Expr:
    function = node.function
    match function:
        case tree.Name(name=name) if not _callable(name, at):
            return _call_name(node, name, (), at)
        case tree.Name(name=name) if name not in at.locals:
            found = at.scope.find(name)
            if isinstance(found, Function):
                return _invoke(node, found, at)
        case tree.Index(base=tree.Name(name=name), items=items) if not _callable(name, at) and builtins.is_builtin(
            name
        ):
            return _call_name(node, name, _brackets(items, at), at)
        case tree.Call(function=tree.Name(name=name)) if name in builtins.TYPE_NAMES and not _callable(name, at):
            return _convert(node, function, name, at)
        case _:
            pass
    target = infer(function, at)
    if not isinstance(target.type, FamilyOf):
        raise Error("E0204", f"this is {show_type(target.type)}, not a family: it cannot be called", target.span)
    return call_named(target, _hinted(target, node, at), node.span)


def _call_name(node: tree.Call, name: str, brackets: tuple[Expr, ...], at: Context) -> Expr:
    """A call of a gate, a builtin, a static function or a verb."""
    span = node.function.span
    if name in verbs.names():
        return verbs.build(name, node, at, infer)
    if not builtins.is_builtin(name):
        if name in ("uint", "int", "float"):
            example = "a float is written `float(8)(0.5)`" if name == "float" else f"a word is written `{name}(8)(22)`"
            raise Error("E0304", f"`{name}(..)` is a type", node.span, example)
        raise _unknown(name, span, at)
    arguments = _arguments(node, at)
    for written, value in arguments:
        if written is not None:
            raise Error("E0305", f"`{name}` has no parameter `{written}`", value.span)
    return builtins.build(builtins.Use(name, brackets, tuple(v for _, v in arguments), node.span, at.scope))


def _brackets(items: Sequence[tree.Argument | tree.Slice], at: Context) -> tuple[Expr, ...]:
    values = []
    for item in items:
        if isinstance(item, tree.Slice):
            raise Error("E0305", "a slice is no parameter", item.span)
        if item.name is not None:
            raise Error("E0305", f"a gate has no parameter `{item.name}`", item.span)
        values.append(infer(item.value, at))
    return tuple(values)


def _arguments(node: tree.Call, at: Context, hints: Sequence[Wires | None] | None = None) -> list[Named]:
    """The arguments of a call; `f(a, b for i < n)` is `f([a for i < n], [b for i < n])`. hints: what is expected of each."""
    hints = hints or (None,) * len(node.arguments)
    pairs = list(zip(node.arguments, hints, strict=True))
    if node.clause is None:
        return [(a.name, infer(a.value, at, hint)) for a, hint in pairs]
    return [(a.name, _comprehension(a.value, node.clause, a.span.to(node.clause.span), at, hint)) for a, hint in pairs]


def _hinted(target: Expr, node: tree.Call, at: Context) -> list[Named]:
    """The arguments of a call of a family, each with what is expected of it."""
    hints = _expected(target, node)
    typed: list[tuple[str | None, Expr | None]] = []
    wrong: Error | None = None
    for argument, hint in zip(node.arguments, hints, strict=True):
        try:
            typed += _arguments(replace(node, arguments=(argument,)), at, (hint,))
        except Error as e:  # perhaps a choice of fractions, which waits for the type of a float
            wrong = wrong or e
            typed.append((argument.name, None))
    floating = _float_hints(target, typed, hints)
    if floating is not None:
        return _arguments(node, at, floating)
    if wrong is not None:
        raise wrong
    return [(name, e) for name, e in typed if e is not None]


def _expected(target: Expr, node: tree.Call) -> list[Wires | None]:
    """The types of the parameters that arguments stand for, as far as they do not depend on the sizes of the callee."""
    assert isinstance(target.type, FamilyOf)
    names = [p.name for p in target.family.parameters] if isinstance(target, Reference) else []
    found: list[Wires | None] = []
    for position, argument in enumerate(node.arguments):
        if argument.name in names:
            position = names.index(argument.name)
        parameter = target.type.parameters[position] if position < len(target.type.parameters) else None
        sized = parameter is None or not isinstance(parameter.element, Bit | Symbol | Form)
        found.append(None if sized or parameter is None else Wires(parameter.element, (None,) * len(parameter.shape)))
    return found


def _float_hints(
    target: Expr, arguments: Sequence[tuple[str | None, Expr | None]], hints: Sequence[Wires | None]
) -> list[Wires | None] | None:
    """The hints with the types of floats that other arguments say, where a choice of numbers waits for one:
    `attend(if w[j] == "a" then 1 else 0, v[j] for j < n)`. None where nothing waits. An argument that is None has no type
    without a hint."""
    assert isinstance(target.type, FamilyOf)
    names = [p.name for p in target.family.parameters] if isinstance(target, Reference) else []
    fixed = dict(target.fixed) if isinstance(target, Reference) else {}
    places = [names.index(name) if name in names else at for at, (name, _) in enumerate(arguments)]
    parameters = target.type.parameters
    pairs = [(parameters[k] if k < len(parameters) else None, e) for k, (_, e) in zip(places, arguments, strict=True)]
    said: dict[str, Dim] = dict(fixed)
    for parameter, e in pairs:
        match parameter, e and e.type:
            case Wires(element=Float(precision=Variable(name=name))), Wires(element=Float(precision=p)):
                said.setdefault(name, p)
            case _:
                pass
    found = list(hints)
    for k, (parameter, e) in enumerate(pairs):
        match parameter, e and e.type:
            case Wires(element=Float(precision=own, nearest=nearest), shape=shape), None | Wires(
                element=Bit() | Form()
            ):
                precision = said.get(own.name) if isinstance(own, Variable) else own
                if precision is not None:
                    found[k] = Wires(Float(precision, nearest), (None,) * len(shape))
            case _:
                pass
    return found if found != list(hints) else None


def _invoke(node: tree.Call, function: Function, at: Context) -> Expr:
    arguments = _arguments(node, at)
    for written, value in arguments:
        if written is not None:
            raise Error("E0305", f"the arguments of a static function have no names: `{written}`", value.span)
        if isinstance(value.type, Wires):
            raise Error(
                "E0301",
                f"`{function.name}` is a static function, but this is {show_type(value.type)} on wires",
                value.span,
                "write a family for what depends on wires",
            )
        if isinstance(value.type, FamilyOf):
            raise Error("E0307", f"`{function.name}` takes static values, but this is a family", value.span)
    if len(arguments) != len(function.parameters):
        wanted = len(function.parameters)
        shown = f"{wanted} argument" + ("" if wanted == 1 else "s")
        raise Error(
            "E0304",
            f"`{function.name}` takes {shown}, but {are_given(len(arguments))}",
            node.span,
        )
    return Invoke(function, tuple(v for _, v in arguments), ANY, node.span)


def _convert(node: tree.Call, type_node: tree.Call, name: str, at: Context) -> Expr:
    """`uint(8)(22)`: a static integer, bits, or another word as a word."""
    if name == "float":
        format = floats.format_of(
            [a.value for a in type_node.arguments], type_node.span, lambda e: as_integer(infer(e, at), "a precision")
        )
        if len(node.arguments) != 1:
            raise Error("E0304", "a float is written `float(8)(0.5)`: one precision, one value", node.span)
        if node.clause is None and node.arguments[0].name is None:
            return as_float(format, node.arguments[0].value, node.span, at)
        ((_, value),) = _arguments(node, at)
        return _as_float(format, value, node.span)
    if name not in ("uint", "int"):
        raise Error("E0303", f"nothing is converted to `{name}` this way", node.span)
    if len(type_node.arguments) != 1 or len(node.arguments) != 1:
        raise Error("E0304", f"a word is written `{name}(8)(22)`: one width, one value", node.span)
    width = as_integer(infer(type_node.arguments[0].value, at), "a width")
    if isinstance(width, Constant) and isinstance(width.value, int) and width.value < 0:
        raise Error("E0704", f"a width must be at least 0, not {width.value}", width.span)
    ((_, value),) = _arguments(node, at)
    word = Word(name == "int", width)
    match value.type:
        case Static(kind=Kind.TEXT):
            bits = coerce(value, Wires(Bit(), (width,)), "the bits of a word")
            return AsWord(bits, Wires(word), node.span)
        case Static(rank=rank):
            return coerce(replace(value, span=node.span), Wires(word, (None,) * (rank or 0)), "the value of a word")
        case Wires(element=Word(), shape=shape):
            return Resize(value, Wires(word, shape), node.span)
        case Wires(element=Bit() | Form(), shape=(*outer, _)):
            bits = coerce(value, Wires(Bit(), (*outer, width)), "the bits of a word")
            return AsWord(bits, Wires(word, tuple(outer)), node.span)
        case Wires(element=Form()):
            raise Error(
                "E0303",
                "a form is not read as a word",
                value.span,
                "its binary digits are forms too: `[L // 2**i % 2 for i < w]`",
            )
        case _:
            raise Error("E0303", f"{show_type(value.type)} is not read as a word", value.span)


def as_float(format: floats.FloatType, node: tree.Expression, span: Span, at: Context) -> Expr:
    """`float(p)(e)`: e is typed with floats in mind, so that `if w[i] == "a" then 1 else 0` is a choice of two floats."""
    hint = Wires(Float(format.precision, format.nearest), (None,) * _rank(node))
    return _as_float(format, infer(node, at, hint), span)


def _rank(node: tree.Expression) -> int:
    """The dimensions that brackets in the text show."""
    match node:
        case tree.Comprehension(body=body, clause=clause_):
            return (1 if clause_.guard is not None else len(clause_.binders)) + _rank(body)
        case tree.Items(elements=(first, *_)):
            return 1 + _rank(first)
        case tree.If(then=then, other=other):
            return max(_rank(then), _rank(other))
        case _:
            return 0


def _as_float(format: floats.FloatType, value: Expr, span: Span) -> Expr:
    if isinstance(value.type, Wires) and not isinstance(value, Lift):
        return float_wires.made(format, value, span)
    return floats.made(format, value, span)


# ---- brackets and fields


def _index(node: tree.Index, at: Context) -> Expr:
    base = node.base
    if isinstance(base, tree.Name) and not _callable(base.name, at) and builtins.is_builtin(base.name):
        raise Error(
            "E0204", f"`{base.name}` stands without its arguments", node.span, f"call it: `{node.span.text}(x)`"
        )
    if (file := weights.named(base, at)) is not None:
        return weights.by_key(file, node, at, infer)
    array = infer(base, at)
    if isinstance(array.type, FamilyOf):
        return _fixed(node, array, at)
    selectors = tuple(_selector(item, at) for item in node.items)
    return _element(array, selectors, node.span)


def _fixed(node: tree.Index, array: Expr, at: Context) -> Expr:
    items: list[Named] = []
    for item in node.items:
        if isinstance(item, tree.Slice):
            raise Error("E0305", "a slice is no parameter of a family", item.span)
        items.append((item.name, infer(item.value, at)))
    if not isinstance(array, Reference):
        raise Error(
            "E0305",
            "a family that is a parameter takes no parameters in brackets",
            node.span,
            "fix them where it is passed: `g = exactly[3]`",
        )
    return fix(array, items, node.span)


def _selector(item: tree.Argument | tree.Slice, at: Context) -> Expr | Range:
    if isinstance(item, tree.Slice):
        return Range(
            as_integer(infer(item.low, at), "the start of a slice"),
            as_integer(infer(item.high, at), "the end of a slice"),
            item.span,
        )
    if item.name is not None:
        raise Error("E0305", f"`{item.name} = ..` fixes a parameter of a family, but this is an array", item.span)
    return as_integer(infer(item.value, at), "an index")


def _element(array: Expr, selectors: tuple[Expr | Range, ...], span: Span) -> Expr:
    match array.type:
        case Wires(element=element, shape=shape):
            if len(selectors) > len(shape):
                raise _too_many(array, len(shape), element, span)
            kept: tuple[Dim, ...] = tuple(_slice_length(s) for s in selectors if isinstance(s, Range))
            return Element(array, selectors, Wires(element, (*kept, *shape[len(selectors) :])), span)
        case Static(kind=Kind.TEXT, rank=0):
            bits = coerce(array, Wires(Bit(), (None,)), "a string")
            return _element(bits, selectors, span)
        case Static(kind=kind, rank=None):
            return Element(array, selectors, Static(kind, None), span)
        case Static(kind=kind, rank=int() as rank):
            if len(selectors) > rank:
                raise Error(
                    "E0308",
                    f"{show_type(array.type)} has {rank or 'no'} dimension{'' if rank == 1 else 's'}, but {len(selectors)} are selected",
                    span,
                )
            removed = sum(not isinstance(s, Range) for s in selectors)
            return Element(array, selectors, Static(kind, rank - removed), span)
        case _:
            raise Error("E0307", "a family has no elements", span)


def _slice_length(selector: Range) -> Dim:
    return apply("-", selector.span, selector.high, selector.low)


def _too_many(array: Expr, rank: int, element: object, span: Span) -> Error:
    if rank == 0:
        hint = "the wires of a word are `a.bits`" if isinstance(element, (Word, Symbol)) else None
        return Error("E0308", f"{show_type(array.type)} is not an array", span, hint)
    return Error(
        "E0308", f"{show_type(array.type)} has {rank} dimension{'' if rank == 1 else 's'}, but more are selected", span
    )


def _field(node: tree.Field, at: Context) -> Expr:
    if (file := weights.named(node.base, at)) is not None:
        return weights.by_name(file, node.name, node.span)
    base = infer(node.base, at)
    match base.type:
        case Wires(element=Word(width=width), shape=shape) if node.name == "bits":
            return Bits(base, Wires(Bit(), (*shape, width)), node.span)
        case Wires(element=Symbol(symbols=symbols), shape=shape) if node.name == "bits":
            return Bits(base, Wires(Bit(), (*shape, number(code_bits(len(symbols)), node.span))), node.span)
        case Wires(element=Float()) if node.name == "bits":
            return float_wires.code(base, node.span)
        case Wires(element=Bit()) if node.name == "bits":
            raise Error("E0205", "these are bits already", node.span, "`.bits` gives the wires of a word")
        case Static(kind=Kind.FLOAT) if node.name == "bits":
            return floats.bits(base, node.span)
        case Static() if node.name == "bits":
            raise Error(
                "E0205",
                "a static value has no wires",
                node.span,
                "give it a type: `uint(8)(22).bits`; binary digit j of i is `bit(i, j)`",
            )
        case _:
            raise Error("E0205", f"{show_type(base.type)} has no field `{node.name}`", node.span, "words have `.bits`")


# ---- blocks


def block(node: tree.Block, at: Context, hint: Wires | None) -> tuple[tuple[Local, ...], Expr]:
    """The `let`s and the result of the body of a family."""
    found: list[Local] = []
    for let in node.lets:
        value = local_value(let, at)
        at = at.bind(let.name, value.type, let.name_span)
        found.append(Local(let.name, value, let.span))
    return tuple(found), infer(node.result, at, hint)


def local_value(let: tree.Let, at: Context) -> Expr:
    """The value of a `let`; `let name[binders] = e` is an array. A `let` is not in scope in its own definition."""
    if not let.binders:
        return infer(let.value, at)
    node = tree.Clause(let.binders, None, let.binders[0].span.to(let.binders[-1].span))
    array = _comprehension(let.value, node, let.span, at, None)
    check_independent(let.binders, array)
    return array


def check_independent(binders: Sequence[tree.Binder], array: Expr) -> None:
    """The binders of a `let` (of an embedding, of a stream) count from 0 and are independent of one another."""
    for binder in binders:
        if binder.operator == "in":
            raise Error(
                "E0311",
                "the binders of a `let` count from 0",
                binder.span,
                f"write `{binder.name} < n` or `{binder.name} <= n`",
            )
    names = [b.name for b in binders]
    for one in array.bounds if isinstance(array, Comprehension) else ():
        if mentions(one.high, names):
            raise Error(
                "E0311",
                "the binders of a `let` are independent of one another",
                one.span,
                "for a triangle write `if j < i then .. else 0`",
            )

"""Families: parameters in brackets, sizes bound from arguments, calls, tables, circuits (sections 3, 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import evaluation, floats, transformers, typing
from .circuit_reading import Circuits
from .conversion import convert, count_wires, decode, encode
from .netlist import RefCircuit
from .reading import CallLibrary
from .scope import At, Scope, enter, names_in
from .sizes import alphabet_of, bind_sizes, home_of, resolve, sizes, spelled
from .value_reading import Values
from .values import (
    Array,
    Bit,
    Family,
    Float,
    Form,
    Function,
    Ghost,
    Mistake,
    Type,
    Value,
    integer,
    like,
    scalars,
    type_of,
)

__all__ = ["CallLibrary", "call", "circuit", "figure", "fix", "invoke", "named", "ordered"]


def named(name: str, scope: Scope, span: Span | None = None) -> Family:
    found = scope.find(name)
    if found is not None and isinstance(found[0], tree.Transformer):
        return Family(transformers.head(found[0]), found[1], transformer=found[0])
    if found is None or not isinstance(found[0], tree.Family):
        raise Mistake(f"there is no family `{name}`", span)
    return Family(found[0], found[1])


# ---- parameters in brackets (section 5)


def fix(family: Family, items: Sequence[tree.Argument | tree.Slice], at: At, span: Span) -> Family:
    """`f[3, n = 8]`: unnamed items are the declared static parameters in order, or the only size where none is declared."""
    given: list[tuple[str | None, Value]] = []
    for item in items:
        if isinstance(item, tree.Slice):
            raise Mistake("a slice is no parameter", span)
        given.append((item.name, evaluation.evaluate(item.value, at)))
    return fix_values(family, given, span)


def fix_values(family: Family, given: Sequence[tuple[str | None, Value]], span: Span | None) -> Family:
    declared = [static.name for static in family.definition.statics]
    own_sizes = sizes(family)
    order = iter(declared or (own_sizes if len(own_sizes) == 1 else []))
    fixed = dict(family.fixed)
    for name, value in given:
        key = next(order, None) if name is None else name
        if key is None or key not in (*declared, *own_sizes):
            raise Mistake(f"`{family.definition.name}` has no such parameter in brackets: {name}", span)
        if key in fixed:
            raise Mistake(f"`{key}` is fixed already", span)
        if key in own_sizes and not isinstance(value, Ghost):
            integer(value, f"the size `{key}`", span)
        fixed[key] = value
    for static in family.definition.statics:
        if static.name in fixed:
            _check_static(static, fixed[static.name], family, span)
    return replace(family, fixed=fixed)


def _check_static(static: tree.Static, value: Value, family: Family, span: Span | None) -> None:
    """One is an integer unless it is annotated."""
    match static.type:
        case _ if isinstance(value, Ghost):
            return
        case tree.FamilyType():
            if not isinstance(value, Family):
                raise Mistake(f"`{static.name}` must be a family", span)
            _check_signature(static.type, value, family, span)
            return
        case None:
            kind, rank = "integer", 0
        case tree.NamedType(name=kind):
            rank = 0
        case tree.ArrayType(base=tree.NamedType(name=kind), shape=shape):
            rank = len(shape)
        case _:
            raise Mistake("no type of a static parameter", span)
    if kind == "float":
        return  # converted where the sizes are known
    given = type_of(value)
    kinds = ("integer", "rational") if kind == "rational" else (kind,)
    if (
        given.kind not in kinds
        and not (rank and isinstance(value, Array) and not value.items)
        or len(given.shape) != rank
    ):
        raise Mistake(f"`{static.name}` must be {kind} of rank {rank}", span)


def _check_signature(wanted: tree.FamilyType, given: Family, family: Family, span: Span | None) -> None:
    """A family that is passed has parameters and a result of the kinds that are declared."""
    own = [*given.definition.parameters]
    if len(own) != len(wanted.parameters):
        raise Mistake("a family with another number of parameters is expected", span)
    pairs = [*zip(wanted.parameters, (p.type for p in own), strict=True), (wanted.result, given.definition.result)]
    for a, b in pairs:
        x, y = _kind(a, home_of(family)), _kind(b, home_of(given))
        if x != y:
            raise Mistake(f"a family of another type is expected: {x}, not {y}", span)


def _kind(node: tree.Type, home: Scope) -> tuple[str, int, tuple[str, ...]]:
    base = node.base if isinstance(node, tree.ArrayType) else node
    alphabet = alphabet_of(base, home)
    rank = len(node.shape) if isinstance(node, tree.ArrayType) else 0
    return ("symbol" if alphabet else base.name if isinstance(base, tree.NamedType) else ""), rank, alphabet


# ---- calls


def ordered(family: Family, node: tree.Call, at: At) -> list[Value]:
    """The arguments in the order of the parameters; a parameter's type is what is expected of its argument."""
    parameters = family.definition.parameters
    names = [parameter.name for parameter in parameters]
    placed: dict[str, Value] = {}
    if len(node.arguments) != len(names):
        raise Mistake(f"`{family.definition.name}` takes {len(names)} arguments, not {len(node.arguments)}", node.span)
    inside = At(at.reading, home_of(family), _known_precisions(family, node, at))
    for position, argument in enumerate(node.arguments):
        name = names[position] if argument.name is None else argument.name
        if name not in names or name in placed:
            raise Mistake(f"`{family.definition.name}` has no parameter `{name}` left", argument.span)
        hint = resolve(parameters[names.index(name)].type, inside, lenient=True)
        placed[name] = evaluation.argument_value(argument.value, node.clause, at, hint)
    return [placed[name] for name in names]


def _known_precisions(family: Family, node: tree.Call, at: At) -> Mapping[str, Value]:
    """Where floats are expected, the sizes that the types of the arguments tell: then a choice of two numbers in one
    argument is one of floats of the precision of another."""
    parameters = family.definition.parameters
    if not any("float" in (_base(p.type), _base(family.definition.result)) for p in parameters):
        return {}
    names = [parameter.name for parameter in parameters]
    types = {a.name or names[k]: typing.argument(a.value, node.clause, at) for k, a in enumerate(node.arguments)}
    if set(types) != set(names):
        return {}
    place = At(at.reading, home_of(family))
    try:
        return bind_sizes(family, [types[name] for name in names], place, None, lenient=True)
    except Mistake:
        return {}


def _base(node: tree.Type) -> str:
    base = node.base if isinstance(node, tree.ArrayType) else node
    return base.name if isinstance(base, tree.NamedType) else ""


def call(family: Family, arguments: Sequence[Value], at: At, span: Span | None) -> Value:
    """A family applied to its arguments."""
    definition = family.definition
    if len(arguments) != len(definition.parameters):
        raise Mistake(f"`{definition.name}` takes {len(definition.parameters)} arguments", span)
    types = [spelled(value, p.type) for value, p in zip(arguments, definition.parameters, strict=True)]
    bound = bind_sizes(family, types, At(at.reading, home_of(family)), span)
    inside = _inside(family, bound, at, span)
    for parameter, value in zip(definition.parameters, arguments, strict=True):
        if parameter.name in inside.names:
            raise Mistake(f"`{parameter.name}` is bound twice", parameter.span)
        wanted = resolve(parameter.type, inside)
        converted = convert(value, wanted, at.reading, f"`{parameter.name}` of `{definition.name}`", span)
        inside = inside.bind(parameter.name, _in_declared_range(converted, wanted, f"`{parameter.name}`", span))
    return _table(family, bound, inside, span) if definition.table else _body(family, inside, span)


def _inside(family: Family, bound: Mapping[str, Value], at: At, span: Span | None) -> At:
    """The place of the body: sizes bound, `where` checked, the rule of recursion kept."""
    names = [*(static.name for static in family.definition.statics), *sizes(family)]
    for name in sizes(family):
        if integer(bound[name], f"`{name}`", span) < 0:
            raise Mistake(f"the size `{name}` is negative", span)
    static = tuple(value for name in names if isinstance(value := bound[name], int) and not isinstance(value, bool))
    calls = enter(family.definition, static, at, family.definition.name, span)
    inside = At(at.reading, home_of(family), bound, calls, at.negation)
    where = family.definition.where
    if where is not None and evaluation.evaluate(where, inside) is not True:
        raise Mistake(f"`{family.definition.name}` presumes {where.span.text}", span)
    return inside


def _body(family: Family, inside: At, span: Span | None) -> Value:
    """Every `let` is built, used or not; then the result, as what is declared."""
    block = family.definition.body
    wanted = resolve(family.definition.result, inside)
    if family.transformer is not None:
        inside = transformers.run(family.transformer, inside)
    for let in block.lets:
        if let.name in inside.names:
            raise Mistake(f"`{let.name}` is bound twice", let.span)
        inside = inside.bind(let.name, evaluation.let(let, inside))
    value = evaluation.evaluate(block.result, inside, wanted)
    what = f"the result of `{family.definition.name}`"
    return _in_declared_range(convert(value, wanted, inside.reading, what, block.span), wanted, what, span)


def _in_declared_range(value: Value, wanted: Type, what: str, span: Span | None) -> Value:
    """A form where `form(lo, hi)` is declared: its range must lie within, and becomes the declared one."""
    if wanted.kind != "form" or wanted.low is None or wanted.high is None:
        return value
    forms = [
        evaluation.within_range(item, wanted.low, wanted.high, what, span)
        for item in scalars(value)
        if isinstance(item, Form)
    ]
    return like(value, forms, Type("form"))


def _table(family: Family, bound: Mapping[str, Value], inside: At, span: Span | None) -> Value:
    """A table family: a lookup of its body on all inputs; rows that are no valid code give 0 (section 5)."""
    types = [resolve(parameter.type, inside) for parameter in family.definition.parameters]
    result = resolve(family.definition.result, inside)
    if any(type.kind == "form" for type in (*types, result)):
        raise Mistake("a table has no forms among its parameters and its result", span)
    values = Values()
    bits = [bit for p in family.definition.parameters for bit in encode(inside.names[p.name], inside.reading)]

    def row(inputs: Sequence[int]) -> list[int]:
        place = At(values, inside.scope, bound, inside.calls)
        given = list(map(Bit, inputs))
        for parameter, type in zip(family.definition.parameters, types, strict=True):
            own, given = given[: count_wires(type)], given[count_wires(type) :]
            value = decode(type, own, values)
            if not is_code(value):
                return [0] * count_wires(result)
            place = place.bind(parameter.name, value)
        return [bit.wire for bit in encode(_body(family, place, span), values)]

    return decode(result, inside.reading.table(bits, row, count_wires(result)), inside.reading)


def is_code(value: Value) -> bool:
    """Whether symbols, in the value reading, have numbers of their alphabets, and floats are encoded as they should."""
    type = type_of(value)
    if type.kind == "float":
        return all(floats.is_code(i.precision, i.wires) for i in scalars(value) if isinstance(i, Float))
    return type.kind != "symbol" or all(getattr(item, "content", 0) < len(type.alphabet) for item in scalars(value))


def invoke(function: Function, arguments: Sequence[Value], at: At, span: Span) -> Value:
    """A static function (section 3); it may call itself under the same rule as families."""
    definition = function.definition
    if len(arguments) != len(definition.parameters):
        raise Mistake(f"`{definition.name}` takes {len(definition.parameters)} arguments", span)
    if any(not type_of(value).is_static for value in arguments):
        raise Mistake(f"`{definition.name}` takes static values", span)
    static = tuple(value for value in arguments if isinstance(value, int) and not isinstance(value, bool))
    calls = enter(definition, static, at, definition.name, span)
    assert isinstance(function.home, Scope)
    names = dict(zip(definition.parameters, arguments, strict=True))
    return evaluation.evaluate(definition.body, At(at.reading, function.home, names, calls))


# ---- circuits


def circuit(
    family: Family, sizes_: Mapping[str, Value], negation: str = "gate", limit: int | None = None
) -> RefCircuit:
    """The circuit of a family with everything fixed: inputs are parameters in order, row-major, bit 0 first."""
    family = fix_values(family, list(sizes_.items()), None)
    types, result = interface(family)
    reading = Circuits(sum(count_wires(type) for type in types), limit)
    count_wires(result)
    inputs = [Bit(2 + at) for at in range(reading.netlist.inputs)]
    arguments = []
    for type in types:
        arguments.append(decode(type, inputs[: count_wires(type)], reading))
        inputs = inputs[count_wires(type) :]
    value = call(family, arguments, At(reading, home_of(family)), None)
    outputs = tuple(bit.wire for bit in encode(value, reading))
    return RefCircuit(reading.netlist, outputs, negation)


def interface(family: Family) -> tuple[list[Type], Type]:
    """The types of the parameters and of the result of a family with everything fixed."""
    at = At(Values(), home_of(family))
    unknown = [Type("static") for _ in family.definition.parameters]
    bound = bind_sizes(family, unknown, at, None)
    inside = replace(at, names=bound)
    return [resolve(p.type, inside) for p in family.definition.parameters], resolve(family.definition.result, inside)


def open_parameters(family: Family) -> list[str]:
    """The static and size parameters that are not fixed, and not dimensions of static arrays that are."""
    implied = {
        name
        for static in family.definition.statics
        if static.name in family.fixed and isinstance(static.type, tree.ArrayType)
        for name in names_in(static.type.shape)
    }
    names = [*(static.name for static in family.definition.statics), *sizes(family)]
    return [name for name in names if name not in family.fixed and name not in implied]


def figure(name: str, node: tree.Call, at: At) -> int:
    """`size(f[n = 8])`, `depth(f, negation = free)`; in a claim unfixed sizes are those of its quantifiers (section 10)."""
    subject = evaluation.evaluate(node.arguments[0].value, at)
    if not isinstance(subject, Family):
        raise Mistake(f"`{name}` takes a family", node.span)
    negation = at.negation
    for argument in node.arguments[1:]:
        if argument.name != "negation" or not isinstance(argument.value, tree.Name):
            raise Mistake(f"`{name}` has no option `{argument.name}`", node.span)
        negation = argument.value.name
    open_ = {name: at.names[name] for name in open_parameters(subject) if name in at.names}
    found = getattr(circuit(subject, open_, negation), name)
    assert isinstance(found, int)
    return found

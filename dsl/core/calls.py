"""Families applied: bracketed parameters fixed, arguments converted, the type of the result derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.core import floats
from tc0.dsl.core.convert import coerce
from tc0.dsl.core.program import Call, Constant, Expr, Family, Length, Reference, StaticParameter, Variable
from tc0.dsl.core.shapes import Dim, over_wires, polynomial, substitute
from tc0.dsl.core.show import show_type
from tc0.dsl.core.static import shape_of
from tc0.dsl.core.types import INTEGER, FamilyOf, Float, Kind, Static, Type, Wires, Word

Named = tuple[str | None, Expr]  # an argument with its name, if one was written

# ---- parameters in brackets


def fix(reference: Reference, items: Sequence[Named], span: Span) -> Reference:
    """`f[3, n = 8]`: unnamed items are the declared static parameters in order, or the only size where none is declared."""
    family = reference.family
    fixed = dict(reference.fixed)
    order = [p.name for p in family.statics] or [s.name for s in family.sizes][:1]
    if not family.statics and len(family.sizes) > 1 and any(name is None for name, _ in items):
        sizes = ", ".join(f"{s.name} = .." for s in family.sizes)
        raise Error(
            "E0305", f"`{family.name}` has several sizes: say which one is meant", span, f"{family.name}[{sizes}]"
        )
    unnamed = iter(order)
    for name, value in items:
        if name is None:
            name = next(unnamed, None)
            if name is None:
                raise Error(
                    "E0304",
                    f"`{family.name}` has {_count(len(order), 'parameter')} in brackets",
                    value.span,
                    _signature_hint(family),
                )
        if name in fixed:
            raise Error("E0305", f"`{name}` is fixed already", value.span)
        fixed[name] = _parameter(family, name, value)
    for name, value in _implied(family, fixed).items():
        fixed.setdefault(name, value)
    return Reference(family, tuple(fixed.items()), reference.type, span)


def _count(number: int, noun: str) -> str:
    return f"no {noun}s" if number == 0 else f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _signature_hint(family: Family) -> str:
    names = [p.name for p in family.statics] + [s.name for s in family.sizes]
    return f"`{family.name}` has {', '.join(f'`{n}`' for n in names)}" if names else f"write `{family.name}(..)`"


def _parameter(family: Family, name: str, value: Expr) -> Expr:
    for parameter in family.statics:
        if parameter.name == name:
            return as_parameter(parameter, value)
    if any(size.name == name for size in family.sizes):
        return as_parameter(StaticParameter(name, INTEGER, value.span), value)
    names = [p.name for p in family.statics] + [s.name for s in family.sizes]
    close = near(name, names)
    hint = f"it has `{close}`" if close else _signature_hint(family)
    raise Error("E0305", f"`{family.name}` has no parameter `{name}`", value.span, hint)


def as_parameter(parameter: StaticParameter, value: Expr) -> Expr:
    """A static value for a parameter in brackets, its kind checked."""
    wanted, given = parameter.type, value.type
    match wanted, given:
        case _, Wires():
            hint = "a parameter in brackets is static: it may use sizes, binders and static parameters, not input bits"
            raise Error(
                "E0301",
                f"`{parameter.name}` must be {show_type(wanted)}, but this is {show_type(given)} on wires",
                value.span,
                hint,
            )
        case FamilyOf(), FamilyOf():
            if not _alike(wanted, given):
                raise Error(
                    "E0313",
                    f"`{parameter.name}` must be a family {show_type(wanted)}, but this is {show_type(given)}",
                    value.span,
                )
            return value
        case Static(), Static():
            if parameter.float is not None and floats.fits(wanted, given):
                return floats.made(floats.written(parameter.float, value.span), value, value.span)
            if _kind_fits(wanted, given):
                return value
            raise Error(
                "E0313",
                f"`{parameter.name}` must be {show_type(wanted)}, but this is {show_type(given)}",
                value.span,
                _array_hint(wanted, given, value),
            )
        case _:
            raise Error("E0313", f"`{parameter.name}` must be {_noun(wanted)}, but this is {_noun(given)}", value.span)


def _array_hint(wanted: Static, given: Static, value: Expr) -> str | None:
    """What to do about an array of another number of dimensions, or of rationals where integers are wanted."""
    if wanted.rank != given.rank:
        shape = shape_of(value.value) if isinstance(value, Constant) else ()
        return f"its shape is [{', '.join(map(str, shape))}]" if shape else None
    return "round its elements: `floor(..)`" if (wanted.kind, given.kind) == (Kind.INTEGER, Kind.RATIONAL) else None


def _noun(type: Type) -> str:
    return f"a family {show_type(type)}" if isinstance(type, FamilyOf) else show_type(type)


def _kind_fits(wanted: Static, given: Static) -> bool:
    if given.kind is Kind.ANY or wanted.kind is Kind.ANY:
        return True
    kinds = {wanted.kind} | ({Kind.INTEGER} if wanted.kind is Kind.RATIONAL else set())
    return given.kind in kinds and given.rank == wanted.rank


def _alike(wanted: FamilyOf, given: FamilyOf) -> bool:
    """Whether families of two types can stand for one another: equal kinds of elements and ranks; sizes are checked at calls."""
    if len(wanted.parameters) != len(given.parameters):
        return False
    pairs = [*zip(wanted.parameters, given.parameters, strict=True), (wanted.result, given.result)]
    return all(_like(a, b) for a, b in pairs)


def _like(a: Wires, b: Wires) -> bool:
    if len(a.shape) != len(b.shape) or type(a.element) is not type(b.element):
        return False
    return not isinstance(a.element, Word) or (isinstance(b.element, Word) and a.element.signed == b.element.signed)


def _implied(family: Family, fixed: Mapping[str, Expr]) -> dict[str, Expr]:
    """Sizes that are dimensions of static arrays: `m` and `n` of `W: integer[m, n]`, from the array that is given."""
    found: dict[str, Expr] = {}
    for parameter in family.statics:
        value = fixed.get(parameter.name)
        for axis, dim in enumerate(parameter.shape if value is not None else ()):
            if isinstance(dim, Variable) and value is not None and dim.name not in fixed:
                found.setdefault(dim.name, Length(value, axis, INTEGER, value.span))
    return found


# ---- calls


def call(target: Expr, arguments: Sequence[Expr], span: Span) -> Expr:
    """A family applied to positional arguments."""
    return call_named(target, [(None, argument) for argument in arguments], span)


def call_named(target: Expr, arguments: Sequence[Named], span: Span) -> Expr:
    """A family applied to arguments, of which some may be named."""
    assert isinstance(target.type, FamilyOf)
    name = target.family.name if isinstance(target, Reference) else _name_of(target)
    ordered = _in_order(target, name, arguments, span)
    sizes: dict[str, Dim] = {}
    if isinstance(target, Reference):
        _require_statics(target, span)
        sizes.update(target.fixed)
    parameters = target.type.parameters
    for parameter, argument in zip(parameters, ordered, strict=True):
        if isinstance(argument.type, Wires):
            _bind(parameter, argument.type, sizes)
        else:
            _bind_static(parameter, argument, sizes)
    if isinstance(target, Reference):
        _solve(target.family, ordered, sizes)
    labels = [p.name for p in target.family.parameters] if isinstance(target, Reference) else []
    converted = []
    for at, (parameter, argument) in enumerate(zip(parameters, ordered, strict=True)):
        label = f"`{labels[at]}` of `{name}`" if labels else f"argument {at + 1} of `{name}`"
        converted.append(coerce(argument, over_wires(parameter, lambda dim: substitute(dim, sizes)), label))
    result = over_wires(target.type.result, lambda dim: substitute(dim, sizes))
    return Call(target, tuple(converted), result, span)


def _name_of(target: Expr) -> str:
    return target.name if isinstance(target, Variable) else "this family"


def _in_order(target: Expr, name: str, arguments: Sequence[Named], span: Span) -> list[Expr]:
    """The arguments in the order of the parameters."""
    assert isinstance(target.type, FamilyOf)
    count = len(target.type.parameters)
    if len(arguments) != count:
        found = _count(len(arguments), "argument")
        raise Error(
            "E0304",
            f"`{name}` takes {_count(count, 'argument')}, but {found} {'is' if len(arguments) == 1 else 'are'} given",
            span,
            _call_hint(target),
        )
    names = [p.name for p in target.family.parameters] if isinstance(target, Reference) else []
    placed: dict[int, Expr] = {}
    for at, (written, value) in enumerate(arguments):
        if written is not None and written not in names:
            close = near(written, names)
            hint = f"it has `{close}`" if close else "parameters in brackets go into brackets: `f[k = 3](x)`"
            raise Error("E0305", f"`{name}` has no parameter `{written}`", value.span, hint)
        position = at if written is None else names.index(written)
        if position in placed:
            raise Error("E0305", f"`{written or names[position]}` is given twice", value.span)
        placed[position] = value
    return [placed[at] for at in range(count)]


def _call_hint(target: Expr) -> str | None:
    if not isinstance(target, Reference):
        return None
    shown = ", ".join(f"{p.name}: {show_type(p.type)}" for p in target.family.parameters)
    return f"`{target.family.name}({shown})`"


def _require_statics(target: Reference, span: Span) -> None:
    given = {name for name, _ in target.fixed}
    missing = [p.name for p in target.family.statics if p.name not in given]
    if missing:
        shown = ", ".join(f"{name} = .." for name in missing)
        raise Error(
            "E0306",
            f"`{target.family.name}` needs {', '.join(f'`{m}`' for m in missing)} in brackets",
            span,
            f"`{target.family.name}[{shown}](..)`",
        )


def _bind(parameter: Wires, argument: Wires, sizes: dict[str, Dim]) -> None:
    """Sizes from the bare uses in a parameter's shape and width; the first use binds."""
    if len(parameter.shape) == len(argument.shape):
        for own, given in zip(parameter.shape, argument.shape, strict=True):
            _bind_length(own, given, sizes)
    match parameter.element, argument.element:
        case (Word(width=own), Word(width=given)):
            _bind_length(own, given, sizes)
        case (Float(precision=own), Float(precision=given)):
            _bind_length(own, given, sizes)
        case _:
            pass


def _bind_static(parameter: Wires, argument: Expr, sizes: dict[str, Dim]) -> None:
    """Sizes from a static argument: the length of what is written out, the precision of a float."""
    if isinstance(argument, Constant) and isinstance(argument.value, (str, tuple)) and parameter.shape:
        _bind_length(parameter.shape[0], Constant(len(argument.value), INTEGER, argument.span), sizes)
    if isinstance(parameter.element, Float) and (said := floats.format_said(argument)) is not None:
        _bind_length(parameter.element.precision, said.precision, sizes)


def _bind_length(own: Dim, given: Dim, sizes: dict[str, Dim]) -> None:
    if isinstance(own, Variable) and sizes.get(own.name) is None:
        sizes[own.name] = given


def _solve(family: Family, arguments: Sequence[Expr], sizes: dict[str, Dim]) -> None:
    """Sizes with only a linear use, where the argument's dimension is known well enough to divide."""
    for size in family.sizes:
        if size.name in sizes or size.scale is None or size.parameter is None or size.axis is None:
            continue
        given = arguments[size.parameter].type
        if not isinstance(given, Wires) or size.axis >= len(given.shape):
            continue
        dim, offset = given.shape[size.axis], substitute(size.offset, sizes)
        if dim is None or offset is None:
            continue
        sizes[size.name] = _quotient(dim, offset, size.scale)


def _quotient(dim: Expr, offset: Expr, scale: int) -> Dim:
    """(dim - offset) / scale where that is a number or a single name; else unknown."""
    rest = polynomial(dim) - polynomial(offset)
    constant = rest.constant()
    if isinstance(constant, int):
        return Constant(constant // scale, INTEGER, dim.span) if constant % scale == 0 and constant >= 0 else None
    if len(rest.terms) == 1:
        ((monomial, coefficient),) = rest.terms.items()
        if coefficient == scale and len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].is_name:
            return Variable(monomial[0][0].text, INTEGER, dim.span)
    return None

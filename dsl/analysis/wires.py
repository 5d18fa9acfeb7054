"""The cost reading of gates, words and linear forms: what each adds to the tally, and what its value is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tc0.dsl.analysis.bounding import of_unknown_weight, or_at_most, or_unknown, relaxed
from tc0.dsl.analysis.domain import Domain, raised, unknowns
from tc0.dsl.analysis.tally import GateBlock, eliminate, over, single
from tc0.dsl.analysis.values import (
    BIT,
    LITERAL,
    NONE,
    ZERO_DEPTH,
    Array,
    BitContent,
    Cases,
    Content,
    FormContent,
    Known,
    Number,
    NumberContent,
    Value,
    as_form,
    change_content,
    greatest,
    guard_content,
    merge_contents,
    one,
    total,
)
from tc0.dsl.core.program import (
    AsWord,
    Bits,
    Call,
    Choose,
    Compare,
    Expr,
    Gate,
    IsSymbol,
    Lift,
    Linear,
    Modulo,
    Not,
    Quotient,
    Remainder,
    Resize,
    Same,
    Scale,
    Sum,
    Threshold,
    ToBit,
    ToForm,
    Within,
    Xor,
)
from tc0.dsl.core.program import Value as ValueNode
from tc0.dsl.core.types import Bit, Float, Form, Static, Symbol, Type, Wires, Word, code_bits, width_of
from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Guards, Join, Piecewise, negated
from tc0.dsl.symbolic.polynomial import ONE, NotClosed, Polynomial
from tc0.dsl.symbolic.work import UsedUp

if TYPE_CHECKING:
    from tc0.dsl.analysis.cost import Walk
    from tc0.dsl.analysis.numbers import Environment

P = Polynomial.of
NOTHING = Array((), (P(0),), BitContent(ZERO_DEPTH))
CONSTANT = Array((), (), BitContent(ZERO_DEPTH))


def cases(walk: Walk, expr: Expr, env: Environment, at: Domain) -> Cases:
    """The value of an expression on wires that is a gate, a form, a word or a call."""
    match expr:
        case Lift():
            return _lift(walk, expr, env, at)
        case Bits(word=value) | AsWord(bits=value):
            return walk.cases(value, env, at)
        case ToForm(value=value):
            return _map(walk, (value,), env, at, lambda inner, v: replace(v[0], content=as_form(v[0].content)))
        case ValueNode(word=word):
            return _map(walk, (word,), env, at, lambda inner, v: _value_of(walk, v[0], expr, inner))
        case Resize():
            return _resize(walk, expr, env, at)
        case ToBit(value=value):
            return _map(walk, (value,), env, at, lambda inner, v: _to_bit(walk, v[0], expr, inner))
        case Gate(operands=operands) | Threshold(operands=operands) | Modulo(operands=operands):
            kind = expr.function if isinstance(expr, Gate) else "THR" if isinstance(expr, Threshold) else "MOD"
            return _map(walk, operands, env, at, lambda inner, v: _gate(walk, kind, v, expr, inner))
        case Not(operand=operand):
            return _map(walk, (operand,), env, at, lambda inner, v: _gate(walk, "NOT", v, expr, inner))
        case Xor(left=left, right=right):
            return _map(walk, (left, right), env, at, lambda inner, v: _xor(walk, v, expr, inner))
        case Choose():
            operands = (expr.condition, expr.then, expr.other)
            return _map(walk, operands, env, at, lambda inner, v: _choose(walk, v, expr, inner))
        case Same(left=left, right=right):
            return _map(walk, (left, right), env, at, lambda inner, v: _same(walk, v, expr, inner))
        case IsSymbol(symbol=symbol):
            return _map(walk, (symbol,), env, at, lambda inner, v: _is_symbol(walk, v[0], expr, inner))
        case Linear(terms=terms):
            return _map(walk, tuple(e for _, e in terms), env, at, lambda inner, v: _linear([s for s, _ in terms], v))
        case Scale():
            return _scale(walk, expr, env, at)
        case Sum(array=array):
            return _map(walk, (array,), env, at, lambda inner, v: _sum(walk, v[0], expr, inner))
        case Quotient() | Remainder():
            return _divide(walk, expr, env, at)
        case Within():
            return _within(walk, expr, env, at)
        case Compare(left=left, right=right):
            return _map(walk, (left, right), env, at, lambda inner, v: _compare(walk, v, expr, inner))
        case Call(target=target, arguments=arguments):
            return walk.call(target, arguments, env, at, expr)
        case _:
            raise NotClosed(f"`{expr.span.text}`")


# ---- helpers


def _map(
    walk: Walk, operands: Sequence[Expr], env: Environment, at: Domain, build: Callable[[Domain, list[Array]], Value]
) -> Cases:
    """The operands evaluated in order, then `build` for each consistent combination of their cases."""
    combinations: list[tuple[Guards, list[Array]]] = [((), [])]
    for operand in operands:
        found = walk.cases(operand, env, at)
        combinations = [
            ((*guards, *own), [*values, _array(value, operand)])
            for guards, values in combinations
            for own, value in found
            if not (guards and own) or not at.under((*guards, *own)).empty
        ]
    return tuple((guards, build(at.under(guards), values)) for guards, values in combinations)


def _array(value: Value, expr: Expr) -> Array:
    match value:
        case Array():
            return value
        case Number(value=p):
            return Array((), (), NumberContent(Piecewise.of(Join.SUM, [((), p)])))
        case _:
            raise NotClosed(f"`{expr.span.text}`")


def _bit(depth: Piecewise, exact: bool = True) -> Array:
    return Array((), (), BitContent(depth, exact))


def _depth(content: Content) -> Piecewise:
    match content:
        case BitContent(depth=depth) | FormContent(depth=depth):
            return depth
        case NumberContent():
            return ZERO_DEPTH


def deepest(array: Array, at: Domain) -> tuple[Piecewise, bool]:
    """The depth of the deepest element of an array, and whether it is exact."""
    depth, exact = _greatest_of(array, _depth(array.content), at)
    return depth, exact and _exact(array.content)


def _greatest_of(array: Array, value: Piecewise, at: Domain) -> tuple[Piecewise, bool]:
    """The greatest of a figure over the points of an array."""
    if not array.indices:
        return value, True
    found, exact = Piecewise.of(Join.GREATEST, []), True
    for region in array.regions():
        part, part_exact = eliminate(value, array.indices, region, at)
        found, exact = found.plus(part), exact and part_exact
    return found, exact


def _exact(content: Content) -> bool:
    return content.exact if isinstance(content, (BitContent, FormContent)) else True


def _above(depths: Sequence[Piecewise]) -> Piecewise:
    """The depth of a gate over inputs of these depths: 1 more than the greatest, or 1."""
    found = greatest(1)
    for depth in depths:
        found = found.plus(raised(depth, 1))
    return _simplified(found)


def _simplified(depth: Piecewise) -> Piecewise:
    """Constant pieces without guards: only the greatest of them counts; and no smaller constant anywhere."""
    floor = max((int(c) for guards, p in depth.pieces if not guards and (c := p.constant()) is not None), default=None)
    if floor is None:
        return depth
    kept = [(g, p) for g, p in depth.pieces if (c := p.constant()) is None or int(c) > floor]
    return Piecewise.of(Join.GREATEST, [((), P(floor)), *kept])


def _emit(
    walk: Walk,
    kind: str,
    at: Domain,
    fanin: Piecewise,
    expr: Expr,
    weight: Piecewise | None = None,
    unit: Piecewise | None = None,
    copies: Piecewise | None = None,
    weighted: bool = False,
    weight_exact: bool = True,
    sub: int = 0,
    kind_exact: bool = True,
) -> None:
    """Adds the gates of one place. sub: which of the gates of this phrase they are."""
    place = (tuple(walk.path), id(expr), sub)
    folds = tuple(walk.folds)
    weight, unit = weight or greatest(1), unit or fanin
    walk.tally.blocks.append(
        GateBlock(
            kind,
            at,
            copies or total(1),
            fanin,
            weight,
            unit,
            expr.span,
            weighted,
            weight_exact,
            place,
            folds,
            kind_exact=kind_exact,
        )
    )


def _spread(at: Domain, array: Array) -> Domain:
    """The domain with the points of an array added."""
    inner = at
    array = array.boxed()
    for name, dim in zip(array.indices, array.dims, strict=True):
        inner = inner.bind(name, P(0), dim)
    return inner


# ---- constants and words


def _lift(walk: Walk, expr: Lift, env: Environment, at: Domain) -> Cases:
    assert isinstance(expr.type, Wires)
    if isinstance(expr.type.element, Form):
        return _map(walk, (expr.value,), env, at, lambda inner, v: replace(v[0], content=as_form(v[0].content)))
    shape = list(expr.type.shape)
    if isinstance(expr.type.element, Word | Float):
        shape.append(width_of(expr.type.element))
    static = expr.value.type
    known = (
        walk.cases(expr.value, env, at)
        if not shape or any(d is None for d in shape) or (isinstance(static, Static) and static.rank)
        else ()
    )
    dims: list[Polynomial] = []
    if len(known) == 1 and isinstance(known[0][1], Known):
        at_value = known[0][1].value
        while isinstance(at_value, (tuple, str)):
            dims.append(P(len(at_value)))
            at_value = at_value[0] if len(at_value) and not isinstance(at_value, str) else None
    elif len(known) == 1 and isinstance(known[0][1], Array):
        dims = list(known[0][1].dims)
    for dim in shape[len(dims) :]:
        if dim is None:
            raise NotClosed(f"`{expr.span.text}`")
        dims.append(walk.number(dim, env, at))
    if isinstance(expr.type.element, Symbol):
        dims = dims[: len(expr.type.shape)] + [P(code_bits(len(expr.type.element.symbols)))]
    names = tuple(walk.fresh("k") for _ in dims)
    return one(Array(names, tuple(dims), BitContent(ZERO_DEPTH)))


def _value_of(walk: Walk, array: Array, expr: ValueNode, at: Domain) -> Array:
    """`value(word)`: weights 2**i; the top bit of an int counts negatively."""
    name, width = array.indices[-1], array.dims[-1]
    content = array.content
    assert isinstance(content, BitContent)
    signed = (
        isinstance(expr.word.type, Wires) and isinstance(expr.word.type.element, Word) and expr.word.type.element.signed
    )
    depth, exact = eliminate(content.depth, [name], [P(name), width - 1 - P(name)], at)
    nonempty = (
        Piecewise.of(Join.GREATEST, [((width - 1,), atoms.power(width - 1))])
        if width.constant() is None
        else greatest(atoms.power(width - 1) if width.constant() else 0)
    )
    everything = atoms.power(width) - 1
    if signed and width.constant() == 0:
        signed = False
    low = Piecewise.of(Join.SUM, [((width - 1,), -atoms.power(width - 1))]) if signed else NONE
    high = Piecewise.of(Join.SUM, [((width - 1,), atoms.power(width - 1) - 1)]) if signed else total(everything)
    form = FormContent(
        total(width), _tidy(low), _tidy(high), depth, _tidy(nonempty), total(everything), content.exact and exact
    )
    return Array(array.indices[:-1], array.dims[:-1], form)


def _tidy(value: Piecewise) -> Piecewise:
    """Guards that are decided are dropped."""
    kept = []
    for guards, p in value.pieces:
        if any((c := g.constant()) is not None and c < 0 for g in guards):
            continue
        kept.append(([g for g in guards if g.constant() is None], p))
    return Piecewise.of(value.join, kept)


def _resize(walk: Walk, expr: Resize, env: Environment, at: Domain) -> Cases:
    assert isinstance(expr.type, Wires) and isinstance(expr.type.element, Word)
    if expr.type.element.width is None:
        raise NotClosed(f"`{expr.span.text}`")
    found: list[tuple[Guards, Value]] = []
    for guards, value in walk.cases(expr.word, env, at):
        for own, width in walk.numbers(expr.type.element.width, env, at.under(guards)):
            inner = at.under((*guards, *own))
            found.append(((*guards, *own), _resized(_array(value, expr.word), expr, width, inner)))
    return tuple(found)


def _resized(array: Array, expr: Resize, width: Polynomial, at: Domain) -> Array:
    """A word in another width: its own bits below its width, copies of its top bit or constants above."""
    assert isinstance(array.content, BitContent)
    name, old = array.indices[-1], array.dims[-1]
    if at.proves(old - width):
        return Array(array.indices, (*array.dims[:-1], width), array.content)
    signed = (
        isinstance(expr.word.type, Wires) and isinstance(expr.word.type.element, Word) and expr.word.type.element.signed
    )
    inside = guard_content(array.content, (old - 1 - P(name),))
    parts: list[Content] = [inside, guard_content(BitContent(ZERO_DEPTH), (P(name) - old,))]
    if signed:
        top = change_content(array.content, {name: old - 1}, at.known)
        parts[1] = guard_content(top, (P(name) - old,))
    content = merge_contents(parts)
    assert content is not None
    return Array(array.indices, (*array.dims[:-1], width), content)


# ---- gates


def _to_bit(walk: Walk, array: Array, expr: ToBit, at: Domain) -> Array:
    inner = _spread(at, array)
    form = as_form(array.content)
    _emit(walk, "THR", inner, form.terms, expr, form.weight, form.unit, weighted=True, weight_exact=form.weight_exact)
    return Array(array.indices, array.dims, BitContent(_above([form.depth]), form.exact))


def _inputs(walk: Walk, operands: Sequence[Array], at: Domain) -> tuple[FormContent, bool]:
    """All inputs of a gate as one form, and whether there is a form among them."""
    summed = [_sum_or_bound(walk, operand, at) for operand in operands]
    any_form = any(isinstance(o.content, FormContent) for o in operands)
    if not summed:
        return FormContent(NONE, NONE, NONE, Piecewise.of(Join.GREATEST, []), greatest(0), NONE), False
    found = summed[0]
    for other in summed[1:]:
        merged = merge_contents([found, other])
        assert isinstance(merged, FormContent)
        found = merged
    return found, any_form


def _summed(array: Array, at: Domain) -> FormContent:
    """The sum of all elements of an array."""
    form = as_form(array.content) if not isinstance(array.content, NumberContent) else form_of_constants(array.content)
    if not array.indices:
        return form
    parts = [_over_all(array, form.terms, at)]
    ends = (("low", form.low), ("high", form.high))
    parts += [or_unknown(partial(_over_all, array, value, at), name, value, at) for name, value in ends]
    unit, unit_exact = or_at_most(lambda value: (_over_all(array, value, at), True), form.unit, at)
    depth, depth_exact = _greatest_of(array, form.depth, at)
    weight, weight_exact = or_at_most(lambda value: _greatest_of(array, value, at), form.weight, at)
    weight_exact = weight_exact and unit_exact
    parts.append(unit)
    exact = form.exact and depth_exact
    return FormContent(parts[0], parts[1], parts[2], depth, weight, parts[3], exact, form.weight_exact and weight_exact)


def _over_all(array: Array, value: Piecewise, at: Domain) -> Piecewise:
    """The sum of a figure over the points of an array."""
    found = NONE
    for region in array.regions():
        found = found.plus(over(Domain(array.indices, region, at.known, at.known), value))
    return found


def form_of_constants(content: NumberContent) -> FormContent:
    return FormContent(NONE, content.value, content.value, Piecewise.of(Join.GREATEST, []), greatest(0), NONE)


def _gate(walk: Walk, kind: str, operands: list[Array], expr: Expr, at: Domain) -> Array:
    """A gate as written. AND, OR, MAJ and NOT of forms are thresholds, unless the forms are b or 1 - b (NOT: b)."""
    if len(operands) == 1 and operands[0].indices:
        walk.arrays.setdefault((tuple(walk.path), id(expr)), []).append((at, operands[0]))
    form, weighted = _inputs(walk, operands, at)
    contents = [o.content for o in operands if isinstance(o.content, FormContent)]
    as_written = kind in ("THR", "MOD") or all(_literals(o, BIT if kind == "NOT" else LITERAL, at) for o in operands)
    some = all(at.proves(dim - 1) for o in operands for dim in o.dims) and not any(o.listed for o in operands)
    kind_exact = as_written or (some and all(_plainly_no_literal(c) for c in contents))
    _emit(
        walk,
        kind if as_written else "THR",
        at,
        form.terms,
        expr,
        form.weight,
        form.unit,
        weighted=weighted,
        weight_exact=form.weight_exact,
        kind_exact=kind_exact,
    )
    return _gate_bit(_above([form.depth]), form.exact)


def _literals(array: Array, level: int, at: Domain) -> bool:
    """Whether all elements of an array are surely bits, or (level LITERAL) bits or their complements."""
    if not isinstance(array.content, FormContent):
        return True
    others = [guards for guards, own in array.content.literal if own < level]
    regions = array.regions() if array.indices else ((),)
    return not any(at.parameters.feasible((*at.constraints, *r, *g)) for g in others for r in regions)


def _plainly_no_literal(form: FormContent) -> bool:
    """Whether a form surely has another number of terms than 1, or another weight."""
    terms, weight = form.terms.pieces, form.weight.pieces
    if len(terms) == 1 and not terms[0][0] and (c := terms[0][1].constant()) is not None and c > 1:
        return True
    return len(weight) == 1 and not weight[0][0] and form.weight_exact and (weight[0][1].constant() or 0) > 1


def _gate_bit(depth: Piecewise, exact: bool) -> Array:
    """The output of a gate; a depth of 1 is that of every gate, so that it is exact."""
    return _bit(depth, exact or depth == greatest(1))


def _xor(walk: Walk, operands: list[Array], expr: Xor, at: Domain) -> Array:
    depths = [_depth(o.content) for o in operands]
    for sub, (kind, inputs) in enumerate((("NOT", 1), ("AND", 2), ("NOT", 1), ("AND", 2), ("OR", 2))):
        _emit(walk, kind, at, total(inputs), expr, sub=sub)
    found = _simplified(raised(depths[0], 3).plus(raised(depths[1], 3)))
    return _bit(found, all(_exact(o.content) for o in operands))


def _choose(walk: Walk, operands: list[Array], expr: Choose, at: Domain) -> Array:
    condition, then, other = operands
    change = {old: P(new) for old, new in zip(other.indices, then.indices, strict=True)}
    moved = change_content(other.content, change, at.known)
    inner = _spread(at, then)
    _emit(walk, "NOT", at, total(1), expr)
    for sub, kind in ((1, "AND"), (2, "AND"), (3, "OR")):
        _emit(walk, kind, inner, total(2), expr, sub=sub)
    found = raised(_depth(condition.content), 3).plus(raised(_depth(then.content), 2)).plus(raised(_depth(moved), 2))
    exact = all(_exact(o.content) for o in operands)
    return Array(then.indices, then.dims, BitContent(_simplified(found), exact))


def _same(walk: Walk, operands: list[Array], expr: Same, at: Domain) -> Array:
    left, right = operands
    change = {old: P(new) for old, new in zip(right.indices, left.indices, strict=True)}
    pair = merge_contents([as_form(left.content), as_form(change_content(right.content, change, at.known))])
    assert isinstance(pair, FormContent)
    inner = _spread(at, left)
    for sub in (0, 1):
        _emit(
            walk,
            "THR",
            inner,
            pair.terms,
            expr,
            pair.weight,
            pair.unit,
            weighted=True,
            weight_exact=pair.weight_exact,
            sub=sub,
        )
    _emit(walk, "AND", inner, total(2), expr, sub=2)
    count = P(1)
    for dim in left.dims:
        count = count * dim
    _emit(walk, "AND", at, total(count), expr, sub=3)
    depth, exact = _greatest_of(left, raised(pair.depth, 2), at)
    found = _above([depth])
    if expr.negated:
        _emit(walk, "NOT", at, total(1), expr, sub=4)
        found = raised(found, 1)
    return _bit(found, exact and pair.exact)


def _is_symbol(walk: Walk, array: Array, expr: IsSymbol, at: Domain) -> Array:
    form = _summed(array, at)
    _emit(walk, "AND", at, form.terms, expr)
    found = _above([form.depth])
    if expr.negated:
        _emit(walk, "NOT", at, total(1), expr, sub=1)
        found = raised(found, 1)
    return _bit(found, form.exact)


# ---- forms


def _linear(signs: Sequence[int], operands: list[Array]) -> Array:
    parts: list[Content] = []
    for sign, operand in zip(signs, operands, strict=True):
        form = as_form(operand.content)
        parts.append(form if sign > 0 else replace(form, low=form.high.scaled(-1), high=form.low.scaled(-1)))
    found = merge_contents(parts)
    assert isinstance(found, FormContent)
    found = replace(found, weight=_simplified(found.weight))
    return Array(
        (), (), replace(found, literal=(((), _literal(found)),) if len(parts) > 1 or signs != [1] else found.literal)
    )


def _literal(form: FormContent) -> int:
    """Whether one bit with a weight and a constant is 1 - b: range and weight tell."""
    if (form.terms, form.weight, form.low, form.high) == (total(1), greatest(1), NONE, total(1)) and form.honest:
        return LITERAL
    return 0


def _scale(walk: Walk, expr: Scale, env: Environment, at: Domain) -> Cases:
    found: list[tuple[Guards, Value]] = []
    for guards, weight in walk.numbers(expr.weight, env, at):
        inner = at.under(guards)
        for own, value in walk.cases(expr.form, env, inner):
            form = as_form(_array(value, expr.form).content)
            for side, scaled in _scaled(form, weight, inner.under(own)):
                found.append(((*guards, *own, *side), Array((), (), scaled)))
    return tuple(found)


def _scaled(form: FormContent, weight: Polynomial, at: Domain) -> list[tuple[Guards, FormContent]]:
    """The form times a weight; by the sign of the weight where that is not known."""
    if unknowns(weight):
        return [((), of_unknown_weight(form, weight))]
    signs = [s for s, g in ((1, weight), (-1, -weight - 1)) if not at.under((g,)).empty]
    found = []
    for sign in signs:
        side: Guards = (weight if sign > 0 else negated(weight),) if len(signs) > 1 else ()
        low, high = form.low.scaled(weight), form.high.scaled(weight)
        low, high = (low, high) if sign > 0 else (high, low)
        size = weight * sign
        scaled = replace(form, low=low, high=high, weight=form.weight.scaled(size), unit=form.unit.scaled(size))
        found.append((side, replace(scaled, literal=form.literal if weight == ONE else (((), 0),))))
    return found


def _sum(walk: Walk, array: Array, expr: Sum, at: Domain) -> Array:
    walk.arrays.setdefault((tuple(walk.path), id(expr)), []).append((at, array))
    return Array((), (), _sum_or_bound(walk, array, at))


def _sum_or_bound(walk: Walk, array: Array, at: Domain) -> FormContent:
    """The sum of all elements; where the points of the array are not counted, at most the terms of more points."""
    try:
        return _summed(array, at)
    except UsedUp:
        raise
    except NotClosed:
        walk.loose = True
        return _summed(relaxed(array, at), at)


def _divide(walk: Walk, expr: Quotient | Remainder, env: Environment, at: Domain) -> Cases:
    found: list[tuple[Guards, Value]] = []
    for guards, value in walk.cases(expr.form, env, at):
        form = as_form(_array(value, expr.form).content)
        for own, modulus in walk.numbers(expr.modulus, env, at.under(guards)):
            inner = at.under((*guards, *own))
            found.append(((*guards, *own), Array((), (), _level_set(walk, form, modulus, expr, inner))))
    return tuple(found)


def _floors(value: Piecewise, modulus: Polynomial, at: Domain, expr: Expr) -> Piecewise:
    """floor(value / modulus), case by case."""
    pieces = []
    for guards, p in single(value, at).pieces:
        inner = at.under(guards)
        if not inner.proves(modulus - 1):
            raise NotClosed(f"`{expr.span.text}` divides by what is not known to be at least 1")
        try:
            pieces.append((guards, atoms.floor_div(p, modulus, inner)))
        except NotClosed as e:
            raise NotClosed(f"`{expr.span.text}`: {e}") from None
    return Piecewise.of(Join.SUM, pieces)


def _level_set(
    walk: Walk, form: FormContent, modulus: Polynomial, expr: Quotient | Remainder, at: Domain
) -> FormContent:
    low, high = _floors(form.low, modulus, at, expr), _floors(form.high, modulus, at, expr)
    copies = high.plus(low.scaled(-1))
    walk.levels.setdefault((tuple(walk.path), id(expr)), []).append((at, low, copies))
    _emit(
        walk,
        "THR",
        at,
        form.terms,
        expr,
        form.weight,
        form.unit,
        copies=copies,
        weighted=True,
        weight_exact=form.weight_exact,
    )
    depth = raised(form.depth, 1).plus(greatest(1))
    some = [(guards, p) for guards, p in single(copies, at).pieces if not at.under((*guards, p - 1)).empty]
    gates = Piecewise.of(
        Join.GREATEST,
        [((*g, *h, *_at_least_one(c, at.under(g))), d) for g, c in some for h, d in _simplified(depth).pieces],
    )
    if isinstance(expr, Quotient):
        weight = Piecewise.of(Join.GREATEST, [((*g, *_at_least_one(c, at.under(g))), ONE) for g, c in some])
        return FormContent(copies, low, high, gates, weight, copies, form.exact)
    weight = form.weight.plus(
        Piecewise.of(Join.GREATEST, [((*g, *_at_least_one(c, at.under(g))), modulus) for g, c in some])
    )
    return FormContent(
        form.terms.plus(copies),
        NONE,
        total(modulus - 1),
        form.depth.plus(gates),
        weight,
        form.unit.plus(copies.scaled(modulus)),
        form.exact,
        form.weight_exact,
    )


def _at_least_one(copies: Polynomial, at: Domain) -> Guards:
    """The guard that there is a gate at all, where that is not known."""
    return () if at.proves(copies - 1) else (copies - 1,)


def _within(walk: Walk, expr: Within, env: Environment, at: Domain) -> Cases:
    found: list[tuple[Guards, Value]] = []
    for guards, value in walk.cases(expr.form, env, at):
        form = as_form(_array(value, expr.form).content)
        for g, low in walk.numbers(expr.low, env, at.under(guards)):
            for h, high in walk.numbers(expr.high, env, at.under((*guards, *g))):
                found.append(
                    ((*guards, *g, *h), Array((), (), replace(form, low=total(low), high=total(high), honest=False)))
                )
    return tuple(found)


def _compare(walk: Walk, operands: list[Array], expr: Compare, at: Domain) -> Array:
    pair = merge_contents([as_form(o.content) for o in operands])
    assert isinstance(pair, FormContent)
    _emit(walk, "THR", at, pair.terms, expr, pair.weight, pair.unit, weighted=True, weight_exact=pair.weight_exact)
    found = _above([pair.depth])
    if expr.operator in ("==", "!="):
        _emit(
            walk,
            "THR",
            at,
            pair.terms,
            expr,
            pair.weight,
            pair.unit,
            weighted=True,
            weight_exact=pair.weight_exact,
            sub=1,
        )
        _emit(walk, "AND" if expr.operator == "==" else "OR", at, total(2), expr, sub=2)
        found = raised(found, 1)
    return _bit(found, pair.exact)


# ---- arrays


def empty_array(type: Type, dimensions: int) -> Cases:
    """An array without elements."""
    assert isinstance(type, (Wires, Static))
    rank = len(type.shape) if isinstance(type, Wires) else dimensions
    content: Content = (
        BitContent(ZERO_DEPTH) if isinstance(type, Wires) and isinstance(type.element, Bit) else NumberContent(NONE)
    )
    return one(Array(tuple(f"none{k}" for k in range(rank)), tuple(P(0) for _ in range(rank)), content))


def appended(array: Array, value: Value, name: str, k: int, known: Assumptions) -> Array:
    """An array literal with one more element, number k."""
    element = _array_of(value)
    here = guard_content(element.content, (P(name) - k, k - P(name)))
    if array is NOTHING or k == 0:
        return Array((name, *element.indices), (P(1), *element.dims), here)
    change = {old: P(new) for old, new in zip(element.indices, array.indices[1:], strict=True)}
    before = guard_content(array.content, ())
    merged = merge_contents([_like(before, here), _like(change_content(here, change, known), before)])
    assert merged is not None
    return Array(array.indices, (P(k + 1), *array.dims[1:]), merged)


def _like(content: Content, other: Content) -> Content:
    return as_form(content) if isinstance(other, FormContent) else content


def _array_of(value: Value) -> Array:
    match value:
        case Array():
            return value
        case Number(value=p):
            return Array((), (), NumberContent(Piecewise.of(Join.SUM, [((), p)])))
        case _:
            raise NotClosed("an array of values that are no numbers")

"""The operands of a gate: what feeds it, in order, and its threshold, whatever kind of phrase it was written as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod

from tc0.dsl.analysis.lazy import Lazy, Terms, Wire, as_terms, joined, one, scaled
from tc0.dsl.analysis.points import Env, Frame, Here
from tc0.dsl.analysis.ranking import Path, Position
from tc0.dsl.analysis.ways import Ways
from tc0.dsl.base.errors import NotAvailable
from tc0.dsl.core import program as t
from tc0.dsl.core.types import Bit, Wires

MOST_LOOKED_AT = 10_000  # forms of a gate whose kind depends on them


class Operands:
    """Gates of a family with everything fixed. root: its parameters. points: evaluation. nodes: of its text, by id."""

    def __init__(self, points: Ways, root: Frame, nodes: Mapping[int, t.Expr]) -> None:
        self.points = points
        self.root = root
        self.nodes = nodes

    def of_forms(self, node: t.Gate | t.Not, position: Position) -> tuple[str, int | None]:
        """Kind and threshold of AND, OR, MAJ or NOT over forms: as written where they are b or 1 - b (NOT: b)."""
        scope = self.points.reach(self.root, position)
        env, here, point = scope.env, scope.here, scope.point
        if isinstance(node, t.Not):
            terms = as_terms(self.points.value(node.operand, env, here, point))
            return ("NOT", None) if _literal(terms, False) else ("THR", 0)
        values = [self.points.value(o, env, here, point) for o in node.operands]
        if node.spread:
            (array,) = values
            if not isinstance(array, Lazy) or prod(array.dims) > MOST_LOOKED_AT:
                raise NotAvailable("E1005", f"which kind `{node.span.text}` is depends on its elements", node.span)
            values = [array.get(index) for index in product(*map(range, array.dims))]
        forms = [as_terms(v) for v in values]
        if all(_literal(f, True) for f in forms):
            return node.function, None
        return "THR", {"AND": len(forms), "OR": 1}.get(node.function, len(forms) // 2 + 1)

    def of(self, position: Position) -> tuple[Terms, int | None]:
        """The inputs of a gate, and its threshold where it has one."""
        _, node_id, sub = position.place
        node = self.nodes[node_id]
        scope = self.points.reach(self.root, position)
        frame, at, point = scope.env, scope.here, scope.point
        path = at.absolute
        value = self.points.value
        match node:
            case t.Gate(operands=operands, spread=spread):
                terms = self._inputs_of(node, operands, spread, frame, at, point)
                return terms, None
            case t.Threshold(operands=operands, spread=spread, least=least):
                return self._inputs_of(node, operands, spread, frame, at, point), self.points.integer(least, frame)
            case t.Modulo(operands=operands, spread=spread):
                return self._inputs_of(node, operands, spread, frame, at, point), None
            case t.Not(operand=operand):
                found = as_terms(value(operand, frame, at, point))
                bit = isinstance(operand.type, Wires) and isinstance(operand.type.element, Bit)
                return found if bit else scaled(found, -1), None
            case t.Xor(left=left, right=right):
                return _xor(
                    node,
                    sub,
                    as_terms(value(left, frame, at, point)),
                    as_terms(value(right, frame, at, point)),
                    path,
                    point,
                ), None
            case t.ToBit(value=inner):
                return as_terms(_at(value(inner, frame, at, point), position.indices[len(point) :])), 1
            case t.Choose():
                return self._choose(node, sub, frame, at, point, position.indices[len(point) :]), None
            case t.Compare(left=left, right=right, operator=operator):
                return self._compare(node, sub, operator, left, right, frame, at, point)
            case t.Same(left=left, right=right):
                return self._same(node, sub, left, right, frame, at, point, position.indices)
            case t.IsSymbol(symbol=symbol):
                if sub == 1:
                    return one(Position((path, node_id, 0), point)), None
                return _signed(_whole(value(symbol, frame, at, point)), self.points.integer(node.number, frame)), None
            case t.Quotient(form=form, modulus=modulus) | t.Remainder(form=form, modulus=modulus):
                low, _ = self.points.threshold(node, at, point)
                m = self.points.integer(modulus, frame)
                return self.points.form(form, frame, at, point), (low + 1 + position.copy) * m
            case _:
                raise NotAvailable("E1005", "the inputs of a gate of a table", node.span)

    def _inputs_of(
        self,
        node: t.Expr,
        operands: Sequence[t.Expr],
        spread: bool,
        env: Env,
        here: Here,
        point: tuple[int, ...],
    ) -> Terms:
        if spread:
            return self.points.summed(node, operands[0], env, here, point)
        return joined([as_terms(self.points.value(o, env, here, point)) for o in operands])

    def _choose(
        self, node: t.Choose, sub: int, env: Env, here: Here, point: tuple[int, ...], index: tuple[int, ...]
    ) -> Terms:
        condition = as_terms(self.points.value(node.condition, env, here, point))
        inverse = one(Position((here.absolute, id(node), 0), point))
        match sub:
            case 0:
                return condition
            case 1:
                return joined([condition, as_terms(_at(self.points.value(node.then, env, here, point), index))])
            case 2:
                return joined([inverse, as_terms(_at(self.points.value(node.other, env, here, point), index))])
            case _:
                spot, path = (*point, *index), here.absolute
                return joined([one(Position((path, id(node), k), spot)) for k in (1, 2)])

    def _compare(
        self,
        node: t.Expr,
        sub: int,
        operator: str,
        left: t.Expr,
        right: t.Expr,
        env: Env,
        here: Here,
        point: tuple[int, ...],
    ) -> tuple[Terms, int | None]:
        if sub == 2:
            return joined([one(Position((here.absolute, id(node), k), point)) for k in (0, 1)]), None
        a, b = self.points.form(left, env, here, point), self.points.form(right, env, here, point)
        low_first = operator in ("<", "<=") or (operator in ("==", "!=") and sub == 1)
        terms = joined([scaled(a, -1), b]) if low_first else joined([a, scaled(b, -1)])
        strict = operator in ("<", ">", "!=")
        return terms, 1 if strict else 0

    def _same(
        self,
        node: t.Expr,
        sub: int,
        left: t.Expr,
        right: t.Expr,
        env: Env,
        here: Here,
        point: tuple[int, ...],
        indices: tuple[int, ...],
    ) -> tuple[Terms, int | None]:
        path = here.absolute
        if sub == 4:
            return one(Position((path, id(node), 3), point)), None
        a, b = self.points.value(left, env, here, point), self.points.value(right, env, here, point)
        if sub == 3:
            assert isinstance(a, Lazy)
            places = Lazy(a.dims, lambda i: Position((path, id(node), 2), (*point, *i)))
            return _whole(places), None
        index = indices[len(point) :]
        if sub == 2:
            return joined([one(Position((path, id(node), k), indices)) for k in (0, 1)]), None
        x, y = as_terms(_at(a, index)), as_terms(_at(b, index))
        return (joined([x, scaled(y, -1)]) if sub == 0 else joined([scaled(x, -1), y])), 0


def _at(value: object, index: tuple[int, ...]) -> object:
    return value.get(index) if isinstance(value, Lazy) else value


def _whole(value: object) -> Terms:
    """All elements of an array of wires, in order."""
    if not isinstance(value, Lazy):
        return as_terms(value)
    total = 1
    for dim in value.dims:
        total *= dim

    def at(k: int) -> tuple[Wire, int]:
        index = []
        for dim in reversed(value.dims):
            k, i = divmod(k, dim)
            index.append(i)
        wire = value.get(tuple(reversed(index)))
        assert not isinstance(wire, Terms)
        return wire, 1

    return Terms(total, at)


def _signed(bits: Terms, code: int) -> Terms:
    """The bits of a symbol where the code has a 1, and 1 - bit where it has a 0."""

    def at(k: int) -> tuple[Wire, int]:
        wire, _ = bits.at(k)
        return wire, 1 if code >> k & 1 else -1

    return Terms(bits.count, at)


def _xor(node: t.Expr, sub: int, a: Terms, b: Terms, path: Path, point: tuple[int, ...]) -> Terms:
    """NOT b, a AND NOT b, NOT a, NOT a AND b, their OR."""

    def own(k: int) -> Terms:
        return one(Position((path, id(node), k), point))

    return [b, joined([a, own(0)]), a, joined([own(2), b]), joined([own(1), own(3)])][sub]


def _literal(form: Terms, negated: bool) -> bool:
    """Whether a form is one bit b, or (`negated`) 1 - b."""
    if form.count != 1:
        return False
    weight = form.at(0)[1]
    return (weight, form.constant) == (1, 0) or (negated and (weight, form.constant) == (-1, 1))

"""The connection reading: any gate of C_n and what feeds it, without building C_n.

A gate number is unranked to a place and an index tuple (`ranking`); the program is followed down to that place, with the
index values put in, and the operands are named there (`points`). Time and memory depend on the length of numbers, not on
the size of the circuit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from itertools import product
from math import prod
from typing import ParamSpec, TypeVar

from tc0.dsl.analysis.analyse import NOT_COVERED, WALK, derived, walked
from tc0.dsl.analysis.lazy import (
    Constant,
    Input,
    Lazy,
    Terms,
    TooMany,
    Wire,
    as_terms,
    joined,
    one,
    scaled,
)
from tc0.dsl.analysis.points import Env, Frame, Instance, Points
from tc0.dsl.analysis.ranking import Numbering, Position
from tc0.dsl.analysis.tally import GateBlock
from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.base.source import Span
from tc0.dsl.core import program as t
from tc0.dsl.core.interface import Interface, interface
from tc0.dsl.core.types import Bit, Wires
from tc0.dsl.symbolic.polynomial import NotClosed

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
HINT = "build the circuit at a smaller size: its netlist lists every gate"
MOST_LOOKED_AT = 10_000  # forms of a gate whose kind depends on them


@dataclass(frozen=True, slots=True)
class GateInfo:
    """One gate. threshold: it is 1 iff the form of its inputs, as written, is at least this (None for AND, OR, NOT, MAJ and
    MOD). line: of the source. indices: the values of the binders and steps around it, outermost first."""

    number: int
    kind: str
    threshold: int | None
    fanin: int
    span: Span
    indices: tuple[tuple[str, int], ...]

    @property
    def line(self) -> int:
        return self.span.line


@dataclass(frozen=True, slots=True)
class WireInfo:
    """What feeds a gate: "gate" with its number, "input" with its number and its name, or "constant" with its value."""

    kind: str
    number: int
    weight: int
    name: str = ""


def _answered(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A question that the reading does not cover answers NotAvailable."""

    @wraps(ask)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        try:
            return ask(*args, **kwargs)
        except NotClosed as e:
            raise NotAvailable("E1005", f"this gate is not known in closed form: {e}", None, HINT) from None
        except NOT_COVERED as e:
            raise NotAvailable(
                "E1005", f"not covered by the connection reading ({type(e).__name__})", None, HINT
            ) from e

    return asked


class Connection:
    """Questions about the circuit of a family with everything fixed."""

    def __init__(self, applied: t.Applied) -> None:
        interface(applied)
        self.applied = applied
        self.values = dict(applied.values)
        family = applied.family
        sizes = {name: v for name, v in applied.values if type(v) is int}
        kept = tuple((name, v) for name, v in applied.values if name not in sizes)
        walk, presumed, reason = walked(t.Applied(family, kept))
        if reason is None and walk.recurring:
            reason = "the family calls itself"
        if reason is None and family.table:
            reason = "it is a table"
        numbering = None
        if reason is None:
            numbering, reason = derived(lambda: Numbering(walk.tally.blocks, presumed, sizes), WALK)
        if numbering is None:
            raise NotAvailable(
                "E1005", f"gates of `{family.name}` are not known in closed form: {reason}", family.span, HINT
            )
        self.sizes = sizes
        self.numbering = numbering
        self.points = Points(walk, sizes, presumed)
        self.nodes = {id(node): node for node in _nodes(family)}
        self._parents: dict[int, dict[int, object]] = {}
        self.root = Frame(family, self._root())

    @property
    def size(self) -> int:
        """The number of gates."""
        return self.numbering.size

    @property
    def ports(self) -> Interface:
        """Its inputs and outputs."""
        return interface(self.applied)

    @_answered
    def output(self) -> WireInfo:
        """What the output is, of a family with one bit as its result."""
        family = self.applied.family
        return self._wire(*as_terms(self.points.value(family.body.get(), self.root.env, (), ())).at(0))

    def _root(self) -> Env:
        """The parameters, static ones as given and inputs as wires."""
        env: dict[str, object] = dict(self.values)
        for name, value in self.values.items():
            if isinstance(value, t.Applied):
                env[name] = _instance(value)
        number = 0
        for port in interface(self.applied).inputs:
            dims = (*port.shape, *((port.width,) if port.kind != "bit" else ()))
            env[port.name] = _inputs(port.name, dims, number)
            number += port.wires
        return env

    # ---- gates

    @_answered
    def gate(self, number: int) -> GateInfo:
        """Kind, threshold, fan-in, source and index values of a gate."""
        position = self._position(number)
        block = self._block(position)
        terms, threshold = self._operands(position)
        indices = tuple((_plain(name), v) for name, v in zip(block.at.indices, position.indices, strict=True))
        kind = block.kind
        node = self.nodes[position.place[1]]
        if kind == "THR" and isinstance(node, (t.Gate, t.Not)):
            kind, threshold = self._of_forms(node, position)
        return GateInfo(number, kind, threshold, terms.count, block.span, indices)

    def _of_forms(self, node: t.Gate | t.Not, position: Position) -> tuple[str, int | None]:
        """Kind and threshold of AND, OR, MAJ or NOT over forms: as written where they are b or 1 - b (NOT: b)."""
        path, _, _ = position.place
        frame, at, point = self._descend(node, path, position.indices)
        if isinstance(node, t.Not):
            terms = as_terms(self.points.value(node.operand, frame, at, point))
            return ("NOT", None) if _literal(terms, False) else ("THR", 0)
        values = [self.points.value(o, frame, at, point) for o in node.operands]
        if node.spread:
            (array,) = values
            if not isinstance(array, Lazy) or prod(array.dims) > MOST_LOOKED_AT:
                raise NotAvailable("E1005", f"which kind `{node.span.text}` is depends on its elements", node.span)
            values = [array.get(index) for index in product(*map(range, array.dims))]
        forms = [as_terms(v) for v in values]
        if all(_literal(f, True) for f in forms):
            return node.function, None
        return "THR", {"AND": len(forms), "OR": 1}.get(node.function, len(forms) // 2 + 1)

    @_answered
    def input(self, number: int, k: int) -> WireInfo:
        """Predecessor k of a gate."""
        terms, _ = self._operands(self._position(number))
        if not 0 <= k < terms.count:
            raise Error(
                "E0906",
                f"gate {number} has inputs 0..{terms.count - 1}, not {k}"
                if terms.count
                else f"gate {number} has no inputs",
            )
        return self._wire(*terms.at(k))

    def inputs(self, number: int) -> Iterator[WireInfo]:
        """All predecessors of a gate, in order."""
        return map(self._fed_by(number), range(self.gate(number).fanin))

    @_answered
    def _fed_by(self, number: int) -> Callable[[int], WireInfo]:
        terms, _ = self._operands(self._position(number))
        return _answered(lambda k: self._wire(*terms.at(k)))

    @_answered
    def feeds(self, source: int, number: int) -> bool:
        """Whether a gate feeds another one directly."""
        gate = self._position(source)
        terms, _ = self._operands(self._position(number))
        if source >= number:
            return False
        try:
            return terms.fed_by(gate)
        except TooMany as e:
            reason = f"gate {number} has {e.args[0]:,} inputs: they are not searched through"
            raise NotAvailable("E1005", reason, None, "ask for one: `input(c, g, k)`") from None

    @_answered
    def number(self, line: int, indices: Sequence[int]) -> tuple[int, ...]:
        """The numbers of the gates that a source line builds at these index values."""
        found = []
        for place, members in self.numbering.by_place.items():
            block = self.numbering.prefixes[members[0]].block
            if block.span.line == line and len(block.at.indices) == len(indices) and self._exists(members, indices):
                found.append(self.numbering.rank(Position(place, tuple(indices))))
        if not found:
            counts = sorted({len(p.block.at.indices) for p in self.numbering.prefixes if p.block.span.line == line})
            hint = f"its gates have {' or '.join(map(str, counts))} indices" if counts else "no gate is built there"
            raise Error("E0906", f"line {line} builds no gate at {list(indices)}", None, hint)
        return tuple(found)

    def _exists(self, members: Sequence[int], indices: Sequence[int]) -> bool:
        for at in members:
            block = self.numbering.prefixes[at].block
            values = {**self.sizes, **dict(zip(block.at.indices, indices, strict=True))}
            if all(p.at(values) >= 0 for p in block.at.constraints) and block.copies.at(values) > 0:
                return True
        return False

    def _position(self, number: int) -> Position:
        if not 0 <= number < self.size:
            raise Error(
                "E0906",
                f"there is no gate {number}: gates are numbered 0..{self.size - 1}"
                if self.size
                else "this circuit has no gates",
            )
        return self.numbering.unrank(number)

    def _block(self, position: Position) -> GateBlock:
        """The case of its place that a gate belongs to."""
        for at in self.numbering.by_place[position.place]:
            block = self.numbering.prefixes[at].block
            values = {**self.sizes, **dict(zip(block.at.indices, position.indices, strict=True))}
            if all(p.at(values) >= 0 for p in block.at.constraints):
                return block
        raise AssertionError(position)

    def _wire(self, wire: Wire, weight: int) -> WireInfo:
        match wire:
            case Constant(bit=bit):
                return WireInfo("constant", bit, weight)
            case Input(name=name, indices=indices, number=number):
                shown = f"{name}[{', '.join(map(str, indices))}]" if indices else name
                return WireInfo("input", number, weight, shown)
            case Position():
                return WireInfo("gate", self.numbering.rank(wire), weight)

    # ---- operands

    def _operands(self, position: Position) -> tuple[Terms, int | None]:
        """The inputs of a gate, and its threshold where it has one."""
        path, node_id, sub = position.place
        node = self.nodes[node_id]
        frame, at, point = self._descend(node, path, position.indices)
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
                return self._choose(node, sub, frame, path, point, position.indices[len(point) :]), None
            case t.Compare(left=left, right=right, operator=operator):
                return self._compare(node, sub, operator, left, right, frame, path, point)
            case t.Same(left=left, right=right):
                return self._same(node, sub, left, right, frame, path, point, position.indices)
            case t.IsSymbol(symbol=symbol):
                if sub == 1:
                    return one(Position((path, node_id, 0), point)), None
                return _signed(_whole(value(symbol, frame, at, point)), self.points.integer(node.number, frame)), None
            case t.Quotient(form=form, modulus=modulus) | t.Remainder(form=form, modulus=modulus):
                low, _ = self.points.level(node, path, point)
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
        path: tuple[int, ...],
        point: tuple[int, ...],
    ) -> Terms:
        if spread:
            return self.points.summed(node, operands[0], env, path, point)
        return joined([as_terms(self.points.value(o, env, path, point)) for o in operands])

    def _choose(
        self, node: t.Choose, sub: int, env: Env, path: tuple[int, ...], point: tuple[int, ...], index: tuple[int, ...]
    ) -> Terms:
        condition = as_terms(self.points.value(node.condition, env, path, point))
        inverse = one(Position((path, id(node), 0), point))
        match sub:
            case 0:
                return condition
            case 1:
                return joined([condition, as_terms(_at(self.points.value(node.then, env, path, point), index))])
            case 2:
                return joined([inverse, as_terms(_at(self.points.value(node.other, env, path, point), index))])
            case _:
                here = (*point, *index)
                return joined([one(Position((path, id(node), 1), here)), one(Position((path, id(node), 2), here))])

    def _compare(
        self,
        node: t.Expr,
        sub: int,
        operator: str,
        left: t.Expr,
        right: t.Expr,
        env: Env,
        path: tuple[int, ...],
        point: tuple[int, ...],
    ) -> tuple[Terms, int | None]:
        if sub == 2:
            return joined([one(Position((path, id(node), k), point)) for k in (0, 1)]), None
        a, b = self.points.form(left, env, path, point), self.points.form(right, env, path, point)
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
        path: tuple[int, ...],
        point: tuple[int, ...],
        indices: tuple[int, ...],
    ) -> tuple[Terms, int | None]:
        if sub == 4:
            return one(Position((path, id(node), 3), point)), None
        a, b = self.points.value(left, env, path, point), self.points.value(right, env, path, point)
        if sub == 3:
            assert isinstance(a, Lazy)
            places = Lazy(a.dims, lambda i: Position((path, id(node), 2), (*point, *i)))
            return _whole(places), None
        index = indices[len(point) :]
        if sub == 2:
            return joined([one(Position((path, id(node), k), indices)) for k in (0, 1)]), None
        x, y = as_terms(_at(a, index)), as_terms(_at(b, index))
        return (joined([x, scaled(y, -1)]) if sub == 0 else joined([scaled(x, -1), y])), 0

    # ---- the way to a place

    def _descend(
        self, node: t.Expr, path: tuple[int, ...], indices: tuple[int, ...]
    ) -> tuple[Env, tuple[int, ...], tuple[int, ...]]:
        """The names in scope at a node, the path there, and the part of the index tuple that its binders take."""
        frame, used = self.root, 0
        walked_: tuple[int, ...] = ()
        steps = list(path)
        while True:
            target = self._next_call(frame.family, steps)
            env, walked_, used, steps = self._within(
                frame, target if target is not None else node, walked_, used, steps, indices
            )
            if target is None:
                return env, walked_, indices[:used]
            frame = self.points.frame(target.target, target.arguments, env, walked_, indices[:used])
            walked_ = (*walked_, id(target))
            steps = steps[1:]

    def _next_call(self, family: t.Family, steps: Sequence[int]) -> t.Call | None:
        """The next call on a path; steps of folds that were written out stand before it."""
        for step in steps:
            found = self.nodes.get(step)
            if isinstance(found, t.Call):
                return found
        return None

    def _within(
        self,
        frame: Frame,
        node: t.Expr,
        path: tuple[int, ...],
        used: int,
        steps: list[int],
        indices: tuple[int, ...],
    ) -> tuple[Env, tuple[int, ...], int, list[int]]:
        """From the body of a family down to a node of it."""
        env: Env = frame.env
        chain = self._chain(frame.family, node)
        for parent, child in zip(chain, [*chain[1:], node], strict=True):
            match parent:
                case t.Block():
                    env = self._locals(parent, child, env, path, indices[:used])
                case t.Comprehension(bounds=bounds):
                    if child is parent.body:
                        env = {
                            **env,
                            **dict(zip([b.name for b in bounds], indices[used : used + len(bounds)], strict=True)),
                        }
                        used += len(bounds)
                case t.Fold():
                    if child is parent.step:
                        if (path, id(parent)) in self.points.walk.unrolled:
                            step, steps = steps[0], steps[1:]
                            inner = (*path, step)
                        else:
                            step, inner = indices[used], path
                        state = self._state(parent, env, path, indices[:used], step)
                        env = {**env, parent.index: step, parent.state: state}
                        used += inner == path
                        path = inner
                case _:
                    pass
        return env, path, used, steps

    def _locals(self, block: t.Block, child: object, env: Env, path: tuple[int, ...], point: tuple[int, ...]) -> Env:
        """The `let`s of a block that stand before the part that is entered."""
        inner = dict(env)
        for local in block.locals:
            if local.value is child:
                break
            inner[local.name] = self.points.value(local.value, inner, path, point)
        return inner

    def _state(self, fold: t.Fold, env: Env, path: tuple[int, ...], point: tuple[int, ...], step: int) -> object:
        first = self.points.value(fold.init, env, path, point)
        if isinstance(first, Lazy):
            return Lazy(first.dims, lambda i: self.points.state(fold, env, path, point, step).get(i))  # type: ignore[attr-defined]
        return self.points.state(fold, env, path, point, step)

    def _chain(self, family: t.Family, node: object) -> list[object]:
        """The nodes from the body of a family down to a node, without it."""
        parents = self._parents.get(id(family))
        if parents is None:
            parents = self._parents[id(family)] = _parents(family.body.get())
        found: list[object] = []
        at = parents.get(id(node))
        while at is not None:
            found.append(at)
            at = parents.get(id(at))
        return found[::-1]


def _instance(applied: t.Applied) -> object:
    return Instance(applied.family, {n: _instance(v) if isinstance(v, t.Applied) else v for n, v in applied.values})


def _inputs(name: str, dims: tuple[int, ...], first: int) -> object:
    """An input as an array of wires."""

    def get(index: tuple[int, ...]) -> Wire:
        number = 0
        for i, dim in zip(index, dims, strict=True):
            number = number * dim + i
        return Input(name, index, first + number)

    return Lazy(dims, get, lambda gate: None) if dims else get(())


def _parents(root: object) -> dict[int, object]:
    """The parent of every node of an expression."""
    found: dict[int, object] = {}
    stack = [root]
    while stack:
        at = stack.pop()
        for child in _children(at):
            found[id(child)] = at
            stack.append(child)
    return found


def _children(node: object) -> Iterator[object]:
    """The expressions directly inside of a node."""
    if not is_dataclass(node) or isinstance(node, (t.Constant, t.Family, t.Function)):
        return
    for f in fields(node):
        if not f.compare:
            continue
        stack = [getattr(node, f.name)]
        while stack:
            value = stack.pop()
            if isinstance(value, tuple):
                stack.extend(reversed(value))
            elif isinstance(value, (t.Bound, t.Range, t.Local)):
                stack.extend(getattr(value, g.name) for g in fields(value) if g.compare)
            elif (
                is_dataclass(value)
                and hasattr(value, "span")
                and hasattr(value, "type")
                and not isinstance(value, (t.Family, t.Function))
            ):
                yield value


def _nodes(family: t.Family) -> Iterator[t.Expr]:
    """Every node of a family and of the families it calls."""
    seen: set[int] = set()
    families = [family]
    done: list[t.Family] = []
    while families:
        at = families.pop()
        if at in done:
            continue
        done.append(at)
        stack: list[object] = [at.body.get()]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield node  # type: ignore[misc]
            if isinstance(node, t.Reference):
                families.append(node.family)
            stack.extend(_children(node))


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


def _xor(node: t.Expr, sub: int, a: Terms, b: Terms, path: tuple[int, ...], point: tuple[int, ...]) -> Terms:
    """NOT b, a AND NOT b, NOT a, NOT a AND b, their OR."""

    def own(k: int) -> Terms:
        return one(Position((path, id(node), k), point))

    return [b, joined([a, own(0)]), a, joined([own(2), b]), joined([own(1), own(3)])][sub]


def _plain(name: str) -> str:
    """An index name as written."""
    return name.split("#", 1)[0]


def _literal(form: Terms, negated: bool) -> bool:
    """Whether a form is one bit b, or (`negated`) 1 - b."""
    if form.count != 1:
        return False
    weight = form.at(0)[1]
    return (weight, form.constant) == (1, 0) or (negated and (weight, form.constant) == (-1, 1))

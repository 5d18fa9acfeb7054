"""Turns Lark's tree into the surface tree of `tree`: one method a rule of the grammar.

The walk is a loop over the rules from the leaves up, so that no text is nested too deep for it. What it builds is nested
at most `NESTING` levels, so that everything after it may recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
from tc0.dsl.syntax import tree

if TYPE_CHECKING:
    from lark import Token, Tree

    Children = list[Any]  # tokens, and what the methods made of the rules below

NESTING = 300
MOST_DIGITS = 1_000_000  # of a number as written; about as many as a static integer may have
# Rules that make the tree one level deeper. Chains of operators are flat, parentheses leave no trace.
LEVELS = frozenset(
    "if_ fold negation comparison unary power call index field items comprehension combine sum product disjunction conjunction".split()
)

Node = TypeVar("Node")


class Part(NamedTuple):
    """What a rule was turned into, the characters it was read from, and how deep it is nested."""

    value: Any
    start: int
    end: int
    depth: int
    brackets: int


def build(parsed: Tree[Token], source: Source, offset: int = 0) -> tuple[tree.Statement, ...]:
    """The statements of a parsed text, which begins at character `offset` of the source. Raises E0108."""
    builder = _Builder(source, offset)
    order = []
    waiting = [parsed]
    while waiting:
        rule = waiting.pop()
        order.append(rule)
        waiting.extend(child for child in rule.children if not isinstance(child, str))
    done: dict[int, Part] = {}
    for rule in reversed(order):
        done[id(rule)] = builder.part(rule, done)
    statements: tuple[tree.Statement, ...] = done[id(parsed)].value
    return statements


def doc_above(text: str, start: int) -> str:
    """The unbroken block of comment lines directly above the line that holds character `start`, without its marks."""
    lines: list[str] = []
    end = text.rfind("\n", 0, start)  # the end of the line above
    while end >= 0:
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end].strip()
        if not line.startswith("#"):
            break
        lines.append(line[2:] if line.startswith("# ") else line[1:])
        end = begin - 1
    return "\n".join(reversed(lines))


def integer(digits: str) -> int:
    """The value of decimal digits, of any length (Python refuses long ones)."""
    if len(digits) <= 4000:
        return int(digits)
    half = len(digits) // 2
    scale: int = 10**half
    return integer(digits[:-half]) * scale + integer(digits[-half:])


def _written(digits: str, span: Span) -> int:
    """A number of the program."""
    if len(digits) > MOST_DIGITS:
        reason = f"this number has {len(digits):,} digits; at most {MOST_DIGITS:,} are read"
        raise Error(
            "E0506", reason, Span(span.source, span.start, span.start + 1), "write it as a power, such as `10**100`"
        )
    return integer(digits)


def _place(token: Token) -> tuple[int, int]:
    """The characters that hold a token. (Lark's types allow for tokens without a place; its parser makes none.)"""
    return token.start_pos or 0, token.end_pos or 0


def _of(children: Iterable[object], kind: type[Node]) -> tuple[Node, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _nodes(children: Children) -> tuple[Any, ...]:
    return tuple(child for child in children if not isinstance(child, str))


class _Builder:
    """The methods take the children of a rule, tokens and nodes, and the span of all of them."""

    def __init__(self, source: Source, offset: int) -> None:
        self.source = source
        self.offset = offset
        self.methods: dict[str, Callable[[Children, Span], object]] = {}

    def part(self, rule: Tree[Token], done: dict[int, Part]) -> Part:
        """Builds one rule from its parts."""
        children: Children = []
        start = end = -1  # of a rule without words
        depth = brackets = 0
        for child in rule.children:
            if isinstance(child, str):
                children.append(child)
                first, end = _place(child)
            else:
                value, first, end, deep, within = done.pop(id(child))
                children.append(value)
                depth = max(depth, deep)
                brackets = max(brackets, within)
            if start < 0:
                start = first
        name = rule.data
        span = Span(self.source, self.offset + max(start, 0), self.offset + max(end, 0))
        if name in LEVELS:
            depth += 1
        elif name == "parentheses":
            brackets += 1
        if depth > NESTING or brackets > NESTING:
            raise too_deep(Span(self.source, span.start, min(span.end, span.start + 1)))
        method = self.methods.get(name)
        if method is None:
            method = self.methods[name] = getattr(self, name)
        return Part(method(children, span), start, end, depth, brackets)

    def at(self, token: Token) -> Span:
        start, end = _place(token)
        return Span(self.source, self.offset + start, self.offset + end)

    def doc(self, span: Span) -> str:
        return doc_above(self.source.text, span.start)

    # ---- statements

    def script(self, c: Children, span: Span) -> tuple[tree.Statement, ...]:
        return _nodes(c)

    def use(self, c: Children, span: Span) -> tree.Use:
        return tree.Use(_string(c[1]), span)

    def option(self, c: Children, span: Span) -> tree.Option:
        name = [token for token in c[1:-2] if token is not None]
        return tree.Option("".join(map(str, name)), c[-1], span, self.at(name[0]).to(self.at(name[-1])))

    def alphabet(self, c: Children, span: Span) -> tree.Alphabet:
        return tree.Alphabet(str(c[1]), c[3], self.doc(span), span, self.at(c[1]))

    def weights(self, c: Children, span: Span) -> tree.Weights:
        return tree.Weights(str(c[1]), _string(c[3]), self.doc(span), span, self.at(c[1]))

    def show(self, c: Children, span: Span) -> tree.Show:
        return tree.Show(c[0], span)

    def let(self, c: Children, span: Span) -> tree.Let:
        binders = c[2] if isinstance(c[2], tuple) else ()
        return tree.Let(str(c[1]), binders, c[-1], self.doc(span), span, self.at(c[1]))

    def function(self, c: Children, span: Span) -> tree.Function:
        names = [str(child) for child in c[2:-1] if child.type == "NAME"]  # the value is no token
        return tree.Function(str(c[1]), tuple(names), c[-1], self.doc(span), span, self.at(c[1]))

    def indices(self, c: Children, span: Span) -> tuple[tree.Binder, ...]:
        return _nodes(c)

    def check(self, c: Children, span: Span) -> tree.Check:
        body, quantifiers, guard = self._claim(c)
        sampled = integer(c[-1]) if isinstance(c[-1], str) else None
        return tree.Check(body, quantifiers, guard, sampled, span)

    def prove(self, c: Children, span: Span) -> tree.Prove:
        return tree.Prove(*self._claim(c), span)

    def _claim(self, c: Children) -> tuple[tree.Expression, tuple[tree.Quantifier, ...], tree.Expression | None]:
        quantifiers: tuple[tree.Quantifier, ...] = tuple(
            child for child in c if isinstance(child, tree.Parameter | tree.Binder | tree.AtLeast)
        )
        return c[1], quantifiers, _guard(c)

    def at_least(self, c: Children, span: Span) -> tree.AtLeast:
        return tree.AtLeast(str(c[0]), c[2], span)

    # ---- families

    def family(self, c: Children, span: Span) -> tree.Family:
        table = c[0].type == "TABLE"
        name, statics, parameters, result, where = _head(c[2:] if table else c[1:])
        body = c[-1] if isinstance(c[-1], tree.Block) else tree.Block((), c[-1], False, c[-1].span)
        return tree.Family(
            str(name), table, statics, parameters, result, where, body, self.doc(span), span, self.at(name)
        )

    def block(self, c: Children, span: Span) -> tree.Block:
        return tree.Block(_of(c, tree.Let), c[-2], True, span)

    def statics(self, c: Children, span: Span) -> _Statics:
        return _Statics(_nodes(c))

    def static(self, c: Children, span: Span) -> tree.Static:
        return tree.Static(str(c[0]), c[2] if len(c) > 1 else None, span)

    def family_type(self, c: Children, span: Span) -> tree.FamilyType:
        types = _nodes(c)
        return tree.FamilyType(types[:-1], types[-1], span)

    def parameters(self, c: Children, span: Span) -> _Parameters:
        return _Parameters(_nodes(c))

    def parameter(self, c: Children, span: Span) -> tree.Parameter:
        return tree.Parameter(str(c[0]), c[2], span)

    def where(self, c: Children, span: Span) -> _Where:
        return _Where(c[1])

    # ---- transformers

    def transformer(self, c: Children, span: Span) -> tree.Transformer:
        name, statics, parameters, result, where = _head(c[1:])
        steps: tuple[Any, ...] = tuple(
            child for child in c if isinstance(child, tree.Let | tree.Precision | tree.Embed | tree.Layer)
        )
        return tree.Transformer(
            str(name), statics, parameters, result, where, steps, c[-2], self.doc(span), span, self.at(name)
        )

    def precision(self, c: Children, span: Span) -> tree.Precision:
        return tree.Precision(str(c[1]), c[3], str(c[5]) if len(c) > 4 else None, span)

    def embed(self, c: Children, span: Span) -> tree.Embed:
        return tree.Embed(str(c[1]), c[2], c[4], span)

    def layer(self, c: Children, span: Span) -> tree.Layer:
        times = c[1] if c[0].type == "REPEAT" else None
        steps: tuple[Any, ...] = tuple(child for child in c if isinstance(child, tree.Let | tree.Rebind))
        return tree.Layer(times, steps, span)

    def rebind(self, c: Children, span: Span) -> tree.Rebind:
        return tree.Rebind(str(c[0]), c[1], c[3], span)

    # ---- types

    def type(self, c: Children, span: Span) -> tree.Type:
        base = c[0]
        return base if len(c) == 1 else tree.ArrayType(base, _nodes(c)[1:], span)

    def named_type(self, c: Children, span: Span) -> tree.NamedType:
        return tree.NamedType(str(c[0]), _nodes(c), span)

    def symbols(self, c: Children, span: Span) -> tree.Symbols:
        return tree.Symbols(tuple(_string(child) for child in c if child.type == "STRING"), span)

    # ---- expressions

    def if_(self, c: Children, span: Span) -> tree.If:
        return tree.If(c[1], c[3], c[5], span)

    def fold(self, c: Children, span: Span) -> tree.Fold:
        return tree.Fold(str(c[1]), c[3], c[5], c[7], span)

    def disjunction(self, c: Children, span: Span) -> tree.Logic:
        return tree.Logic("or", _nodes(c), span)

    def conjunction(self, c: Children, span: Span) -> tree.Logic:
        return tree.Logic("and", _nodes(c), span)

    def negation(self, c: Children, span: Span) -> tree.Unary:
        return tree.Unary("not", c[1], span)

    def comparison(self, c: Children, span: Span) -> tree.Compare:
        return tree.Compare(str(c[1]), c[0], c[2], span)

    def combine(self, c: Children, span: Span) -> tree.Combine:
        return tree.Combine(str(c[1]), _nodes(c), span)

    def sum(self, c: Children, span: Span) -> tree.Chain:
        return tree.Chain(c[0], tuple((str(c[at]), c[at + 1]) for at in range(1, len(c), 2)), span)

    product = sum

    def unary(self, c: Children, span: Span) -> tree.Unary:
        return tree.Unary(str(c[0]), c[1], span)

    def power(self, c: Children, span: Span) -> tree.Power:
        return tree.Power(c[0], c[2], span)

    def call(self, c: Children, span: Span) -> tree.Call:
        clauses = _of(c, tree.Clause)
        arguments = tuple(_argument(child) for child in c[1:] if not isinstance(child, str | tree.Clause))
        return tree.Call(c[0], arguments, clauses[0] if clauses else None, span)

    def index(self, c: Children, span: Span) -> tree.Index:
        items = tuple(child if isinstance(child, tree.Slice) else _argument(child) for child in _nodes(c)[1:])
        return tree.Index(c[0], items, span)

    def field(self, c: Children, span: Span) -> tree.Field:
        return tree.Field(c[0], str(c[2]), span)

    def named(self, c: Children, span: Span) -> tree.Argument:
        return tree.Argument(str(c[0]), c[2], span)

    def slice(self, c: Children, span: Span) -> tree.Slice:
        return tree.Slice(c[0], c[2], span)

    def name(self, c: Children, span: Span) -> tree.Name:
        return tree.Name(str(c[0]), span)

    def integer(self, c: Children, span: Span) -> tree.Number:
        return tree.Number(_written(c[0], span), str(c[0]), span)

    def decimal(self, c: Children, span: Span) -> tree.Number:
        whole, part = c[0].split(".")
        return tree.Number(Fraction(_written(whole + part, span), 10 ** len(part)), str(c[0]), span)

    def text(self, c: Children, span: Span) -> tree.Text:
        return tree.Text(_string(c[0]), span)

    def parentheses(self, c: Children, span: Span) -> tree.Expression:
        return c[1]  # type: ignore[no-any-return]

    def items(self, c: Children, span: Span) -> tree.Items:
        return tree.Items(_nodes(c), span)

    def comprehension(self, c: Children, span: Span) -> tree.Comprehension:
        return tree.Comprehension(c[1], c[2], span)

    def clause(self, c: Children, span: Span) -> tree.Clause:
        return tree.Clause(_of(c, tree.Binder), _guard(c), span)

    def guard(self, c: Children, span: Span) -> _Guard:
        return _Guard(c[1])

    def binder(self, c: Children, span: Span) -> tree.Binder:
        low = c[2] if c[1] == "in" else None
        return tree.Binder(str(c[0]), str(c[1]), low, c[-1], span)

    count = binder


# Marks on what is optional, so that it is found among its neighbours.


class _Statics(NamedTuple):
    nodes: tuple[tree.Static, ...]


class _Parameters(NamedTuple):
    nodes: tuple[tree.Parameter, ...]


class _Where(NamedTuple):
    condition: tree.Expression


class _Guard(NamedTuple):
    condition: tree.Expression


_Head = tuple["Token", tuple[tree.Static, ...], tuple[tree.Parameter, ...], tree.Type, tree.Expression | None]


def _head(c: Children) -> _Head:
    """Name, statics, parameters, result and `where` of a family or a transformer; c begins with the name."""
    statics = _of(c, _Statics)
    where = _of(c, _Where)
    result = next(child for child in c if isinstance(child, tree.NamedType | tree.Symbols | tree.ArrayType))
    return (
        c[0],
        statics[0].nodes if statics else (),
        _of(c, _Parameters)[0].nodes,
        result,
        where[0].condition if where else None,
    )


def _guard(c: Children) -> tree.Expression | None:
    found = _of(c, _Guard)
    return found[0].condition if found else None


def _argument(child: Any) -> tree.Argument:
    return child if isinstance(child, tree.Argument) else tree.Argument(None, child, child.span)


def _string(token: str) -> str:
    return str(token[1:-1])


def too_deep(span: Span) -> Error:
    return Error(
        "E0108", f"nested more than {NESTING} deep", span, "name the inner parts with `let`, or write a family for them"
    )

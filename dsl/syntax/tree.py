"""The surface tree: what was written, before any name is looked up.

One frozen dataclass a kind of phrase, each with a `span` that takes no part in equality. Chains of left-associative
operators are flat, so that a sum of 20,000 terms is not 20,000 levels deep.
"""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


# ---- expressions


@record
class Number:
    """An integer or a decimal: `12`, `0.5` (exact)."""

    value: int | Fraction
    text: str
    span: Span = _span()


@record
class Text:
    """A string literal without its quotes: bits, symbols or a path."""

    value: str
    span: Span = _span()


@record
class Name:
    name: str
    span: Span = _span()


@record
class Items:
    """An array literal `[a, b, c]`."""

    elements: tuple[Expression, ...]
    span: Span = _span()


@record
class Binder:
    """`name < high`, `name <= high` (low is None) or `name in low..high`. operator: "<", "<=", "in"."""

    name: str
    operator: str
    low: Expression | None
    high: Expression
    span: Span = _span()


@record
class Clause:
    """What follows `for` in a comprehension: binders, then a guard."""

    binders: tuple[Binder, ...]
    guard: Expression | None
    span: Span = _span()


@record
class Comprehension:
    """`[body for clause]`."""

    body: Expression
    clause: Clause
    span: Span = _span()


@record
class If:
    condition: Expression
    then: Expression
    other: Expression
    span: Span = _span()


@record
class Fold:
    """`fold state = init for index < times yield step`."""

    state: str
    init: Expression
    binder: Binder
    step: Expression
    span: Span = _span()


@record
class Logic:
    """`a or b or c`, `a and b`: operator is "or" or "and"."""

    operator: str
    operands: tuple[Expression, ...]
    span: Span = _span()


@record
class Unary:
    """operator is "not", "!" or "-"."""

    operator: str
    operand: Expression
    span: Span = _span()


@record
class Compare:
    """operator is one of `< <= > >= == !=`."""

    operator: str
    left: Expression
    right: Expression
    span: Span = _span()


@record
class Combine:
    """`a & b & c`: one operator of `& | ^` on two or more operands."""

    operator: str
    operands: tuple[Expression, ...]
    span: Span = _span()


@record
class Chain:
    """`first op e op e ...`, left-associative; all operators of one level: `+ -` or `* / // % << >>`."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    span: Span = _span()


@record
class Power:
    base: Expression
    exponent: Expression
    span: Span = _span()


@record
class Argument:
    """An argument of a call or an item in brackets; name is None where none was written."""

    name: str | None
    value: Expression
    span: Span = _span()


@record
class Slice:
    """`low..high` in brackets."""

    low: Expression
    high: Expression
    span: Span = _span()


@record
class Call:
    """`f(a, b)`, `f(a, k = 3)`, `f(a, b for i < n)`."""

    function: Expression
    arguments: tuple[Argument, ...]
    clause: Clause | None
    span: Span = _span()


@record
class Index:
    """`x[i, j]`, `x[a..b]`, `THR[k]`, `f[n = 8]`: what it means depends on what the base names."""

    base: Expression
    items: tuple[Argument | Slice, ...]
    span: Span = _span()


@record
class Field:
    """`word.bits`, `W.name`."""

    base: Expression
    name: str
    span: Span = _span()


Expression = (
    Number
    | Text
    | Name
    | Items
    | Comprehension
    | If
    | Fold
    | Logic
    | Unary
    | Compare
    | Combine
    | Chain
    | Power
    | Call
    | Index
    | Field
)

# ---- types


@record
class NamedType:
    """`bit`, `uint(w)`, `form(0, n)`, `float(p, nearest)`, `Sigma`, and `integer`, `bool`, `rational` for statics."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span = _span()


@record
class Symbols:
    """`{"a", "b"}`."""

    symbols: tuple[str, ...]
    span: Span = _span()


@record
class ArrayType:
    """`base[m, n]`; base is never an array."""

    base: NamedType | Symbols
    shape: tuple[Expression, ...]
    span: Span = _span()


@record
class FamilyType:
    """`(bit[n]) -> bit`, the type of a family that is passed as a static parameter."""

    parameters: tuple[Type, ...]
    result: Type
    span: Span = _span()


Type = NamedType | Symbols | ArrayType

# ---- statements


@record
class Static:
    """A static parameter in brackets; an integer unless annotated."""

    name: str
    type: Type | FamilyType | None
    span: Span = _span()


@record
class Parameter:
    name: str
    type: Type
    span: Span = _span()


@record
class Let:
    """`let name = e` or `let name[i < n] = e`; at the top level or in a block."""

    name: str
    binders: tuple[Binder, ...]
    value: Expression
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class Function:
    """`let f(a, b) = e`: a static function."""

    name: str
    parameters: tuple[str, ...]
    body: Expression
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class Block:
    """`{ let ... return e }`; `= e` is a block without lets."""

    lets: tuple[Let, ...]
    result: Expression
    braces: bool
    span: Span = _span()


@record
class Family:
    name: str
    table: bool
    statics: tuple[Static, ...]
    parameters: tuple[Parameter, ...]
    result: Type
    where: Expression | None
    body: Block
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class Precision:
    name: str
    value: Expression
    rounding: str | None
    span: Span = _span()


@record
class Embed:
    name: str
    binders: tuple[Binder, ...]
    value: Expression
    span: Span = _span()


@record
class Rebind:
    name: str
    binders: tuple[Binder, ...]
    value: Expression
    span: Span = _span()


@record
class Layer:
    """`layer { ... }`, or `repeat times layer { ... }`."""

    times: Expression | None
    steps: tuple[Let | Rebind, ...]
    span: Span = _span()


@record
class Transformer:
    name: str
    statics: tuple[Static, ...]
    parameters: tuple[Parameter, ...]
    result: Type
    where: Expression | None
    steps: tuple[Let | Precision | Embed | Layer, ...]
    returned: Expression
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class Use:
    path: str
    span: Span = _span()


@record
class Option:
    name: str
    value: Expression
    span: Span = _span()
    name_span: Span = _span()


@record
class Alphabet:
    name: str
    symbols: Symbols
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class Weights:
    name: str
    path: str
    doc: str = field(compare=False, repr=False)
    span: Span = _span()
    name_span: Span = _span()


@record
class AtLeast:
    """`n >= 4` among the quantifiers of a claim."""

    name: str
    low: Expression
    span: Span = _span()


Quantifier = Parameter | Binder | AtLeast


@record
class Check:
    """`check body for quantifiers if guard sampled count`."""

    body: Expression
    quantifiers: tuple[Quantifier, ...]
    guard: Expression | None
    sampled: int | None
    span: Span = _span()


@record
class Prove:
    body: Expression
    quantifiers: tuple[Quantifier, ...]
    guard: Expression | None
    span: Span = _span()


@record
class Show:
    """An expression as a statement: its value is printed."""

    value: Expression
    span: Span = _span()


Definition = Let | Function | Family | Transformer | Alphabet | Weights
Statement = Definition | Use | Option | Check | Prove | Show


@record
class Script:
    statements: tuple[Statement, ...]
    span: Span = _span()

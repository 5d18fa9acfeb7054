"""The typed program: the closed set of node kinds that every reading walks.

Below this level no name is looked up in a scope and nothing is converted silently: where the text uses a form as a
bit, there is a `ToBit`; where it uses an integer as a bit, a `Lift`. Every node has a `type` and a `span`; neither
takes part in equality. Static nodes (type `Static` or `FamilyOf`) have no wires in them; all others are wires.

What a text says once is built once: a `let`, an operand, an argument, a condition and a fold state are evaluated once.
Places (for gate numbers) follow evaluation order: operands from left to right before their operator, `let`s in order,
`then` before `else`, folds step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.types import FamilyOf, Static, Type, Wires
from tc0.dsl.numbers.floats import Float, Format
from tc0.dsl.numbers.real import Real
from tc0.dsl.ops.float_operators import Meaning


def _type() -> Type:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


# A static value outside of any context: integers, booleans, exact rationals, strings, arrays (nested tuples of equal
# shape), and families with some parameters fixed.
StaticValue = "int | bool | Fraction | str | tuple[StaticValue, ...] | Applied"


# ---- static and structural nodes (the type says whether there are wires in them)


@record
class Constant:
    """A static value that is known."""

    value: int | bool | Fraction | Real | Float | str | tuple  # type: ignore[type-arg]
    type: Type = _type()
    span: Span = _span()


@record
class Variable:
    """A local name: a parameter, a size, a binder, a `let`, a fold state or index."""

    name: str
    type: Type = _type()
    span: Span = _span()


@record
class Apply:
    """A static function or operator of the table `ops.functions` on static arguments."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type = _type()
    span: Span = _span()


@record
class Logic:
    """`and` / `or` of static booleans; evaluation stops early (an operand is evaluated only where it matters)."""

    operator: str
    operands: tuple[Expr, ...]
    type: Type = _type()
    span: Span = _span()


@record
class Reduce:
    """A static `SUM`, `min` or `max` over all elements of a static array (min and max of none are errors)."""

    function: str
    array: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Invoke:
    """A call of a static function of the user: `let f(a, b) = e`."""

    function: Function
    arguments: tuple[Expr, ...]
    type: Type = _type()
    span: Span = _span()


@record
class Length:
    """`len(x)`: dimension `axis` (0 in the text) of an array of statics or of wires. The array is evaluated (and its
    gates exist) as the text says; for a plain name that costs nothing."""

    array: Expr
    axis: int
    type: Type = _type()
    span: Span = _span()


@record
class Reference:
    """A family as a static value, with some of its static and size parameters fixed: `exactly[2*j + 1]`."""

    family: Family
    fixed: tuple[tuple[str, Expr], ...]
    type: Type = _type()
    span: Span = _span()


@record
class If:
    """A static choice: only the chosen branch is built. The branches may differ in shape, not in element or rank."""

    condition: Expr
    then: Expr
    other: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Fold:
    """`step` repeated `times` times; `state` and `index` are variables in `step`. Type and shape stay equal."""

    state: str
    init: Expr
    index: str
    times: Expr
    step: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Bound:
    """A binder: `low <= name < high` (`i <= e` has become `i < e + 1`)."""

    name: str
    low: Expr
    high: Expr
    span: Span = _span()


@record
class Comprehension:
    """An array: `body` at every point. separate: one dimension per binder (no bound mentions an earlier binder, no
    guard); otherwise the result has one dimension, in lexicographic order. An array body adds its own dimensions,
    which must be equal at all points (ragged is an error)."""

    bounds: tuple[Bound, ...]
    guard: Expr | None
    body: Expr
    separate: bool
    type: Type = _type()
    span: Span = _span()


@record
class Items:
    """An array literal; elements of equal type, and of equal shape at evaluation."""

    elements: tuple[Expr, ...]
    type: Type = _type()
    span: Span = _span()


@record
class Range:
    """A slice `low..high` among the selectors of an `Element`: 0 <= low <= high <= length."""

    low: Expr
    high: Expr
    span: Span = _span()


@record
class Element:
    """`array[selectors]`: an index removes its dimension, a range keeps it; missing trailing selectors keep theirs."""

    array: Expr
    selectors: tuple[Expr | Range, ...]
    type: Type = _type()
    span: Span = _span()


@record
class Local:
    """A `let` in a block, `let name[binders] = e` being a comprehension already."""

    name: str
    value: Expr
    span: Span = _span()


@record
class Block:
    """`let`s in order (each is built, used or not), then the result."""

    locals: tuple[Local, ...]
    result: Expr
    type: Type = _type()
    span: Span = _span()


# ---- statics and words become wires


@record
class Lift:
    """A static value as wires of `type`: a bit (0 or 1, checked), a word (checked to fit), a symbol (checked to be in
    the alphabet), a form (a constant), or an array of these from a static array or a string ("10110", x[0] first;
    "abba" spells symbols). No gate. A bit is a constant wire (0 or 1); a form has no terms."""

    value: Expr
    type: Type = _type()
    span: Span = _span()


@record
class ToForm:
    """Bits as forms, element by element: one term of weight 1, range 0..1. Free."""

    value: Expr
    type: Type = _type()
    span: Span = _span()


@record
class ToBit:
    """Forms as bits, element by element: one gate `L >= 1` each.

    declared: written as `bit(L)`; then the range may be anything and every evaluation verifies that L is 0 or 1.
    Otherwise the range must lie within 0..1, which is checked when the circuit is built.
    """

    value: Expr
    declared: bool
    type: Type = _type()
    span: Span = _span()


@record
class Value:
    """`value(word)`: the form SUM(2**i * bit i) (the top bit of an `int` has a negative weight), with the word's full
    range. Element by element on arrays. Free."""

    word: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Bits:
    """`e.bits`: the wires of a word (or symbol, or float) as bit[w]; on an array of words, bit[..., w]. Free."""

    word: Expr
    type: Type = _type()
    span: Span = _span()


@record
class AsWord:
    """`uint(w)(bits)`, `float(p)(bits)`: bit[w] read as a word or a float of `type`; the length must be w. Free."""

    bits: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Resize:
    """A word as a word of `type`: truncated, or extended (with zeros from uint, with the sign from int). On an array of
    words, element by element. Free."""

    word: Expr
    type: Type = _type()
    span: Span = _span()


# ---- gates


@record
class Gate:
    """AND, OR, MAJ of single bits or forms (`spread` False), or of all elements of one array (`spread` True; one
    operand, an array of bits or forms of any rank). With a form among the operands the gate is the weighted threshold
    that results: AND: sum >= number of operands, OR: sum >= 1, MAJ: 2 * sum > number of operands; each form must have
    its range within 0..1. Where every operand is a single bit b or 1 - b it counts as what it is written as."""

    function: str
    operands: tuple[Expr, ...]
    spread: bool
    type: Type = _type()
    span: Span = _span()


@record
class Not:
    """`!x` / `NOT(x)`: of a bit, a NOT gate; of a form L within 0..1, one gate `1 - L >= 1` (a NOT where L is one bit)."""

    operand: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Xor:
    """`a ^ b` of two bits: `(a & !b) | (!a & b)`, 5 gates, numbered NOT b, AND, NOT a, AND, OR."""

    left: Expr
    right: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Threshold:
    """`THR[k](xs)`: the sum of the operands (bits or forms, as in `Gate`) is at least k."""

    least: Expr
    operands: tuple[Expr, ...]
    spread: bool
    type: Type = _type()
    span: Span = _span()


@record
class Modulo:
    """`MOD[m, r](xs)`: the number of ones among bits is r modulo m; m >= 1."""

    modulus: Expr
    residue: Expr
    operands: tuple[Expr, ...]
    spread: bool
    type: Type = _type()
    span: Span = _span()


@record
class Choose:
    """A multiplexer: `condition` is a bit, `then` and `other` have the same wire type (bits, words, symbols, or arrays
    of them, of equal shape). NOT of the condition once, then for each wire `(c & a) | (!c & b)`. Numbering: the NOT,
    all first ANDs, all second ANDs, all ORs."""

    condition: Expr
    then: Expr
    other: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Same:
    """`==` (or `!=`, negated) of words of one type, symbols, or arrays of bits, words, symbols or forms of one shape: one
    AND of the equalities of their bits (of their elements, for forms), each two thresholds with an AND; `!=` its NOT."""

    left: Expr
    right: Expr
    negated: bool
    type: Type = _type()
    span: Span = _span()


@record
class IsSymbol:
    """`w == "a"` (or `!=`, negated): one AND of the code bits b or 1 - b; `!=` its NOT. number: a static integer, the
    symbol's number in the alphabet."""

    symbol: Expr
    number: Expr
    negated: bool
    type: Type = _type()
    span: Span = _span()


# ---- linear forms


@record
class Linear:
    """The sum of forms with signs +1 or -1. Free."""

    terms: tuple[tuple[int, Expr], ...]
    type: Type = _type()
    span: Span = _span()


@record
class Scale:
    """A static integer times a form. Free. A weight 0 keeps its terms."""

    weight: Expr
    form: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Sum:
    """`SUM` of all elements of an array of bits or forms. Free; range and constants add."""

    array: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Quotient:
    """`L // m` (static m >= 1): lo // m plus one gate `L >= t * m` for every t with lo < t * m <= hi; range lo // m .. hi // m."""

    form: Expr
    modulus: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Remainder:
    """`L % m`: L - m * (L // m), with range 0..m-1."""

    form: Expr
    modulus: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Within:
    """`within(L, lo, hi)`: declares a range; every evaluation verifies it. Free."""

    form: Expr
    low: Expr
    high: Expr
    type: Type = _type()
    span: Span = _span()


@record
class Compare:
    """A comparison of two forms: `>= > <= <` are one gate over the terms of left then right; `==` two (>=, then <=) and
    an AND, `!=` two (>, then <) and an OR. The gates of one comparison share its row of terms."""

    operator: str
    left: Expr
    right: Expr
    type: Type = _type()
    span: Span = _span()


# ---- calls


@record
class Call:
    """A family applied to arguments of its parameter types. target: of type `FamilyOf` (a `Reference` or a static
    parameter). Sizes that are not fixed are bound from the arguments' shapes (see `Size`).

    meaning: where the text has an operator on floats; the value reading then computes what it means, all others what the
    family says. On wires a float and its code are the same.
    """

    target: Expr
    arguments: tuple[Expr, ...]
    type: Type = _type()
    span: Span = _span()
    meaning: Meaning | None = None


@record
class Measure:
    """A figure of a family or circuit: `size(f[n = 8])`. Static; only in expressions and claims at the top level.

    figure: "size", "wires", "unit_wires", "depth", "fanin", "largest_weight", or "class" (its place in the chain of
    `ops.classes`). subject: of type `FamilyOf`. negation:
    "gate", "free", or None for the session's option. In a claim, sizes that are not fixed stand for the claim's
    quantifiers of the same name.
    """

    figure: str
    subject: Expr
    negation: str | None
    type: Type = _type()
    span: Span = _span()


@record
class Report:
    """A verb that answers with a report instead of a value: `optimize(f[n = 8])`. Only as a whole statement."""

    verb: str
    arguments: tuple[Expr, ...]
    options: tuple[tuple[str, Expr], ...]
    type: Type = _type()
    span: Span = _span()


Expr = (
    Constant
    | Variable
    | Apply
    | Logic
    | Reduce
    | Invoke
    | Length
    | Reference
    | If
    | Fold
    | Comprehension
    | Items
    | Element
    | Block
    | Lift
    | ToForm
    | ToBit
    | Value
    | Bits
    | AsWord
    | Resize
    | Gate
    | Not
    | Xor
    | Threshold
    | Modulo
    | Choose
    | Same
    | IsSymbol
    | Linear
    | Scale
    | Sum
    | Quotient
    | Remainder
    | Within
    | Compare
    | Call
    | Measure
    | Report
)


# ---- definitions


class Lazy:
    """A body that is resolved when it is first needed, so that families may call one another."""

    __slots__ = ("_compute", "_value", "_busy")

    def __init__(self, compute: Callable[[], Expr]) -> None:
        self._compute: Callable[[], Expr] | None = compute
        self._value: Expr | None = None
        self._busy = False

    def get(self) -> Expr:
        if self._value is None:
            assert self._compute is not None and not self._busy, "a body needs its own body"
            self._busy = True
            try:
                self._value = self._compute()
            finally:
                self._busy = False
            self._compute = None
        return self._value


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A static function `let f(a, b) = e`. Its parameters are of kind ANY: evaluation checks."""

    name: str
    parameters: tuple[str, ...]
    body: Lazy
    doc: str
    span: Span


@record
class StaticParameter:
    """A parameter in brackets. type: `Static` or `FamilyOf`. shape: of a static array, as written (`W: integer[m, n]`).
    float: the type of a float, where it is one."""

    name: str
    type: Static | FamilyOf
    span: Span = _span()
    shape: tuple[Expr, ...] = ()
    float: Format | None = None


@record
class Parameter:
    """A parameter on wires. Shape and widths of its type are static expressions in sizes and static parameters."""

    name: str
    type: Wires
    span: Span = _span()


@record
class Size:
    """A size parameter and where it is bound from.

    parameter, axis: the place of its first bare use: dimension `axis` of that parameter's shape (`axis` equal to the
    rank means the width of its words). Both None: it has no bare use.
    scale, offset: with no bare use, a linear use `scale * name + offset` at (parameter, axis) is solved; then offset is
    a static expression in other sizes and statics. All None: it must be given (`f[n = 3](x)`); where it is a dimension
    of a static array parameter (`W: integer[m, n]`), the resolver gives it from that array.
    """

    name: str
    parameter: int | None
    axis: int | None
    scale: int | None
    offset: Expr | None
    span: Span = _span()


@record
class Heads:
    """Attention in a layer: the library family that is called, how many heads each position has by it, and the call."""

    family: str
    count: Expr
    call: Call


@record
class Stage:
    """A layer of the text. stream: the local that holds the stream after it. times: how often it is repeated."""

    stream: str
    times: Expr
    heads: tuple[Heads, ...]


@record
class Stack:
    """What makes a family a transformer. stream: the text's name of the residual stream; the local `stream 0` holds the
    embedding. precision, width: static expressions in static parameters and sizes (width None: known at instantiation)."""

    stream: str
    precision: Expr
    nearest: bool
    width: Expr | None
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A family: a signature, and a body that is resolved when first needed.

    where: a static boolean in sizes and static parameters, or None. table: realised as one lookup (section 5).
    library: defined by the standard library. body: an `Expr` of type `result` (a `Block`). stack: of a transformer, what
    it consists of; None of other families.
    """

    name: str
    statics: tuple[StaticParameter, ...]
    sizes: tuple[Size, ...]
    parameters: tuple[Parameter, ...]
    result: Wires
    where: Expr | None
    body: Lazy
    table: bool
    library: bool
    doc: str
    span: Span
    stack: Callable[[], Stack] | None = None

    @property
    def type(self) -> FamilyOf:
        return FamilyOf(tuple(p.type for p in self.parameters), self.result)


@record
class Quantified:
    """A size or static integer of a claim: low <= name < high. high None: unbounded (`n >= 4`), decided symbolically."""

    name: str
    low: Expr
    high: Expr | None
    span: Span = _span()


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """`check body for quantifiers if guard` (or `prove`).

    integers: sizes and static integers in the order written; later bounds may mention earlier ones. Sizes that a claim
        about costs leaves open are among them, from 1 on without an end.
    family: inputs of the claim as parameters (sizes and integers as its static parameters), body as its result, a bit;
        None for a claim without wires. guard: the same with the guard as its result.
    body, static_guard: for a claim without wires, a static boolean (it may contain `Measure`).
    """

    integers: tuple[Quantified, ...]
    family: Family | None
    guard: Family | None
    body: Expr | None
    static_guard: Expr | None
    sampled: int | None
    proof: bool
    span: Span


@record
class Applied:
    """A family with static values for some or all of its static and size parameters; with all of them it is a circuit."""

    family: Family
    values: tuple[tuple[str, object], ...]

    def value(self, name: str) -> object | None:
        return dict(self.values).get(name)

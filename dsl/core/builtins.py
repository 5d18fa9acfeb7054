"""Gates, sums and the few functions that mean something on wires: typed calls to nodes.

One row a name. Names of gates and functions are plain names: a user's definition of the same name hides them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tc0.dsl.base.digits import are_given
from tc0.dsl.base.errors import Error
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core import float_wires, floats, operators
from tc0.dsl.core.calls import call
from tc0.dsl.core.convert import as_form, as_integer, coerce, join
from tc0.dsl.core.program import (
    Bound,
    Comprehension,
    Constant,
    Element,
    Expr,
    Gate,
    Items,
    Length,
    Modulo,
    Reduce,
    Reference,
    Sum,
    Threshold,
    ToBit,
    Value,
    Variable,
    Within,
)
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.shapes import Dim, apply
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import BIT, FORM, INTEGER, Bit, FamilyOf, Form, Kind, Static, Wires, Word
from tc0.dsl.ops.functions import FUNCTIONS
from tc0.dsl.ops.words import COUNT_FAMILY


@record
class Use:
    """A call of a builtin: its name, the static parameters in brackets, the arguments, and where it stands."""

    name: str
    brackets: tuple[Expr, ...]
    arguments: tuple[Expr, ...]
    span: Span
    scope: Scope


@record
class BuiltinRow:
    """brackets: how many static parameters it takes, least and most. build: the node of a use. doc: one line."""

    name: str
    build: Callable[[Use], Expr]
    doc: str
    brackets: tuple[int, int] = (0, 0)


def build(use: Use) -> Expr:
    """The node of a call of a builtin or of a static function."""
    if not use.brackets and float_wires.reduces(use.name, use.arguments):
        return float_wires.reduction(use.scope, use.name, use.arguments, use.span, call)
    if not use.brackets and floats.reduces(use.name, use.arguments):
        return floats.reduction(use.name, use.arguments, use.span)
    row = BUILTINS.get(use.name)
    least, most = row.brackets if row is not None else (0, 0)
    if not least <= len(use.brackets) <= most:
        raise _brackets(use, least)
    if row is not None:
        return row.build(use)
    return _function(use)


def _brackets(use: Use, least: int) -> Error:
    if use.brackets and least == 0 and use.name not in ("MOD", "THR"):
        return Error("E0304", f"`{use.name}` has no parameters in brackets", use.span, f"write `{use.name}(..)`")
    if use.brackets:
        most = {"THR": "1 parameter", "MOD": "2 parameters"}[use.name]
        shown = f"`{use.name}` has {most} in brackets, but {are_given(len(use.brackets))}"
        return Error("E0304", shown, use.brackets[-1].span, _BRACKETS[use.name])
    return Error("E0306", f"`{use.name}` needs its parameter in brackets", use.span, _BRACKETS[use.name])


_BRACKETS = {"THR": "`THR[k](xs)`: 1 iff at least k inputs are 1", "MOD": "`MOD[m](xs)` or `MOD[m, r](xs)`"}


# ---- operands of gates


def _operands(use: Use, forms: bool) -> tuple[tuple[Expr, ...], bool]:
    """The inputs of a gate: one array (spread), or several single bits. forms: whether 0/1 forms may stay forms."""
    what = f"an input of `{use.name}`"
    if len(use.arguments) == 1 and _is_array(use.arguments[0]):
        return (_bits_array(use.arguments[0], what, forms),), True
    for argument in use.arguments:
        if _is_array(argument):
            hint = f"join the arrays first, or combine gates: `{use.name}({use.name}(x), {use.name}(y))`"
            raise Error(
                "E0310", f"`{use.name}` takes one array or several single bits, not a mixture", argument.span, hint
            )
    taken = [operators.gate_operand(a, what) for a in use.arguments]
    return tuple(taken if forms else [coerce(t, BIT, what) for t in taken]), False


def _is_array(expr: Expr) -> bool:
    match expr.type:
        case Wires(shape=shape):
            return bool(shape)
        case Static(kind=Kind.TEXT):
            return True
        case Static(rank=rank):
            return bool(rank)
        case _:
            return False


def _bits_array(array: Expr, what: str, forms: bool) -> Expr:
    """An array of bits (or of forms) of any rank; constants and strings become bits."""
    match array.type:
        case Static(kind=Kind.TEXT, rank=rank):
            return coerce(array, Wires(Bit(), (None,) * ((rank or 0) + 1)), what)
        case Static(rank=rank):
            return coerce(array, Wires(Bit(), (None,) * (rank or 0)), what)
        case Wires(element=Form()) if forms:
            return array
        case Wires(shape=shape):
            return coerce(array, Wires(Bit(), (None,) * len(shape)), what)
        case _:
            return coerce(array, BIT, what)


def _gate(use: Use) -> Expr:
    operands, spread = _operands(use, forms=True)
    return Gate(use.name, operands, spread, BIT, use.span)


def _not(use: Use) -> Expr:
    if len(use.arguments) != 1:
        raise Error("E0304", f"`NOT` takes 1 argument, but {are_given(len(use.arguments))}", use.span)
    if _is_array(use.arguments[0]):
        raise Error("E0308", "`NOT` takes one bit, not an array", use.arguments[0].span, "write `[!x[i] for i < n]`")
    return operators.invert(use.arguments[0], use.span)


def _threshold(use: Use) -> Expr:
    operands, spread = _operands(use, forms=True)
    return Threshold(as_integer(use.brackets[0], "the threshold of `THR`"), operands, spread, BIT, use.span)


def _modulo(use: Use) -> Expr:
    operands, spread = _operands(use, forms=False)
    modulus = as_integer(use.brackets[0], "the modulus of `MOD`")
    if isinstance(modulus, Constant) and isinstance(modulus.value, int) and modulus.value < 1:
        raise Error("E0603", f"a modulus must be at least 1, not {modulus.value}", modulus.span)
    residue = (
        as_integer(use.brackets[1], "the residue of `MOD`") if len(use.brackets) > 1 else Constant(0, INTEGER, use.span)
    )
    return Modulo(modulus, residue, operands, spread, BIT, use.span)


# ---- sums and forms


def _one(use: Use) -> Expr:
    if len(use.arguments) != 1:
        raise Error("E0304", f"`{use.name}` takes 1 argument, but {are_given(len(use.arguments))}", use.span)
    return use.arguments[0]


def _collect(use: Use) -> Expr:
    """The elements of a sum or a maximum as one array."""
    if len(use.arguments) == 1 and _is_array(use.arguments[0]):
        return use.arguments[0]
    arguments = operators.alike(use.arguments, f"an argument of `{use.name}`", use.span)
    elements, type = join(arguments, f"the arguments of `{use.name}`", use.span)
    match type:
        case Wires(element=element, shape=()):
            return Items(tuple(elements), Wires(element, (Constant(len(elements), INTEGER, use.span),)), use.span)
        case Static(kind=kind, rank=0 | None):
            return Items(tuple(elements), Static(kind, 1), use.span)
        case _:
            raise Error("E0310", f"`{use.name}` takes one array or several single values", use.span)


def _sum(use: Use) -> Expr:
    if not use.arguments:
        return Constant(0, INTEGER, use.span)
    array = _collect(use)
    match array.type:
        case Static(kind=Kind.TEXT):
            return Sum(_bits_array(array, "the argument of `SUM`", forms=True), FORM, use.span)
        case Static(kind=kind):
            if kind is Kind.BOOL:
                raise Error(
                    "E0302",
                    "`SUM` takes numbers, but these are booleans",
                    array.span,
                    "count them: `SUM(if c then 1 else 0 for ..)`",
                )
            return Reduce("SUM", array, Static(kind, None if kind is Kind.ANY else 0), use.span)
        case Wires(element=Bit() | Form()):
            return Sum(array, FORM, use.span)
        case Wires(element=Word()):
            return operators.word_operation(use.scope, "SUM", (_in_a_row(array),), use.span, call)
        case _:
            raise Error("E0303", f"`SUM` does not add {show_type(array.type)}", use.span)


def _extreme(use: Use) -> Expr:
    """`min` and `max` of statics."""
    if len(use.arguments) == 1 and isinstance(use.arguments[0].type, Static) and use.arguments[0].type.rank != 0:
        kind = use.arguments[0].type.kind
        return Reduce(use.name, use.arguments[0], Static(kind, None if kind is Kind.ANY else 0), use.span)
    return _function(use)


def _value(use: Use) -> Expr:
    word = _one(use)
    match word.type:
        case Wires(element=Word(), shape=shape):
            return Value(word, Wires(Form(), shape), use.span)
        case Wires(element=Bit(), shape=(_,)):
            hint = "for bits write `SUM(2**i * x[i] for i < n)`, or `value(uint(n)(x))`"
            raise Error("E0303", "`value` takes a word, but this is an array of bits", word.span, hint)
        case _:
            raise Error("E0303", f"`value` takes a word, but this is {show_type(word.type)}", word.span)


def _bit(use: Use) -> Expr:
    """`bit(L)` of a form; `bit(i, j)` of statics."""
    if len(use.arguments) != 1:
        return _function(use)
    return ToBit(as_form(use.arguments[0], "the argument of `bit`"), True, BIT, use.span)


def _within(use: Use) -> Expr:
    if len(use.arguments) != 3:
        raise Error(
            "E0304",
            f"`within` takes 3 arguments, but {are_given(len(use.arguments))}",
            use.span,
            "`within(L, lo, hi)`, both inclusive",
        )
    form = operators.linear_operand(use.arguments[0], "within")
    low, high = as_integer(use.arguments[1], "the lower bound"), as_integer(use.arguments[2], "the upper bound")
    return Within(form, low, high, FORM, use.span)


def _length(use: Use) -> Expr:
    array = _one(use)
    match array.type:
        case Static(kind=Kind.TEXT, rank=0) if isinstance(array, Constant) and isinstance(array.value, str):
            return Constant(len(array.value), INTEGER, use.span)
        case Static(kind=Kind.TEXT | Kind.ANY):
            return Length(array, 0, INTEGER, use.span)
        case Static(rank=rank) if rank:
            return Length(array, 0, INTEGER, use.span)
        case Wires(shape=(_, *_)):
            return Length(array, 0, INTEGER, use.span)
        case Wires(element=Word()):
            raise Error(
                "E0308", "`len` takes an array, but this is one word", array.span, "the wires of a word are `a.bits`"
            )
        case _:
            raise Error("E0308", f"`len` takes an array, but this is {show_type(array.type)}", array.span)


def _count(use: Use) -> Expr:
    array = _in_a_row(_bits_array(_collect(use), "the argument of `COUNT`", forms=False)) if use.arguments else None
    if array is None:
        raise Error("E0304", "`COUNT` takes an array of bits", use.span, "`COUNT(x)`")
    family = use.scope.chosen(COUNT_FAMILY) or use.scope.library(COUNT_FAMILY)
    return call(Reference(family, (), family.type, use.span), (array,), use.span)


def _of_words(use: Use) -> Expr:
    """MAX, MIN and SORT."""
    if not use.arguments:
        raise Error(
            "E0712", f"`{use.name}` of nothing", use.span, f"`{use.name}(a, b)`, or `{use.name}(a[i] for i < n)`"
        )
    array = _collect(use)
    match array.type:
        case Wires(element=Word()):
            return operators.word_operation(use.scope, use.name, (_in_a_row(array),), use.span, call)
        case Static(kind=Kind.INTEGER | Kind.RATIONAL | Kind.REAL | Kind.ANY):
            raise Error("E0303", f"`{use.name}` takes words, but these are static", use.span, _STATIC_HINTS[use.name])
        case _:
            hint = (
                "write `OR(x)`, `AND(x)` or `sort_bits(x)`"
                if isinstance(array.type, Wires) and isinstance(array.type.element, Bit)
                else None
            )
            raise Error("E0303", f"`{use.name}` takes words, not {show_type(array.type)}", use.span, hint)


_STATIC_HINTS = {
    "MAX": "of statics write `max(..)`",
    "MIN": "of statics write `min(..)`",
    "SORT": "give them a type: `uint(8)(22)`",
}


def _in_a_row(array: Expr) -> Expr:
    """An array of any rank as one of rank 1, in row-major order."""
    assert isinstance(array.type, Wires)
    rank, span = len(array.type.shape), array.span
    if rank <= 1:
        return array
    names = [f"place {axis}" for axis in range(rank)]
    zero = Constant(0, INTEGER, span)
    bounds = tuple(Bound(name, zero, Length(array, axis, INTEGER, span), span) for axis, name in enumerate(names))
    body = Element(array, tuple(Variable(name, INTEGER, span) for name in names), Wires(array.type.element), span)
    length: Dim = Constant(1, INTEGER, span)
    for dim in array.type.shape:
        length = apply("*", span, length, dim)
    return Comprehension(bounds, None, body, False, Wires(array.type.element, (length,)), span)


# ---- static functions


def _function(use: Use) -> Expr:
    row = FUNCTIONS[use.name]
    least = len(row.takes)
    if len(use.arguments) < least or (len(use.arguments) > least and not row.many):
        shown = f"{least} argument" + ("" if least == 1 else "s") + (" or more" if row.many else "")
        raise Error(
            "E0304",
            f"`{use.name}` takes {shown}, but {are_given(len(use.arguments))}",
            use.span,
            f"{use.name}: {row.doc}",
        )
    for argument in use.arguments:
        if isinstance(argument.type, FamilyOf):
            raise Error("E0307", f"`{use.name}` takes values, but this is a family", argument.span)
        if use.name == "abs" and operators.is_word(argument):
            return operators.word_operation(use.scope, "abs", (argument,), use.span, call)
        if float_wires.is_float(argument) and use.name in float_wires.FUNCTIONS:
            return float_wires.unary(use.scope, use.name, argument, use.span, call)
    return operators.static(use.name, use.arguments, use.span)


def _rows(*rows: BuiltinRow) -> Mapping[str, BuiltinRow]:
    return MappingProxyType({row.name: row for row in rows})


BUILTINS: Mapping[str, BuiltinRow] = _rows(
    BuiltinRow("AND", _gate, "1 iff all inputs are 1; AND() is 1"),
    BuiltinRow("OR", _gate, "1 iff some input is 1; OR() is 0"),
    BuiltinRow("NOT", _not, "1 iff its input is 0"),
    BuiltinRow("MAJ", _gate, "1 iff more than half of the inputs are 1; MAJ() is 0"),
    BuiltinRow("THR", _threshold, "THR[k](xs): 1 iff the (weighted) number of ones is at least k", (1, 1)),
    BuiltinRow("MOD", _modulo, "MOD[m, r](xs): 1 iff the number of ones is r modulo m; r is 0 when left out", (1, 2)),
    BuiltinRow("SUM", _sum, "the sum: a linear form of bits and forms, a word of words, a number of statics"),
    BuiltinRow("COUNT", _count, "the number of ones of an array of bits, as a word"),
    BuiltinRow("MAX", _of_words, "the greatest of several words"),
    BuiltinRow("MIN", _of_words, "the least of several words"),
    BuiltinRow("SORT", _of_words, "words in ascending order"),
    BuiltinRow("value", _value, "the form of a word: SUM(2**i * bit i)"),
    BuiltinRow("within", _within, "within(L, lo, hi): declares the range of a form; every evaluation verifies it"),
    BuiltinRow("bit", _bit, "bit(L): the wire of a form that is 0 or 1; bit(i, j): binary digit j of a static i"),
    BuiltinRow("len", _length, "the length of an array, string or alphabet"),
    BuiltinRow("min", _extreme, "the least of statics"),
    BuiltinRow("max", _extreme, "the greatest of statics"),
)

TYPE_NAMES = ("bit", "uint", "int", "float", "form", "integer", "bool", "rational")


def is_builtin(name: str) -> bool:
    """Whether a name is a gate, a builtin or a static function."""
    return name in BUILTINS or (name in FUNCTIONS and not FUNCTIONS[name].operator)


def builtin_names() -> Sequence[str]:
    """All names of gates and functions."""
    return [*BUILTINS, *(name for name, row in FUNCTIONS.items() if not row.operator)]

"""Gates, sums and the other names that mean something without a definition (sections 3, 6 and 7)."""

from __future__ import annotations

from collections.abc import Sequence

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import evaluation, families, float_operators, linear, statics, typing, word_operators
from .conversion import convert, stack, unify
from .reading import require_bit_range
from .scope import At
from .values import Array, Bit, Form, Mistake, Scalar, Type, Value, Word, integer, like, scalars, type_of

GATES = ("AND", "OR", "NOT", "MAJ", "THR", "MOD")
ON_WIRES = ("SUM", "COUNT", "MAX", "MIN", "SORT", "value", "within", "bit", "len")
FIGURES = ("size", "wires", "unit_wires", "depth", "fanin", "largest_weight")
NAMES = (*GATES, *ON_WIRES, *statics.NAMES, *FIGURES)
BRACKETS = {"THR": (1, 1), "MOD": (1, 2)}


def callee(node: tree.Call, at: At) -> tuple[str | None, Sequence[tree.Expression]]:
    """The name of the builtin that is called and what stands in brackets; None if it is something else.
    Definitions hide builtins."""
    match node.function:
        case tree.Name(name=name):
            brackets: list[tree.Expression] = []
        case tree.Index(base=tree.Name(name=name), items=items) if name in NAMES:
            brackets = [item.value for item in items if isinstance(item, tree.Argument) and item.name is None]
        case _:
            return None, ()
    if name not in NAMES or evaluation.find(name, at) is not None:
        return None, ()
    return name, brackets


def call(name: str, brackets: Sequence[tree.Expression], node: tree.Call, at: At) -> Value:
    least, most = BRACKETS.get(name, (0, 0))
    if not least <= len(brackets) <= most:
        raise Mistake(f"`{name}` takes {least} to {most} parameters in brackets", node.span)
    if name in FIGURES:
        return families.figure(name, node, at)
    fixed = [integer(evaluation.evaluate(b, at), f"a parameter of `{name}`", b.span) for b in brackets]
    arguments = evaluation.arguments(node, at)
    if name in GATES:
        return _gate(name, fixed, arguments, at, node.span)
    if name == "abs" and len(arguments) == 1 and isinstance(arguments[0], Word):
        return at.reading.operate("abs", arguments, linear.library(at, node.span))
    if name in float_operators.FUNCTIONS and len(arguments) == 1 and float_operators.among(arguments):
        return float_operators.unary(name, arguments[0], at.reading, node.span, linear.library(at, node.span))
    if name.upper() in float_operators.REDUCTIONS and float_operators.among(arguments):
        return float_operators.reduction(name.upper(), arguments, at.reading, node.span, linear.library(at, node.span))
    if name in ON_WIRES and not (name == "bit" and len(arguments) == 2):
        return _on_wires(name, arguments, at, node.span)
    return statics.apply(name, arguments, node.span)


# ---- gates


def operand(value: Value, at: At, what: str, span: Span | None, any_range: bool = False) -> Bit | Form:
    """One input of a gate: a bit, a form (within 0..1, but for THR), or a constant wire."""
    match value:
        case Bit():
            return value
        case Form():
            if not any_range:
                require_bit_range(value, what, span)
            return value
    bit = convert(value, Type("bit"), at.reading, what, span)
    assert isinstance(bit, Bit)
    return bit


def is_array(value: Value) -> bool:
    return isinstance(value, Array | str)


def _elements(arguments: Sequence[Value], at: At, name: str, span: Span | None) -> Sequence[Scalar]:
    """One array of any rank, or several single values, not a mixture."""
    if len(arguments) == 1 and is_array(arguments[0]):
        return scalars(_bit_array(arguments[0], at, name, span))
    if any(is_array(argument) for argument in arguments):
        raise Mistake(f"`{name}` takes one array or several single bits, not a mixture", span)
    return [item for argument in arguments for item in scalars(argument)]


def _bit_array(value: Value, at: At, name: str, span: Span | None) -> Value:
    """An array of bits or forms; a string and an array of statics become bits."""
    type = type_of(value)
    if not type.is_static:
        return value
    rank = len(type.shape) + (type.kind == "text")
    return convert(value, Type("bit", (None,) * rank), at.reading, f"an input of `{name}`", span)


def _gate(name: str, fixed: Sequence[int], arguments: Sequence[Value], at: At, span: Span) -> Bit:
    what = f"an input of `{name}`"
    inputs = [operand(e, at, what, span, any_range=name == "THR") for e in _elements(arguments, at, name, span)]
    match name:
        case "NOT":
            if len(arguments) != 1 or is_array(arguments[0]):
                raise Mistake("`NOT` takes one bit", span)
            return at.reading.invert(inputs[0])
        case "MOD":
            if fixed[0] < 1:
                raise Mistake(f"a modulus of {fixed[0]}", span)
            bits = [at.reading.wire(i) if isinstance(i, Form) else i for i in inputs]
            return at.reading.modulo(bits, fixed[0], fixed[1] if len(fixed) > 1 else 0)
        case "THR":
            return at.reading.gate(name, inputs, fixed[0])
        case _:
            least = {"AND": len(inputs), "OR": 1, "MAJ": len(inputs) // 2 + 1}[name]
            return at.reading.gate(name, inputs, least)


# ---- sums, forms, lengths


def _on_wires(name: str, arguments: Sequence[Value], at: At, span: Span) -> Value:
    if name == "SUM":
        return _sum(arguments, at, span)
    if name in word_operators.EXTREMES:
        array = _collected(arguments, at, name, span)
        return word_operators.of_array(name, array, at, span, linear.library(at, span))
    if name == "COUNT":
        bits = _bit_array(_collected(arguments, at, name, span), at, name, span)
        shape = type_of(bits).shape
        return at.reading.count(
            _flat(convert(bits, Type("bit", shape), at.reading, "an input", span)), linear.library(at, span)
        )
    if len(arguments) != (3 if name == "within" else 1):
        raise Mistake(f"a wrong number of arguments of `{name}`", span)
    value = arguments[0]
    match name:
        case "value":
            words = scalars(value)
            forms = [at.reading.form(word) for word in words if isinstance(word, Word)]
            if not type_of(value).is_word:
                raise Mistake("`value` takes a word", span)
            return like(value, forms, Type("form"))
        case "within":
            low, high = (integer(bound, "a bound", span) for bound in arguments[1:])
            return at.reading.within(linear.form(value, at, name, span), low, high, span)
        case "bit":
            if type_of(value).is_word:
                raise Mistake("`bit` takes a form", span)
            return at.reading.wire(at.reading.within(linear.form(value, at, name, span), 0, 1, span))
        case _:
            if isinstance(value, str):
                return len(value)
            if not isinstance(value, Array):
                raise Mistake("`len` takes an array", span)
            return value.shape[0]


def _collected(arguments: Sequence[Value], at: At, name: str, span: Span) -> Value:
    if len(arguments) == 1 and is_array(arguments[0]):
        return arguments[0]
    if any(is_array(argument) for argument in arguments):
        raise Mistake(f"`{name}` takes one array or several single values", span)
    arguments = word_operators.alike(arguments, at, span)
    return stack(
        (len(arguments),), unify(arguments, (), at.reading, f"an argument of `{name}`", span), Type("integer"), span
    )


def _flat(value: Value) -> Array:
    items = scalars(value)
    return Array(type_of(value).element, (len(items),), items)


def _sum(arguments: Sequence[Value], at: At, span: Span) -> Value:
    """`SUM` goes by element type: numbers of statics, a form of bits and forms (also of none)."""
    if not arguments:
        return 0
    array = _collected(arguments, at, "SUM", span)
    if type_of(array).kind == "text":
        array = _bit_array(array, at, "SUM", span)
    if type_of(array).is_static:
        assert isinstance(array, Array)
        return statics.total(array, span)
    if type_of(array).is_word:
        return word_operators.of_array("SUM", array, at, span, linear.library(at, span))
    if type_of(array).kind not in ("bit", "form"):
        raise Mistake("`SUM` takes bits, forms, words or numbers", span)
    total = Form.number(0)
    for item in scalars(array):
        total = total.plus(linear.form(item, at, "SUM", span))
    return total


# ---- floats (section 8)


def float_type(node: tree.Expression, at: At) -> Type | None:
    """The type that `float(8)` or `float(8, nearest)` is, None if this is something else."""
    match node:
        case tree.Call(function=tree.Name(name="float"), arguments=[precision, *rest], clause=None):
            if evaluation.find("float", at) is not None:
                return None
            nearest = [argument.value for argument in rest]
            if nearest and not (
                len(nearest) == 1 and isinstance(nearest[0], tree.Name) and nearest[0].name == "nearest"
            ):
                raise Mistake("a type of floats is written `float(p)` or `float(p, nearest)`", node.span)
            width = integer(evaluation.evaluate(precision.value, at), "a precision", node.span)
            float_operators.check(width, node.span)
            return Type("float", width=width, nearest=bool(nearest))
    return None


def as_float(type: Type, node: tree.Expression, clause: tree.Clause | None, at: At, span: Span) -> Value:
    """`float(p)(e)`: a float is expected of e, so that a choice of two numbers is one of two floats."""
    rank = len(typing.typeof(node, at).shape) if clause is None else len(typing.comprehension(node, clause, at).shape)
    value = evaluation.argument_value(node, clause, at, type.array(*(None,) * rank))
    return float_operators.made(value, type, at.reading, span)


# ---- words (sections 4 and 7)


def word_type(node: tree.Call, at: At) -> Type | None:
    """The type in `uint(8)(22)`, None if this is another call."""
    match node.function:
        case tree.Call(function=tree.Name(name="uint" | "int" as name), arguments=[tree.Argument(value=width)]):
            if evaluation.find(name, at) is not None:
                return None
            found = integer(evaluation.evaluate(width, at), "a width", node.span)
            if found < 0 or len(node.arguments) != 1:
                raise Mistake("a word is written `uint(8)(22)`", node.span)
            return Type(name, width=found)
    return None


def as_word(value: Value, word: Type, at: At, span: Span) -> Value:
    """A static integer, bits, or another word as a word; on arrays by element."""
    type = type_of(value)
    if type.is_word:
        return like(value, [at.reading.resize(w, word) for w in scalars(value) if isinstance(w, Word)], word)
    if type.kind == "text":
        value = convert(value, Type("bit", (word.width,)), at.reading, "the bits of a word", span)
        type = type_of(value)
    if type.is_static:
        return convert(value, word.array(*(None for _ in type.shape)), at.reading, "the value of a word", span)
    if type.kind not in ("bit", "form") or not type.shape:
        raise Mistake("this is not read as a word", span)
    outer = type.shape[:-1]
    bits = convert(value, Type("bit", (*outer, word.width)), at.reading, "the bits of a word", span)
    items = [bit for bit in scalars(bits) if isinstance(bit, Bit)]
    width = word.width or 0
    count = 1
    for length in outer:
        count *= length or 0
    words = [at.reading.word(word, items[at_ * width : (at_ + 1) * width]) for at_ in range(count)]
    return Array(word, tuple(length or 0 for length in outer), tuple(words)) if outer else words[0]

"""Operators on typed operands: static arithmetic, linear forms, gates, and words through their library families."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core import float_wires, floats
from tc0.dsl.core.convert import as_bit, as_form, as_integer, coerce, join, symbol_number
from tc0.dsl.core.program import (
    Apply,
    Choose,
    Compare,
    Constant,
    Expr,
    Gate,
    IsSymbol,
    Linear,
    Not,
    Quotient,
    Reference,
    Remainder,
    Resize,
    Same,
    Scale,
    Value,
    Xor,
)
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.shapes import apply, number, same
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import (
    BIT,
    BOOL,
    FORM,
    INTEGER,
    NUMBERS,
    Bit,
    FamilyOf,
    Form,
    Kind,
    Static,
    Symbol,
    Type,
    Wires,
    Word,
    widest,
)
from tc0.dsl.ops.functions import FUNCTIONS, Undefined
from tc0.dsl.ops.words import COMPARISONS, WORD_OPERATORS, Operands

# ---- what an operand is


def is_word(expr: Expr) -> bool:
    return isinstance(expr.type, Wires) and isinstance(expr.type.element, Word) and not expr.type.shape


def is_linear(expr: Expr) -> bool:
    """Whether this is one bit or one form."""
    return isinstance(expr.type, Wires) and isinstance(expr.type.element, (Bit, Form)) and not expr.type.shape


def is_static(expr: Expr) -> bool:
    return isinstance(expr.type, Static)


def _is_number(expr: Expr) -> bool:
    match expr.type:
        case Static(kind=Kind.INTEGER | Kind.RATIONAL | Kind.REAL | Kind.ANY, rank=0 | None):
            return True
        case _:
            return False


def _refuse(operator: str, operands: Sequence[Expr], span: Span) -> Error:
    """What to say of operands that an operator does not take."""
    for operand in operands:
        match operand.type:
            case FamilyOf():
                return Error(
                    "E0307", f"`{operator}` takes values, but this is a family", operand.span, "call it: `f(x)`"
                )
            case Static(kind=Kind.BOOL):
                return Error("E0302", f"`{operator}` takes numbers, but this is a boolean", operand.span)
            case Static(kind=Kind.FLOAT) if not all(map(is_static, operands)):
                shown = " and ".join(show_type(o.type) for o in operands)
                advice = "choose between numbers: `if b then float(8)(1) else float(8)(0)`"
                return Error("E0303", f"`{operator}` does not take {shown}", span, advice)
            case _:
                pass
    shown = " and ".join(show_type(operand.type) for operand in operands)
    hint = None
    if any(isinstance(o.type, Wires) and o.type.shape for o in operands):
        hint = "operators take single values: write a comprehension, `[.. for i < n]`"
    return Error("E0303", f"`{operator}` does not take {shown}", span, hint)


# ---- static arithmetic


def static(function: str, arguments: Sequence[Expr], span: Span) -> Expr:
    """A static function on static arguments, computed at once where they are known."""
    if floats.among(arguments):
        return floats.operation(function, arguments, span)
    row = FUNCTIONS[function]
    for at, argument in enumerate(arguments):
        _check_static(row.takes[min(at, len(row.takes) - 1)], argument, function)
    if function in ("==", "!="):
        _check_comparable(arguments, span)
    type = _static_result(row.gives, arguments)
    if all(isinstance(a, Constant) and not isinstance(a.value, tuple) for a in arguments):
        try:
            value = row.meaning(*(a.value for a in arguments if isinstance(a, Constant)))
        except (Undefined, TypeError):
            pass  # reported when it is evaluated: a branch that is not taken has no error
        else:
            return Constant(value, type, span)  # type: ignore[arg-type]
    return Apply(function, tuple(arguments), type, span)


def _check_comparable(arguments: Sequence[Expr], span: Span) -> None:
    kinds = {a.type.kind for a in arguments if isinstance(a.type, Static)} - {Kind.ANY}
    if len(kinds) > 1 and not kinds <= set(NUMBERS):
        shown = " with ".join(show_type(a.type) for a in arguments)
        raise Error("E0302", f"this compares {shown}", span, "true and false are not 1 and 0")


_WANTED = {
    "integer": ("an integer", {Kind.INTEGER}),
    "number": ("a number", set(NUMBERS)),
    "bool": ("true or false", {Kind.BOOL}),
    "any": ("a value", set(Kind)),
}


def _check_static(wanted: str, argument: Expr, function: str) -> None:
    name, kinds = _WANTED[wanted]
    match argument.type:
        case Static(kind=Kind.ANY):
            return
        case Static(kind=kind, rank=rank) if kind in kinds and (rank == 0 or wanted == "any"):
            return
        case Wires():
            raise Error(
                "E0301",
                f"`{function}` is computed before gates exist, but this is {show_type(argument.type)} on wires",
                argument.span,
            )
        case _:
            hint = (
                "write `//` for an integer quotient"
                if wanted == "integer" and argument.type == Static(Kind.RATIONAL)
                else None
            )
            raise Error("E0302", f"`{function}` takes {name}, not {show_type(argument.type)}", argument.span, hint)


def _static_result(gives: str, arguments: Sequence[Expr]) -> Type:
    kinds = {a.type.kind for a in arguments if isinstance(a.type, Static)}
    match gives:
        case "integer":
            return INTEGER
        case "rational":
            return Static(Kind.REAL if Kind.REAL in kinds else Kind.RATIONAL)
        case "real":
            return Static(Kind.REAL)
        case "bool":
            return BOOL
        case _:
            return Static(widest(kinds), 0)


# ---- words


def value_of(word: Expr) -> Expr:
    """The form of a word."""
    return Value(word, FORM, word.span)


def word_type(expr: Expr) -> Word:
    assert isinstance(expr.type, Wires) and isinstance(expr.type.element, Word)
    return expr.type.element


def resize(word: Expr, type: Word, span: Span) -> Expr:
    """A word in another kind and width; itself where nothing changes."""
    given = word_type(word)
    if given.signed == type.signed and same(given.width, type.width) is True:
        return word
    return Resize(word, Wires(type), span)


def as_word(expr: Expr, like: Word, what: str) -> Expr:
    """A word, or a static integer as a constant of the other operand's type."""
    return expr if is_word(expr) else coerce(as_integer(expr, what), Wires(like), what)


def pair_of_words(left: Expr, right: Expr, what: str) -> tuple[Expr, Expr]:
    """Two operands of which at least one is a word, as two words."""
    if is_word(left):
        return left, as_word(right, word_type(left), what)
    return as_word(left, word_type(right), what), right


def to_signed(word: Expr, span: Span) -> Expr:
    """`uint(w)` as `int(w + 1)`; an `int` stays."""
    type = word_type(word)
    if type.signed:
        return word
    return Resize(word, Wires(Word(True, apply("+", span, type.width, number(1, span)))), span)


def word_operation(scope: Scope, operator: str, operands: Sequence[Expr], span: Span, call: CallMaker) -> Expr:
    """An operator of the table on operands of one kind: a call of its library family."""
    assert isinstance(operands[0].type, Wires) and isinstance(operands[0].type.element, Word)
    row = WORD_OPERATORS[operator, operands[0].type.element.signed]
    family = scope.chosen(row.family) or scope.library(row.family)
    if row.operands is Operands.STATIC:
        word, amount = operands
        return call(Reference(family, ((family.statics[0].name, amount),), family.type, span), (word,), span)
    return call(Reference(family, (), family.type, span), operands, span)


def _two_words(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """An operator on two words, of which one may be a static integer; beside an `int` a `uint` is an `int`."""
    if operator in ("//", "%") and is_static(right):
        divisor = as_integer(right, f"the divisor of `{operator}`")
        right = static("divisor", (divisor,), right.span)
    left, right = pair_of_words(left, right, f"an operand of `{operator}`")
    if word_type(left).signed or word_type(right).signed:
        left, right = to_signed(left, span), to_signed(right, span)
    return word_operation(scope, operator, (left, right), span, call)


def _shift(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """A shift of a word: by a static integer wiring, by a word a circuit that keeps the width."""
    if is_static(right):
        amount = as_integer(right, f"the amount of `{operator}`")
        if isinstance(amount, Constant) and isinstance(amount.value, int) and amount.value < 0:
            raise Error(
                "E0711",
                f"a word is shifted by at least 0 places, not by {amount.value}",
                right.span,
                "the other shift goes the other way",
            )
        return word_operation(scope, f"{operator} k", (left, amount), span, call)
    left, right = pair_of_words(left, right, f"an operand of `{operator}`")
    if word_type(right).signed:
        hint = "`abs(e)` and `uint(w)(e)` are unsigned"
        raise Error(
            "E0711", f"the amount of `{operator}` is unsigned, but this is {show_type(right.type)}", right.span, hint
        )
    return word_operation(scope, operator, (left, right), span, call)


CallMaker = Callable[[Expr, Sequence[Expr], Span], Expr]


# ---- chains of + and -, of * / // %, powers


def linear_operand(expr: Expr, operator: str) -> Expr:
    """An operand of a sum of forms: a form, a bit, a word as its value, or a static integer."""
    if is_word(expr):
        return value_of(expr)
    if is_linear(expr) or is_static(expr):
        return as_form(expr, f"an operand of `{operator}`")
    raise _refuse(operator, (expr,), expr.span)


def sum_chain(scope: Scope, operands: Sequence[tuple[str, Expr]], span: Span, call: CallMaker) -> Expr:
    """`a + b - c`, left-associative; operands with their signs, the first with "+". Forms gather in one `Linear`."""
    total = operands[0][1]
    terms: list[tuple[int, Expr]] = []
    for operator, operand in operands[1:]:
        sign = 1 if operator == "+" else -1
        if terms:
            terms.append((sign, linear_operand(operand, operator)))
        elif float_wires.among((total, operand)):
            total = float_wires.binary(scope, operator, total, operand, total.span.to(operand.span), call)
        elif is_static(total) and is_static(operand):
            total = static(operator, (total, operand), total.span.to(operand.span))
        elif _both_words(total, operand):
            total = _two_words(scope, operator, total, operand, total.span.to(operand.span), call)
        else:
            terms = [(1, linear_operand(total, operator)), (sign, linear_operand(operand, operator))]
    return Linear(tuple(terms), FORM, span) if terms else total


def alike(operands: Sequence[Expr], what: str, span: Span) -> Sequence[Expr]:
    """Several operands of which some are single words, as words of one type: the widest, signed where one is. Beside a
    bit or a form words count as their values."""
    words = [operand for operand in operands if is_word(operand)]
    if not words:
        return operands
    if any(is_linear(operand) for operand in operands):
        return [value_of(operand) if is_word(operand) else operand for operand in operands]
    if any(not is_word(operand) and not _is_number(operand) for operand in operands):
        return operands
    if any(word_type(word).signed for word in words):
        words = [to_signed(word, span) for word in words]
    widths = [word_type(word).width for word in words]
    alike = all(same(widths[0], width) is True for width in widths)
    common = Word(word_type(words[0]).signed, widths[0] if alike else apply("max", span, *widths))
    rest = iter(words)
    return [
        resize(next(rest), common, span) if is_word(operand) else as_word(operand, common, what) for operand in operands
    ]


def _both_words(left: Expr, right: Expr) -> bool:
    """Whether two operands make an operation of words: two words, or a word and a static integer."""
    if is_word(left):
        return is_word(right) or _is_number(right)
    return is_word(right) and _is_number(left)


def product_step(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """One of `* / // % << >>`."""
    if is_static(left) and is_static(right):
        return static(operator, (left, right), span)
    if float_wires.among((left, right)):
        return float_wires.binary(scope, operator, left, right, span, call)
    if operator in ("<<", ">>") and _both_words(left, right):
        return _shift(scope, operator, left, right, span, call)
    if operator != "/" and _both_words(left, right):
        return _two_words(scope, operator, left, right, span, call)
    match operator:
        case "*":
            return _scale(left, right, span)
        case "//" | "%":
            form = linear_operand(left, operator)
            modulus = as_integer(right, f"the modulus of `{operator}`")
            node = Quotient if operator == "//" else Remainder
            return node(form, modulus, FORM, span)
        case "/":
            raise _refuse("/", (left, right), span)
        case _:
            raise _refuse(operator, (left, right), span)


def _scale(left: Expr, right: Expr, span: Span) -> Expr:
    if floats.among((left, right)):
        raise _refuse("*", (left, right), span)
    if is_static(left):
        return Scale(as_integer(left, "a weight"), linear_operand(right, "*"), FORM, span)
    if is_static(right):
        return Scale(as_integer(right, "a weight"), linear_operand(left, "*"), FORM, span)
    if all(is_linear(e) or is_word(e) for e in (left, right)):
        raise Error(
            "E0604",
            "a product of wires is not linear",
            span,
            "the product of two bits is `a & b`; a weight must be static",
        )
    raise _refuse("*", (left, right), span)


def negate(scope: Scope, operand: Expr, span: Span, call: CallMaker) -> Expr:
    """Unary minus."""
    if isinstance(operand.type, Static) and operand.type.kind is Kind.TEXT:
        hint = 'bits have a sign as a word: `-int(4)("1010")`'
        raise Error("E0302", f"`-` takes a number, a form or a word, but this is {show_type(operand.type)}", span, hint)
    if is_static(operand):
        return static("negate", (operand,), span)
    if float_wires.is_float(operand):
        return float_wires.unary(scope, "negate", operand, span, call)
    if is_word(operand):
        return word_operation(scope, "negate", (operand,), span, call)
    return Linear(((-1, linear_operand(operand, "-")),), FORM, span)


# ---- gates between operands


def combine(operator: str, operands: Sequence[Expr], span: Span) -> Expr:
    """`a & b & c` and `a | b` are one gate; `a ^ b ^ c` goes from left to right."""
    taken = [gate_operand(operand, f"an operand of `{operator}`") for operand in operands]
    if operator == "^":
        bits = [as_bit(operand, "an operand of `^`") for operand in taken]
        total = bits[0]
        for bit in bits[1:]:
            total = Xor(total, bit, BIT, total.span.to(bit.span))
        return total
    return Gate("AND" if operator == "&" else "OR", tuple(taken), False, BIT, span)


def gate_operand(operand: Expr, what: str) -> Expr:
    """One input of a gate that takes bits and 0/1 forms."""
    match operand.type:
        case Static(kind=Kind.BOOL):
            raise Error(
                "E0302",
                f"{what} must be a bit, but this is a static condition",
                operand.span,
                "join conditions by `and`, `or`, `not`",
            )
        case Static():
            return as_bit(operand, what)
        case Wires(element=Bit() | Form(), shape=()):
            return operand
        case _:
            return as_bit(operand, what)


def invert(operand: Expr, span: Span) -> Expr:
    """`!a`."""
    if operand.type == BOOL:
        raise Error("E0302", "`!` inverts wires, but this is a static condition", span, "write `not`")
    return Not(gate_operand(operand, "the operand of `!`"), BIT, span)


def choose(condition: Expr, then: Expr, other: Expr, hint: Wires | None, span: Span) -> Expr:
    """A multiplexer. Two static integers with no expected type are the form `b + (a - b) * c`."""
    if is_static(then) and is_static(other):
        if hint is None or isinstance(hint.element, Form):
            return _choose_integers(condition, then, other, span)
        # The type that is expected may say the element alone, as in a row of a transformer's stream.
        ranks = [branch.type.rank or 0 for branch in (then, other) if isinstance(branch.type, Static)]
        rank = max(len(hint.shape), *ranks)
        then, other = (coerce(branch, Wires(hint.element, (None,) * rank), "a branch") for branch in (then, other))
    for branch in (then, other):
        if isinstance(branch.type, Wires) and isinstance(
            branch.type.element, Form
        ):  # each form becomes a wire by one gate
            bits = Wires(Bit(), (None,) * len(branch.type.shape))
            then, other = (coerce(one, bits, "a branch") for one in (then, other))
            break
    (then, other), type = join((then, other), "the branches of `if`", span)
    assert isinstance(type, Wires)
    for left, right in zip(_dims(then), _dims(other), strict=True):
        if same(left, right) is False:
            raise Error(
                "E0404",
                f"the branches of a multiplexer differ: {show_type(then.type)} and {show_type(other.type)}",
                span,
            )
    return Choose(as_bit(condition, "a condition"), then, other, type, span)


def _dims(expr: Expr) -> tuple[Expr | None, ...]:
    assert isinstance(expr.type, Wires)
    element = expr.type.element
    return (*expr.type.shape, *((element.width,) if isinstance(element, Word) else ()))


def _choose_integers(condition: Expr, then: Expr, other: Expr, span: Span) -> Expr:
    then, other = as_integer(then, "a branch"), as_integer(other, "a branch")
    weight = static("-", (then, other), span)
    scaled = Scale(weight, as_form(condition, "a condition"), FORM, span)
    return Linear(((1, as_form(other, "a branch")), (1, scaled)), FORM, span)


# ---- comparisons


def compare(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """A comparison: of statics a static boolean, of anything on wires a bit."""
    if is_static(left) and is_static(right):
        return static(operator, (left, right), span)
    if float_wires.among((left, right)):
        if operator not in ("==", "!="):
            return float_wires.binary(scope, operator, left, right, span, call)
        return _compare_alike(operator, left, right, span)
    if any(isinstance(e.type, FamilyOf) for e in (left, right)) or floats.among((left, right)):
        raise _refuse(operator, (left, right), span)
    for one, other in ((left, right), (right, left)):
        if (
            isinstance(one.type, Wires)
            and isinstance(one.type.element, Symbol)
            and not one.type.shape
            and is_static(other)
        ):
            return _compare_symbol(operator, one, other, span)
    if _both_words(left, right):
        return _compare_words(scope, operator, left, right, span, call)
    if _scalar(left) and _scalar(right):
        left, right = linear_operand(left, operator), linear_operand(right, operator)
        return Compare(operator, left, right, BIT, span)
    return _compare_alike(operator, left, right, span)


def _scalar(expr: Expr) -> bool:
    """A bit, a form, a word or a static number."""
    return is_linear(expr) or is_word(expr) or _is_number(expr)


def _compare_words(scope: Scope, operator: str, left: Expr, right: Expr, span: Span, call: CallMaker) -> Expr:
    """One gate on the values of two words, an AND of the equalities of their bits, or the family chosen in their place."""
    left, right = pair_of_words(left, right, f"an operand of `{operator}`")
    equality = operator in ("==", "!=")
    signed = word_type(left).signed or word_type(right).signed
    family = scope.chosen(COMPARISONS["==" if equality else ">", signed].family)
    if family is not None:
        if signed:
            left, right = to_signed(left, span), to_signed(right, span)
        pair = (right, left) if operator in ("<", ">=") else (left, right)
        found = call(Reference(family, (), family.type, span), pair, span)
        return Not(found, BIT, span) if operator in ("!=", "<=", ">=") else found
    if equality:
        left, right = _extend(left, right, span)
        return Same(left, right, operator == "!=", BIT, span)
    return Compare(operator, value_of(left), value_of(right), BIT, span)


def _extend(left: Expr, right: Expr, span: Span) -> tuple[Expr, Expr]:
    """Two words as words of one type: signed where one is, the shorter extended."""
    if word_type(left).signed != word_type(right).signed:
        left, right = to_signed(left, span), to_signed(right, span)
    a, b = word_type(left), word_type(right)
    if same(a.width, b.width) is True:
        return left, right
    common = Word(a.signed, apply("max", span, a.width, b.width))
    return resize(left, common, span), resize(right, common, span)


def _compare_symbol(operator: str, symbol: Expr, literal: Expr, span: Span) -> Expr:
    assert isinstance(symbol.type, Wires) and isinstance(symbol.type.element, Symbol)
    _only_equality(operator, symbol, span)
    number_ = symbol_number(literal, symbol.type.element.symbols, symbol.type.element)
    return IsSymbol(symbol, number_, operator == "!=", BIT, span)


def _only_equality(operator: str, operand: Expr, span: Span) -> None:
    if operator not in ("==", "!="):
        raise Error(
            "E0303",
            f"`{operator}` does not order {show_type(operand.type)}",
            span,
            "symbols and arrays have `==` and `!=`",
        )


def _compare_alike(operator: str, left: Expr, right: Expr, span: Span) -> Expr:
    """Equality of symbols, or of arrays of one type and shape."""
    wires = left if isinstance(left.type, Wires) else right
    _only_equality(operator, wires, span)
    assert isinstance(wires.type, Wires)
    (left, right), type = join((left, right), f"the operands of `{operator}`", span)
    assert isinstance(type, Wires)
    for a, b in zip(_dims(left), _dims(right), strict=True):
        if same(a, b) is False:
            raise Error(
                "E0404",
                f"`{operator}` compares arrays of one shape, not {show_type(left.type)} and {show_type(right.type)}",
                span,
            )
    return Same(left, right, operator == "!=", BIT, span)

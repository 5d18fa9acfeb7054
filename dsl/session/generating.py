"""`generate(f, "ab", steps = 9)`: a family that gives the next symbol of a text, applied to its own output."""

from __future__ import annotations

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.bitslice.planes import pack
from tc0.dsl.core.interface import complete, interface, missing
from tc0.dsl.core.program import Applied, Variable
from tc0.dsl.core.show import show_applied, show_type
from tc0.dsl.core.types import Bit, Symbol
from tc0.dsl.core.value import Item, WireValue
from tc0.dsl.interpret.evaluate import evaluate
from tc0.dsl.session.arguments import value_for
from tc0.dsl.session.workbench import Workbench
from tc0.dsl.verify.decode import decode_one

MOST_STEPS = 100_000


def generated(applied: Applied, text: object, steps: object, bench: Workbench, span: Span) -> WireValue:
    """The text with `steps` symbols more: chain of thought as a loop. A result that is a sequence gives its last symbol."""
    _check(applied, span)
    if type(steps) is not int or not 0 <= steps <= MOST_STEPS:
        raise Error("E0302", f"`steps` is an integer from 0 to {MOST_STEPS:,}", span, 'generate(f, "ab", steps = 9)')
    size = _length(applied)
    if size not in missing(applied):
        hint = f"the text grows: leave `{size}` open"
        raise Error("E0903", f"`generate` takes a family, and `{show_applied(applied)}` is a circuit", span, hint)
    length = len(text) if isinstance(text, str | tuple) else 0
    ready = complete(applied.family, {**dict(applied.values), size: length})
    left = missing(ready)
    if left:
        raise Error("E0903", f"`{show_applied(applied)}` needs {', '.join(f'`{n}`' for n in left)}", span)
    port, *_ = interface(ready).inputs
    value = value_for(port, text)
    letters: list[Item] = list(value.elements)
    for step in range(steps):
        bench.meter.tick("generate", step / steps, span)
        letters.append(_next(applied, size, _text(value, letters), bench, span))
    return _text(value, letters)


def _text(like: WireValue, letters: list[Item]) -> WireValue:
    return WireValue(like.kind, (len(letters),), like.width, like.symbols, tuple(letters))


def _length(applied: Applied) -> str:
    """The size parameter that is the length of the text."""
    (length,) = applied.family.parameters[0].type.shape
    assert isinstance(length, Variable)
    return length.name


def _next(applied: Applied, size: str, text: WireValue, bench: Workbench, span: Span) -> Item:
    at = complete(applied.family, {**dict(applied.values), size: len(text.elements)})
    interface(at)  # sizes that the family does not presume are refused there
    outcome = evaluate(at, pack([text.bits()]), 1, bench.meter)
    found = decode_one(applied.family.result.element, outcome, 0).elements
    if not found:
        raise Error("E0706", f"`{show_applied(at)}` gives no symbol to go on with", span, "begin with a longer text")
    return found[-1]


def _check(applied: Applied, span: Span) -> None:
    """One parameter, a text of bits or symbols; a result of the same alphabet."""
    family = applied.family
    hint = "`family f(w: Sigma[n]) -> Sigma`, or `-> Sigma[n]`, of which the last symbol counts"
    if len(family.parameters) == 1:
        type = family.parameters[0].type
        fits = len(type.shape) == 1 and isinstance(type.shape[0], Variable) and len(family.result.shape) <= 1
        match type.element, family.result.element:
            case (Symbol(symbols=a), Symbol(symbols=b)) if a == b and fits:
                return
            case (Bit(), Bit()) if fits:
                return
            case _:
                pass
    raise Error(
        "E0303", f"`generate` takes a family from a text to a symbol, and this is {show_type(family.type)}", span, hint
    )

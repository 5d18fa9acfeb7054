"""Meanings and values: what a name holds, what an expression gives, and both as text."""

from __future__ import annotations

from types import MappingProxyType

from tc0.dsl.base.source import Span
from tc0.dsl.core.program import Applied, Expr, Family, Function, Lift
from tc0.dsl.core.scope import Given, Held, Letters, Meaning, Weights
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.types import FamilyOf, Static
from tc0.dsl.core.value import WireValue, lifted, unlifted
from tc0.dsl.session import describe
from tc0.dsl.session.choices import is_choice
from tc0.dsl.session.definitions import Definitions
from tc0.dsl.session.show_value import show_static, show_wires, static_type_text, wires_type_text
from tc0.dsl.session.workbench import Workbench
from tc0.dsl.syntax import tree


def value_of(expr: Expr, bench: Workbench) -> object:
    """The value of a closed expression: a static value, an `Applied` or a `WireValue`."""
    if isinstance(expr.type, Static | FamilyOf):
        return bench.static(expr)
    return bench.wires(expr)


def meaning_of_value(name: str, value: object, span: Span, doc: str = "") -> Given | Held:
    """A name for a value that is known."""
    if isinstance(value, WireValue):
        return Held(name, lifted(value, span), span, doc)
    return Given(name, value, span, doc)


def let_value(node: tree.Let, expr: Expr, bench: Workbench) -> Given | Held:
    """What a top-level `let` names."""
    return meaning_of_value(node.name, value_of(expr, bench), node.name_span, node.doc)


def kind_of_meaning(meaning: Meaning) -> tuple[str, str, str | None]:
    """Kind, type text, and a value's text on one line."""
    match meaning:
        case Family():
            return "family", describe.family_type(Applied(meaning, ())), None
        case Function(parameters=parameters):
            return "function", f"({', '.join(parameters)})", None
        case Letters(symbols=symbols):
            return "alphabet", "{" + ", ".join(f'"{s}"' for s in symbols) + "}", None
        case Weights():
            from tc0.dsl.session.weights import summary

            return "weights", summary(meaning), None
        case Given(value=Applied() as value):
            return "family", describe.family_type(value), show_applied(value)
        case Given(value=value):
            text = value if isinstance(value, tuple) else show_static(value)
            return "value", static_type_text(value), describe.value_text(text)
        case Held(value=value):
            assert isinstance(value, Lift)
            held = unlifted(value)
            return "value", wires_type_text(held), describe.value_text(show_wires(held))


def merged(definitions: Definitions) -> MappingProxyType[str, str]:
    """Name to type text."""
    shown = {name: entry for name, entry in definitions.items() if not is_choice(name)}
    return MappingProxyType({name: kind_of_meaning(entry.meaning)[1] for name, entry in shown.items()})

"""A case that refutes a claim, as text: the inputs, both sides, and the claim with the case put in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tc0.dsl.base.digits import show_integer
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source
from tc0.dsl.core.program import Applied, Family
from tc0.dsl.core.resolve import resolve_expression
from tc0.dsl.core.scope import Given, Held, Meaning, Scope
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.static import describe
from tc0.dsl.core.types import Static, Wires
from tc0.dsl.core.value import WireValue, lifted, paste
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse
from tc0.dsl.verify.outcome import Checked, Counterexample
from tc0.dsl.verify.text import one_line, substituted

if TYPE_CHECKING:
    from tc0.dsl.verify.check import Bench, Sizes


class _CaseScope:
    """The scope of a claim with its quantified names bound to one case."""

    def __init__(self, scope: Scope, names: dict[str, Meaning]) -> None:
        self._scope, self._names = scope, names

    def find(self, name: str) -> Meaning | None:
        return self._names.get(name) or self._scope.find(name)

    def library(self, name: str) -> Family:
        return self._scope.library(name)

    def chosen(self, name: str) -> Family | None:
        return self._scope.chosen(name)

    def names(self) -> Iterable[str]:
        return {*self._names, *self._scope.names()}


def refuted(
    checked: Checked,
    node: tree.Check,
    sizes: Sizes,
    inputs: Sequence[tuple[str, WireValue]],
    scope: Scope,
    bench: Bench,
) -> Checked:
    """The check with its counterexample. scope: of the claim, to evaluate both sides of a comparison in it."""
    texts = {name: paste(value) for name, value in inputs}
    numbers = {name: str(value) if value >= 0 else f"({value})" for name, value in sizes}
    left = right = None
    if isinstance(node.body, tree.Compare):
        names: dict[str, Meaning] = {name: Given(name, value, None) for name, value in sizes}
        names |= {name: Held(name, lifted(value, node.span), None) for name, value in inputs}
        left, right = (_side(side, sizes, names, scope, bench) for side in (node.body.left, node.body.right))
    text = substituted(node.body, {**numbers, **texts})
    if not _refutes(text, scope, bench):
        text = _restated(node, sizes, texts)
    return replace(checked, ok=False, counterexample=Counterexample(sizes, tuple(texts.items()), text, left, right))


def _refutes(text: str, scope: Scope, bench: Bench) -> bool:
    """Whether a text is a false expression by itself. Literals are less than inputs: `"11"[0] + 1` is none."""
    try:
        statements = parse(Source("<counterexample>", text)).statements
        if len(statements) != 1 or not isinstance(statements[0], tree.Show):
            return False
        expr = resolve_expression(statements[0].value, scope)
        if isinstance(expr.type, Wires):
            return bench.wires(expr).elements == (0,)
        return isinstance(expr.type, Static) and bench.static(expr) is False
    except Error:
        return False


def _restated(node: tree.Check, sizes: Sizes, texts: dict[str, str]) -> str:
    """The claim for this case alone: `check ... for n in 2..3, x: bit[n] if x == "11"`."""
    binders = [f"{name} in {value}..{value + 1}" for name, value in sizes]
    binders += [" ".join(q.span.text.split()) for q in node.quantifiers if isinstance(q, tree.Parameter)]
    cases = [f"{name} == {text}" for name, text in texts.items()]
    guard = (
        f" if {cases[0]}" if len(cases) == 1 else f" if {' & '.join(f'({case})' for case in cases)}" if cases else ""
    )
    return f"check {one_line(node.body.span)} for {', '.join(binders)}{guard}"


def _side(side: tree.Expression, sizes: Sizes, names: dict[str, Meaning], scope: Scope, bench: Bench) -> str | None:
    """The value of one side of a comparison in this case, or None where it has none of its own."""
    try:
        expr = resolve_expression(side, _CaseScope(scope, names))
        if isinstance(expr.type, Static):
            value = bench.static(expr, dict(sizes))
            return (
                show_applied(value)
                if isinstance(value, Applied)
                else show_integer(value)
                if type(value) is int
                else describe(value)
            )
        if isinstance(expr.type, Wires):
            return paste(bench.wires(expr))
    except Error:
        pass
    return None

"""The rule of every kind of node: one table, for all readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tc0.dsl.base.meter import Meter
from tc0.dsl.core import program
from tc0.dsl.interpret import arrays, calls, constants, elements, linear, literals, structure, wires, words
from tc0.dsl.interpret.algebra import Algebra
from tc0.dsl.interpret.frame import Rule, Walk

RULES: Mapping[type, Rule] = MappingProxyType(
    {
        program.Constant: structure.constant,
        program.Variable: structure.variable,
        program.Apply: structure.apply,
        program.Logic: structure.logic,
        program.Reduce: structure.reduce,
        program.Invoke: calls.invoke,
        program.Length: structure.length,
        program.Reference: calls.reference,
        program.If: structure.choice,
        program.Fold: structure.fold,
        program.Comprehension: arrays.comprehension,
        program.Items: literals.items,
        program.Element: elements.element,
        program.Block: structure.block,
        program.Lift: constants.lifted,
        program.ToForm: linear.to_form,
        program.ToBit: linear.to_bit,
        program.Value: words.value_of,
        program.Bits: words.bits,
        program.AsWord: words.as_word,
        program.Resize: words.resize,
        program.Gate: wires.gate,
        program.Not: wires.negation,
        program.Xor: wires.xor,
        program.Threshold: wires.threshold,
        program.Modulo: wires.modulo,
        program.Choose: wires.choose,
        program.Same: wires.same,
        program.IsSymbol: wires.is_symbol,
        program.Linear: linear.linear,
        program.Scale: linear.scaled,
        program.Sum: linear.sum_of,
        program.Quotient: linear.quotient,
        program.Remainder: linear.remainder,
        program.Within: linear.within,
        program.Compare: linear.compare,
        program.Call: calls.call,
        program.Measure: structure.refused,
        program.Report: structure.refused,
    }
)


def new_walk(
    algebra: Algebra, meter: Meter, tabulate: Callable[..., Any], tables: dict[Any, Any] | None = None
) -> Walk:
    """A walk with the rules of the language."""
    return Walk(algebra, meter, RULES, tabulate, {} if tables is None else tables)

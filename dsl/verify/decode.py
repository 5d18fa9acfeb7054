"""Outcomes of a reading as values: one vector of a batch decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tc0.dsl.base.source import Span
from tc0.dsl.core.interface import Port
from tc0.dsl.core.types import Element, Float, Symbol, Word
from tc0.dsl.core.value import WireValue, decode

if TYPE_CHECKING:
    from tc0.dsl.interpret.evaluate import Outcome


def decode_one(element: Element, outcome: Outcome, vector: int, span: Span | None = None) -> WireValue:
    """The value of one vector (its number in the batch) of an outcome whose elements are of this type."""
    if outcome.integers is not None:
        return WireValue("form", outcome.shape, 0, (), tuple(int(row[vector]) for row in outcome.integers))
    assert outcome.planes is not None
    column = (outcome.planes[:, vector >> 6] >> (vector & 63)) & 1 if len(outcome.planes) else ()
    return decode(_port(element, outcome), [int(bit) for bit in column], span)


def _port(element: Element, outcome: Outcome) -> Port:
    match element:
        case Word(signed=signed):
            return Port("result", "int" if signed else "uint", outcome.shape, outcome.width)
        case Symbol(symbols=symbols):
            return Port("result", "symbol", outcome.shape, outcome.width, symbols)
        case Float(nearest=nearest):
            return Port("result", "float", outcome.shape, outcome.width, (), nearest)
        case _:
            return Port("result", "bit", outcome.shape, outcome.width)

"""Values of the language as plain Python objects: what `Session.eval` and calls return."""

from __future__ import annotations

from math import prod

from tc0.dsl.core.value import WireValue, spelled, spells
from tc0.dsl.numbers.floats import Float
from tc0.dsl.ops.functions import MOST_BITS


def static_value(value: object) -> object:
    """int, bool, Fraction, str; arrays as nested lists. A float is its value, a Fraction; one whose exponent is beyond
    what a static number may have stays what it is, with its `mantissa` and `exponent`."""
    if isinstance(value, Float) and abs(value.exponent) <= MOST_BITS:
        return value.fraction()
    return [static_value(v) for v in value] if isinstance(value, tuple) else value


def wires_value(value: WireValue) -> object:
    """int for a bit or a word, Fraction for a float, str for a symbol and for a row of one-character symbols, numpy arrays otherwise: uint8 for
    bits, int64 for words and forms (Python integers where they are longer)."""
    if value.kind == "float":
        return _floats(value)
    if not value.shape:
        return value.elements[0]
    if value.kind == "symbol":
        return _symbols(value, value.shape, 0)
    import numpy as np

    if value.kind == "bit":
        return np.array(value.elements, np.uint8).reshape(value.shape)
    fits = all(-(1 << 63) <= e < 1 << 63 for e in value.elements if isinstance(e, int))
    return np.array(value.elements, np.int64 if fits else object).reshape(value.shape)


def _floats(value: WireValue) -> object:
    """A float as what `static_value` makes of it, an array of them as a numpy array of objects."""
    if not value.shape:
        return static_value(value.elements[0])
    import numpy as np

    found = np.empty(len(value.elements), object)
    found[:] = [static_value(e) for e in value.elements]
    return found.reshape(value.shape)


def _symbols(value: WireValue, shape: tuple[int, ...], at: int) -> object:
    if len(shape) == 1:
        row = value.elements[at : at + shape[0]]
        return spelled(row) if spells(value) else list(row)
    step = prod(shape[1:])
    return [_symbols(value, shape[1:], at + i * step) for i in range(shape[0])]

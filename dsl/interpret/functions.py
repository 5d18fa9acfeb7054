"""The table of static functions on vectors: the fast way where there is an exact one, else one point after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.static import apply_row
from tc0.dsl.interpret.statics import (
    MOST,
    add,
    at_least,
    at_most,
    bit_lengths,
    bits_of,
    equal,
    floor_divide,
    greater,
    integers,
    larger,
    less,
    multiply,
    negate,
    python_values,
    remainder,
    smaller,
    subtract,
    unequal,
    written_out,
)
from tc0.dsl.interpret.vectors import Array, Scaled, Vector, common, objects, pack
from tc0.dsl.numbers.floats import from_number
from tc0.dsl.ops.floats import format_of
from tc0.dsl.ops.functions import FUNCTIONS, MOST_BITS, FunctionRow, Undefined

Explain = Callable[[Error, tuple[int, ...]], Error]


def apply(row: FunctionRow, arguments: Sequence[Vector], span: Span, explain: Explain) -> Vector:
    """A static function at every point; some argument is not uniform. explain: adds the point to an error."""
    fast = FAST.get(row.name)
    if fast is not None:
        result = fast(*arguments)
        if result is not None:
            return result
    return pointwise(row, arguments, span, explain)


def pointwise(row: FunctionRow, arguments: Sequence[Vector], span: Span, explain: Explain) -> Vector:
    """The meaning of the table at one point after the other."""
    shape = common(*arguments)
    columns = [python_values(a, shape) for a in arguments]
    values: list[object] = []
    try:
        for point in zip(*columns, strict=True):
            values.append(apply_row(row, point, span))
    except Error as error:
        raise explain(error, tuple(int(i) for i in np.unravel_index(len(values), shape))) from None
    return pack(values, shape)


def _if_integers(operation: Callable[..., Vector]) -> Callable[..., Vector | None]:
    return lambda *arguments: operation(*arguments) if integers(*arguments) else None


def _if_divisible(operation: Callable[[Vector, Vector], Vector]) -> Callable[[Vector, Vector], Vector | None]:
    def divide(a: Vector, b: Vector) -> Vector | None:
        if not integers(a, b) or not (b != 0 if type(b) is int else bool(np.all(written_out(b) != 0))):
            return None
        return operation(a, b)

    return divide


def _power(a: Vector, b: Vector) -> Vector | None:
    if not integers(a, b):
        return None
    b = written_out(b)
    low, high = (b, b) if type(b) is int else (int(b.min()), int(b.max()))
    if low < 0:
        return None
    if type(a) is int and a > 0 and a & (a - 1) == 0:  # a power of two
        step = a.bit_length() - 1
        if step * high > MOST_BITS:
            return None
        return np.int64(1) << (step * b) if step * high < MOST else Scaled(np.ones_like(b), step * b)
    a = written_out(a)
    if bits_of(a) * max(high, 1) > MOST:
        return None
    return np.power(np.int64(a) if type(a) is int else a, b)


def _left(a: Vector, b: Vector) -> Vector | None:
    if not integers(a, b):
        return None
    b = written_out(b)
    low, high = (b, b) if type(b) is int else (int(b.min()), int(b.max()))
    if low < 0 or bits_of(a) + high > MOST_BITS:
        return None
    return multiply(
        a,
        Scaled(np.ones_like(np.asarray(b)), np.asarray(b, np.int64))
        if bits_of(a) + high > MOST
        else 1 << np.asarray(b),
    )


def _right(a: Vector, b: Vector) -> Vector | None:
    if not integers(a, b):
        return None
    a, b = written_out(a), written_out(b)
    if bits_of(a) > MOST or (b < 0 if type(b) is int else bool((b < 0).any())):
        return None
    return np.asarray(a) >> np.minimum(b, 63)


def _digit(i: Vector, j: Vector) -> Vector | None:
    shifted = _right(i, j)
    return None if shifted is None else shifted & 1


def _small(n: Vector, least: int, bits: int = MOST) -> Array | None:
    """Integers of at most `bits` bits, none below `least`; else None."""
    if not integers(n) or bits_of(n) > bits:
        return None
    n = np.asarray(written_out(n))
    return None if (n < least).any() else n


def _clog2(n: Vector) -> Vector | None:
    n = _small(n, 0)
    if n is None:
        return None
    return bit_lengths(np.maximum(n - 1, 0))


def _flog2(n: Vector) -> Vector | None:
    n = _small(n, 1)
    return None if n is None else bit_lengths(n) - 1


def _bits(n: Vector) -> Vector | None:
    n = _small(n, 0)
    return None if n is None else bit_lengths(n)


def _isqrt(n: Vector) -> Vector | None:
    n = _small(n, 0, 52)
    if n is None:
        return None
    root = np.sqrt(n.astype(np.float64)).astype(np.int64)
    root -= root * root > n
    return root + ((root + 1) * (root + 1) <= n)


def _same_kind(operation: Callable[[Vector, Vector], Vector]) -> Callable[[Vector, Vector], Vector | None]:
    def compare(a: Vector, b: Vector) -> Vector | None:
        if integers(a, b):
            return operation(a, b)
        kinds = [type(v) is bool or (type(v) is np.ndarray and v.dtype == bool) for v in (a, b)]
        if all(kinds):
            same = np.equal(a, b)
            return same if operation is equal else ~same
        return None

    return compare


def _not(a: Vector) -> Vector | None:
    return ~a if type(a) is np.ndarray and a.dtype == bool else None


def _many(operation: Callable[[Vector, Vector], Vector]) -> Callable[..., Vector | None]:
    def fold(*arguments: Vector) -> Vector | None:
        if not integers(*arguments):
            return None
        result = arguments[0]
        for other in arguments[1:]:
            result = operation(result, other)
        return result

    return fold


def _absolute(a: Vector) -> Vector | None:
    return larger(a, negate(a)) if integers(a) else None


def _float(precision: Vector, nearest: Vector, value: Vector) -> Vector | None:
    """Numbers rounded to floats of one type: the weights of a layer, say."""
    if type(precision) is not int or type(nearest) is not bool or type(value) is not np.ndarray:
        return None
    numbers = value.ravel().tolist()
    if not {*map(type, numbers)} <= {int, Fraction}:
        return None
    try:
        format = format_of(precision, nearest)
    except Undefined:  # reported at a point
        return None
    return objects([from_number(format, number) for number in numbers]).reshape(value.shape)


FAST: dict[str, Callable[..., Vector | None]] = {
    "+": _if_integers(add),
    "-": _if_integers(subtract),
    "*": _if_integers(multiply),
    "//": _if_divisible(floor_divide),
    "%": _if_divisible(remainder),
    "**": _power,
    "<<": _left,
    ">>": _right,
    "negate": _if_integers(negate),
    "not": _not,
    "<": _if_integers(less),
    "<=": _if_integers(at_most),
    ">": _if_integers(greater),
    ">=": _if_integers(at_least),
    "==": _same_kind(equal),
    "!=": _same_kind(unequal),
    "min": _many(smaller),
    "max": _many(larger),
    "abs": _absolute,
    "ceil": lambda a: a if integers(a) else None,
    "floor": lambda a: a if integers(a) else None,
    "clog2": _clog2,
    "flog2": _flog2,
    "bits": _bits,
    "isqrt": _isqrt,
    "bit": _digit,
    "float": _float,
}

assert FAST.keys() <= FUNCTIONS.keys()

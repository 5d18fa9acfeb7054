"""Arrays of numbers rounded to floats, all entries at once, and what that costs.

The entries are float64, which holds every float16, bfloat16, float32 and integer of at most 53 bits exactly. A float of
`numbers.floats` is a mantissa and an exponent of a few bits, so that rounding is scaling by a power of two, cutting, and
scaling back, each exact in float64. Entries that do not fit into it are rounded one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.record import record
from tc0.dsl.numbers.floats import Float, Format, from_number

Array = npt.NDArray[Any]
Tick = Callable[[], None]

PIECE = 1 << 16  # entries between two looks at the clock
TOP = 2.0**1023  # rounding up may leave float64 from here on
EXACT = 1 << 53


@record
class Loss:
    """What rounding to floats does to some numbers. absolute, relative: the largest error, exact (0 where there is no
    number; numbers that are 0 have no relative error). saturated: how many lie beyond the largest float; vanished: how many
    become 0 and are not."""

    count: int
    absolute: Fraction
    relative: Fraction
    saturated: int
    vanished: int


def fits(numbers: Array) -> bool:
    """Whether all entries are held exactly by float64, with room for rounding up."""
    if numbers.dtype.itemsize < 8 or not numbers.size:
        return True
    if numbers.dtype.kind == "f":
        return bool((np.abs(numbers) < TOP).all())
    return int(numbers.max()) <= EXACT and int(numbers.min()) >= -EXACT


def rounded(numbers: Array, format: Format, tick: Tick) -> list[Float]:
    """The floats for the entries in row-major order. Equal floats are one object."""
    flat = numbers.reshape(-1)
    if not fits(flat):
        return [from_number(format, exact(v)) for v in _listed(flat, tick)]
    found: list[Float] = []
    known: dict[tuple[int, int], Float] = {}
    for start in range(0, flat.size, PIECE):
        tick()
        mantissas, exponents = _codes(flat[start : start + PIECE].astype(np.float64), format)
        for code in zip(mantissas.tolist(), exponents.tolist(), strict=True):
            float_ = known.get(code)
            if float_ is None:
                float_ = known[code] = Float(format, *code)
            found.append(float_)
    return found


def _codes(numbers: Array, format: Format) -> tuple[Array, Array]:
    """Mantissas and exponents, int64, of finite float64 below `TOP` in magnitude."""
    kept, units, beyond = _cut(np.abs(numbers), format)
    carried = kept == 2.0**format.digits  # rounded up to one more digit
    kept, units = np.where(carried, kept / 2, kept), units + carried
    kept[beyond], units[beyond] = format.largest, format.largest
    units[kept == 0] = -format.largest
    mantissas = kept.astype(np.int64)
    return np.where(numbers < 0, -mantissas, mantissas), units


def _cut(sizes: Array, format: Format) -> tuple[Array, Array, Array]:
    """Magnitudes as `kept * 2**units`, with kept whole and at most `2**digits`, and which lie beyond the largest float."""
    exponents = np.frexp(sizes)[1].astype(np.int64)
    units = np.maximum(exponents - format.digits, -format.largest)
    scaled = np.ldexp(sizes, np.clip(-units, -2000, 2000))
    kept = np.rint(scaled) if format.nearest else np.floor(scaled)
    beyond = units + (kept == 2.0**format.digits) > format.largest
    return kept, units, beyond & (sizes > 0)


def loss(numbers: Array, format: Format, tick: Tick) -> Loss:
    """The largest errors of rounding the entries, and how many saturate or vanish."""
    flat = numbers.reshape(-1)
    if not fits(flat):
        return loss_of((exact(v) for v in _listed(flat, tick)), format)
    parts = []
    for start in range(0, flat.size, PIECE):
        tick()
        parts.append(_loss(np.abs(flat[start : start + PIECE].astype(np.float64)), format))
    return _joined(parts)


def _loss(sizes: Array, format: Format) -> Loss:
    kept, units, beyond = _cut(sizes, format)
    vanished = (kept == 0) & (sizes > 0)
    near = sizes[~beyond & ~vanished & (sizes > 0)]
    errors = np.abs(near - np.ldexp(kept, np.clip(units, -2000, 2000))[~beyond & ~vanished & (sizes > 0)])
    worst = [Loss(sizes.size, Fraction(0), Fraction(0), int(beyond.sum()), int(vanished.sum()))]
    for some in (beyond, vanished):  # there the errors grow with the number, or the relative one is 1
        if some.any():
            worst.append(loss_of([Fraction(float(sizes[some].max()))], format))
    if near.size:
        absolute = Fraction(float(errors.max()))
        worst.append(Loss(0, absolute, _largest_ratio(errors, near), 0, 0))
    found = _joined(worst)
    return Loss(sizes.size, found.absolute, found.relative, worst[0].saturated, worst[0].vanished)


def _largest_ratio(errors: Array, sizes: Array) -> Fraction:
    """The largest quotient, exact: those that float64 cannot tell from the largest are compared as fractions."""
    ratios = errors / sizes
    top = ratios.max()
    if top == 0:
        return Fraction(0)
    close = ratios >= top * (1 - 2.0**-50)
    shifts = np.frexp(sizes[close])[1]
    pairs = np.unique(np.stack([np.ldexp(errors[close], -shifts), np.ldexp(sizes[close], -shifts)], 1), axis=0)
    return max(Fraction(e) / Fraction(s) for e, s in pairs.tolist())


def loss_of(numbers: Iterable[int | Fraction], format: Format) -> Loss:
    """The same, one exact number after the other."""
    count, absolute, relative, saturated, vanished = 0, Fraction(0), Fraction(0), 0, 0
    for number in numbers:
        count += 1
        float_ = from_number(format, number)
        if not number:
            continue
        size = abs(Fraction(number))
        error = abs(abs(float_.fraction()) - size)
        absolute, relative = max(absolute, error), max(relative, error / size)
        vanished += float_.mantissa == 0
        saturated += is_beyond(size, float_)
    return Loss(count, absolute, relative, saturated, vanished)


def is_beyond(size: Fraction, float_: Float) -> bool:
    """Whether a number of this size has been rounded to the largest float because there is no larger one."""
    format = float_.format
    if (abs(float_.mantissa), float_.exponent) != (format.largest, format.largest):
        return False
    unit = 1 << format.largest
    border = Fraction(2 * format.largest + 1, 2) if format.nearest else Fraction(format.largest + 1)
    return size >= border * unit


def _joined(parts: list[Loss]) -> Loss:
    zero = Fraction(0)
    return Loss(
        sum(p.count for p in parts),
        max((p.absolute for p in parts), default=zero),
        max((p.relative for p in parts), default=zero),
        sum(p.saturated for p in parts),
        sum(p.vanished for p in parts),
    )


def exact(value: object) -> int | Fraction:
    """An entry as a static number: a float is a fraction, anything else an integer (a boolean 0 or 1)."""
    return Fraction(value) if isinstance(value, float) else int(value)  # type: ignore[call-overload]


def _listed(flat: Array, tick: Tick) -> Iterable[object]:
    for start in range(0, flat.size, PIECE):
        tick()
        yield from flat[start : start + PIECE].tolist()

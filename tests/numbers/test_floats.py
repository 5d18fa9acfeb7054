"""Floats against the reference: all values and all pairs where they are few, random ones elsewhere, and the traps."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import floats as reference

from tc0.dsl.numbers.floats import (
    Float,
    Format,
    Mixed,
    NoCode,
    absolute,
    add,
    compared,
    divide,
    exponent_of,
    from_bits,
    from_number,
    greatest,
    least,
    multiply,
    negated,
    relu,
    rounded,
    scaled,
    square_root,
    subtract,
    text,
    to_bits,
    total,
    values,
)

BOTH = [False, True]
OPERATIONS = {"+": add, "-": subtract, "*": multiply, "/": divide}
FUNCTIONS = {
    "exp": (exponent_of, reference.exp),
    "sqrt": (square_root, reference.sqrt),
    "relu": (relu, lambda p, nearest, x: max(x, Fraction(0))),
    "abs": (absolute, lambda p, nearest, x: abs(x)),
    "negate": (negated, lambda p, nearest, x: -x),
}


def check_encoded(x: Float) -> None:
    """The one encoding of its value."""
    assert (x.mantissa, x.exponent) == reference.encode(x.format.precision, x.fraction())


# ---- all of them, where they are few


@pytest.mark.parametrize(("precision", "count"), [(4, 7), (6, 31), (8, 127)])
@pytest.mark.parametrize("nearest", BOTH)
def test_every_value(precision: int, count: int, nearest: bool) -> None:
    format = Format(precision, nearest)
    found = list(values(format))
    assert len(found) == count
    assert [x.fraction() for x in found] == reference.all_values(precision)
    for x in found:
        check_encoded(x)
        bits = to_bits(x)
        assert "".join(map(str, bits)) == reference.wires(precision, (x.mantissa, x.exponent))
        assert from_bits(format, bits) == x
        assert from_number(format, Fraction(text(x))) == x
        assert from_number(format, x.fraction()) == x


@pytest.mark.parametrize("precision", [4, 6])
@pytest.mark.parametrize("nearest", BOTH)
@pytest.mark.parametrize("operator", OPERATIONS)
def test_every_pair(precision: int, nearest: bool, operator: str) -> None:
    numbers = list(values(Format(precision, nearest)))
    for a in numbers:
        for b in numbers:
            found = OPERATIONS[operator](a, b)
            wanted = reference.operate(precision, nearest, operator, a.fraction(), b.fraction())
            assert found.fraction() == wanted, f"{a} {operator} {b}"
            check_encoded(found)


@pytest.mark.parametrize("precision", [4, 6, 8])
def test_order_of_every_pair(precision: int) -> None:
    numbers = list(values(Format(precision)))
    for a in numbers:
        for b in numbers:
            x, y = a.fraction(), b.fraction()
            assert compared(a, b) == (x > y) - (x < y)
            assert greatest((a, b)).fraction() == max(x, y)
            assert least((a, b)).fraction() == min(x, y)


@pytest.mark.parametrize("precision", [4, 6, 8, 10])
@pytest.mark.parametrize("nearest", BOTH)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_argument(precision: int, nearest: bool, function: str) -> None:
    ours, theirs = FUNCTIONS[function]
    for x in values(Format(precision, nearest)):
        if precision == 10 and x.mantissa % 4 and function in ("exp", "sqrt"):
            continue  # the reference is slow
        found = ours(x)
        assert found.fraction() == theirs(precision, nearest, x.fraction()), f"{function}({x})"
        check_encoded(found)


def test_every_triple_at_precision_4() -> None:
    numbers = list(values(Format(4)))
    folded = 0
    for a in numbers:
        for b in numbers:
            for c in numbers:
                found = total((a, b, c), Format(4)).fraction()
                assert found == reference.total(4, False, [a.fraction(), b.fraction(), c.fraction()])
                folded += found != add(add(a, b), c).fraction()
    assert folded > 0  # a fold is another function


def test_folding_a_sum_changes_triples() -> None:
    """8,252 of the 29,791 triples at precision 6."""
    numbers = list(values(Format(6)))
    pairs = [(a, b, add(a, b)) for a in numbers for b in numbers]
    differ = sum(total((a, b, c), Format(6)) != add(ab, c) for a, b, ab in pairs for c in numbers)
    assert differ == 8252


# ---- random ones


def floats(format: Format, most: int) -> st.SearchStrategy[Float]:
    """Floats of a format with exponents of at most `most`."""
    largest = format.largest
    exponents = st.integers(-min(most, largest), min(most, largest))
    return st.builds(lambda m, e: rounded(format, abs(m), e, m < 0), st.integers(-largest, largest), exponents)


FORMATS = st.builds(Format, st.sampled_from([8, 10, 12, 32, 64]), st.booleans())


@given(st.data(), FORMATS)
@settings(max_examples=300, deadline=None)
def test_pairs(data: st.DataObject, format: Format) -> None:
    a, b = data.draw(floats(format, 80)), data.draw(floats(format, 80))
    for operator, operation in OPERATIONS.items():
        found = operation(a, b)
        wanted = reference.operate(format.precision, format.nearest, operator, a.fraction(), b.fraction())
        assert found.fraction() == wanted
        check_encoded(found)
    x, y = a.fraction(), b.fraction()
    assert compared(a, b) == (x > y) - (x < y)


@given(st.data(), FORMATS)
@settings(max_examples=200, deadline=None)
def test_sums(data: st.DataObject, format: Format) -> None:
    most = data.draw(st.sampled_from([3, 80, 2000]))
    numbers = data.draw(st.lists(floats(format, most), max_size=64))
    if data.draw(st.booleans()):  # much that cancels
        numbers = data.draw(st.permutations([*numbers[:30], *map(negated, numbers[:30]), *numbers[30:33]]))
    found = total(numbers, format)
    assert found.fraction() == reference.total(format.precision, format.nearest, [x.fraction() for x in numbers])
    check_encoded(found)


@given(st.data(), FORMATS)
@settings(max_examples=60, deadline=None)
def test_exponentials(data: st.DataObject, format: Format) -> None:
    x = data.draw(floats(format, 80))
    if abs(x.fraction()) <= 40:
        assert exponent_of(x).fraction() == reference.exp(format.precision, format.nearest, x.fraction())


@given(st.data(), st.sampled_from([12, 32, 64]))
@settings(max_examples=200, deadline=None)
def test_square_roots(data: st.DataObject, precision: int) -> None:
    format = Format(precision)
    x = data.draw(floats(format, 80))
    root = square_root(x)
    check_encoded(root)
    if x.mantissa <= 0:
        assert root == format.zero
        return
    next_ = root.fraction() + Fraction(2) ** root.exponent
    assert root.fraction() ** 2 <= x.fraction() < next_**2


@given(st.fractions(), st.booleans(), st.sampled_from([4, 6, 8, 12, 16, 32, 64]))
@settings(max_examples=300)
def test_constants(value: Fraction, nearest: bool, precision: int) -> None:
    assert from_number(Format(precision, nearest), value).fraction() == reference.rounding(precision, nearest, value)


# ---- the traps


def test_overflow_saturates_with_its_sign() -> None:
    for nearest in BOTH:
        format = Format(8, nearest)
        most = from_number(format, 896)
        assert (most.mantissa, most.exponent) == (7, 7)
        assert add(most, most) == most == multiply(most, most) == divide(most, from_number(format, Fraction(1, 2)))
        assert subtract(negated(most), most) == negated(most)
        assert from_number(format, -(10**40)) == negated(most)
        assert exponent_of(most) == most


def test_underflow_goes_to_zero_through_small_numbers() -> None:
    format = Format(8)
    tiny = Float(format, 1, -7)
    assert multiply(tiny, tiny) == format.zero == multiply(negated(tiny), tiny)
    assert divide(tiny, from_number(format, 2)) == format.zero
    assert from_number(format, Fraction(3, 256)).fraction() == Fraction(1, 128)
    assert exponent_of(from_number(format, -100)) == format.zero
    nearest = Format(8, nearest=True)
    assert from_number(nearest, Fraction(1, 256)) == nearest.zero  # a tie, and 0 is even
    assert from_number(nearest, Fraction(3, 256)).fraction() == Fraction(1, 64)  # a tie, and 1 is odd


def test_zero_has_no_sign() -> None:
    format = Format(8)
    zero = format.zero
    assert negated(zero) == zero == from_number(format, 0) == add(from_number(format, -3), from_number(format, 3))
    assert to_bits(zero) == (0, 0, 0, 0, 1, 1, 1, 1)
    assert divide(from_number(format, -1), zero) == zero == divide(zero, zero)


def test_other_bits_are_no_floats() -> None:
    format = Format(6)
    codes = [[code >> k & 1 for k in range(6)] for code in range(64)]
    read = []
    for code in codes:
        try:
            read.append(from_bits(format, code))
        except NoCode:
            continue
    assert sorted(x.fraction() for x in read) == reference.all_values(6)
    with pytest.raises(NoCode, match="not 5"):
        from_bits(format, [0] * 5)


def test_truncation_is_toward_zero() -> None:
    format = Format(8)
    assert from_number(format, Fraction(-29, 2)).fraction() == -14
    assert from_number(Format(8, nearest=True), Fraction(-15)).fraction() == -16  # a tie between 14 and 16


def test_a_sum_is_rounded_once() -> None:
    format = Format(8)
    eighths = [from_number(format, Fraction(1, 8))] * 8
    assert total([from_number(format, 1), *eighths], format).fraction() == 2
    folded = from_number(format, 1)
    for eighth in eighths:
        folded = add(folded, eighth)
    assert folded.fraction() == 1


def test_types_do_not_mix() -> None:
    one = from_number(Format(8), 1)
    for other in (Format(6), Format(8, nearest=True)):
        for operation in (*OPERATIONS.values(), compared):
            with pytest.raises(Mixed):
                operation(one, from_number(other, 1))
        with pytest.raises(Mixed):
            total([one, from_number(other, 1)], Format(8))


@pytest.mark.parametrize("precision", [-2, 0, 2, 3, 7, 66])
def test_precisions(precision: int) -> None:
    with pytest.raises(ValueError, match="even, from 4 to 64"):
        Format(precision)


# ---- exponents of 32 bits


def test_sums_move_with_their_exponents() -> None:
    """The same sum 2**30 higher or lower has the same digits."""
    format = Format(64)
    numbers = [Float(format, (1 << 30) + 12345 * k, (37 * k) % 71) for k in range(1, 64)]
    numbers += [negated(x) for x in numbers[5:40:3]]
    wanted = total(numbers, format)
    assert wanted.fraction() == reference.total(64, False, [x.fraction() for x in numbers])
    for shift in (1 << 30, -(1 << 30), (1 << 31) - 1000):
        moved = [Float(format, x.mantissa, x.exponent + shift) for x in numbers]
        assert total(moved, format) == Float(format, wanted.mantissa, wanted.exponent + shift)


def test_far_exponents_are_cheap_and_exact() -> None:
    format, least_ = Format(64), -((1 << 31) - 1)
    most = Float(format, format.largest, format.largest)
    tiny = Float(format, 1, least_)
    start = perf_counter()
    assert add(most, tiny) == most
    assert subtract(most, tiny) == Float(format, format.largest - 1, format.largest)  # truncated: just below
    assert total([tiny, most, negated(most)], format) == tiny
    assert total([most, negated(tiny), negated(most), tiny, tiny], format) == tiny
    assert multiply(most, tiny).mantissa == format.largest
    assert divide(tiny, most) == format.zero
    assert divide(most, tiny) == most
    assert square_root(tiny).exponent < -(1 << 29)
    assert exponent_of(most) == most
    assert exponent_of(negated(most)) == format.zero
    assert exponent_of(tiny).fraction() == 1
    assert exponent_of(negated(tiny)).fraction() == 1 - Fraction(1, 1 << 31)
    assert compared(tiny, most) == -1
    half = scaled(format, 1, 2 * format.largest // 3)
    assert add(half, half) == scaled(format, 1, 2 * format.largest // 3 + 1)
    assert perf_counter() - start < 5
    nearest = Format(64, nearest=True)
    assert subtract(Float(nearest, 1 << 30, 500), Float(nearest, 1, least_)) == Float(nearest, 1 << 30, 500)


def test_a_long_sum_of_far_exponents_is_cheap() -> None:
    format = Format(64)
    numbers = [Float(format, (1 << 30) + k, 1000 * k * (-1) ** k) for k in range(20_000)]
    start = perf_counter()
    assert total([*numbers, *map(negated, numbers)], format) == format.zero
    assert total(numbers, format).exponent == 1000 * 19_998
    assert perf_counter() - start < 5


def test_exponentials_of_large_numbers() -> None:
    """e**x and e**(x + y) with the rule of their quotient, within two units of the last digit."""
    format = Format(64)
    for number in (10**6, 10**9, -(10**9), 1_400_000_000):
        x, y = from_number(format, number), from_number(format, number + 1)
        quotient = divide(exponent_of(y), exponent_of(x))
        assert abs(quotient.fraction() - exponent_of(from_number(format, 1)).fraction()) < Fraction(1, 1 << 26)


@pytest.mark.parametrize("precision", [8, 12, 16])
def test_functions_are_monotone(precision: int) -> None:
    numbers = [x for x in values(Format(precision)) if precision < 16 or x.mantissa % 29 == 0]
    for function in (exponent_of, square_root, relu):
        images = [function(x) for x in numbers]
        assert all(compared(a, b) <= 0 for a, b in pairwise(images))


def test_text() -> None:
    format = Format(32)
    assert text(from_number(format, Fraction(-5, 16))) == "-5/16"
    assert text(scaled(format, 5, -300)) == "5 * 2**-300"
    assert text(scaled(format, -1, 300)) == "-1 * 2**300"
    assert text(scaled(format, 1, 300)) == "2**300"
    assert text(Format(64).zero) == "0"

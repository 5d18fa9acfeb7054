"""Vectors of floats against the scalar floats and, where numbers can be written out, against the reference on fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import floats as reference

from tc0.dsl.numbers import float_codes as codes
from tc0.dsl.numbers import float_sums as sums
from tc0.dsl.numbers import float_vectors as vectors
from tc0.dsl.numbers import floats as scalar
from tc0.dsl.numbers.float_vectors import Floats, filled, listed, vector
from tc0.dsl.numbers.floats import Float, Format, Mixed
from tc0.dsl.numbers.real import natural_log_of_2

EVERY = [Format(precision, nearest) for precision in range(4, 66, 2) for nearest in (False, True)]
FEW = [format for format in EVERY if format.precision <= 8]
OPERATIONS: dict[str, tuple[Callable[[Floats, Floats], Floats], Callable[[Float, Float], Float]]] = {
    "+": (vectors.add, scalar.add),
    "-": (vectors.subtract, scalar.subtract),
    "*": (vectors.multiply, scalar.multiply),
    "/": (vectors.divide, scalar.divide),
    "greatest": (vectors.greatest, lambda a, b: scalar.greatest((a, b))),
    "least": (vectors.least, lambda a, b: scalar.least((a, b))),
}
FUNCTIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Float], Float]]] = {
    "exp": (vectors.exponential, scalar.exponent_of),
    "sqrt": (vectors.square_root, scalar.square_root),
    "relu": (vectors.relu, scalar.relu),
    "abs": (vectors.absolute, scalar.absolute),
    "negate": (vectors.negated, scalar.negated),
}


def check(found: Floats, wanted: Sequence[Float], *arguments: Sequence[object]) -> None:
    wrong = [at for at, (x, y) in enumerate(zip(listed(found), wanted, strict=True)) if x != y]
    assert not wrong, f"{listed(found)[wrong[0]]}, not {wanted[wrong[0]]}, of {[str(x[wrong[0]]) for x in arguments]}"
    assert found.mantissa.dtype == found.exponent.dtype == np.int64


def some_float(format: Format, pick: random.Random) -> Float:
    """A float, often short, at an end of the range, near 1 or the largest of its digits."""
    digits, largest = format.digits, format.largest
    top = 1 << (digits - 1)
    mantissa = pick.choice([pick.getrandbits(digits), pick.getrandbits(digits) | top, 1, top, top | 1, largest, 0])
    spread = pick.choice([0, 3, digits, 3 * digits, largest])
    middle = pick.choice([0, -digits, -largest, largest])
    exponent = max(-largest, min(largest, middle + pick.randint(-spread, spread)))
    return scalar.rounded(format, mantissa, exponent, pick.random() < 0.5)


def some_pairs(format: Format, pick: random.Random, count: int) -> tuple[list[Float], list[Float]]:
    """Pairs, every other one with close exponents or with digits that cancel."""
    a, b = ([some_float(format, pick) for _ in range(count)] for _ in range(2))
    for at in range(0, count, 2):
        x, largest = a[at], format.largest
        mantissa = pick.choice([-x.mantissa, -x.mantissa + 1, b[at].mantissa])
        exponent = x.exponent + pick.choice([0, 0, 1, pick.randint(-2 * format.digits - 6, 2 * format.digits + 6)])
        exponent = max(-largest, min(largest, exponent))
        b[at] = scalar.rounded(format, min(abs(mantissa), largest), exponent, mantissa < 0)
    return a, b


# ---- by element


@pytest.mark.parametrize("format", FEW, ids=str)
@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
def test_every_pair(format: Format, operator: str) -> None:
    numbers = list(scalar.values(format))
    a = [x for x in numbers for _ in numbers]
    b = numbers * len(numbers)
    ours, _ = OPERATIONS[operator]
    found = listed(ours(vector(format, a), vector(format, b)))
    precision, nearest = format.precision, format.nearest
    exact = [x.fraction() for x in numbers]
    wanted = [reference.operate(precision, nearest, operator, x, y) for x in exact for y in exact]
    encoded = {value: reference.encode(precision, value) for value in set(wanted)}
    assert [(x.mantissa, x.exponent) for x in found] == [encoded[value] for value in wanted]


@pytest.mark.parametrize("format", FEW, ids=str)
def test_order_of_every_pair(format: Format) -> None:
    numbers = list(scalar.values(format))
    x = vector(format, numbers)
    a, b = x.reshape(-1, 1), x.reshape(1, -1)
    at = np.arange(len(numbers))
    assert np.array_equal(vectors.compared(a, b), np.sign(at[:, None] - at))
    assert np.array_equal(vectors.at_least(a, b), at[:, None] >= at)
    assert np.array_equal(vectors.above(a, b), at[:, None] > at)
    assert np.array_equal(vectors.equal(a, b), at[:, None] == at)
    check(vectors.from_order(format, vectors.order(x)), numbers)


@pytest.mark.parametrize("format", EVERY, ids=str)
@pytest.mark.parametrize("operator", OPERATIONS)
def test_pairs(format: Format, operator: str) -> None:
    a, b = some_pairs(format, random.Random(str(format)), 400)
    ours, theirs = OPERATIONS[operator]
    x, y = vector(format, a), vector(format, b)
    check(ours(x, y), [theirs(p, q) for p, q in zip(a, b, strict=True)], a, b)
    assert vectors.compared(x, y).tolist() == [scalar.compared(p, q) for p, q in zip(a, b, strict=True)]


@pytest.mark.parametrize("format", EVERY, ids=str)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions(format: Format, function: str) -> None:
    pick = random.Random(str(format))
    numbers = list(scalar.values(format)) if format.precision <= 8 else []
    numbers += [some_float(format, pick) for _ in range(100)]
    ours, theirs = FUNCTIONS[function]
    check(ours(vector(format, numbers)), [theirs(x) for x in numbers], numbers)


@st.composite
def pairs(draw: st.DrawFn, most: int) -> tuple[Format, list[Float], list[Float]]:
    format = draw(st.sampled_from(EVERY))
    largest = format.largest
    exponents = st.integers(-min(most, largest), min(most, largest))
    one = st.builds(lambda m, e: scalar.rounded(format, abs(m), e, m < 0), st.integers(-largest, largest), exponents)
    a = draw(st.lists(one, min_size=1, max_size=8))
    return format, a, draw(st.lists(one, min_size=len(a), max_size=len(a)))


@given(pairs(80))
@settings(max_examples=300, deadline=None)
def test_against_fractions(given_: tuple[Format, list[Float], list[Float]]) -> None:
    format, a, b = given_
    x, y = vector(format, a), vector(format, b)
    for operator in "+-*/":
        found = listed(OPERATIONS[operator][0](x, y))
        for p, q, z in zip(a, b, found, strict=True):
            wanted = reference.operate(format.precision, format.nearest, operator, p.fraction(), q.fraction())
            assert z.fraction() == wanted
    total = listed(sums.total(vector(format, a + b), [0, len(a + b)]))[0]
    assert total.fraction() == reference.total(
        format.precision, format.nearest, [number.fraction() for number in a + b]
    )


@pytest.mark.parametrize("precision", [50, 52, 58, 60, 62, 64])
@pytest.mark.parametrize("nearest", [False, True])
def test_quotients_and_roots_beside_a_border(precision: int, nearest: bool) -> None:
    """Close to a float or to the middle of two, as close as it gets: what a double alone would get wrong."""
    format, pick = Format(precision, nearest), random.Random(precision)
    top, largest = 1 << (format.digits - 1), format.largest
    a, b, squares = [], [], []
    for _ in range(3000):
        divisor, quotient = pick.randint(top, largest), pick.randint(top, largest)
        product = (2 * quotient + pick.randrange(2)) * divisor
        shift = product.bit_length() - format.digits
        a.append(Float(format, min(largest, (product >> shift) + pick.randint(0, 1)), 0))
        b.append(Float(format, divisor, pick.randint(0, 3)))
        root = 2 * quotient + pick.randrange(2)
        shift = (root * root).bit_length() - format.digits
        squares.append(Float(format, min(largest, (root * root >> shift) + pick.randint(0, 1)), shift))
    x, y, z = (vector(format, part) for part in (a, b, squares))
    check(vectors.divide(x, y), [scalar.divide(p, q) for p, q in zip(a, b, strict=True)], a, b)
    check(vectors.square_root(z), [scalar.square_root(p) for p in squares], squares)


def test_exponentials_that_doubles_do_not_decide_are_left_to_the_scalar_code(monkeypatch: pytest.MonkeyPatch) -> None:
    format = Format(64)
    numbers = [Float(format, (1 << 30) + 7919 * k, -30) for k in range(300)]
    asked = []
    monkeypatch.setattr(vectors, "SLACK", 2.0**-34)  # as if the error were larger
    monkeypatch.setattr(vectors, "exponent_of", lambda x: asked.append(x) or scalar.exponent_of(x))
    check(vectors.exponential(vector(format, numbers)), [scalar.exponent_of(x) for x in numbers], numbers)
    assert 30 < len(asked) < 270


def test_constants_of_the_exponential() -> None:
    low, _ = natural_log_of_2().enclose(120)
    parts = [Fraction(part) for part in vectors.LN2_PARTS]
    assert abs(sum(parts) - low) < Fraction(1, 1 << 105)
    for at, part in enumerate(parts[:3]):
        assert (part * (1 << 18 * (at + 1))).denominator == 1  # with 35 digits before it a product is a double
        assert abs(sum(parts[: at + 1]) - low) < Fraction(1, 1 << 18 * (at + 1))


def test_arrays_are_broadcast() -> None:
    format = Format(12)
    pick = random.Random(1)
    rows, columns = ([some_float(format, pick) for _ in range(n)] for n in (4, 3))
    x, y = vector(format, rows).reshape(4, 1), vector(format, columns)
    check(vectors.multiply(x, y), [scalar.multiply(a, b) for a in rows for b in columns])
    one = filled(rows[0], ())
    assert vectors.add(one, y).shape == (3,)
    check(vectors.add(one, y), [scalar.add(rows[0], b) for b in columns])
    assert vectors.add(one, one).shape == ()
    assert vectors.add(vector(format, []), vector(format, [])).shape == (0,)


def test_long_arrays_are_worked_on_in_pieces() -> None:
    format = Format(16)
    a, b = some_pairs(format, random.Random(2), 2 * vectors.PIECE + 77)
    check(vectors.add(vector(format, a), vector(format, b)), [scalar.add(x, y) for x, y in zip(a, b, strict=True)])


def test_formats_do_not_mix() -> None:
    one = filled(scalar.from_number(Format(8), 1), 2)
    for other in (Format(6), Format(8, nearest=True)):
        two = filled(scalar.from_number(other, 1), 2)
        for operation in (*(ours for ours, _ in OPERATIONS.values()), vectors.compared, vectors.equal):
            with pytest.raises(Mixed):
                operation(one, two)
        with pytest.raises(Mixed):
            vector(other, listed(one))


def test_selected_and_concatenated() -> None:
    format = Format(10)
    numbers = list(scalar.values(format))[:6]
    x = vector(format, numbers)
    condition = np.array([True, False, True])
    check(vectors.selected(condition, x[:3], x[3:]), [numbers[0], numbers[4], numbers[2]])
    check(vectors.concatenated([x[3:], x[:3]]), numbers[3:] + numbers[:3])


# ---- segments


def some_summands(format: Format, pick: random.Random, count: int) -> list[Float]:
    """Summands of exponents near one another, of all exponents, or of a few values and their negatives."""
    kind, largest = pick.randrange(4), format.largest
    if kind == 0:
        return [some_float(format, pick) for _ in range(count)]
    spread = min(largest, pick.choice([2, 20, 60, 200, 2000]))
    numbers = [
        scalar.rounded(format, pick.getrandbits(format.digits), pick.randint(-spread, spread), pick.random() < 0.5)
        for _ in range(count)
    ]
    if kind == 1:
        return numbers
    pool = numbers[: 2 + count // 4]
    pool = [*pool, *map(scalar.negated, pool)]
    return [pick.choice(pool) if pick.random() < (0.9 if kind == 2 else 1) else x for x in numbers]


@pytest.mark.parametrize("format", EVERY, ids=str)
@pytest.mark.parametrize("columns", [1, 3])
def test_segments(format: Format, columns: int) -> None:
    pick = random.Random(f"{format} {columns}")
    for lengths in ([5] * 12, [0, 1, 2, 3, 30, 0, 7, 8, 9, 40, 1], [64, 64], [17]):
        starts = np.cumsum([0, *lengths])
        by_column = [[x for n in lengths for x in some_summands(format, pick, n)] for _ in range(columns)]
        x = vector(format, [number for row in zip(*by_column, strict=True) for number in row]).reshape(-1, columns)
        runs = [column[a:b] for a, b in zip(starts, starts[1:], strict=False) for column in by_column]
        check(sums.total(x, starts), [scalar.total(run, format) for run in runs], runs)
        if all(lengths):
            check(sums.greatest_of(x, starts), [scalar.greatest(run) for run in runs])
            check(sums.least_of(x, starts), [scalar.least(run) for run in runs])


@pytest.mark.parametrize("format", [Format(8), Format(16), Format(32, nearest=True), Format(64)], ids=str)
def test_long_sums(format: Format) -> None:
    pick = random.Random(str(format))
    column = [some_float(format, pick) for _ in range(20_000)]
    x = vector(format, column)
    check(sums.total(x, [0, len(column)]), [scalar.total(column, format)])
    check(sums.total(x, [5, 10, 19_000]), [scalar.total(column[5:10], format), scalar.total(column[10:19_000], format)])
    opposite = vectors.concatenated([x, vectors.negated(x), x[:3]])
    check(sums.total(opposite, [0, len(opposite)]), [scalar.total(column[:3], format)])
    wide = vectors.concatenated([x[:600].reshape(6, 100)] * 200)
    wanted = [scalar.total([x for _ in range(200) for x in column[at:600:100]], format) for at in range(100)]
    check(sums.total(wide, [0, 1200]), wanted)


def test_a_sum_of_nothing_is_zero_and_has_no_extreme() -> None:
    format = Format(8)
    none = vector(format, [])
    check(sums.total(none, [0, 0, 0]), [format.zero] * 2)
    assert sums.total(none, [0]).shape == (0,)
    assert sums.total(filled(format.zero, (4, 0)), [0, 2, 4]).shape == (2, 0)
    for extreme in (sums.greatest_of, sums.least_of):
        with pytest.raises(ValueError, match="no extreme"):
            extreme(none, [0, 0])


@pytest.mark.parametrize("starts", [[], [0, 4], [-1, 2], [2, 1]])
def test_starts_of_segments(starts: list[int]) -> None:
    with pytest.raises(ValueError, match="at most 3"):
        sums.total(filled(Format(8).zero, 3), starts)


def test_windows_that_do_not_decide_are_left_to_the_scalar_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number, and below it a sum that reaches one unit into the window and goes on below."""
    asked = []
    monkeypatch.setattr(sums, "_scalar_sum", lambda x, ask=sums._scalar_sum: asked.append(x) or ask(x))
    format, top = Format(64, nearest=True), 1 << 30
    for lowest in range(-265, -250):
        some = [Float(format, m, e) for m, e in [(top, 0), (top, -200), (-top, -200), (top + 1, lowest)]]
        check(sums.total(vector(format, some), [0, len(some)]), [scalar.total(some, format)])
    assert asked


# ---- codes and planes


def code_of(x: Float) -> int:
    return sum(bit << k for k, bit in enumerate(scalar.to_bits(x)))


def value_of(format: Format, code: int) -> Float:
    """The float of the value that a code denotes."""
    half, digits = format.precision // 2, format.digits
    parts = []
    for part in (code & (1 << half) - 1, code >> half):
        magnitude = part & (1 << digits) - 1
        parts.append(-magnitude if part >> digits else magnitude)
    return scalar.rounded(format, abs(parts[0]), parts[1], parts[0] < 0)


@pytest.mark.parametrize("format", EVERY, ids=str)
@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_codes(format: Format, dtype: type) -> None:
    pick = random.Random(str(format))
    numbers = [some_float(format, pick) for _ in range(200)]
    given_ = [code_of(x) for x in numbers] + [pick.getrandbits(format.precision) for _ in range(200)]
    code = np.array(given_, np.uint64).view(dtype)
    found = codes.from_code(format, code)
    check(found, [value_of(format, number) for number in given_], given_)
    assert codes.to_code(found).tolist() == [code_of(x) for x in listed(found)]
    assert codes.canonical(format, code).tolist() == [code_of(value_of(format, number)) == number for number in given_]


def test_every_code_at_8_bits() -> None:
    code = np.arange(256)
    assert codes.canonical(Format(8), code).sum() == 127
    found = listed(codes.from_code(Format(8), code))
    assert found == [value_of(Format(8), k) for k in range(256)]


def test_codes_that_are_none() -> None:
    with pytest.raises(ValueError, match="has 8 bits"):
        codes.from_code(Format(8), np.array([256]))
    with pytest.raises(TypeError, match="int64 or uint64"):
        codes.from_code(Format(8), np.array([1.0]))


@pytest.mark.parametrize("format", EVERY, ids=str)
@pytest.mark.parametrize(("count", "words"), [(1, 1), (3, 2), (5, 130)])
def test_planes(format: Format, count: int, words: int) -> None:
    precision = format.precision
    pick = np.random.default_rng(precision)
    planes = pick.integers(0, 2**64, (count * precision, words), dtype=np.uint64)
    found = codes.from_planes(format, planes)
    assert found.shape == (count, 64 * words)
    bits = np.unpackbits(planes.astype("<u8").view(np.uint8), axis=1, bitorder="little").reshape(count, precision, -1)
    code = np.zeros((count, 64 * words), np.uint64)
    for k in range(precision):
        code |= bits[:, k].astype(np.uint64) << np.uint64(k)
    assert vectors.equal(found, codes.from_code(format, code)).all()
    again = codes.to_planes(found)
    assert again.shape == planes.shape
    assert vectors.equal(codes.from_planes(format, again), found).all()
    assert np.array_equal(codes.to_planes(codes.from_planes(format, again)), again)


def test_inputs_beyond_the_last_are_0_in_planes() -> None:
    format = Format(12)
    x = filled(scalar.from_number(format, -3), (2, 70))
    planes = codes.to_planes(x)
    assert planes.shape == (24, 2)
    wanted = [value for bit in scalar.to_bits(listed(x)[0]) for value in [(2**64 - 1, 63)[0] * bit, 63 * bit]]
    assert planes[:12].ravel().tolist() == wanted == planes[12:].ravel().tolist()


def test_planes_of_whole_floats() -> None:
    with pytest.raises(ValueError, match="13 rows are no multiple of the 12 bits"):
        codes.from_planes(Format(12), np.zeros((13, 1), np.uint64))

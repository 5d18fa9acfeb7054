"""Static arithmetic on vectors, value by value as the table of functions says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpret.programs import Program
from tc0.dsl.base.errors import Error
from tc0.dsl.base.meter import Meter
from tc0.dsl.base.source import Source, Span
from tc0.dsl.core import program
from tc0.dsl.core.static import apply_row, evaluate
from tc0.dsl.interpret import functions, statics
from tc0.dsl.interpret.evaluate import evaluate_expression
from tc0.dsl.interpret.vectors import Scaled, pack, uniform
from tc0.dsl.interpret.walk import RULES
from tc0.dsl.ops.functions import FUNCTIONS

SPAN = Span(Source("test", "test"), 0, 4)

INTEGERS = st.one_of(
    st.integers(-5, 9),
    st.integers(-(2**62), 2**62),
    st.integers(-(2**200), 2**200),
    st.integers(0, 200).map(lambda e: 2**e),
)
NUMBERS = st.one_of(INTEGERS, st.fractions(max_denominator=9))
VALUES = {"integer": INTEGERS, "number": NUMBERS, "bool": st.booleans(), "any": st.one_of(NUMBERS, st.booleans())}


def as_vector(values: list[Any], how: int) -> Any:
    """The values as a vector, in one of the ways that vectors come."""
    if how == 0 and len(set(map(repr, values))) == 1:
        return values[0]
    if how == 1 and all(type(v) is int for v in values):
        found = statics.scaled(pack(values, (-1,)))
        if found is not None:
            return Scaled(found.m, found.e)
    return pack(values, (-1,))


EXACT = sorted(name for name, row in FUNCTIONS.items() if row.gives != "real")


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_like_the_table(name: str, data: st.DataObject) -> None:
    row = FUNCTIONS[name]
    takes = row.takes if not row.many else (*row.takes, row.takes[-1], row.takes[-1])
    small = name in ("**", "<<", ">>", "bit", "iroot", "pow_mod", "is_prime")
    count = data.draw(st.integers(1, 4))
    columns = []
    for at, kind in enumerate(takes):
        if kind not in VALUES:
            pytest.skip("takes real numbers")
        values = VALUES[kind] if not (small and (at or name == "is_prime")) else st.integers(-2, 90)
        same = data.draw(st.booleans())
        column = [data.draw(values)] * count if same else data.draw(st.lists(values, min_size=count, max_size=count))
        columns.append(column)
    vectors = [as_vector(c, data.draw(st.integers(0, 2))) for c in columns]
    if all(map(uniform, vectors)):
        return
    wanted: list[Any] = []
    failed = None
    for point in zip(*columns, strict=True):
        try:
            wanted.append(apply_row(row, point, SPAN))
        except Error as error:
            failed = error
            break
    seen: list[tuple[int, ...]] = []

    def explain(error: Error, point: tuple[int, ...]) -> Error:
        seen.append(point)
        return error

    if failed is not None:
        with pytest.raises(Error) as caught:
            functions.apply(row, vectors, SPAN, explain)
        assert (caught.value.code, caught.value.message) == (failed.code, failed.message)
        assert seen == [(len(wanted),)]
        return
    result = functions.apply(row, vectors, SPAN, explain)
    found = [result] * count if uniform(result) else statics.python_values(result, (count,))
    assert found == wanted
    assert [type(v) for v in found] == [type(v) for v in wanted]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(2**31) + 1, 2**31 - 1), st.integers(0, 300)), max_size=12),
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
)
def test_sums_of_segments(terms: list[tuple[int, int]], lengths: list[int]) -> None:
    starts = np.minimum(np.concatenate([[0], np.cumsum(lengths)]), len(terms))
    terms = terms[: int(starts[-1])]
    m, e = (np.array([t[k] for t in terms], np.int64) for k in (0, 1))
    found = statics.python_values(statics.segment_sum(Scaled(m, e), starts), (len(lengths),))
    assert found == [sum(m << e for m, e in terms[a:b]) for a, b in zip(starts[:-1], starts[1:], strict=True)]


def test_every_node_has_a_rule() -> None:
    assert set(RULES) == set(program.Expr.__args__)


STATICS = [
    "[gcd(i, j) for i < 7, j < 5]",
    "[[f(i, j) for j < 3] for i < 4]",
    "[fact(i) for i < 25]",
    "[fact(30 * i) % 1000003 for i < 5]",
    "[2**i + 1 for i in 55..70]",
    "[2**(64 * i) // 3**i for i < 9]",
    "[if i % 2 == 0 then 2**(40 * i) else i for i < 9]",
    "[SUM(2**(i * j) for j < i) for i < 9]",
    "[SUM([i, j, k]) for i < 2, j < 2, k < 2]",
    "[min(i, 3) * max(j, 2) - abs(i - j) for i < 5, j < 5]",
    "[min([i + j for j in 1..4]) for i < 3]",
    "[max(i * j for j <= i) for i < 4]",
    "[SUM(1 for j < i if j % 2 == 0) for i < 6]",
    "[fold s = i for k < i yield s * 2 + k for i < 7]",
    "[W[i, j] + W[1 - i][j] for i < 2, j < 3]",
    "[SUM(W[i]) for i < 2]",
    "[len([j for j < i]) for i < 4]",
    "[len(W[i][0..i + 1]) for i < 2]",
    "[bit(i, j) for i < 4, j in 0..2 if i > 0 or j > 0]",
    "[i for i < 9 if i > 1 and 12 // i > 2]",
    "[i for i < 9 if i == 0 or 12 % i == 0]",
    "[iroot(i**3, 3) + isqrt(i) + clog2(i) + bits(i) for i < 40]",
    "[floor(i / 3) + ceil(i / 7) for i < 12]",
    "[if i / 2 > 1 / 3 then 1 else 0 for i < 4]",
    "[flog2(i + 1) for i < 20]",
    "[a + 10 * b + 100 * c + d + e + f + g + h + k for a < 2, b < 2, c < 2, d < 2, e < 1, f < 2, g < 1, h < 2, k < 2]",
    "[SUM(a * b * c * d * e for a < 2, b < i, c < 2, d < 3, e < 2) for i < 3]",
    "[len(letters(i)) for i < 4]",
    "[inverse_mod(i, 7) for i in 1..7]",
    "[if digits(i) == digits(5) then 1 else 0 for i < 8]",
]

TEXT = """
let gcd(a, b) = if b == 0 then a else gcd(b, a % b)
let f(a, b) = if a == 0 then b else if a % 2 == 0 then f(a - 1, b + 1) else 2 * f(a - 1, b)
let fact(n) = if n == 0 then 1 else n * fact(n - 1)
let digits(n) = [bit(n, i) for i < bits(n)]
let letters(n) = if n % 2 == 0 then "ab" else "abc"
let W = [[1, -2, 0], [3, 0, 5]]
"""


@pytest.mark.parametrize("text", STATICS)
def test_like_one_value_at_a_time(text: str) -> None:
    defined = Program(TEXT)
    expr = defined.expression(text)
    wanted = evaluate(expr, {})
    flat: list[int] = []

    def gather(value: Any) -> None:
        if isinstance(value, tuple):
            for v in value:
                gather(v)
        else:
            flat.append(int(value))

    gather(wanted)
    rank = 0
    probe = wanted
    while isinstance(probe, tuple):
        rank, probe = rank + 1, probe[0]
    names = "pqrstuvwz"[:rank]
    sizes = []
    probe = wanted
    for _ in range(rank):
        sizes.append(len(probe))
        probe = probe[0]
    binders = ", ".join(f"{n} < {size}" for n, size in zip(names, sizes, strict=True))
    wires = defined.expression(f'[SUM("1") * ({text})[{", ".join(names)}] for {binders}]')
    outcome = evaluate_expression(wires, Meter())
    assert outcome.integers is not None
    assert outcome.integers[:, 0].tolist() == flat

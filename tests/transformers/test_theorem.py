"""The theorem's transformers against plain Python: definitions 7 to 12 of Merrill and Sabharwal 2023 on fractions, the tables
made again from their seeds, on all words, bit for bit in both readings; and the depths that the constructions promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from math import exp, floor

import numpy as np
import pytest

import tc0
from tests.reference import floats as reference

Bits = Sequence[int]
States = list[Fraction]
ONE = Fraction(1)


def words(length: int) -> list[tuple[int, ...]]:
    return list(product((0, 1), repeat=length))


def figure(text: str) -> int:
    found = tc0.Session().eval(text)
    assert isinstance(found, int)
    return found


def number(p: int, value: Fraction) -> int:
    """The code of a float as a number, wire 0 its lowest bit."""
    return int(reference.wires(p, reference.encode(p, value))[::-1], 2)


@cache
def floats_by_code(p: int) -> dict[int, Fraction]:
    return {number(p, value): value for value in reference.all_values(p)}


def wires(p: int, states: States) -> list[int]:
    return [int(c) for value in states for c in reference.wires(p, reference.encode(p, value))]


def transform(
    p: int,
    layers: int,
    states: States,
    similarity: Callable[[Fraction, Fraction], Fraction],
    activation: Callable[[Fraction, Fraction], Fraction],
) -> States:
    """Definitions 8, 10 and 12 for one head: a_i = SUM_j (s_ij / Z_i) * h_j with Z_i = SUM_j s_ij, and then f(a_i, h_i)."""

    def attended(state: Fraction) -> Fraction:
        scores = [similarity(state, other) for other in states]
        total = reference.total(p, False, scores)
        shares = [reference.operate(p, False, "/", score, total) for score in scores]
        return reference.total(
            p, False, [reference.operate(p, False, "*", s, h) for s, h in zip(shares, states, strict=True)]
        )

    for _ in range(layers):
        states = [activation(attended(state), state) for state in states]
    return states


# ---- The literal construction


def random_codes(seed: int, rows: int, p: int) -> list[int]:
    """Powers of 3 modulo 65537, as numbers in the ascending list of all codes of floats."""
    codes = sorted(floats_by_code(p))
    return [codes[pow(3, 7919 * seed + 104729 * k + 1, 65537) % len(codes)] for k in range(rows)]


def literal(layers: int, p: int, word: Bits) -> States:
    values = floats_by_code(p)
    embedding = random_codes(1, 2 * 2 ** (len(word) - 1).bit_length(), p)
    similarity, activation = random_codes(2, 4**p, p), random_codes(3, 4**p, p)
    return transform(
        p,
        layers,
        [values[embedding[bit + 2 * i]] for i, bit in enumerate(word)],
        lambda a, b: values[similarity[number(p, a) + 2**p * number(p, b)]],
        lambda a, h: values[activation[number(p, a) + 2**p * number(p, h)]],
    )


def table_gates(inputs: int, outputs: int) -> int:
    """Lemma 1: an AND for each row, a NOT for each input, an OR for each output."""
    return 2**inputs + inputs + outputs


def literal_gates(layers: int, p: int, n: int) -> int:
    pairs = n * n * (table_gates(2 * p, p) + table_gates(3 * p, p))
    sums = 2 * n * figure(f"size(float_sum[m = {n}, p = {p}])")
    layer = pairs + sums + n * table_gates(2 * p, p)
    return n * table_gates(1 + (n - 1).bit_length(), p) + layers * layer


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_literal_construction_is_the_transformer(n: int, layers: int) -> None:
    expected = [wires(4, literal(layers, 4, word)) for word in words(n)]
    family = tc0.Session()["literal"]
    assert isinstance(family, tc0.Family)
    assert family.evaluate(np.array(words(n)), layers=layers, p=4).astype(int).tolist() == expected
    circuit = family.instantiate(layers=layers, p=4, n=n)
    assert circuit.evaluate(np.array(words(n))).astype(int).tolist() == expected
    assert circuit.depth == 3 + (9 + 2 * figure(f"depth(float_sum[m = {n}, p = 4])")) * layers
    assert circuit.size == literal_gates(layers, 4, n)


def test_the_words_come_to_different_states() -> None:
    """Tables whose layers forget the word would let a wrong circuit pass."""
    ends = [tuple(literal(3, 4, word)) for word in words(4)]
    assert len(set(ends)) > 8
    assert len({state for end in ends for state in end}) > 3


def test_the_literal_construction_of_six_bits() -> None:
    family = tc0.Session()["literal"]
    assert isinstance(family, tc0.Family)
    expected = [wires(6, literal(1, 6, word)) for word in words(2)]
    assert family.evaluate(np.array(words(2)), layers=1, p=6).astype(int).tolist() == expected


# ---- Arithmetic in place of tables


def practical(layers: int, p: int, word: Bits) -> States:
    def calculate(operator: str, a: Fraction, b: Fraction) -> Fraction:
        return reference.operate(p, False, operator, a, b)

    def embedding(bit: int, i: Fraction) -> Fraction:
        return calculate("+", i, ONE) if bit else -i

    def similarity(a: Fraction, b: Fraction) -> Fraction:
        return max(calculate("*", a, b), Fraction(0))

    def activation(a: Fraction, h: Fraction) -> Fraction:
        return calculate("-", calculate("-", ONE, a), max(h, Fraction(0)))

    start = [embedding(bit, reference.truncate(p, Fraction(i))) for i, bit in enumerate(word)]
    return transform(p, layers, start, similarity, activation)


@pytest.mark.parametrize(("p", "longest", "built"), [(4, 4, 4), (8, 4, 2), (12, 3, 0), (16, 3, 0)])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_practical_form_is_the_transformer(p: int, longest: int, built: int, layers: int) -> None:
    family = tc0.Session()["practical"]
    assert isinstance(family, tc0.Family)
    for n in range(1, longest + 1):
        expected = [wires(p, practical(layers, p, word)) for word in words(n)]
        assert family.evaluate(np.array(words(n)), layers=layers, p=p).astype(int).tolist() == expected
        if n <= built:
            circuit = family.instantiate(layers=layers, p=p, n=n)
            assert circuit.evaluate(np.array(words(n))).astype(int).tolist() == expected


def test_the_practical_form_of_twelve_bits_as_a_circuit() -> None:
    circuit = tc0.Session().eval("practical[1, 12, n = 2]")
    assert isinstance(circuit, tc0.Circuit)
    expected = [wires(12, practical(1, 12, word)) for word in words(2)]
    assert circuit.evaluate(np.array(words(2))).astype(int).tolist() == expected


@pytest.mark.parametrize("n", [1, 2, 3])
def test_tables_and_arithmetic_agree(n: int) -> None:
    session = tc0.Session()
    practical, tabulated = session["practical"], session["tabulated"]
    assert isinstance(practical, tc0.Family)
    assert isinstance(tabulated, tc0.Family)
    for layers in (1, 2, 3):
        rows = np.array(words(n))
        one = practical.instantiate(layers=layers, p=4, n=n).evaluate(rows)
        other = tabulated.instantiate(layers=layers, p=4, n=n).evaluate(rows)
        assert (one == other).all()


@pytest.mark.parametrize("p", [4, 8, 12])
def test_the_law_of_the_practical_form(p: int) -> None:
    parts = ["practical_similarity", "float_divide", "float_multiply", "practical_activation"]
    layer = sum(figure(f"depth({part}[p = {p}])") for part in parts) + 2 * figure(f"depth(float_sum[m = 2, p = {p}])")
    for layers in (1, 2, 3):
        predicted = figure(f"depth(practical_embedding[p = {p}])") + layer * layers
        assert figure(f"depth(practical[{layers}, {p}, n = 2])") == predicted


# ---- Exact quotients in place of floats


def fused(layers: int, e: Sequence[int], f: Sequence[int], states: list[int]) -> list[int]:
    def attended(state: int) -> int:
        weights = [e[state * other] for other in states]
        return sum(w * other for w, other in zip(weights, states, strict=True)) // max(sum(weights), 1)

    for _ in range(layers):
        states = [f[attended(state) + state] for state in states]
    return states


@pytest.mark.parametrize(
    ("e", "f"),
    [
        pytest.param([floor(4 * exp(s / 4)) for s in range(10)], [2, 0, 3, 1, 3, 0, 1], id="softmax"),
        pytest.param([0, 0, 1, 1, 2, 3, 5, 5, 5, 9], [0, 1, 2, 3, 2, 1, 0], id="with zeros"),
    ],
)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_fused_layers_are_the_transformer(n: int, e: list[int], f: list[int]) -> None:
    session = tc0.Session()
    session.run(f"family stack[layers](x: bit[n, 2]) -> bit[n, 2] = fused_layers[layers, {e}, {f}](x)")
    family = session["stack"]
    assert isinstance(family, tc0.Family)
    rows = np.array(words(2 * n))
    for layers in (0, 1, 2, 3):
        expected = []
        for row in words(2 * n):
            ends = fused(layers, e, f, [row[2 * i] + 2 * row[2 * i + 1] for i in range(n)])
            expected.append([end >> b & 1 for end in ends for b in range(2)])
        assert family.evaluate(rows, layers=layers).astype(int).tolist() == expected
        circuit = family.instantiate(layers=layers, n=n)
        assert circuit.evaluate(rows).astype(int).tolist() == expected
        assert circuit.depth == 4 * layers + 1


def test_the_words_of_numbers_come_to_different_states() -> None:
    e, f = [floor(4 * exp(s / 4)) for s in range(10)], [2, 0, 3, 1, 3, 0, 1]
    assert len({tuple(fused(2, e, f, list(states))) for states in product(range(4), repeat=3)}) > 20

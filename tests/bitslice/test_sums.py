"""Answers of counters against Python integers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tc0.dsl.bitslice.chains import chains
from tc0.dsl.bitslice.planes import pack, unpack
from tc0.dsl.bitslice.sums import Sums
from tc0.dsl.bitslice.weights import bit_lengths, powers_of_two, row_sums

Row = list[tuple[int, int, int]]


def _random_rows(dice: random.Random, wires: int) -> list[Row]:
    style = dice.choice(["unit", "small", "shifted", "large"])
    chained = dice.random() < 0.4

    def term() -> tuple[int, int, int]:
        wire = dice.randrange(wires)
        match style:
            case "unit":
                return wire, 1, 0
            case "small":
                return wire, dice.randint(-20, 20), 0
            case "shifted":
                return wire, dice.choice([1, -1, 3, -5]), dice.randint(0, 90)
            case _:
                return wire, dice.choice([3**60, -(7**40), 5, 2**70 - 1]), dice.choice([0, 3, 10])

    rows: list[Row] = []
    for _ in range(dice.choice([1, 2, 5])):
        new = [term() for _ in range(dice.randint(0, 8))]
        rows.append(rows[-1] + new if chained and rows else new)
    return rows[::-1] if dice.random() < 0.3 else rows


def _objects(values: list[int]) -> np.ndarray:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _sums(rows: list[Row], offsets: list[int], **bounds: np.ndarray) -> Sums:
    terms = [term for row in rows for term in row]
    starts = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
    mantissas = _objects([m for _, m, _ in terms])
    if all(abs(m) < 2**62 for m in mantissas):
        mantissas = mantissas.astype(np.int64)
    exponents = np.array([e for _, _, e in terms], np.int32)
    wires = np.array([w for w, _, _ in terms], np.int32)
    return Sums(len(rows), None, starts, wires, mantissas, exponents, _objects(offsets), **bounds)


@pytest.mark.parametrize("seed", range(60))
def test_every_question(seed: int) -> None:
    dice = random.Random(seed)
    wires, count = dice.choice([1, 3, 8, 20]), dice.choice([1, 64, 70])
    rows = _random_rows(dice, wires)
    offsets = [dice.choice([0, 0, 5, -7]) for _ in rows]
    batch = np.random.default_rng(seed).integers(0, 2, (count, wires)).astype(bool)
    value = [
        [o + sum((m << e) * bool(vector[w]) for w, m, e in row) for vector in batch]
        for row, o in zip(rows, offsets, strict=True)
    ]
    sums = _sums(rows, offsets)
    assert all(low <= min(v) and max(v) <= high for low, high, v in zip(sums.low, sums.high, value, strict=True))
    asked = dice.randint(0, 8)
    row = np.array([dice.randrange(len(rows)) for _ in range(asked)], np.int64)
    thresholds = [
        dice.choice([value[r][0], 0, 1, dice.randint(int(sums.low[r]) - 1, int(sums.high[r]) + 1)]) for r in row
    ]
    moduli = [dice.choice([1, 2, 3, 4, 6, 7, 12, 40, 2**10, 97]) for _ in range(asked)]
    first = sums.at_least(row, _objects(thresholds))
    quotient, remainder, plain = (
        sums.quotient(row, _objects(moduli)),
        sums.remainder(row, _objects(moduli)),
        sums.values(),
    )
    out = sums.compile().run(pack(batch))
    found = unpack(out[first : first + asked], count)
    for i, r in enumerate(row.tolist()):
        assert found[:, i].tolist() == [v >= thresholds[i] for v in value[r]]
        assert quotient.integers(out, count)[i].tolist() == [v // moduli[i] for v in value[r]]
        assert remainder.integers(out, count)[i].tolist() == [v % moduli[i] for v in value[r]]
    assert plain.integers(out, count).tolist() == value


def test_declared_bounds_make_numbers_shorter() -> None:
    rows = [[(0, 8, 0), (1, -8, 0), (2, 1, 0)]]
    batch = np.array([[0, 0, 0], [1, 1, 1], [0, 0, 1]], bool)
    sums = _sums(rows, [0], low=np.array([0]), high=np.array([1]))
    values = sums.values()
    out = sums.compile().run(pack(batch))
    assert values.planes == 1
    assert values.integers(out, 3).tolist() == [[0, 1, 1]]


def test_answers_may_go_into_the_table() -> None:
    table = np.zeros((5, 1), np.uint64)
    table[:3] = pack(np.array([[1, 1, 0], [1, 0, 0]], bool))
    sums = Sums(1, 3, None, np.arange(3))
    sums.at_least(np.zeros(2, np.int64), np.array([1, 2]))
    sums.compile().run(table, table[3:5])
    assert table[3:].tolist() == [[3], [1]]


def test_prefix_sums_are_chained_whatever_the_order() -> None:
    dice = random.Random(1)
    prefixes = [list(range(k)) for k in range(40)]
    for rows in (prefixes, [dice.sample(row, len(row)) for row in prefixes], prefixes[::-1]):
        flat = np.array([wire for row in rows for wire in row], np.int64)
        owner = np.repeat(np.arange(40), [len(row) for row in rows])
        width = bit_lengths(np.array([len(row) for row in rows]))
        found = chains(40, owner, flat, np.zeros_like(flat), width)
        assert int(found.own.sum()) < 60


def test_a_wire_twice_is_not_once() -> None:
    rows: list[Row] = [[(0, 1, 0)], [(0, 1, 0), (0, 1, 0)], [(0, 1, 0), (0, 1, 0), (0, 1, 0), (0, 1, 0)]]
    sums = _sums(rows, [0, 0, 0])
    values = sums.values()
    out = sums.compile().run(pack(np.array([[1], [0]], bool)))
    assert values.integers(out, 2).tolist() == [[1, 0], [2, 0], [4, 0]]


def test_scratch_does_not_grow_with_the_rows() -> None:
    few, many = (Sums(count, 9, None, np.random.default_rng(0).integers(0, 500, 9 * count)) for count in (1000, 4000))
    for sums, count in ((few, 1000), (many, 4000)):
        sums.at_least(np.arange(count), np.full(count, 5))
    assert many.compile().slots <= 1.2 * few.compile().slots


@pytest.mark.parametrize("mantissas", [[3, -5, 0, 2**59, 6], [3**90, -(2**80), 1, 0, 7]])
def test_powers_and_sums_of_weights(mantissas: list[int]) -> None:
    given = _objects(mantissas)
    given = given.astype(np.int64) if all(abs(m) < 2**62 for m in mantissas) else given
    exponents = np.array([0, 3, 1, 2, 70], np.int32)
    powers = powers_of_two(5, given, exponents)
    total = [0] * 5
    for term, position, negative in zip(
        powers.term.tolist(), powers.position.tolist(), powers.negative.tolist(), strict=True
    ):
        total[term] += -(1 << position) if negative else 1 << position
    weights = [m << e for m, e in zip(mantissas, exponents.tolist(), strict=True)]
    assert total == weights
    starts = np.array([0, 2, 2, 5])
    for sign, part in ((0, abs), (1, lambda w: max(w, 0)), (-1, lambda w: min(w, 0))):
        expected = [sum(map(part, weights[a:b])) for a, b in ((0, 2), (2, 2), (2, 5))]
        assert [int(s) for s in row_sums(starts, given, exponents, sign)] == expected

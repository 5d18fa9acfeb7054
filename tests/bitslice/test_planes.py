"""Planes hold what they were given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tc0.dsl.bitslice.planes import pack, patterns, run_of, tail, unpack


@given(st.integers(0, 200), st.integers(0, 9), st.integers(0, 2**32))
def test_pack_and_unpack(count: int, wires: int, seed: int) -> None:
    batch = np.random.default_rng(seed).integers(0, 2, (count, wires)).astype(bool)
    planes = pack(batch)
    assert planes.shape == (wires, -(-count // 64)) and planes.dtype == np.uint64
    assert np.array_equal(unpack(planes, count), batch)


def test_vector_v_is_bit_v_of_its_word() -> None:
    batch = np.zeros((130, 1), bool)
    batch[[0, 65, 129]] = True
    assert pack(batch).tolist() == [[1, 2, 2]]


@pytest.mark.parametrize(
    ("wires", "start", "count"), [(3, 0, 8), (8, 64, 192), (70, 2**69 - 64, 128), (0, 0, 1), (7, 0, 70)]
)
def test_patterns_count(wires: int, start: int, count: int) -> None:
    bits = unpack(patterns(wires, start, count), count)
    for vector in range(count):
        value = (start + vector) % (1 << wires)
        assert [int(bit) for bit in bits[vector]] == [value >> k & 1 for k in range(wires)]


def test_tail_marks_the_vectors_of_the_last_word() -> None:
    assert [int(tail(count)) for count in (1, 63, 64)] == [1, 2**63 - 1, 2**64 - 1]


@given(st.lists(st.integers(0, 20), max_size=6))
def test_runs_are_slices(index: list[int]) -> None:
    found = run_of(np.array(index, np.int64))
    assert np.arange(30)[found].tolist() == index
    consecutive = all(b == a + 1 for a, b in zip(index, index[1:], strict=False))
    assert isinstance(found, slice) == consecutive

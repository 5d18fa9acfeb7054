"""The order of cases, samples, shrinking."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import unpack
from tc0.dsl.core.interface import Port
from tc0.dsl.verify.enumerate import Digits, Rows, digits_of, planes_from, planes_of, rows_from, values_of
from tc0.dsl.verify.sample import sample
from tc0.dsl.verify.shrink import shrink

BITS = (Port("x", "bit", (3,), 1), Port("a", "uint", (), 5))
MIXED = (Port("w", "symbol", (2,), 2, ("a", "b", "c")), Port("b", "bit", (), 1))


def sampled(digits: Digits, count: int, seed: int, sizes: list[int]) -> Rows:
    return np.concatenate(list(sample(digits, count, seed, sizes)))


def test_bits_count_up() -> None:
    digits = digits_of(BITS)
    assert digits.total == 256 and digits.binary
    wires = unpack(planes_from(digits, 0, 256), 256).T
    assert [int(sum(int(b) << k for k, b in enumerate(column))) for column in wires.T] == list(range(256))
    assert np.array_equal(unpack(planes_from(digits, 128, 70), 70).T, wires[:, 128:198])


def test_only_valid_codes_in_order() -> None:
    digits = digits_of(MIXED)
    assert digits.total == 18 and not digits.binary
    wires = unpack(planes_from(digits, 0, 18), 18).T
    codes = [int(sum(int(b) << k for k, b in enumerate(column))) for column in wires.T]
    assert codes == sorted(codes) and len(set(codes)) == 18
    assert all(code & 3 != 3 and code >> 2 & 3 != 3 for code in codes)
    values = values_of(digits, rows_from(digits, 5, 1)[0])
    assert values[0].elements == ("c", "b") and values[1].elements == (0,)


def test_no_input_is_one_case() -> None:
    digits = digits_of(())
    assert digits.total == 1
    assert planes_from(digits, 0, 1).shape == (0, 1)


def test_samples_are_valid_varied_and_the_same_for_a_seed() -> None:
    for ports in (BITS, MIXED):
        digits = digits_of(ports)
        rows = sampled(digits, 1000, 3, [5])
        assert np.array_equal(rows, sampled(digits, 1000, 3, [5]))
        assert not np.array_equal(rows, sampled(digits, 1000, 4, [5]))
        assert ((rows >= 0) & (rows < digits.radices)).all()
        assert not rows[0].any() and (rows[1] == digits.radices - 1).all()
    wide = digits_of((Port("x", "bit", (200,), 1),))
    ones = sampled(wide, 2000, 0, [200]).sum(axis=1)
    assert (ones[2:] < 20).any() and (ones[2:] > 180).any() and ((ones > 80) & (ones < 120)).any()


def test_a_sample_keeps_its_cases() -> None:
    rows = sampled(digits_of((Port("x", "bit", (16,), 1),)), 6, 1, [16])
    assert [int(sum(int(b) << k for k, b in enumerate(row))) for row in rows] == [0, 65535, 3818, 426, 55157, 55595]


def test_shrinking_keeps_failing() -> None:
    def fails(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        return rows.sum(axis=1) >= 3

    row = shrink(np.ones(100, np.int64), fails)
    assert row.sum() == 3
    assert planes_of(digits_of((Port("x", "bit", (100,), 1),)), row[None, :]).shape == (100, 1)


def test_a_large_sample_comes_in_chunks() -> None:
    wide = digits_of((Port("x", "bit", (5000,), 1),))
    chunks = list(sample(wide, 1000, 0, [5000]))
    assert len(chunks) > 1 and sum(map(len, chunks)) == 1000
    assert not chunks[0][0].any() and chunks[0][1].all() and chunks[1][0].any()

"""Where exact log-precision arithmetic and transformers are easily got wrong, one test each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from reference import floats

import tc0
from floats.agreement import SMOOTH, codes, provided


def family(text: str, name: str = "f") -> tc0.Family:
    session = tc0.Session()
    session.run(text)
    found = session[name]
    assert isinstance(found, tc0.Family)
    return found


def both(found: tc0.Family, rows: Sequence[Sequence[int]], **sizes: int) -> list[list[int]]:
    """The outputs, which the value reading and the circuit agree on."""
    values = found.evaluate(rows, **sizes).astype(int).tolist()
    assert found.instantiate(**sizes).evaluate(rows).astype(int).tolist() == values
    return values  # type: ignore[no-any-return]


def bits(p: int, value: Fraction | int) -> list[int]:
    return [int(c) for c in floats.wires(p, floats.encode(p, Fraction(value)))]


EIGHTH = Fraction(1, 8)


def test_01_a_sum_of_many_is_no_fold() -> None:
    """1 and eight times 1 / 8: the exact sum is 2; added one after the other, each 1 / 8 is lost."""
    x = [v for value in [1, *[EIGHTH] * 8] for v in bits(8, value)]
    assert both(family("family f(x: float(8)[9]) -> float(8) = SUM(x)"), [x]) == [bits(8, 2)]
    fold = "family f(x: float(8)[9]) -> float(8) = fold s = x[{}] for k < 8 yield s + x[{}]"
    assert both(family(fold.format("0", "k + 1")), [x]) == [bits(8, 1)]
    assert both(family(fold.format("8", "7 - k")), [x]) == [bits(8, 2)]


def test_01_addition_is_not_associative() -> None:
    """Of the 29,791 triples at p = 6 so many differ."""
    all_ = np.array(codes(6))
    at = np.indices((31, 31, 31)).reshape(3, -1)
    rows = np.concatenate([all_[k] for k in at], axis=1)
    associative = family("family f(a: float(6), b: float(6), c: float(6)) -> bit = (a + b) + c == a + (b + c)")
    assert int((~associative.evaluate(rows).astype(bool)).sum()) == 11_060
    folded = family("family f(a: float(6), b: float(6), c: float(6)) -> bit = (a + b) + c == SUM(a, b, c)")
    assert int((~folded.evaluate(rows).astype(bool)).sum()) == 8_252


@pytest.mark.parametrize(("p", "third"), [(8, Fraction(7, 8)), (16, Fraction(127, 128))])
def test_02_divided_before_the_sum(p: int, third: Fraction) -> None:
    """Three equal weights do not add up to 1; divided after the sum they do."""
    session = tc0.Session()
    assert session.eval(f"attend(1, [float({p})(1)] for j < 3)")[0] == third
    assert session.eval(f"SUM(float({p})(1) for j < 3) / SUM(float({p})(1) for j < 3)") == 1


def test_02_half_of_the_letters_is_not_at_least_one_half() -> None:
    text = """
        transformer f(w: {"a", "b"}[n]) -> bit {
            precision p = 16
            embed x[i < n] = [if w[i] == "a" then 1 else 0]
            layer { x[i < n] = attend(1, x[j] for j < n) }
            return x[0, 0] >= 0.5
        }
    """
    found = family(text)
    wrong = [n for n in range(2, 19, 2) if found("a" * (n // 2) + "b" * (n // 2)) == 0]
    assert wrong == [6, 10, 12, 14, 18]


@pytest.mark.parametrize(("p", "first"), [(8, 9), (12, 33), (16, 129)])
def test_03_a_precision_that_cannot_hold_the_counts(p: int, first: int) -> None:
    session = tc0.Session()
    session.run(f"let count(m) = SUM(float({p})(1) for j < m)")
    assert next(m for m in range(1, 200) if session.eval(f"count({m})") != m) == first


def test_05_truncation_is_toward_zero_and_no_rounding_to_nearest() -> None:
    down = family("family f(a: float(6), b: float(6)) -> float(6) = a * b")
    near = family("family f(a: float(6, nearest), b: float(6, nearest)) -> float(6, nearest) = a * b")
    a, b = bits(6, 3), bits(6, Fraction(3, 2))  # 4.5, between 4 and 6
    assert both(down, [a + b]) == both(near, [a + b]) == [bits(6, 4)]
    a, b = bits(6, 3), bits(6, 3)  # 9, between 8 and 12
    assert both(down, [a + b]) == both(near, [a + b]) == [bits(6, 8)]
    a, b = bits(6, Fraction(-1, 4)), bits(6, Fraction(-3, 4))  # 3 / 16, a tie of 1 / 8 and 1 / 4
    assert both(down, [a + b]) == [bits(6, EIGHTH)]
    assert both(near, [a + b]) == [bits(6, Fraction(1, 4))]
    negative = bits(6, Fraction(1, 4))
    assert both(down, [negative + b]) == [bits(6, -EIGHTH)]
    assert both(near, [negative + b]) == [bits(6, Fraction(-1, 4))]


def test_06_one_encoding_of_every_value() -> None:
    """Every result is the one code of its value; 0 has no sign."""
    text = "family f(a: float(6), b: float(6)) -> float(6)[6] = [a + b, a - b, a * b, a / b, -a, SUM(a, b, -a)]"
    known = set(codes(6))
    rows = [[*a, *b] for a in codes(6) for b in codes(6)]
    for row in both(family(text), rows):
        assert all(tuple(row[at : at + 6]) in known for at in range(0, 36, 6))
    zero = bits(6, 0)
    assert both(family("family f(a: float(6)) -> float(6)[2] = [-a, a * -1]"), [zero]) == [zero + zero]


def test_07_underflow_is_gradual_and_ends_at_zero() -> None:
    """The least float is 2**-7 at p = 8: what is below goes to 0, what is near keeps fewer digits."""
    found = family("family f(a: float(8)) -> float(8)[2] = [a * 0.5, a / 2]")
    least = Fraction(1, 128)
    for value, half in [(least, 0), (3 * least, 1), (-5 * least, -2), (14 * least, 7)]:
        assert both(found, [bits(8, value)]) == [bits(8, half * least) * 2]


def test_08_overflow_saturates_also_of_the_divisor_of_attention() -> None:
    session = tc0.Session()
    assert session.eval("float(8)(896) + float(8)(896)") == 896
    assert session.eval("float(8)(-896) * float(8)(2)") == -896
    assert session.eval("attend(float(8)(896), [float(8)(1)] for j < 3)")[0] == 3  # three weights of 1


def test_09_a_divisor_of_zero_and_no_keys_give_zero() -> None:
    text = """
        family f(v: float(4)[m, 1]) -> float(4)[3, 1] =
            [attend(0, v[j] for j < m), attend(v[j, 0] - v[j, 0], v[j] for j < m), attend(1, v[j] for j < m if j > m)]
    """
    found = family(text)
    for row in found.evaluate([[*a, *b] for a in codes(4) for b in codes(4)], m=2).astype(int).tolist():
        assert row == bits(4, 0) * 3


@pytest.mark.skipif(not (SMOOTH and provided("softmax_attention")), reason="not in the library yet")
def test_10_scores_are_not_made_smaller_before_the_exponential() -> None:
    """e to each score is rounded by itself: less the greatest score, other digits come out."""
    session = tc0.Session()
    raw = session.eval("[exp(float(8)(s)) / SUM(exp(float(8)(t)) for t < 3) for s < 3]")
    shifted = session.eval("[exp(float(8)(s - 2)) / SUM(exp(float(8)(t - 2)) for t < 3) for s < 3]")
    attended = session.eval(
        "softmax_attention([[float(8)(1)]], [[s] for s < 3], [[float(8)(1), 0, 0], [0, 1, 0], [0, 0, 1]])"
    )
    assert list(attended[0]) == list(raw) != list(shifted)


@pytest.mark.skipif(not (SMOOTH), reason="not in the library yet")
def test_11_the_exponential_is_the_truncation_of_the_exact_value() -> None:
    found = family("family f(a: float(8)) -> float(8) = exp(a)")
    rows = [list(code) for code in codes(8)]
    for row, out in zip(rows, found.evaluate(rows).astype(int).tolist(), strict=True):
        assert out == bits(8, floats.exp(8, False, floats.decode(8, row)))


@pytest.mark.skipif(not (SMOOTH and provided("layer_norm")), reason="not in the library yet")
def test_12_layer_norm_of_equal_elements_is_zero() -> None:
    session = tc0.Session()
    assert list(session.eval("layer_norm([float(8)(2), 2])")) == [0, 0]
    assert list(session.eval("layer_norm([float(8)(0), 0, 0])")) == [0, 0, 0]


def test_13_an_irrational_constant_is_rounded_once_and_then_used() -> None:
    text = "family f(a: float(8)) -> bit = a / sqrt(5) == a / float(8)(sqrt(5))"
    assert all(row == [1] for row in family(text).evaluate([list(c) for c in codes(8)]).astype(int).tolist())


@pytest.mark.skipif(not (provided("hard_left", "hard_right", "saturated")), reason="not in the library yet")
def test_15_ties_are_of_scores_as_they_are_rounded() -> None:
    session = tc0.Session()
    session.run("let v = [[float(8)(1)], [float(8)(2)], [float(8)(4)]]")
    assert session.eval("hard_left([float(8)(3), 3, 1], v)")[0] == 1
    assert session.eval("hard_right([float(8)(3), 3, 1], v)")[0] == 2
    assert session.eval("saturated([float(8)(3), 3, 1], v)")[0] == Fraction(3, 2)
    assert session.eval("hard_right([float(8)(1), 1 - 1 / 100, 0], v)")[0] == 1  # 7 / 8
    assert session.eval("hard_right([float(8)(1), 1 + 1 / 100, 0], v)")[0] == 2  # equal as floats


def test_16_masks_leave_keys_out_and_change_no_divisor() -> None:
    """A score of 0 keeps a key in no sum either, but a very negative finite score would stay in the divisor."""
    session = tc0.Session()
    session.run("let v = [[float(8)(1)], [float(8)(2)], [float(8)(4)]]")
    assert session.eval("attend(1, v[j] for j < 3 if j < 2)")[0] == Fraction(3, 2)
    assert session.eval("attend(if j < 2 then 1 else 0, v[j] for j < 3)")[0] == Fraction(3, 2)
    session.run("family none(v: float(p)[m, d]) -> float(p)[d] = attend(1, v[j] for j < m if j < 0)")
    assert session.eval("none(v)")[0] == 0
    assert session.eval("attend(if j < 2 then 1 else 1 / 8, v[j] for j < 3)")[0] != Fraction(3, 2)


def test_17_positions_count_from_0() -> None:
    text = """
        transformer f(w: {"a", "b"}[n]) -> bit[n] {
            precision p = 8
            embed x[i < n] = [(-1)**i, i]
            return [(x[i, 0] > 0) & (x[i, 1] == i) for i < n]
        }
    """
    assert "".join(map(str, family(text)("ababa"))) == "10101"


def test_20_fractions_of_positions_depend_on_how_they_are_computed() -> None:
    """i / n rounded once, and i times the rounded 1 / n."""
    session = tc0.Session()
    assert session.eval("[float(8)(i / 3) == i * float(8)(1 / 3) for i < 4]") == [True, True, True, False]


def test_22_majority_is_strict() -> None:
    text = """
        transformer f(w: {"a", "b"}[n]) -> bit[2] {
            precision p = 2 * bits(n) + 4
            embed x[i < n] = [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
            layer { x[i < n] = attend(1, x[j] for j < n) }
            return [x[0, 0] > x[0, 1], x[0, 0] >= x[0, 1]]
        }
    """
    found = family(text)
    for n in range(2, 13, 2):
        assert "".join(map(str, found("ab" * (n // 2)))) == "01"


def test_25_positions_beyond_the_end_are_errors() -> None:
    text = """
        transformer f(w: {"a", "b"}[n]) -> bit {
            precision p = 4
            embed x[i < n] = [1]
            layer { x[i < n] = x[i + 1] }
            return x[0, 0] > 0
        }
        f("ab")
    """
    with pytest.raises(tc0.Error) as found:
        family(text)
    assert found.value.code == "E0401"


def test_26_a_code_of_no_letter_is_no_letter() -> None:
    text = """
        transformer f(w: {"a", "b", "c"}[n]) -> bit[n] {
            precision p = 4
            embed x[i < n] = [if w[i] == "a" then 1 else if w[i] == "b" then 1 else if w[i] == "c" then 1 else 0]
            return [x[i, 0] == 0 for i < n]
        }
    """
    assert both(family(text), [[1, 1, 0, 1]], n=2) == [[1, 0]]


def test_36_a_precision_of_log_n_has_a_least_value() -> None:
    text = """
        transformer f(w: {"a", "b"}[n]) -> bit {
            precision p = 2 * clog2(n)
            embed x[i < n] = [1]
            return x[0, 0] > 0
        }
    """
    found = family(text)
    assert found("abab") == 1
    with pytest.raises(tc0.Error) as mistake:
        found("a")
    assert mistake.value.code == "E0713"

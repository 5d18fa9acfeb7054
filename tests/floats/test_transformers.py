"""Transformers: what they compute on all short words, against plain Python and against the reference, and as circuits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from reference import floats

import tc0
from floats.agreement import readings_agree, values_agree

WORD = '{"a", "b"}'

MAJORITY = """
    transformer f(w: {"a", "b"}[n]) -> bit {
        precision p = 2 * bits(n) + 4
        embed x[i < n] = [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
        layer {
            let mean[i < n] = attend(1, x[j] for j < n)
            x[i < n] = mean[i]
        }
        return x[n - 1][0] > x[n - 1][1]
    }
"""


def mean(p: int, values: list[int]) -> Fraction:
    """Attention with scores 1, in the order of the paper: divide, multiply, then sum; 0 over no keys."""
    if not values:
        return Fraction(0)
    share = floats.truncate(p, 1 / floats.truncate(p, Fraction(len(values))))
    return floats.truncate(p, sum((floats.truncate(p, share * v) for v in values), Fraction(0)))


def masked(mask: str, keep: Callable[[int, int], bool]) -> tuple[str, Callable[[str], str]]:
    """How attention with this mask is written, and what it gives: where the a's are more than 3 / 8."""
    text = f"""
        transformer f(w: {WORD}[n]) -> bit[n] {{
            precision p = 8
            embed x[i < n] = [if w[i] == "a" then 1 else 0]
            layer {{ x[i < n] = attend(1, x[j] for j < n{mask}) }}
            return [x[i, 0] > 3 / 8 for i < n]
        }}
    """

    def meant(word: str) -> str:
        counted = [[int(word[j] == "a") for j in range(len(word)) if keep(i, j)] for i in range(len(word))]
        return "".join(str(int(mean(8, row) > Fraction(3, 8))) for row in counted)

    return text, meant


# name: the text, what it gives on a word, the length to which all words are tried
MEANT: dict[str, tuple[str, Callable[[str], object], int]] = {
    "majority": (MAJORITY, lambda w: int(w.count("a") > w.count("b")), 10),
    "no mask": (*masked("", lambda i, j: True), 7),
    "causal mask": (*masked(" if j <= i", lambda i, j: j <= i), 8),
    "strict mask": (*masked(" if j < i", lambda i, j: j < i), 8),
    "the position before": (*masked(" if j + 1 == i", lambda i, j: j + 1 == i), 8),
    "padding": (
        """
        transformer f(w: {"a", "b"}[n]) -> bit {   # the padding has as many b as there are letters, and one a
            precision p = 2 * bits(2 * n + 1) + 4
            embed x[i < 2 * n + 1] =
                if i < n then [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
                else if i < 2 * n then [0, 1]
                else [1, 0]
            layer { x[i < 2 * n + 1] = attend(1, x[j] for j < 2 * n + 1) }
            return x[2 * n, 0] > x[2 * n, 1]
        }
        """,
        lambda w: int(w.count("a") + 1 > w.count("b") + len(w)),
        7,
    ),
    "layers repeated as often as n says": (
        """
        transformer f(w: {"a", "b"}[n]) -> bit[n] {   # the letter n // 2 places before, cyclically, one place a layer
            precision p = 4
            embed x[i < n] = [if w[i] == "a" then 1 else 0]
            repeat n // 2 layer { x[i < n] = x[(i + n - 1) % n] }
            return [x[i, 0] > 0.5 for i < n]
        }
        """,
        lambda w: "".join(str(int(w[(i - len(w) // 2) % len(w)] == "a")) for i in range(len(w))),
        8,
    ),
    "two heads": (
        """
        transformer f(w: {"a", "b"}[n]) -> {"=", "a", "b"}[n] {   # the letter that is more frequent up to here
            precision p = 2 * bits(n) + 4
            embed x[i < n] = [if w[i] == "a" then 1 else 0, 0, 0]
            layer {
                let here[i < n] = attend(x[j, 0], [1] for j < n if j <= i)
                let a[i < n] = attend(1, [x[j, 0]] for j < n if j <= i)
                let b[i < n] = attend(1, [1 - x[j, 0]] for j < n if j <= i)
                x[i < n] = [here[i][0], a[i][0], b[i][0]]
            }
            return [if x[i, 1] > x[i, 2] then "a" else if x[i, 1] < x[i, 2] then "b" else "=" for i < n]
        }
        """,
        lambda w: "".join(
            "a" if 2 * w[: i + 1].count("a") > i + 1 else "b" if 2 * w[: i + 1].count("a") < i + 1 else "="
            for i in range(len(w))
        ),
        7,
    ),
    "reversed": (
        """
        transformer f(w: {"a", "b"}[n]) -> {"a", "b"}[n] {
            precision p = 4
            embed x[i < n] = [if w[i] == "a" then 1 else 0]
            layer { x[i < n] = attend(if j == n - 1 - i then 1 else 0, x[j] for j < n) }
            return [if x[i, 0] == 1 then "a" else "b" for i < n]
        }
        """,
        lambda w: w[::-1],
        7,
    ),
}

ALONE = {
    "rounded to nearest": """
        transformer f(w: {"a", "b"}[n]) -> float(6, nearest)[n, 1] {
            precision p = 6, nearest
            embed x[i < n] = [if w[i] == "a" then 1 else 1 / 3]
            layer { x[i < n] = [SUM(x[j, 0] / 3 for j < n) * x[i, 0]] }
            return x
        }
    """,
    "a static parameter and another input": """
        transformer g[k, W: rational[d, d]](w: {"a", "b"}[n], b: bit[n], y: float(4)[d]) -> float(4)[n, d] where k > 0 {
            precision p = 4
            let one = 1 / 2
            embed x[i < n] = if b[i] then y else [if w[i] == "a" then 1 else 0 for c < d]
            repeat k layer { x[i < n] = [SUM(W[c, e] * x[i, e] for e < d) + one for c < d] }
            return x
        }
        family f(w: {"a", "b"}[n], b: bit[n], y: float(4)[2]) -> float(4)[n, 2] = g[2, [[1, 2], [0, -1]]](w, b, y)
    """,
    "without layers": """
        transformer f(w: bit[n]) -> bit[n, 4] {
            precision p = 4
            embed x[i < n] = [if w[i] then 1 else 2]
            return [x[i, 0].bits for i < n]
        }
    """,
    "called by a transformer": """
        transformer inner(w: {"a", "b"}[n]) -> bit[n] {
            precision q = 4
            embed y[i < n] = [if w[i] == "a" then 1 else -1]
            layer { y[i < n] = [y[i, 0] + y[n - 1 - i, 0]] }
            return [y[i, 0] > 0 for i < n]
        }
        transformer f(w: {"a", "b"}[n]) -> bit {
            precision p = 4
            let marks = inner(w)
            embed x[i < n] = [if marks[i] then 1 else 0]
            layer {
                let most = MAX(x[i, 0] for i < n)
                x[i < n] = [most - x[i, 0]]
            }
            return x[0, 0] > 0
        }
    """,
    "codes of embedded bits": """
        transformer f(w: bit[n, 1, 4]) -> float(4)[n, 1] {
            precision p = 4
            embed x[i < n] = w[i]
            layer { x[i < n] = if x[i, 0] == x[0, 0] then x[i] else [x[i, 0] / 2] }
            return x
        }
    """,
}


@pytest.mark.parametrize("name", MEANT)
def test_all_short_words(name: str) -> None:
    text, meant, longest = MEANT[name]
    symbols = {"two heads": "=ab", "reversed": "ab"}.get(name, "")
    session = tc0.Session()
    session.run(text)
    transformer = session["f"]
    assert isinstance(transformer, tc0.Family)
    for n in range(1, longest + 1):
        words = ["".join(letters) for letters in product("ab", repeat=n)]
        rows = [[int(letter == "b") for letter in word] for word in words]
        values = transformer.evaluate(rows, n=n).astype(int).tolist()
        for word, row in zip(words, values, strict=True):
            assert row == _bits(meant(word), symbols), f"{word!r} gives {row}, not {meant(word)!r}"


def _bits(value: object, symbols: str) -> list[int]:
    """The wires of a bit, of a string of bits, or of a word."""
    if isinstance(value, int):
        return [value]
    codes = [symbols.index(letter) if symbols else int(letter) for letter in str(value)]
    return [code >> k & 1 for code in codes for k in range((len(symbols) - 1).bit_length() if symbols else 1)]


@pytest.mark.parametrize("name", MEANT)
def test_the_reference_agrees(name: str) -> None:
    for n in (1, 2, 4):
        values_agree(MEANT[name][0], {"n": n}, 6)


@pytest.mark.parametrize("name", ALONE)
def test_values(name: str) -> None:
    for n in (1, 2, 3):
        values_agree(ALONE[name], {"n": n}, 20)


@pytest.mark.parametrize(
    ("name", "n"),
    [
        ("majority", 1), ("layers repeated as often as n says", 4), ("reversed", 2), *((name, 2) for name in ALONE if name != "rounded to nearest"),
        ("rounded to nearest", 1),
    ],
)  # fmt: skip
def test_circuits(name: str, n: int) -> None:
    text = ALONE[name] if name in ALONE else MEANT[name][0]
    assert readings_agree(text, {"n": n}, 12)


@pytest.mark.parametrize("mask", ["", " if j <= i", " if j < i"])
def test_circuits_with_masks(mask: str) -> None:
    text = masked(mask, lambda i, j: True)[0].replace("precision p = 8", "precision p = 4")
    assert readings_agree(text, {"n": 2}, 4)


def test_the_empty_word_is_presumed_away() -> None:
    session = tc0.Session()
    session.run(MAJORITY.replace("f(w", "majority(w"))
    report = session.run('check majority(w) == (2 * SUM(w[i] == "a" for i < n) > n) for w: {"a", "b"}[n], n <= 5')
    assert report.ok
    assert session.eval('majority("a")') == 1


def test_a_claim_about_the_length_of_a_result() -> None:
    session = tc0.Session()
    session.run(MEANT["reversed"][0])
    assert session.run('check len(f(w)) == n for w: {"a", "b"}[n], n in 1..5').ok
    assert not session.run('check len(f(w)) == 2 for w: {"a", "b"}[n], n in 1..5').ok

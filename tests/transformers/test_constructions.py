"""The library's transformers against plain Python, on all words up to a length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
from reference.floats import truncate

import tc0

Reference = Callable[[str], Sequence[int]]


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    return tc0.Session()


@dataclass(frozen=True)
class Construction:
    """A call of a transformer without its argument, its alphabet, the longest words, and what it must give: numbers."""

    name: str
    alphabet: str
    longest: int
    reference: Reference
    answers: str | None = None  # the alphabet of its answers; numbers of bits(n) bits where it is "#"

    def __str__(self) -> str:
        return self.name


# ---- references


def balanced(word: str, pairs: Sequence[str]) -> bool:
    stack = []
    for letter in word:
        for opening, closing in pairs:
            if letter == opening:
                stack.append(closing)
            elif letter == closing and (not stack or stack.pop() != letter):
                return False
    return not stack


def shuffled(word: str, pairs: Sequence[str]) -> bool:
    return all(balanced("".join(c for c in word if c in pair), [pair]) for pair in pairs)


def hops(word: str, k: int) -> list[int]:
    """For every position the number of the symbol after k hops, -1 where there is none."""
    found = []
    for start in range(len(word)):
        at: int | None = start
        for _ in range(k):
            before = [j for j in range(at) if word[j] == word[at]] if at is not None else []
            at = before[-1] + 1 if before else None
        found.append("abcd".index(word[at]) if at is not None else -1)
    return found


def or_mark(mark: int, found: Sequence[int]) -> list[int]:
    return [mark if number < 0 else number for number in found]


def automaton(step: Sequence[Sequence[int]], final: Sequence[int]) -> Reference:
    def accepts(word: str) -> list[int]:
        state = 0
        for letter in word:
            state = step["ab".index(letter)][state]
        return [final[state]]

    return accepts


def parities(word: str) -> str:
    """What follows a word of bits and `=`."""
    return "".join(str(word[: k + 1].count("1") % 2) for k in range(len(word))) + "."


def products(word: str) -> str:
    images, text = [0, 1, 2, 3, 4], ""
    for letter in word:
        move = [1, 0, 2, 3, 4] if letter == "s" else [1, 2, 3, 4, 0]
        images = [move[image] for image in images]
        text += "".join(map(str, images))
    return text + "."


NO_B_TWICE = ([[0, 0, 2], [1, 2, 2]], [1, 1, 0])
CONSTRUCTIONS = (
    Construction("majority_transformer", "01", 10, lambda w: [w.count("1") > w.count("0")]),
    Construction("parity_transformer[12]", "01", 10, lambda w: [w.count("1") % 2]),
    Construction("parity_by_counting", "01", 10, lambda w: [w.count("1") % 2]),
    Construction("dyck1_transformer", "()", 10, lambda w: [balanced(w, ["()"])]),
    Construction("dyck2_transformer", "()[]", 6, lambda w: [balanced(w, ["()", "[]"])]),
    Construction("shuffle_dyck_transformer", "()[]", 6, lambda w: [shuffled(w, ["()", "[]"])]),
    Construction(
        "abc_transformer", "abc", 7, lambda w: [3 * w.count("a") == len(w) and "".join(sorted(w)) == w and even(w)]
    ),
    Construction("histogram_transformer", "abc", 7, lambda w: [w.count(c) for c in w], "#"),
    Construction("length_transformer", "abc", 7, lambda w: [len(w)] * len(w), "#"),
    Construction("reverse_transformer", "abc", 7, lambda w: ["abc".index(c) for c in reversed(w)], "abc"),
    Construction("sort_transformer", "abc", 7, lambda w: ["abc".index(c) for c in sorted(w)], "abc"),
    Construction("induction_head", "abc", 7, lambda w: or_mark(3, hops(w, 1)), "abc?"),
    *(Construction(f"k_hop[{k}]", "abcd", 6, lambda w, k=k: or_mark(4, hops(w, k)), "abcd?") for k in range(1, 6)),  # type: ignore[misc]
    Construction("first_transformer", "01", 9, lambda w: [w[0] == "1"]),
    Construction("automaton_transformer[[[0, 0, 2], [1, 2, 2]], [1, 1, 0]]", "ab", 10, automaton(*NO_B_TWICE)),
    Construction(
        "automaton_transformer[[[1, 0, 2, 3, 4], [1, 2, 3, 4, 0]], [1, 0, 0, 0, 0]]",
        "ab",
        10,
        automaton([[1, 0, 2, 3, 4], [1, 2, 3, 4, 0]], [1, 0, 0, 0, 0]),
    ),
)


def even(word: str) -> bool:
    return word.count("a") == word.count("b") == word.count("c")


# ---- words as rows


def width(alphabet: str) -> int:
    return (len(alphabet) - 1).bit_length()


def rows(words: Sequence[str], alphabet: str) -> np.ndarray:
    numbers = np.array([[alphabet.index(letter) for letter in word] for word in words])
    return (numbers[:, :, None] >> np.arange(width(alphabet)) & 1).reshape(len(words), -1).astype(bool)


def answers(bits: np.ndarray, wide: int) -> list[list[int]]:
    return (bits.reshape(len(bits), -1, wide) @ (1 << np.arange(wide))).tolist()


def words(alphabet: str, length: int) -> Iterator[str]:
    return ("".join(letters) for letters in product(alphabet, repeat=length))


@pytest.mark.parametrize("row", CONSTRUCTIONS, ids=str)
def test_all_short_words(session: tc0.Session, row: Construction) -> None:
    binary = row.alphabet == "01"
    name = f"checked_{CONSTRUCTIONS.index(row)}"
    letters = "bit[n]" if binary else "{" + ", ".join(f'"{c}"' for c in row.alphabet) + "}[n]"
    result = (
        "bit" if row.answers is None else "uint(bits(n))[n]" if row.answers == "#" else _listed(row.answers) + "[n]"
    )
    session.run(f"family {name}(w: {letters}) -> {result} where n >= 1 = {row.name}(w)")
    for n in range(1, row.longest + 1):
        tested = list(words(row.alphabet, n))
        wide = 1 if row.answers is None else n.bit_length() if row.answers == "#" else width(row.answers)
        found = answers(session[name].evaluate(rows(tested, row.alphabet), n=n), wide)
        for word, given in zip(tested, found, strict=True):
            assert given == [int(x) for x in row.reference(word)], (word, given)


def _listed(alphabet: str) -> str:
    return "{" + ", ".join(f'"{c}"' for c in alphabet) + "}"


def test_long_words(session: tc0.Session) -> None:
    """Counts that differ by one, where few digits would not tell them apart."""
    n, more, less = 100, 51, 50
    assert session.eval(f'majority_transformer("{"1" * more + "0" * less}")') == 1
    assert session.eval(f'majority_transformer("{"1" * less + "0" * less}")') == 0
    assert session.eval(f'parity_by_counting("{"1" * more + "0" * less}")') == 1
    assert session.eval(f'length_transformer("{"a" * n}")')[0] == n
    n, more, less = 40, 21, 20
    assert session.eval(f'dyck1_transformer("{"(" * less + ")" * less}")') == 1
    assert session.eval(f'dyck1_transformer("{"(" * less + ")" * (less - 1) + "("}")') == 0
    assert session.eval(f'histogram_transformer("{"a" * more + "b" * (n - more)}")')[0] == more


# ---- parity as the weights of Chiang and Cholak compute it

FAILS = {8: 8, 10: 8, 12: 18, 14: 23, 16: 48}


def wrong_parities(p: int, n: int) -> list[int]:
    """The numbers of ones for which words of n bits are answered wrongly. Answers depend on that number only."""
    rounded = cache(lambda x: truncate(p, x))
    size = n + 1
    share = rounded(1 / rounded(Fraction(size)))
    wrong = []
    for ones in range(size):
        mean = rounded(ones * share)
        tents = []
        for i in range(size):
            shift = rounded(mean - rounded(Fraction(i, size)))
            left, middle, right = (max(rounded(shift + d), Fraction(0)) for d in (-share, Fraction(0), share))
            tents.append(rounded(left - 2 * middle + right))
        heads = []
        for first in (0, 1):
            chosen = tents[first::2]
            weight = rounded(1 / rounded(Fraction(len(chosen))))
            heads.append(rounded(sum((rounded(weight * v) for v in chosen), Fraction(0))))
        if (heads[1] > heads[0]) != (ones % 2 == 1):
            wrong.append(ones)
    return wrong


@pytest.mark.parametrize(("p", "fails"), FAILS.items())
def test_truncated_floats_break_parity(session: tc0.Session, p: int, fails: int) -> None:
    """The first length with a wrong answer, and that the transformer is wrong for the same words."""
    assert [n for n in range(1, fails + 1) if wrong_parities(p, n)] == [fails]
    session.run(f"family parity_{p}(w: bit[n]) -> bit where n >= 1 = parity_transformer[{p}](w)")
    for n in (fails // 2, fails, fails + 1) if p < 14 else (fails,):
        ones = np.tri(n + 1, n, -1, dtype=bool)
        found = session[f"parity_{p}"].evaluate(ones, n=n)[:, 0]
        assert np.flatnonzero(found != np.arange(n + 1) % 2).tolist() == wrong_parities(p, n)


# ---- sequences of permutations, graphs


def test_products_of_permutations(session: tc0.Session) -> None:
    random = np.random.default_rng(0)
    for n in range(1, 12):
        moves = np.array([[random.permutation(5) for _ in range(n)] for _ in range(50)])
        bits = (moves[..., None] >> np.arange(3) & 1).reshape(50, -1).astype(bool)
        images = np.tile(np.arange(5), (50, 1))
        for k in range(n):
            images = np.take_along_axis(moves[:, k], images, 1)
        assert answers(session["s5_transformer"].evaluate(bits, n=n), 3) == images.tolist()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_reachability_in_all_graphs(session: tc0.Session, n: int) -> None:
    graphs = np.array(list(product([False, True], repeat=n * n))).reshape(-1, n, n)
    paths = graphs | np.eye(n, dtype=bool)
    for _ in range(n):
        paths = (paths.astype(int) @ paths.astype(int)) > 0
    found = session["reachability_transformer"].evaluate(graphs.reshape(len(graphs), -1), n=n)
    assert (found.reshape(paths.shape) == paths).all()


# ---- chains of thought


@pytest.mark.parametrize(
    ("name", "alphabet", "letters", "longest", "chain"),
    [("parity_step", "01=.", "01", 6, parities), ("s5_step", "01234sc=.", "sc", 3, products)],
)
def test_every_next_symbol(
    session: tc0.Session, name: str, alphabet: str, letters: str, longest: int, chain: Callable[[str], str]
) -> None:
    for length in range(1, longest + 1):
        texts = [(word + "=", chain(word)) for word in words(letters, length)]
        for done in range(len(texts[0][1])):
            begun = rows([start + rest[:done] for start, rest in texts], alphabet)
            found = answers(session[name].evaluate(begun, n=length + 1 + done), width(alphabet))
            assert found == [[alphabet.index(rest[done])] for _, rest in texts]

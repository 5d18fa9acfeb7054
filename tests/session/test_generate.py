"""`generate(f, text, steps = k)`: a family applied to its own output."""

from __future__ import annotations

from typing import Any

import pytest

import tc0
from tc0.dsl.base.errors import Error

PROGRAM = """
alphabet Sigma = {"a", "b"}
family odd(x: bit[n]) -> bit = SUM(x) % 2
family before(w: Sigma[n]) -> Sigma where n >= 2 = w[n - 2]
family reversed(w: Sigma[n]) -> Sigma[n] = [w[n - 1 - i] for i < n]
family at_least[k](x: bit[n]) -> bit = SUM(x) >= k
family next_count(x: bit[n]) -> bit[n] = [SUM(x[j] for j < n) >= i + 1 for i < n]
family two(x: bit[n], y: bit[n]) -> bit = x[0]
family matrix(x: bit[n, n]) -> bit = x[0, 0]
family is_a(w: Sigma[n]) -> bit = w[0] == "a"
family first(x: float(8)[n]) -> float(8) = x[0]
transformer majority_next(w: Sigma[n]) -> Sigma {
    precision p = 2 * bits(n) + 4
    embed x[i < n] = [if w[i] == "a" then 1 else -1]
    layer {
        let mean[i < n] = attend(1, x[j] for j < n)
        x[i < n] = mean[i]
    }
    return if x[n - 1][0] >= 0 then "b" else "a"
}
"""


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def test_bits(session: tc0.Session) -> None:
    expected = [1, 1, 0, 1]
    for _ in range(9):
        expected.append(sum(expected) % 2)
    assert session["odd"].generate("1101", steps=9).tolist() == expected  # type: ignore[union-attr]
    assert session["odd"].generate([1, 1, 0, 1], steps=9).tolist() == expected  # type: ignore[union-attr]
    reply: Any = session.run('generate(odd, "1101", steps = 9)').replies[-1]
    assert reply.text == "".join(map(str, expected))


def test_symbols(session: tc0.Session) -> None:
    assert session["before"].generate("ab", steps=5) == "abababa"  # type: ignore[union-attr]
    reply: Any = session.run('generate(before, "ab", steps = 5)').replies[-1]
    assert (reply.value, reply.text) == ("abababa", "abababa")


def test_of_a_sequence_the_last_symbol_counts(session: tc0.Session) -> None:
    word = "abb"
    for _ in range(6):
        word += word[0]  # the last symbol of the word reversed
    assert session["reversed"].generate("abb", steps=6) == word  # type: ignore[union-attr]
    bits = [1, 1]
    for _ in range(6):
        bits.append(int(sum(bits) >= len(bits)))
    assert session["next_count"].generate("11", steps=6).tolist() == bits  # type: ignore[union-attr]


def test_a_transformer_goes_on_from_what_it_wrote(session: tc0.Session) -> None:
    """The letter that is rarer so far, "b" where both are as frequent. The mean of ones and minus ones has the sign of
    their exact sum, because the weights are equal and the products 1/n * 1 exact."""
    word = "aaa"
    for _ in range(9):
        word += "b" if word.count("a") >= word.count("b") else "a"
    assert session["majority_next"].generate("aaa", steps=9) == word  # type: ignore[union-attr]


def test_no_steps_give_the_text(session: tc0.Session) -> None:
    assert session["before"].generate("ba", steps=0) == "ba"  # type: ignore[union-attr]


def test_parameters_may_be_fixed(session: tc0.Session) -> None:
    assert session["at_least"].generate("1", steps=3, k=1).tolist() == [1, 1, 1, 1]  # type: ignore[union-attr]
    assert session["at_least"].fix(k=2).generate("1", steps=3).tolist() == [1, 0, 0, 0]  # type: ignore[union-attr]


def test_the_answer_is_the_last_value(session: tc0.Session) -> None:
    session.run('generate(before, "ab", steps = 2)')
    assert session.eval("_") == "abab"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('generate(odd, "1")', "E0305"),
        ("generate(odd)", "E0304"),
        ('generate(odd, "1", 3)', "E0304"),
        ('generate(odd, "1", step = 3)', "E0305"),
        ('generate(odd, "1", steps = 1 / 2)', "E0302"),
        ('generate(odd, "1", steps = -1)', "E0302"),
        ('generate(odd, "1", steps = 10**6)', "E0302"),
        ('generate(odd, "12", steps = 1)', "E0702"),
        ("generate(odd, 5, steps = 1)", "E0706"),
        ('generate(before, "ac", steps = 1)', "E0703"),
        ('generate(before, "a", steps = 1)', "E0405"),
        ('generate(reversed, "", steps = 1)', "E0706"),
        ('generate(odd[n = 3], "101", steps = 1)', "E0903"),
        ('generate(at_least, "101", steps = 1)', "E0903"),
        ('generate(at_least[n = 3], "101", steps = 1)', "E0903"),
        ('generate(two, "1", steps = 1)', "E0303"),
        ('generate(matrix, "1", steps = 1)', "E0303"),
        ('generate(is_a, "a", steps = 1)', "E0303"),
        ("generate(first, [1], steps = 1)", "E0303"),
        ('generate(3, "1", steps = 1)', "E0303"),
        ("family f(x: bit[n]) -> bit[n + 1] = generate(odd, x, steps = 1)", "E0312"),
    ],
)
def test_mistakes(session: tc0.Session, text: str, code: str) -> None:
    with pytest.raises(Error) as caught:
        session.run(text)
    assert caught.value.code == code


@pytest.mark.parametrize("steps", [-1, 2.5, "3", 10**6, True])
def test_steps_are_a_number(session: tc0.Session, steps: Any) -> None:
    with pytest.raises(Error) as caught:
        session["odd"].generate("1", steps=steps)  # type: ignore[union-attr]
    assert caught.value.code == "E0302"

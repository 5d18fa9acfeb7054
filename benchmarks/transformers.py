"""What exactness costs: transformers in log-precision floats, beside a plain numpy forward pass of the same in doubles.

    python benchmarks/transformers.py

Every work is of one batch of words, and "numpy" is how much longer it takes than the forward pass on that batch, which rounds
elsewhere and so gives other digits (of the literal construction the same: its tables are looked up, its sums are of halves). A
circuit is built from the text once more in every run. Seconds are of processor time.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from evaluate import seconds
from measure import table

import tc0

import numpy as np  # isort: skip

MAJORITY = """transformer majority_of_two(w: {"a", "b"}[n]) -> bit {
    precision p = 2 * bits(n) + 4
    embed x[i < n] = [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
    layer {
        let mean[i < n] = attend(1, x[j] for j < n)
        x[i < n] = mean[i]
    }
    return x[n - 1][0] > x[n - 1][1]
}"""

Pass = Callable[[np.ndarray], object]


def majority_in_doubles(bits: np.ndarray) -> np.ndarray:
    x = np.stack([1.0 - bits, bits], 2)
    n = bits.shape[1]
    x = np.full((n, n), 1 / n) @ x
    return np.asarray(x[:, -1, 0] > x[:, -1, 1])


def practical_in_doubles(layers: int) -> Pass:
    def forward(bits: np.ndarray) -> np.ndarray:
        i = np.arange(bits.shape[1])
        x = np.where(bits, i + 1.0, -i)
        for _ in range(layers):
            scores = np.maximum(x[:, :, None] * x[:, None, :], 0)
            total = scores.sum(2, keepdims=True)
            shares = np.divide(scores, total, out=np.zeros_like(scores), where=total != 0)
            x = 1 - (shares @ x[:, :, None])[..., 0] - np.maximum(x, 0)
        return x

    return forward


def literal_in_doubles(layers: int, n: int, session: tc0.Session) -> Pass:
    """At 4 bits. A state is the place of its float in the list of all seven, its code is `codes` there."""
    values = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    codes = np.array([int("".join(str(b) for b in session.eval(f"float(4)({v}).bits"))[::-1], 2) for v in values])
    place = np.zeros(16, np.int64)
    place[codes] = np.arange(7)
    rows = 2 << (n - 1).bit_length()
    random = [f"random_codes(1, {rows}, 4)", "random_codes(2, 256, 4)", "random_codes(3, 256, 4)"]
    embedding, *tables = (place[np.array(session.eval(text), np.int64)] for text in random)
    similarity, activation = (t[codes[:, None] + 16 * codes] for t in tables)

    def truncated(x: np.ndarray) -> np.ndarray:
        """The place of the float next to x on the side of 0."""
        down = np.searchsorted(values, x, side="right") - 1
        up = np.searchsorted(values, x, side="left")
        return np.asarray(np.where(x >= 0, down, np.minimum(up, 6)))

    def forward(bits: np.ndarray) -> np.ndarray:
        state = embedding[bits + 2 * np.arange(n)]
        for _ in range(layers):
            scores = values[similarity[state[:, :, None], state[:, None, :]]]
            total = values[truncated(scores.sum(2, keepdims=True))]
            shares = np.divide(scores, total, out=np.zeros_like(scores), where=total != 0)
            shares = values[truncated(shares)]
            terms = values[truncated(shares * values[state][:, None, :])]
            state = activation[truncated(terms.sum(2)), state]
        return codes[state]

    return forward


def all_words(n: int) -> np.ndarray:
    return np.array(list(product((0, 1), repeat=n)), np.uint8)


def row(name: str, work: Callable[[], object], words: int, peer: float) -> list[str]:
    mine = seconds(work)
    return [name, f"{words:,}", f"{mine:.4f}", f"{words / mine:,.0f}", f"{mine / peer:,.0f}"]


def majority(count: int, n: int) -> list[list[str]]:
    words = np.random.default_rng(0).integers(0, 2, (count, n), np.uint8)
    session = tc0.Session()
    session.run(MAJORITY)
    family = session["majority_of_two"]
    peer = seconds(lambda: majority_in_doubles(words))
    assert (family.evaluate(words)[:, 0] == majority_in_doubles(words)).all()
    return [row(f"majority, n = {n}: value", lambda: family.evaluate(words), count, peer)]


def built(session: tc0.Session, name: str, layers: int, p: int, n: int, forward: Pass) -> list[list[str]]:
    """A family of the library on all words: its value, its circuit made, and its circuit evaluated."""
    family, words = session[name], all_words(n)
    peer = seconds(lambda: forward(words))
    circuit = family.instantiate(layers=layers, p=p, n=n)
    assert (circuit.evaluate(words) == family.evaluate(words, layers=layers, p=p)).all()
    title = f"{name}, {layers} layers, {p} bits, n = {n}"
    return [
        row(f"{title}: value", lambda: family.evaluate(words, layers=layers, p=p), len(words), peer),
        row(f"  {circuit.size:,} gates made", lambda: family.instantiate(layers=layers, p=p, n=n).size, 1, peer),
        row("  evaluated", lambda: circuit.evaluate(words), len(words), peer),
    ]


def main() -> None:
    session = tc0.Session()
    literal, words = literal_in_doubles(3, 4, session), all_words(4)
    bits = (np.asarray(literal(words))[:, :, None] >> np.arange(4) & 1).reshape(len(words), -1)
    assert (session["literal"].evaluate(words, layers=3, p=4) == bits).all()
    lines = [["work", "words", "seconds", "a second", "numpy"]]
    lines += majority(1000, 64)
    lines += majority(20_000, 64)
    lines += built(session, "practical", 2, 8, 8, practical_in_doubles(2))
    lines += built(session, "literal", 3, 4, 4, literal)
    print(table(lines))


if __name__ == "__main__":
    main()

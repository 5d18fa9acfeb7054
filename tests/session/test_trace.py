"""Traces of transformers: stream and weights against fractions computed here, position by position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from reference.floats import total, truncate

import tc0
from tc0.dsl.base.errors import Error
from tc0.dsl.session.report import Head, Layer, Traced

MAJORITY = """
transformer majority(w: {"a", "b"}[n]) -> bit {
    precision p = 2 * bits(n) + 4
    embed x[i < n] = [if w[i] == "a" then 1 else 0, if w[i] == "b" then 1 else 0]
    layer {
        let mean[i < n] = attend(1, x[j] for j < n)
        x[i < n] = mean[i]
    }
    return x[n - 1][0] > x[n - 1][1]
}
"""

MASKED = """
transformer masked(w: {"a", "b"}[n]) -> bit[n] {
    precision p = 10
    embed x[i < n] = [if w[i] == "a" then 1 else 0, i + 1]
    layer {
        let all[i < n] = attend(x[j][1], x[j] for j < n)
        let causal[i < n] = attend(x[j][1], x[j] for j <= i)
        let strict[i < n] = attend(x[j][1], x[j] for j < i)
        x[i < n] = [all[i][0] + strict[i][0], causal[i][1]]
    }
    return [x[i][0] > x[i][1] for i < n]
}
"""

LOOPED = """
transformer looped[t](w: bit[n]) -> bit[n] {
    precision p = 12
    embed x[i < n + 1] = if i < n then [if w[i] then 1 else 0] else [2]
    repeat t layer {
        let seen[h < 2, i < n + 1] = attend(x[j][0] + h, x[j] for j <= i)
        x[i < n + 1] = seen[0, i] + seen[1, i]
    }
    return [x[i][0] > 1 for i < n]
}
"""

CHOSEN = """
transformer chosen[causal: bool](w: bit[n]) -> bit[n] {
    precision p = 10
    embed x[i < n] = [if w[i] then 1 else 0]
    layer {
        let seen[i < n] = if causal then attend(1, x[j] for j <= i) else attend(1, x[j] for j < n)
        let odd = [attend(2, x[j] for j < n) for i < n if i % 2 == 1]
        x[i < n] = if i % 2 == 1 then odd[i // 2] else seen[i]
    }
    return [x[i][0] > 1 / 2 for i < n]
}
"""

Row = Sequence[Fraction]


def attended(p: int, scores: Row, values: Sequence[Row]) -> tuple[list[Fraction], list[Fraction]]:
    """Weights, and their sum of values: divide, multiply, then sum, each rounded once."""
    whole = total(p, False, list(scores))
    weights = [truncate(p, s / whole) if whole else Fraction(0) for s in scores]
    width = len(values[0]) if values else 0
    found = [
        total(p, False, [truncate(p, w * v[k]) for w, v in zip(weights, values, strict=True)]) for k in range(width)
    ]
    return weights, found


def stream(layer: Layer) -> list[list[Fraction]]:
    return [[x.fraction() for x in row] for row in layer.stream]


def rows(head: Head) -> list[tuple[str, list[int], list[Fraction]]]:
    return [(label, list(keys), [x.fraction() for x in weights]) for label, keys, weights in head.rows]


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    for text in (MAJORITY, MASKED, LOOPED, CHOSEN):
        session.run(text)
    return session


@pytest.mark.parametrize("word", ["a", "ab", "abb", "abba", "babbaba", "aabbbabba"])
def test_majority(session: tc0.Session, word: str) -> None:
    traced = session["majority"].trace(word)  # type: ignore[union-attr]
    n = len(word)
    p = 2 * n.bit_length() + 4
    embedded = [[Fraction(c == "a"), Fraction(c == "b")] for c in word]
    weights, mean = attended(p, [Fraction(1)] * n, embedded)
    embedding, layer = traced.layers
    assert (embedding.label, stream(embedding), embedding.heads) == ("embedding", embedded, ())
    assert stream(layer) == [mean] * n
    (head,) = layer.heads
    assert head.label == "attend"
    assert rows(head) == [(str(i), list(range(n)), weights) for i in range(n)]
    assert traced.symbols == tuple(word)
    assert (traced.of, traced.format) == (f"majority[n = {n}]", f"float({p}), truncated")
    assert traced.result == str(int(mean[0] > mean[1])) == str(session.eval(f'majority("{word}")'))


def test_masks_leave_positions_out(session: tc0.Session) -> None:
    word, p = "abbab", 10
    traced = session["masked"].trace(word)  # type: ignore[union-attr]
    x = [[Fraction(c == "a"), Fraction(i + 1)] for i, c in enumerate(word)]
    masks: list[Callable[[int, int], bool]] = [lambda i, j: True, lambda i, j: j <= i, lambda i, j: j < i]
    found = []
    for head, mask in zip(traced.layers[1].heads, masks, strict=True):
        expected, values = [], []
        for i in range(len(word)):
            keys = [j for j in range(len(word)) if mask(i, j)]
            weights, value = attended(p, [x[j][1] for j in keys], [x[j] for j in keys])
            expected.append((str(i), keys, weights))
            values.append(value or [Fraction(0)] * 2)  # attention over no keys gives 0
        assert rows(head) == expected
        found.append(values)
    full, causal, strict = found
    assert stream(traced.layers[1]) == [
        [truncate(p, full[i][0] + strict[i][0]), causal[i][1]] for i in range(len(word))
    ]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_repeated_layer_is_shown_each_time(session: tc0.Session, times: int) -> None:
    word, p = "101", 12
    traced = session["looped"].trace(word, t=times)  # type: ignore[union-attr]
    x = [[Fraction(int(c))] for c in word] + [[Fraction(2)]]
    assert stream(traced.layers[0]) == x
    assert [layer.label for layer in traced.layers[1:]] == [f"layer 1, time {k + 1}" for k in range(times)]
    for layer in traced.layers[1:]:
        expected, values = [], []
        for h in range(2):
            values.append([])
            for i in range(len(x)):
                scores = [truncate(p, x[j][0] + h) for j in range(i + 1)]
                weights, value = attended(p, scores, x[: i + 1])
                expected.append((f"{h}, {i}", list(range(i + 1)), weights))
                values[h].append(value)
        (head,) = layer.heads
        assert rows(head) == expected
        x = [[truncate(p, values[0][i][0] + values[1][i][0])] for i in range(len(x))]
        assert stream(layer) == x
    assert traced.symbols == (*word, "")  # padding has no symbol


@pytest.mark.parametrize("causal", [True, False])
def test_attention_that_the_statics_leave_out_is_not_shown(session: tc0.Session, causal: bool) -> None:
    word, p = "1011", 10
    traced = session["chosen"].trace(word, causal=causal)  # type: ignore[union-attr]
    x = [[Fraction(int(c))] for c in word]
    seen, odd = traced.layers[1].heads
    ends = [i + 1 if causal else 4 for i in range(4)]
    assert rows(seen) == [
        (str(i), list(range(end)), attended(p, [Fraction(1)] * end, x[:end])[0]) for i, end in enumerate(ends)
    ]
    weights, _ = attended(p, [Fraction(2)] * 4, x)
    assert rows(odd) == [(str(i), list(range(4)), weights) for i in (1, 3)]


def test_the_verb_and_the_method_agree(session: tc0.Session) -> None:
    (reply,) = session.run('trace(majority, "abba")').replies
    found = session["majority"].trace("abba")  # type: ignore[union-attr]
    assert isinstance(reply, Traced)
    assert (reply.layers, reply.result, reply.symbols) == (found.layers, found.result, found.symbols)
    fixed = session["majority"].fix(n=4).trace(["a", "b", "b", "a"])  # type: ignore[union-attr]
    assert fixed.layers == found.layers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('trace(majority, "abc")', "E0703"),
        ('trace(majority, "")', "E0405"),
        ("trace(majority)", "E0304"),
        ('trace(majority, "ab", "ab")', "E0304"),
        ("trace(majority, 5)", "E0903"),
        ('trace(looped, "101")', "E0903"),
        ('trace(majority[n = 3], "ab")', "E0706"),
        ('trace(looped[2000], "1")', "E0806"),
        ('trace(parity, "101")', "E0303"),
        ('trace(3, "101")', "E0303"),
    ],
)
def test_mistakes(session: tc0.Session, text: str, code: str) -> None:
    with pytest.raises(Error) as caught:
        session.run(text)
    assert caught.value.code == code

"""Trains a small transformer that decides majority, and writes its weights to majority.safetensors beside this file.

python examples/train_majority.py

The model reads a word over {a, b} and says whether it has more a's than b's. With E the embedding, m the mean over all
positions (one attention head with uniform weights) and a small network with a residual connection,

    m = (E[w_0] + ... + E[w_(n-1)]) / n
    h = relu(W1 m + b1)
    y = m + (W2 h + b2)

it answers yes iff y_0 > y_1. Only numpy is needed; the same numbers come out each time.
"""

from __future__ import annotations

import json
import struct
from math import comb
from pathlib import Path

import numpy as np

SEED, HIDDEN, STEPS, RATE, MARGIN, STEEPNESS = 5, 3, 1500, 0.02, 1.0, 4.0
LONGEST = 16  # letters of the words that it is trained on

Weights = dict[str, np.ndarray]


def words(longest: int) -> np.ndarray:
    """All words by what the model sees of them: (number of a's, length)."""
    return np.array([(a, n) for n in range(1, longest + 1) for a in range(n + 1)], np.float64)


def more_a(seen: np.ndarray) -> np.ndarray:
    return 2 * seen[:, 0] > seen[:, 1]


def forward(weights: Weights, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """m, W1 m + b1 and y of each word, [words, width]."""
    share = seen[:, :1] / seen[:, 1:]
    mean = share * weights["embed"][0] + (1 - share) * weights["embed"][1]
    before = mean @ weights["w1"].T + weights["b1"]
    return mean, before, mean + np.maximum(before, 0) @ weights["w2"].T + weights["b2"]


def slopes(weights: Weights, seen: np.ndarray) -> Weights:
    """The gradient of the mean of log(1 + exp(margin - steepness * (y_0 - y_1))), signs by the right answer."""
    mean, before, y = forward(weights, seen)
    sign = np.where(more_a(seen), 1.0, -1.0)
    pull = 1 / (1 + np.exp(STEEPNESS * sign * (y[:, 0] - y[:, 1]) - MARGIN))
    at_y = (-STEEPNESS * sign * pull / len(seen))[:, None] * np.array([1.0, -1.0])
    at_before = (at_y @ weights["w2"]) * (before > 0)
    at_mean = at_y + at_before @ weights["w1"]
    share = seen[:, :1] / seen[:, 1:]
    return {
        "embed": np.stack([(share * at_mean).sum(0), ((1 - share) * at_mean).sum(0)]),
        "w1": at_before.T @ mean,
        "b1": at_before.sum(0),
        "w2": at_y.T @ np.maximum(before, 0),
        "b2": at_y.sum(0),
    }


def train() -> Weights:
    """The weights after all steps of Adam, as float32."""
    random = np.random.default_rng(SEED)
    weights = {
        "embed": np.eye(2) + 0.1 * random.normal(size=(2, 2)),
        "w1": random.normal(size=(HIDDEN, 2)),
        "b1": 0.1 * random.normal(size=HIDDEN),
        "w2": 0.5 * random.normal(size=(2, HIDDEN)),
        "b2": np.zeros(2),
    }
    seen = words(LONGEST)
    first = {name: np.zeros_like(w) for name, w in weights.items()}
    second = {name: np.zeros_like(w) for name, w in weights.items()}
    for step in range(1, STEPS + 1):
        for name, slope in slopes(weights, seen).items():
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.999 * second[name] + 0.001 * slope**2
            size = np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            weights[name] = weights[name] - RATE * first[name] / (1 - 0.9**step) / size
    return {name: w.astype(np.float32) for name, w in weights.items()}


def truncated(weights: Weights, precision: int) -> Weights:
    """The weights as `float(precision)` of tc0 has them: a mantissa of p/2 - 1 bits, cut toward zero."""
    digits = precision // 2 - 1
    largest = 2**digits - 1
    found = {}
    for name, w in weights.items():
        size = np.abs(w.astype(np.float64))
        unit = np.maximum(np.frexp(size)[1] - digits, -largest)
        kept = np.floor(np.ldexp(size, -unit))
        found[name] = np.sign(w) * np.where(unit > largest, np.ldexp(1.0 * largest, largest), np.ldexp(kept, unit))
    return found


def accuracy(weights: Weights, longest: int) -> tuple[float, int]:
    """The share of all words of at most this length that are decided rightly, and the length of the first that is not (or 0)."""
    seen = words(longest)
    y = forward({name: w.astype(np.float64) for name, w in weights.items()}, seen)[2]
    right = (y[:, 0] > y[:, 1]) == more_a(seen)
    counts = [comb(int(n), int(a)) for a, n in seen]
    share = sum(c for c, r in zip(counts, right, strict=True) if r) / sum(counts)
    wrong = seen[~right, 1]
    return share, int(wrong.min()) if wrong.size else 0


def write(weights: Weights, path: Path) -> None:
    """The safetensors format: the length of a header, the header, the numbers."""
    header, data = {}, b""
    for name, w in weights.items():
        raw = w.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(w.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main() -> None:
    weights = train()
    path = Path(__file__).with_name("majority.safetensors")
    write(weights, path)
    print(f"{path.name}: {path.stat().st_size} bytes, {sum(w.size for w in weights.values())} weights")
    for title, some in [("float64", weights), *((f"float({p})", truncated(weights, p)) for p in (8, 12))]:
        for longest in (LONGEST, 4 * LONGEST):
            share, wrong = accuracy(some, longest)
            rest = f", the first mistake at n = {wrong}" if wrong else ""
            print(f"  weights in {title}, all words of at most {longest} letters: {share:.4%} right{rest}")


if __name__ == "__main__":
    main()

"""What the residual stream may start from."""

from __future__ import annotations

import tc0

ROWS = """let R = [[1, 0.5], [0, 1]]
transformer rows(w: bit[n]) -> float(8)[n, 2] {
    precision p = 8
    embed x[i < n] = if w[i] then R[0] else R[1]
    layer { x[i < n] = x[i] }
    return x
}"""


def test_rows_of_a_matrix() -> None:
    session = tc0.Session()
    session.run(ROWS)
    rows = [[1, 0.5], [0, 1]]
    for word in ("10", "01", "11"):
        assert session.eval(f'rows("{word}")').tolist() == [rows[0 if bit == "1" else 1] for bit in word]
    assert session.run("option check = both\ncheck rows(x) == rows(x) for x: bit[n], n in 1..4").ok

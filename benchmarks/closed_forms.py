"""Closed forms against enumeration, and the time that reports and questions about gates take.

python benchmarks/closed_forms.py             22 domains, 1,000 random domains, every library family, gates
python benchmarks/closed_forms.py --random 50
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import statistics
import sys
import time

from measure import best, command, table

# (binders, guard): domains of the literature and of circuits; how many points they have
DOMAINS = [
    ("i < n, j <= i", ""),
    ("i <= n, j <= n", "2*i + 3*j <= n"),
    ("i < n, j < n", "i + 2*j < n and j <= i"),
    ("i < n, j < n", "(i + j) % 2 == 0"),
    ("i < n, j < n", "i == j or i + j == n - 1"),
    ("i < n, j < n", "i - j <= 2 and j - i <= 2"),
    ("i < n, j < n", "i <= j and j <= 2*i"),
    ("i < n, j < n", "i - j <= m and j - i <= m"),
    ("i < n, j < m", "i + j < n"),
    ("i < n, j < n, k < n, l < n", "i + j + k + l < n"),
    ("i < n", "i % 3 == 1"),
    ("i < n, j < n", "i != j"),
    ("i < n, j < n", "(i + j) % 3 == 0 and i < j"),
    ("i < n * n, j < n", ""),
    ("i < n, j < clog2(n)", ""),
    ("i < n, j < clog2(n)", "j <= i"),
    ("i in n // 2..n, j <= i", ""),
    ("i < n, j in i + 1..n, k in j + 1..n", ""),
    ("i < n, j < (n + 1) // 2", "2*j + 1 <= i"),
    ("i < n, j < m", "i < j or i >= m"),
    ("i < n, j < n", "not (i == j and i % 2 == 0)"),
    ("t < clog2(n), i < n // 2**t", ""),
]


def text(binders: str, guard: str) -> str:
    """A family whose one gate has a wire for every point."""
    return f"family points(b: bit, x: bit[n], y: bit[m]) -> bit = OR(b for {binders}{' if ' + guard if guard else ''})"


def enumerated(binders: str, guard: str, n: int, m: int) -> int:
    """The points, one by one, by Python itself."""
    python = "".join(f" for {b}" for b in map(_loop, re.split(r",\s*(?=\w+ (?:<|in))", binders)))
    condition = f" if {guard}" if guard else ""
    return int(eval(f"sum(1{python}{condition})", {"clog2": lambda v: max(v - 1, 0).bit_length(), "n": n, "m": m}))


def _loop(binder: str) -> str:
    name, word, rest = binder.split(" ", 2)
    low, high = rest.split("..") if word == "in" else ("0", rest + (" + 1" if word == "<=" else ""))
    return f"{name} in range({low}, {high})"


def random_domain(draw: random.Random) -> tuple[str, str]:
    names = "ijk"[: draw.randint(1, 3)]
    binders = []
    for at, name in enumerate(names):
        bounds = ["n", "m", "n + 1", "(n + 1) // 2", "2 * m", "n // 3 + 1", "clog2(n) + 1", *names[:at]]
        binders.append(f"{name} < {draw.choice(bounds)}")
    guards = []
    for _ in range(draw.randint(0, 2)):
        a, b = draw.choice(names), draw.choice([*names, "n", "m"])
        guards.append(
            draw.choice(
                [
                    f"{a} + {draw.randint(0, 3)} <= {b}",
                    f"{draw.randint(1, 3)} * {a} <= {b} + {draw.randint(0, 2)}",
                    f"{a} % {draw.randint(2, 4)} == {draw.randint(0, 1)}",
                    f"{a} != {b}",
                    f"({a} <= {b} or {a} % 2 == 1)",
                ]
            )
        )
    return ", ".join(binders), " and ".join(guards)


def counted(domains: list[tuple[str, str]]) -> tuple[int, int, list[float]]:
    """How many are wrong, how many are open, seconds of each."""
    import tc0

    wrong, open_, seconds = 0, 0, []
    for binders, guard in domains:
        session = tc0.Session()
        session.run(text(binders, guard))
        start = time.perf_counter()
        try:
            figure = session["points"].wires
        except tc0.NotAvailable:
            open_ += 1
            print(f"open: {binders} if {guard}", file=sys.stderr)
            continue
        finally:
            seconds.append(time.perf_counter() - start)
        for n, m in itertools.product(range(7), repeat=2):
            if figure.at(n=n, m=m) != enumerated(binders, guard, n, m):
                print(f"WRONG: {binders} if {guard} at n = {n}, m = {m}: {figure.at(n=n, m=m)}", file=sys.stderr)
                wrong += 1
                break
    return wrong, open_, seconds


def reports() -> list[tuple[float, str]]:
    """Seconds of the full report of every library family, parsed before."""
    import tc0
    from tc0.dsl.analysis.analyse import FIGURES, Open, analyse
    from tc0.dsl.analysis.classify import classify
    from tc0.dsl.analysis.uniformity import uniformity
    from tc0.dsl.session.library import index

    session, found = tc0.Session(), []
    for name in index():
        try:
            applied = session[name]._applied
        except (tc0.Error, AttributeError):
            continue  # a static function

        def report(applied: object = applied) -> None:
            costs = analyse(applied)
            for figure in map(costs.figure, FIGURES):
                if not isinstance(figure, Open):
                    str(figure), figure.growth
            classify(costs), uniformity(applied)

        found.append((best(report, 2), name))
    return sorted(found)


QUESTIONED = """
family pairs(x: bit[n]) -> bit = OR(x[i] & !x[j] for i < n, j < i)
family one_by_one(x: bit[n]) -> bit = if n == 0 then 1 else one_by_one(x[0..n - 1]) & x[n - 1]
"""


def gates() -> list[tuple[str, ...]]:
    """Questions about gates of circuits that are not built."""
    import tc0

    session = tc0.Session()
    session.run(QUESTIONED)
    rows = [("circuit", "gates", "set up", "gate and one input")]
    sizes = (10**6, 3 * 10**6)  # the second one finds what was derived for the first
    for name, n in itertools.product(("parity", "pairs", "reachability", "xor_tree", "one_by_one"), sizes):
        family = session[name]
        size = family.parameters[0]
        start = time.perf_counter()
        connection = family.connection(**{size: n})
        ready = time.perf_counter() - start
        draw, times = random.Random(4), []
        for _ in range(200):
            g = draw.randrange(connection.size)
            start = time.perf_counter()
            if connection.gate(g).fanin:
                connection.input(g, 0)
            times.append(time.perf_counter() - start)
        rows.append((f"{name}[{size} = {n:,}]", f"{connection.size:.1e}", _ms(ready), _ms(statistics.median(times))))
    return rows


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=1000, help="how many random domains (default 1000)")
    asked = parser.parse_args()
    draw = random.Random(4)
    rows = [("domains", "number", "wrong", "open", "median", "longest")]
    for name, domains in (
        ("of the literature", DOMAINS),
        ("random", [random_domain(draw) for _ in range(asked.random)]),
    ):
        wrong, open_, seconds = counted(domains)
        rows.append(
            (name, str(len(domains)), str(wrong), str(open_), _ms(statistics.median(seconds)), _ms(max(seconds)))
        )
    print(table(rows))
    found = reports()
    print(f"\nreport of a library family: median {_ms(statistics.median(s for s, _ in found))} of {len(found)}")
    print("longest: " + ", ".join(f"{name} {_ms(s)}" for s, name in reversed(found[-4:])))
    plain, symbolic = (
        best(command(sys.executable, "-c", code), 5) for code in ("import tc0", "import tc0.dsl.analysis.analyse")
    )
    print(f"\nimport of the analysis: {_ms(symbolic - plain)} beyond `import tc0`\n")
    print(table(gates()))


if __name__ == "__main__":
    main()

"""How long one waits: the start of the command, and the parse of a long script.

python benchmarks/startup.py
"""

from __future__ import annotations

import sys

from measure import best, command, in_turn, table

DEFINITION = """
# Some odd number below n of the inputs are 1.
family odd_{i}(x: bit[n]) -> bit =
    OR(exactly_{i}[2*j + 1](x) for j < (n + 1) // 2)

family exactly_{i}[k](x: bit[n]) -> bit {{
    let low = THR[k](x)
    return low & !THR[k + 1](x)
}}
"""


STARTS = [
    ('python -c "import numpy"', ("-c", "import numpy")),
    ('tc0 -c "1 + 1"', ("-m", "tc0", "-c", "1 + 1")),
    ("tc0 -c 'MAJ(\"10110\")'", ("-m", "tc0", "-c", 'MAJ("10110")')),
    ("python -c pass", ("-c", "pass")),
]


def main() -> None:
    times = in_turn([command(sys.executable, *words) for _, words in STARTS])
    rows = [["", "seconds", "against numpy"]]
    rows += [[title, f"{t:.3f}", f"{t / times[0]:.2f}"] for (title, _), t in zip(STARTS, times, strict=True)]
    print(table(rows))

    from tc0.dsl.base.source import Source
    from tc0.dsl.syntax.parse import parse

    script = "".join(DEFINITION.format(i=i) for i in range(600))[1:]
    lines = script.count("\n")
    parse(Source("warm", "1 + 1\n"))
    seconds = best(lambda: parse(Source("script", script)), 2)
    print(
        f"\nparse of {lines:,} lines, {len(script):,} characters: {seconds:.2f} s ({seconds / lines * 5000:.2f} s for 5,000 lines)"
    )


if __name__ == "__main__":
    main()

"""How long one waits: the start of the command, and the parse of a long script.

    python benchmarks/startup.py
"""

from __future__ import annotations

import sys

from measure import best, command, table

DEFINITION = """
# Some odd number below n of the inputs are 1.
family odd_{i}(x: bit[n]) -> bit =
    OR(exactly_{i}[2*j + 1](x) for j < (n + 1) // 2)

family exactly_{i}[k](x: bit[n]) -> bit {{
    let low = THR[k](x)
    return low & !THR[k + 1](x)
}}
"""


def main() -> None:
    python = sys.executable
    numpy = best(command(python, "-c", "import numpy"), 5)
    rows = [["", "seconds", "against numpy"]]
    for title, words in [
        ('python -c "import numpy"', ("-c", "import numpy")),
        ('tc0 -c "1 + 1"', ("-m", "tc0", "-c", "1 + 1")),
        ("tc0 -c 'MAJ(\"10110\")'", ("-m", "tc0", "-c", 'MAJ("10110")')),
        ("python -c pass", ("-c", "pass")),
    ]:
        seconds = numpy if words == ("-c", "import numpy") else best(command(python, *words), 5)
        rows.append([title, f"{seconds:.3f}", f"{seconds / numpy:.2f}"])
    print(table(rows))

    from tc0.dsl.base.source import Source
    from tc0.dsl.syntax.parse import parse

    script = "".join(DEFINITION.format(i=i) for i in range(600))[1:]
    lines = script.count("\n")
    parse(Source("warm", "1 + 1\n"))
    seconds = best(lambda: parse(Source("script", script)), 2)
    print(f"\nparse of {lines:,} lines, {len(script):,} characters: {seconds:.2f} s ({seconds / lines * 5000:.2f} s for 5,000 lines)")


if __name__ == "__main__":
    main()

"""`python -m tests.reference FILE.tc... --check`: runs the checks of files on the reference, and shows expressions.

`--library FILE.tc...` names files whose definitions are in sight; files brought in with `use` are read as well.
`--circuit "add n=4"` prints the figures of one circuit. PYTHONPATH holds `src`, as for the tests.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.parse import parse

from . import checks
from .reference import Reference


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.reference", description=(__doc__ or "").split("\n")[0])
    ask.add_argument("files", nargs="+", type=Path, help="programs")
    ask.add_argument("--library", nargs="*", type=Path, default=[], help="files whose definitions are in sight")
    ask.add_argument("--check", action="store_true", help="runs the checks (the default)")
    ask.add_argument("--budget", type=int, default=4096, help="inputs tried exhaustively for one size")
    ask.add_argument("--circuit", help="figures of one circuit, as in --circuit 'add n=4'")
    asked = ask.parse_args()
    failed = False
    for file in asked.files:
        library = [p for p in asked.library if p.resolve() != file.resolve()]
        try:
            reference = Reference(_with_used(file), [p.read_text(encoding="utf-8") for p in library])
            if asked.circuit:
                _figures(reference, asked.circuit)
            else:
                failed |= _checks(reference, file, asked.budget)
        except Error as error:
            print(f"{file}: {error}")
            failed = True
    return int(failed)


def _with_used(file: Path) -> str:
    """The text of a file after those that it uses."""
    text = file.read_text(encoding="utf-8")
    used = [s for s in parse(Source(str(file), text)).statements if isinstance(s, tree.Use)]
    return "\n".join([*(_with_used(file.parent / statement.path) for statement in used), text])


def _checks(reference: Reference, file: Path, budget: int) -> bool:
    counts = {True: 0, False: 0, None: 0}
    start = time.monotonic()
    for outcome in checks.run(reference, budget):
        counts[outcome.holds] += 1
        mark = {True: "holds ", False: "FAILS ", None: "      "}[outcome.holds]
        cases = f" ({outcome.cases} cases, {time.monotonic() - start:.1f} s)" if outcome.cases else ""
        print(f"{mark}{outcome.text}{cases}{'  # ' + outcome.note if outcome.note else ''}", flush=True)
        start = time.monotonic()
    print(f"{file}: {counts[True]} checks hold, {counts[False]} fail")
    return bool(counts[False])


def _figures(reference: Reference, asked: str) -> None:
    name, *sizes = asked.split()
    circuit = reference.circuit(name, **{s.partition("=")[0]: int(s.partition("=")[2]) for s in sizes})
    for negation in ("gate", "free"):
        c = circuit.counting(negation)
        print(
            f"negation = {negation}: size {c.size}, wires {c.wires}, depth {c.depth}, fan-in {c.fanin}, "
            f"unit wires {c.unit_wires}, largest weight {c.largest_weight}, {c.by_kind}"
        )


if __name__ == "__main__":
    sys.exit(main())

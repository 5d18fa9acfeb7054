"""Shared by the programs of this folder: a clock, peak memory, columns."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
for _name in _THREADS:
    os.environ.setdefault(_name, "1")  # one core: ratios mean something

_SRC = Path(__file__).resolve().parents[1] / "src"
try:
    import tc0 as _tc0  # noqa: F401
except ImportError:
    sys.path.insert(0, str(_SRC))


def best(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of some runs."""
    fastest = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest


def command(*words: str) -> Callable[[], object]:
    """A child process, as work, as a user starts it (numpy with its threads)."""
    environment = {name: value for name, value in os.environ.items() if name not in _THREADS}
    environment["PYTHONPATH"] = os.pathsep.join([str(_SRC), os.environ.get("PYTHONPATH", "")])
    return lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=environment)


def in_turn(works: Sequence[Callable[[], object]], times: int = 9) -> list[float]:
    """Seconds of the fastest run of each, one after the other in every round, so that a busy moment hits all alike."""
    fastest = [float("inf")] * len(works)
    for _ in range(times):
        for at, work in enumerate(works):
            fastest[at] = min(fastest[at], best(work, 1))
    return fastest


def peak_memory() -> int:
    """Bytes that this process has held at most."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns: the first to the left, the others to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)

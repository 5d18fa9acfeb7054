"""All inputs of a circuit, streamed: seconds, and the peak of memory, each case in a process of its own.

python benchmarks/all_inputs.py
"""

from __future__ import annotations

import subprocess
import sys
import time

from measure import peak_memory, table

CASES = {
    "majority of 24 bits": ("family f(x: bit[n]) -> bit = MAJ(x)", {"n": 24}),
    "parity by forms, n = 24": ("family f(x: bit[n]) -> bit = SUM(x) % 2", {"n": 24}),
    "addition by forms, n = 12": (
        "family f(a: bit[n], b: bit[n]) -> bit[n + 1] {\n"
        "    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k\n"
        "    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]\n"
        "}",
        {"n": 12},
    ),
}


def child(name: str) -> None:
    """Prints vectors, seconds and bytes; the number of ones of all outputs is a check."""
    import tc0
    from tc0.dsl.base.meter import Meter
    from tc0.dsl.bitslice.planes import unpack
    from tc0.dsl.circuit.evaluate import evaluate_all

    program, sizes = CASES[name]
    session = tc0.Session()
    session.run(program)
    netlist = session["f"].instantiate(**sizes).netlist
    start = time.perf_counter()
    vectors, last = 0, None
    for _, count, planes in evaluate_all(netlist, Meter()):
        vectors += count
        last = planes
    seconds = time.perf_counter() - start
    assert last is not None and unpack(last, 64).shape == (64, len(netlist.outputs))
    print(vectors, seconds, peak_memory())


def main() -> None:
    if len(sys.argv) > 1:
        child(sys.argv[1])
        return
    rows = [["all inputs of", "vectors", "seconds", "million vectors/s", "peak MB"]]
    for name in CASES:
        done = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
        vectors, seconds, peak = done.stdout.split()
        rate = int(vectors) / float(seconds) / 1e6
        rows.append([name, f"{int(vectors):,}", f"{float(seconds):.2f}", f"{rate:,.1f}", f"{int(peak) / 1e6:,.0f}"])
    print(table(rows))


if __name__ == "__main__":
    main()

"""tc0 inside a Python program: define, call, build, measure, check, and survive mistakes.

python examples/embedding.py
"""

from __future__ import annotations

import numpy as np

import tc0

# A session holds definitions, options and limits. Two sessions know nothing of each other.
session = tc0.Session()
session.run("""
# Parity of n bits in depth 2, by linear forms.
# Source: Minnick 1961
family parity(x: bit[n]) -> bit = SUM(x) % 2

# The sum of two numbers, lowest bit first.
family add(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k
    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]
}
""")

print("Values")
print("  parity of 10110:", session.eval('parity("10110")'))
print("  1/3 + 1/6 exactly:", session.eval("1 / 3 + 1 / 6"))

# A family is a function of Python, too: strings, lists and numpy arrays are inputs.
parity, add = session["parity"], session["add"]
print("  6 + 3, lowest bit first:", add("0110", [1, 1, 0, 0]))

# A circuit is one C_n. It is built when it is first asked for something.
print("\nCircuits of parity, n gates wires depth fan-in")
for n in (4, 16, 64, 256):
    circuit = parity.instantiate(n=n)
    print(f"  {n:4} {circuit.size:5} {circuit.wires:7,} {circuit.depth:2} {circuit.fanin:4}")

# Batches: rows of bits in, rows of bits out. A family is evaluated from its text, a circuit on its gates.
batch = np.random.default_rng(1).random((100_000, 64)) < 0.5
by_value, by_gates = parity.evaluate(batch), parity.instantiate(n=64).evaluate(batch)
print("\n100,000 vectors, value and circuit agree:", bool((by_value == by_gates).all()))
print("and numpy agrees:", bool((by_value[:, 0] == batch.sum(axis=1) % 2).all()))

# A check is a claim; a false one comes back with the smallest case that refutes it.
print("\nClaims")
report = session.run("""
check add(a, b) == add(b, a) for a: bit[n], b: bit[n], n <= 5
check size(add) == 2 * n + 1 for n in 1..20
check parity(x) == OR(x) for x: bit[n], n <= 8
""")
for reply in report.replies:
    print(f"  {'holds' if reply.ok else 'FALSE'}  {reply.claim}")
    if reply.counterexample is not None:
        print(f"         {reply.counterexample.claim}: {reply.counterexample.left} is not {reply.counterexample.right}")
print("  all hold:", report.ok)

# Every mistake is a tc0.Error with a code, a place and often a hint; the session is as it was before.
print("\nMistakes")
for text in ('pariti("101")', 'parity("102")', "parity[n = -1]", "let loop = loop + 1"):
    try:
        session.run(text)
    except tc0.Error as error:
        print(f"  {error.code}  {error.message}" + (f" ({error.hint})" if error.hint else ""))
print("  still here:", session.eval('parity("111")'))

# A foreign script runs within limits that it cannot raise, and reads only files below its own folder.
guest = tc0.Session(limits=tc0.Limits(gates=10_000, memory=64 << 20, seconds=5))
try:
    guest.run("family pairs(x: bit[n]) -> bit = OR(x[i] & x[j] for i < n, j < i)\noptimize(pairs[n = 1000])")
except tc0.LimitReached as error:
    print(f"\nLimits\n  {error.code}  {error.message}")

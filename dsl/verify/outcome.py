"""What a check found: holds or not, how it was decided, and the case that refutes it."""

from __future__ import annotations

from dataclasses import field

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span


@record
class Counterexample:
    """A case in which a claim is false.

    sizes: sizes and static integers, (name, value). inputs: (name, text that can be pasted back).
    left, right: texts of both sides, where the claim is a comparison.
    claim: one line that can be pasted: the claim with the case put in, which evaluates to 0 or false; or, where that is no
        expression by itself, a `check` of this case alone, which fails.
    """

    sizes: tuple[tuple[str, int], ...]
    inputs: tuple[tuple[str, str], ...]
    claim: str
    left: str | None = None
    right: str | None = None


@record
class Checked:
    """A claim was checked.

    claim: its text, on one line. how: "derived" (for all sizes, on closed forms), "undecided" (the same, without an answer;
    reason says why), "exhaustive" (every case of the binders), "sampled" (some sizes have too many cases; seed says which
    were taken), "counted" (a claim about costs: every size was built and counted), "evaluated"
    (no binders). cases: how many were tried. sizes: the sizes that were tried, `n = 0..12` (None without sizes).
    sampled_from: sizes from which on a sample was taken, where how is "sampled".
    circuits: the circuits were evaluated too (`option check = both` or `circuit`).
    """

    ok: bool
    claim: str
    how: str
    cases: int
    sizes: str | None = None
    seed: int | None = None
    sampled_from: str | None = None
    counterexample: Counterexample | None = None
    circuits: bool = False
    reason: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

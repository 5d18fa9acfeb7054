"""A circuit to a smaller one that computes the same function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.circuit.measure import Measures, measure
from tc0.dsl.circuit.simplify import Anything, Folded, fold, keys, known
from tc0.dsl.netlist import Block, Claim, Kind, Netlist, Rows

CAUSES = (
    "constant",
    "passed on one input",
    "double negation",
    "equal to another gate",
    "reaches no output",
)


@dataclass(frozen=True, slots=True)
class OptimizeReport:
    """removed: gates removed by each of CAUSES. claims: declared ranges that went with gates that reach no output."""

    before: Measures
    after: Measures
    removed: Mapping[str, int]
    claims: int


def optimize(netlist: Netlist) -> tuple[Netlist, OptimizeReport]:
    """Folds constants, passes on gates of one input, takes double negations away, merges gates with the same terms and
    threshold, and drops gates that reach no output (and claims about them). Outputs and inputs keep their order.

    Gates keep their kind. Cost: one pass over the terms, and a dictionary entry a gate.
    """
    first = 2 + netlist.inputs
    same: Integers = np.arange(first + netlist.gates, dtype=np.int64)
    removed = dict.fromkeys(CAUSES, 0)
    seen: dict[tuple[object, ...], int] = {}
    negation_of: dict[int, int] = {}
    folded: list[Folded] = []
    for block in netlist.blocks:
        now = fold(block, same)
        folded.append(now)
        _replace(now, same, first + block.first, removed, seen, negation_of)
    kept = _reaching(netlist, folded, same)
    own = same[first:] == np.arange(first, len(same))
    removed["reaches no output"] = int((own & ~kept).sum())
    smaller, claims = _rebuilt(netlist, folded, same, kept)
    return smaller, OptimizeReport(measure(netlist), measure(smaller), removed, len(netlist.claims) - claims)


def _replace(
    now: Folded,
    same: Integers,
    first: int,
    removed: dict[str, int],
    seen: dict[tuple[object, ...], int],
    negation_of: dict[int, int],
) -> None:
    """Finds the wires that stand for the gates of a block."""
    found = known(now)
    constant, wire, negated = found.constant.tolist(), found.wire.tolist(), found.negated.tolist()
    for gate, key in enumerate(keys(now)):
        own = first + gate
        if constant[gate] >= 0:
            cause, to = "constant", constant[gate]
        elif wire[gate] >= 0:
            cause, to = "passed on one input", wire[gate]
        elif negated[gate] in negation_of:
            cause, to = "double negation", negation_of[negated[gate]]
        else:
            if negated[gate] >= 0:
                key = ("not", negated[gate])
                negation_of.setdefault(own, negated[gate])
            cause, to = "equal to another gate", seen.setdefault(key, own)
        if to != own:
            same[own] = to
            removed[cause] += 1
            negation_of.pop(own, None)


def _reaching(netlist: Netlist, folded: list[Folded], same: Integers) -> npt.NDArray[np.bool_]:
    """bool [gates]: the gates that are left and reach an output."""
    first = 2 + netlist.inputs
    used = np.zeros(first + netlist.gates, np.bool_)
    used[same[netlist.outputs]] = True
    for now in reversed(folded):
        start = first + now.block.first
        gates = used[start : start + now.block.count]
        rows = np.zeros(now.rows.count, np.bool_)
        rows[now.row[gates]] = True
        used[now.rows.wires[np.repeat(rows, now.rows.lengths())]] = True
    return used[first:]


def _rebuilt(
    netlist: Netlist, folded: list[Folded], same: Integers, kept: npt.NDArray[np.bool_]
) -> tuple[Netlist, int]:
    """The netlist of the gates that are kept, and how many claims it has."""
    first = 2 + netlist.inputs
    number = np.full(first + netlist.gates, -1, np.int64)
    number[:first] = np.arange(first)
    number[first:][kept] = first + np.arange(int(kept.sum()))
    number = number[same]
    blocks = []
    gates = 0
    for now in folded:
        chosen = np.flatnonzero(kept[now.block.first : now.block.first + now.block.count])
        if len(chosen):
            blocks.append(_block(now, chosen, gates, number))
            gates += len(chosen)
    before = np.concatenate([[0], np.cumsum(kept)])
    claims = tuple(
        _claim(claim, number, int(before[claim.after]))
        for claim in netlist.claims
        if (number[claim.rows.wires] >= 0).all()
    )
    return Netlist(netlist.inputs, gates, tuple(blocks), claims, number[netlist.outputs]), len(claims)


def _claim(claim: Claim, number: Integers, after: int) -> Claim:
    return replace(claim, rows=replace(claim.rows, wires=number[claim.rows.wires]), after=after)


def _block(now: Folded, chosen: Integers, first: int, number: Integers) -> Block:
    block = now.block
    used, row = np.unique(now.row[chosen], return_inverse=True)
    row = row.reshape(-1).astype(np.int64)
    shared: Integers | None = row
    if len(used) == len(row) and (row == np.arange(len(row))).all():
        shared = None
    rows = _rows(now.rows, used, number)
    kind = np.full(block.count, block.kind, np.int8) if block.kinds is None else block.kinds
    kinds = None if block.kinds is None else block.kinds[chosen]
    new = replace(block, first=first, count=len(chosen), rows=rows, row=shared, kinds=kinds)
    if now.thresholds is None:
        assert now.moduli is not None and now.residues is not None
        return replace(new, moduli=now.moduli[chosen], residues=now.residues[chosen])
    if block.thresholds is None and bool((_stays_plain(kind, now.changed))[chosen].all()):
        return replace(new, rows=replace(rows, mantissas=None))
    return replace(new, thresholds=now.thresholds[chosen])


def _stays_plain(kind: Anything, changed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Gates that their kind still describes: an AND without its constants 1 is an AND; a MAJ has another threshold."""
    return np.asarray((kind != Kind.MAJ) | ~changed)


def _rows(rows: Rows, used: Integers, number: Integers) -> Rows:
    lengths = rows.lengths()[used]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    index = np.arange(starts[-1]) + np.repeat(rows.offsets()[:-1][used] - starts[:-1], lengths)
    mantissas = None if rows.mantissas is None else rows.mantissas[index]
    exponents = None if rows.exponents is None else rows.exponents[index]
    wires = number[rows.wires[index]]
    if len(lengths) and (lengths == lengths[0]).all():
        return Rows(len(used), int(lengths[0]), None, wires, mantissas, exponents)
    return Rows(len(used), None, starts, wires, mantissas, exponents)

"""The invariants of a netlist, as its docstrings state them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tc0.dsl.base.errors import Fault
from tc0.dsl.base.source import Span
from tc0.dsl.netlist.netlist import Claim, Kind, Netlist, Rows


def check(netlist: Netlist) -> None:
    """Raises Fault E9905 where the arrays of a netlist break an invariant. Cost: one pass over the stored terms."""
    _require(netlist.inputs >= 0 and netlist.gates >= 0, "counts are not negative", None)
    own = 2 + netlist.inputs
    gates = 0
    for block in netlist.blocks:
        span = block.place.span
        _require(block.first == gates, f"blocks follow one another: first is {block.first}, not {gates}", span)
        _require(block.count > 0, "a block has gates", span)
        gates += block.count
        _rows(block.rows, own + block.first, span)
        _row(block.row, block.rows, block.count, span)
        for name, values in (("thresholds", block.thresholds), ("moduli", block.moduli), ("residues", block.residues)):
            if values is not None:
                _integers(values, block.count, name, span)
        if block.kinds is not None:
            _require(block.kinds.dtype == np.int8 and block.kinds.shape == (block.count,), "kinds: int8 [count]", span)
            _require(bool(np.isin(block.kinds, list(Kind)).all()), "kinds are kinds", span)
        modulo = block.moduli is not None
        _require(modulo == (block.residues is not None), "moduli come with residues", span)
        _require(not modulo or block.thresholds is None, "a gate has a threshold or a modulus", span)
        _require(not modulo or bool((np.asarray(block.moduli) >= 1).all()), "moduli are at least 1", span)
        if block.thresholds is None:
            _require(
                block.rows.mantissas is None and block.rows.exponents is None, "without thresholds weights are 1", span
            )
            _require(modulo or block.kind not in (Kind.THR, Kind.MOD), "THR has thresholds, MOD moduli", span)
            used = {block.kind} if block.kinds is None else {Kind(int(kind)) for kind in np.unique(block.kinds)}
            if Kind.NOT in used:
                lengths = block.rows.lengths() if block.row is None else block.rows.lengths()[block.row]
                negated = np.ones(block.count, np.bool_) if block.kinds is None else block.kinds == Kind.NOT
                _require(bool((lengths[: block.count][negated] == 1).all()), "NOT has one input", span)
    _require(gates == netlist.gates, f"the blocks have {gates} gates, the netlist {netlist.gates}", None)
    for claim in netlist.claims:
        _claim(claim, netlist)
    outputs = netlist.outputs
    _require(outputs.dtype == np.int64 and outputs.ndim == 1, "outputs: int64 [outputs]", None)
    _require(_between(outputs, 0, own + netlist.gates), "outputs are wires", None)


def _claim(claim: Claim, netlist: Netlist) -> None:
    span = claim.place.span
    _require(0 <= claim.after <= netlist.gates, "a claim is made after some of the gates", span)
    _rows(claim.rows, 2 + netlist.inputs + claim.after, span)
    _row(claim.row, claim.rows, claim.count, span)
    for name, values in (("low", claim.low), ("high", claim.high), ("shown", claim.shown)):
        _integers(values, claim.count, name, span)
    _require(claim.what in ("within", "bit"), "a claim is `within` or `bit`", span)


def _rows(rows: Rows, wires: int, span: Span) -> None:
    """wires: how many wires may be read."""
    _require((rows.fanin is None) != (rows.starts is None), "rows have a fan-in or starts", span)
    if rows.starts is not None:
        starts = rows.starts
        _require(starts.dtype == np.int64 and starts.shape == (rows.count + 1,), "starts: int64 [count + 1]", span)
        _require(int(starts[0]) == 0 and bool((starts[1:] >= starts[:-1]).all()), "starts ascend from 0", span)
        _require(int(starts[-1]) == rows.terms, "starts end with the terms", span)
    else:
        _require(rows.fanin is not None and rows.count * rows.fanin == rows.terms, "terms: count * fanin", span)
    _require(rows.wires.ndim == 1 and rows.wires.dtype in (np.int32, np.int64), "wires: int32 or int64 [terms]", span)
    _require(_between(rows.wires, 0, wires), "inputs of a gate have lower numbers", span)
    if rows.mantissas is not None:
        _integers(rows.mantissas, rows.terms, "mantissas", span)
    if rows.exponents is not None:
        good = rows.exponents.dtype in (np.int16, np.int32) and rows.exponents.shape == (rows.terms,)
        _require(good, "exponents: int32 [terms]", span)
        _require(rows.terms == 0 or int(rows.exponents.min()) >= 0, "exponents are not negative", span)


def _row(row: Any, rows: Rows, count: int, span: Span) -> None:
    if row is None:
        _require(rows.count == count, "gate i reads row i", span)
        return
    _require(row.dtype == np.int64 and row.shape == (count,), "row: int64 [count]", span)
    _require(_between(row, 0, rows.count), "gates read rows of their block", span)


def _integers(values: Any, count: int, name: str, span: Span) -> None:
    _require(values.dtype in (np.int64, object) and values.shape == (count,), f"{name}: int64 or object, {count}", span)
    if values.dtype == object:
        _require(all(type(value) is int for value in values.tolist()), f"{name} are Python integers", span)


def _between(values: Any, low: int, high: int) -> bool:
    return len(values) == 0 or (int(values.min()) >= low and int(values.max()) < high)


def _require(holds: bool, what: str, span: Span | None) -> None:
    if not holds:
        raise Fault("E9905", f"a netlist is not as it must be: {what}", span)

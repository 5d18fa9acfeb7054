"""Claims about wires: every case of the binders on planes, in chunks, or a sample of them."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.errors import Error, Fault, LimitReached
from tc0.dsl.base.source import Span
from tc0.dsl.bitslice.planes import pack, unpack
from tc0.dsl.circuit.evaluate import Program, compile
from tc0.dsl.core.interface import interface
from tc0.dsl.core.program import Applied, Claim, Family
from tc0.dsl.core.scope import Scope
from tc0.dsl.core.value import paste
from tc0.dsl.interpret.evaluate import Reading
from tc0.dsl.syntax import tree
from tc0.dsl.verify.called import outside, presumptions
from tc0.dsl.verify.check import Bench, Settings, Sizes, Tally, all_sizes, point_text, sizes_of, verdict
from tc0.dsl.verify.enumerate import (
    Digits,
    Planes,
    Rows,
    digits_of,
    each,
    planes_from,
    planes_of,
    rows_from,
    split,
    values_of,
)
from tc0.dsl.verify.outcome import Checked
from tc0.dsl.verify.refute import refuted
from tc0.dsl.verify.sample import sample
from tc0.dsl.verify.shrink import shrink

CHUNK = 1 << 16  # cases at a time
_AT = " (in the check at "


class Trial:
    """A claim at fixed sizes: evaluates batches of cases."""

    def __init__(self, claim: Claim, values: dict[str, object], settings: Settings, bench: Bench) -> None:
        assert claim.family is not None
        self.bench = bench
        self.mode = settings.mode
        self.applied = Applied(claim.family, tuple(values.items()))
        self.digits = digits_of(interface(self.applied).inputs)
        self.guard = None if claim.guard is None else Reading(Applied(claim.guard, tuple(values.items())), bench.meter)
        self.body = Reading(self.applied, bench.meter) if settings.mode != "circuit" else None
        self.circuit: Program | None = None

    def failures(self, planes: Planes, count: int) -> tuple[npt.NDArray[np.bool_], int]:
        """Which cases refute the claim, bool [count], and how many cases the guard admits."""
        failing = np.zeros(count, bool)
        admitted = np.arange(count)
        if self.guard is not None:
            outcome = self.guard.run(planes, count)
            assert outcome.planes is not None
            admitted = np.flatnonzero(unpack(outcome.planes[:1], count)[:, 0])
            if not len(admitted):
                return failing, 0
            if len(admitted) < count:  # the body is evaluated only where the guard holds
                planes = pack(unpack(planes, count)[admitted])
        failing[admitted] = ~self._body(planes, len(admitted))
        return failing, len(admitted)

    def _body(self, planes: Planes, count: int) -> npt.NDArray[np.bool_]:
        """The value of the claim, bool [count]."""
        value = None
        if self.body is not None:
            outcome = self.body.run(planes, count)
            assert outcome.planes is not None
            value = unpack(outcome.planes[:1], count)[:, 0]
        if self.mode == "value":
            assert value is not None
            return value
        if self.circuit is None:  # compiled once, for all batches of these sizes
            self.circuit = compile(self.bench.netlist(self.applied), self.bench.meter)
        built = unpack(self.circuit.run(planes, count, self.bench.meter)[:1], count)[:, 0]
        if value is not None and not np.array_equal(value, built):
            raise Fault(
                "E9904",
                f"value and circuit differ at {point_text(sizes_of(dict(self.applied.values)))}",
                self.applied.family.span,
            )
        return built

    def fails(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of these cases refute the claim; one whose evaluation ends in an error does not."""
        try:
            return self.failures(planes_of(self.digits, rows), len(rows))[0]
        except LimitReached:
            raise
        except Error:
            return np.zeros(len(rows), bool)


def wire_claim(claim: Claim, node: tree.Check, scope: Scope, settings: Settings, bench: Bench) -> Checked:
    """Sizes ascending, then inputs in order; the first case that fails, made smaller where it comes from a sample."""
    assert claim.family is not None
    presumed = _presumptions(claim.family) | (_presumptions(claim.guard) if claim.guard else frozenset())
    tally = Tally()
    for values in all_sizes(claim, bench):
        try:
            trial = Trial(claim, values, settings, bench)
            found = _try(claim, trial, sizes_of(values), settings, tally)
        except Error as e:
            if outside(e, presumed, node):
                tally.forget(sizes_of(values))
                continue
            raise _placed(e, sizes_of(values)) from e.__cause__
        if found is not None:
            trial, row, sizes = _smaller(claim, trial, found, tally, settings, bench)
            inputs = [
                (p.name, v) for p, v in zip(trial.digits.ports, values_of(trial.digits, row.tolist()), strict=True)
            ]
            return refuted(
                verdict(claim, node, tally, _how(claim, trial, tally), settings), node, sizes, inputs, scope, bench
            )
    return verdict(claim, node, tally, _how(claim, None, tally), settings)


def _presumptions(family: Family) -> frozenset[Span]:
    return presumptions(family.body.get())


def _how(claim: Claim, trial: Trial | None, tally: Tally) -> str:
    if tally.sampled is not None:
        return "sampled"
    assert claim.family is not None
    return "exhaustive" if claim.integers or claim.family.parameters else "evaluated"


def _try(claim: Claim, trial: Trial, sizes: Sizes, settings: Settings, tally: Tally) -> npt.NDArray[np.int64] | None:
    """The first case that fails at these sizes, as digits."""
    tally.sizes.append(sizes)
    for digits, planes, rows, count in _batches(claim, trial.digits, sizes, settings, tally):
        try:
            failing, admitted = trial.failures(planes, count)
        except Error as e:
            raise _blamed(e, trial, planes, count) from e.__cause__
        tally.cases += admitted
        trial.bench.meter.tick(f"checking {point_text(sizes)}")
        if failing.any():
            at = int(np.argmax(failing))
            row: npt.NDArray[np.int64] = rows_from(digits, rows + at, 1)[0] if isinstance(rows, int) else rows[at]
            return row
    return None


def _batches(
    claim: Claim, digits: Digits, sizes: Sizes, settings: Settings, tally: Tally
) -> Iterator[tuple[Digits, Planes, Rows | int, int]]:
    """Chunks of cases: planes with the digits of their cases, or the number of the first where they are enumerated."""
    samples = settings.samples if claim.sampled is None else claim.sampled
    allowed = (
        samples if claim.sampled is not None else max(settings.budget - tally.cases, samples if settings.budget else 0)
    )
    if digits.total <= allowed:
        for start in range(0, digits.total, CHUNK):
            count = min(CHUNK, digits.total - start)
            yield digits, planes_from(digits, start, count), start, count
        return
    if tally.sampled is None:
        tally.sampled = sizes
    for rows in sample(digits, samples, settings.seed, [value for _, value in sizes]):
        yield digits, planes_of(digits, rows), rows, len(rows)


def _smaller(
    claim: Claim, trial: Trial, row: npt.NDArray[np.int64], tally: Tally, settings: Settings, bench: Bench
) -> tuple[Trial, npt.NDArray[np.int64], Sizes]:
    """A case found by enumeration is the first; one of a sample is cut to smaller sizes, then cleared digit by digit."""
    sizes = tally.sizes[-1]
    if tally.sampled is None:
        return trial, row, sizes
    for earlier in tally.sizes[:-1]:
        try:
            other = Trial(claim, dict(earlier), settings, bench)
            cut = _cut(trial.digits, other.digits, row)
            if cut is not None and other.fails(cut[None, :]).any():
                trial, row, sizes = other, cut, earlier
                break
        except LimitReached:
            raise
        except Error:
            continue
    return trial, shrink(row, trial.fails), sizes


def _cut(big: Digits, small: Digits, row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """The case with each input cut to its smaller shape; None where it does not fit."""
    pieces = []
    at = 0
    for wide, narrow in zip(big.ports, small.ports, strict=True):
        own = each(wide)
        count = wide.elements * own
        fits = len(wide.shape) == len(narrow.shape) and all(
            a >= b for a, b in zip(wide.shape, narrow.shape, strict=True)
        )
        if not fits or narrow.width > wide.width or (wide.kind == "float" and narrow.width < wide.width):
            return None
        block = row[at : at + count].reshape(*wide.shape, own)
        window = tuple(slice(0, length) for length in narrow.shape)
        keep = each(narrow)
        pieces.append(block[(*window, slice(0, keep))].reshape(prod(narrow.shape) * keep))
        at += count
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int64)


def _blamed(error: Error, trial: Trial, planes: Planes, count: int) -> Error:
    """An error of evaluation with the first case that leads to it, where it depends on the case (`within`, `bit`)."""
    if isinstance(error, Fault | LimitReached) or not _raises(trial, planes, 0, count) or count == 1:
        return error
    if _raises(trial, planes, 0, 1) and _raises(trial, planes, count - 1, count):
        return error
    low, high = 0, count  # no error among the first `low` cases, one among the first `high`
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _raises(trial, planes, 0, middle) else (middle, high)
    bits = unpack(planes, count)[low].astype(int).tolist()
    ports = trial.digits.ports
    inputs = [f"{port.name} = {paste(value)}" for port, value in zip(ports, split(ports, bits), strict=True)]
    return _told(error, ", ".join(filter(None, [point_text(sizes_of(dict(trial.applied.values))), *inputs])))


def _raises(trial: Trial, planes: Planes, start: int, end: int) -> bool:
    try:
        trial.failures(pack(unpack(planes, end)[start:end]), end - start)
    except LimitReached:
        raise
    except Error:
        return True
    return False


def _placed(error: Error, sizes: Sizes) -> Error:
    """The error with the sizes at which it happened."""
    return _told(error, point_text(sizes)) if sizes and not isinstance(error, Fault | LimitReached) else error


def _told(error: Error, case: str) -> Error:
    if _AT not in error.message:
        error.message += f"{_AT}{case})"
        error.args = (error.message,)
    return error

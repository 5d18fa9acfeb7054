"""Questions about sums of rows, gathered and then emitted as steps, group of rows by group of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tc0.dsl.bitslice.adders import Columns, add_columns
from tc0.dsl.bitslice.chains import Chains, chains
from tc0.dsl.bitslice.comparing import Comparisons
from tc0.dsl.bitslice.dividing import divide
from tc0.dsl.bitslice.planes import Integers
from tc0.dsl.bitslice.steps import ZERO, Steps
from tc0.dsl.bitslice.weights import Anything, Powers, bit_lengths, minus, positions_of, powers_of_two, sums_of_powers

GROUP = 1 << 11  # powers that are summed together: more would only fill the cache


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows as given to `Sums`, with starts of all rows: int64 [count + 1]."""

    count: int
    starts: Integers
    wires: Anything
    mantissas: Anything | None
    exponents: Anything | None

    def powers(self) -> Powers:
        return powers_of_two(int(self.starts[-1]), self.mantissas, self.exponents)


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """A question for `(sum - less) / m`. All [count]. width: digits that `sum - less` has, starts: of the digits asked."""

    remainder: bool
    row: Integers
    moduli: Anything
    less: Anything
    width: Integers
    starts: Integers
    first: int


@dataclass(slots=True, eq=False)
class Questions:
    """What is asked, in order, and the output planes that were promised."""

    rows: Groups
    offsets: Anything
    outputs: int = 0
    thresholds: list[tuple[Integers, Anything, int]] = field(default_factory=list)
    divisions: list[Division] = field(default_factory=list)

    def at_least(self, row: Integers, thresholds: Anything) -> int:
        first = self.outputs
        self.thresholds.append((row, thresholds, first))
        self.outputs += len(row)
        return first

    def divide(
        self, what: str, row: Integers, moduli: Anything, less: Anything, width: Integers, starts: Integers
    ) -> int:
        first = self.outputs
        self.divisions.append(Division(what == "remainder", row, moduli, less, width, starts, first))
        self.outputs += int(starts[-1])
        return first

    def emit(self, steps: Steps) -> None:
        """All steps that answer the questions."""
        summed = _Summed(self.rows, self.offsets)
        gates = _gates(self.thresholds, summed)
        wanted = _wanted(self.divisions, summed)
        need = np.zeros(self.rows.count, np.int64)
        need[gates.row] = summed.width[gates.row]
        summed.settle(wanted, need)
        for start, stop in summed.groups():
            _emit_group(steps, summed, need, gates, wanted, start, stop)


class _Summed:
    """Rows as powers of two: `sum = U + low` with U a sum of positive powers of wires and complements."""

    def __init__(self, rows: Groups, offsets: Anything) -> None:
        powers = rows.powers()
        row_of_term = np.repeat(np.arange(rows.count, dtype=np.int64), np.diff(rows.starts))
        self.count = rows.count
        self.row: Integers = row_of_term[powers.term]
        self.wire: Integers = rows.wires[powers.term].astype(np.int64)
        self.position = powers.position
        self.negative = powers.negative
        minus_ = np.flatnonzero(powers.negative)
        low = sums_of_powers(rows.count, self.row[minus_], self.position[minus_])
        self.offset = minus(offsets, low)  # of U, to give the sum with its offset
        self.width = bit_lengths(sums_of_powers(rows.count, self.row, self.position))
        self.chains: Chains = chains(rows.count, self.row, self.wire * 2 + self.negative, self.position, self.width)
        kept = np.flatnonzero(self.chains.own)
        if len(kept) < len(self.row):
            self.row, self.wire, self.position, self.negative = (
                self.row[kept],
                self.wire[kept],
                self.position[kept],
                self.negative[kept],
            )
        self.starts = np.searchsorted(self.row, np.arange(rows.count + 1))

    def settle(self, wanted: _Wanted, need: Integers) -> None:
        """Digits that each row needs, for itself, for rows that continue it and for the variants of `wanted`."""
        np.maximum.at(need, wanted.base, wanted.width)
        np.minimum(need, self.width, out=need)
        before, level = self.chains.before, self.chains.level
        order = np.argsort(-level, kind="stable")
        order = order[level[order] > 0]
        for rows in np.split(order, np.flatnonzero(np.diff(level[order])) + 1):
            if len(rows):
                np.maximum.at(need, before[rows], need[rows])
        np.minimum(need, self.width, out=need)

    def groups(self) -> list[tuple[int, int]]:
        """Runs of rows that no chain crosses, of about GROUP powers."""
        before = self.chains.before
        index = np.arange(self.count)
        cut = np.ones(self.count + 1, np.bool_)  # cut[r]: a group may start at row r
        cut[1:-1] = (before[1:] != index[:-1]) & (before[:-1] != index[1:])
        places = np.flatnonzero(cut)
        sizes = self.starts[places]
        found, at = [], 0
        while at < len(places) - 1:
            stop = max(at + 1, int(np.searchsorted(sizes, sizes[at] + GROUP, "right")) - 1)
            # Rows without powers take no room; rows of few powers still have their columns.
            stop = min(stop, int(np.searchsorted(places, places[at] + GROUP, "right")), len(places) - 1)
            stop = max(stop, at + 1)
            found.append((int(places[at]), int(places[stop])))
            at = stop
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Gates:
    """Comparisons sorted by row: row, output int64 [gates]; thresholds of U, int64 or object [gates]."""

    row: Integers
    thresholds: Anything
    output: Integers


def _gates(asked: list[tuple[Integers, Anything, int]], summed: _Summed) -> _Gates:
    if not asked:
        return _Gates(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    row = np.concatenate([rows for rows, _, _ in asked])
    thresholds = [minus(values, summed.offset[rows]) for rows, values, _ in asked]
    output = np.concatenate([first + np.arange(len(rows)) for rows, _, first in asked])
    order = np.argsort(row, kind="stable")
    return _Gates(row[order], np.concatenate(thresholds)[order], output[order])


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """Variants, numbers `U + constant` of which digits are wanted, sorted by row: base int64 [variants], the row; constant:
    integers; width int64 [variants]. variant: int64 [divisions], which of them each division reads; what else it needs."""

    base: Integers
    constant: list[int]
    width: Integers
    variant: Integers
    moduli: list[int]
    remainder: Any
    lengths: Integers
    output: Integers


def _wanted(divisions: list[Division], summed: _Summed) -> _Wanted:
    known: dict[tuple[int, int], int] = {}
    widths: list[int] = []
    rows: list[int] = []
    for division in divisions:
        constants = minus(summed.offset[division.row], division.less).tolist()
        moduli, lengths = division.moduli.tolist(), np.diff(division.starts).tolist()
        for row, constant, width, modulus, length in zip(
            division.row.tolist(), constants, division.width.tolist(), moduli, lengths, strict=True
        ):
            if division.remainder and modulus & (modulus - 1) == 0:
                width = min(width, length)
            at = known.setdefault((row, constant), len(known))
            rows.append(at)
            if at == len(widths):
                widths.append(0)
            widths[at] = max(widths[at], width)
    keys = list(known)
    order = sorted(range(len(keys)), key=lambda at: keys[at][0])
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    many = [np.full(len(d.row), d.remainder, np.bool_) for d in divisions]
    return _Wanted(
        np.array([keys[at][0] for at in order], np.int64),
        [keys[at][1] for at in order],
        np.array([widths[at] for at in order], np.int64),
        rank[np.array(rows, np.int64)],
        [m for d in divisions for m in d.moduli.tolist()],
        np.concatenate(many) if many else np.zeros(0, np.bool_),
        np.concatenate([np.diff(d.starts) for d in divisions]) if divisions else np.zeros(0, np.int64),
        np.concatenate([d.first + d.starts[:-1] for d in divisions]) if divisions else np.zeros(0, np.int64),
    )


def _emit_group(
    steps: Steps, summed: _Summed, need: Integers, gates: _Gates, wanted: _Wanted, start: int, stop: int
) -> None:
    """The steps of rows start .. stop: local row r is row start + r, then come the variants with a constant."""
    count = stop - start
    first, last = np.searchsorted(wanted.base, (start, stop)).tolist()
    constants = wanted.constant[first:last]
    local = wanted.base[first:last] - start
    extra = [at for at, constant in enumerate(constants) if constant != 0]
    local_of = local.copy()
    local_of[extra] = count + np.arange(len(extra))
    extra_width = wanted.width[first:last][extra]
    before = summed.chains.before[start:stop]
    level = summed.chains.level[start:stop]
    constant_bits = [positions_of(constants[at] % (1 << int(wanted.width[first + at]))) for at in extra]
    one, other = summed.starts[start], summed.starts[stop]
    columns = Columns(
        count + len(extra),
        np.concatenate([np.where(before >= 0, before - start, -1), local[extra]]),
        np.concatenate([level, level[local[extra]] + 1]),
        np.concatenate([need[start:stop], extra_width]),
        summed.row[one:other] - start,
        summed.position[one:other],
        summed.wire[one:other],
        summed.negative[one:other],
        np.repeat(count + np.arange(len(extra), dtype=np.int64), [len(bits) for bits in constant_bits]),
        np.concatenate(constant_bits) if constant_bits else np.zeros(0, np.int64),
    )
    at, until = np.searchsorted(gates.row, (start, stop)).tolist()
    comparisons = Comparisons(
        steps,
        gates.row[at:until] - start,
        gates.thresholds[at:until],
        gates.output[at:until],
        columns.level,
        columns.width,
    )
    inside = np.flatnonzero((wanted.variant >= first) & (wanted.variant < last))
    readings = _Readings(steps, columns, wanted, inside, local_of[wanted.variant[inside] - first])

    def report(time: int, digits: Integers) -> None:
        comparisons.take(time, digits)
        readings.take(time, digits)

    add_columns(steps, columns, report)
    readings.finish()


class _Readings:
    """Digits that are outputs themselves, and those kept for restoring divisions."""

    def __init__(self, steps: Steps, columns: Columns, wanted: _Wanted, which: Integers, row: Integers) -> None:
        self._steps = steps
        self._long: dict[tuple[int, int], int] = {}  # (row, modulus) of restoring divisions, in order
        self._asked: list[tuple[int, bool, int, int, int]] = []  # (division, remainder, zeros, length, output)
        requests: list[Any] = []
        kept = 0
        self._starts: list[int] = []
        for division, r in zip(which.tolist(), row.tolist(), strict=True):
            modulus, remainder = wanted.moduli[division], bool(wanted.remainder[division])
            length, output = int(wanted.lengths[division]), int(wanted.output[division])
            zeros = (modulus & -modulus).bit_length() - 1
            if modulus >> zeros == 1:
                position = np.arange(length) + (0 if remainder else zeros)
                requests.append((np.full(length, r), position, output + np.arange(length)))
                continue
            if remainder:
                low = min(zeros, length)
                requests.append((np.full(low, r), np.arange(low), output + np.arange(low)))
            if (r, modulus) not in self._long:
                self._long[r, modulus] = len(self._long)
                self._starts.append(kept)
                many = max(int(columns.width[r]) - zeros, 0)
                requests.append((np.full(many, r), zeros + np.arange(many), -1 - (kept + np.arange(many))))
                kept += many
            self._asked.append((self._long[r, modulus], remainder, zeros, length, output))
        self._starts.append(kept)
        self._kept = np.full(kept, ZERO, np.int64)
        self._row, position, target = (
            (np.concatenate([request[i] for request in requests]).astype(np.int64) for i in range(3))
            if requests
            else (np.zeros(0, np.int64) for _ in range(3))
        )
        beyond = position >= columns.width[self._row]
        steps.store(np.full(int(beyond.sum()), ZERO, np.int64), target[beyond])
        time = columns.level[self._row] + position
        order = np.argsort(time, kind="stable")
        order = order[~beyond[order]]
        self._row, self._time, self._target = self._row[order], time[order], target[order]

    def take(self, time: int, digits: Integers) -> None:
        start, stop = np.searchsorted(self._time, (time, time + 1)).tolist()
        if start == stop:
            return
        planes, target = digits[self._row[start:stop]], self._target[start:stop]
        out = target >= 0
        self._steps.store(planes[out], target[out])
        self._kept[-1 - target[~out]] = planes[~out]

    def finish(self) -> None:
        """The restoring divisions, those with divisors of one length together."""
        together: dict[int, list[int]] = {}
        odd = [modulus >> ((modulus & -modulus).bit_length() - 1) for _, modulus in self._long]
        for at, divisor in enumerate(odd):
            together.setdefault(divisor.bit_length(), []).append(at)
        results: dict[int, tuple[Any, Any]] = {}
        for members in together.values():
            lengths = [self._starts[at + 1] - self._starts[at] for at in members]
            digits = np.full((len(members), max(lengths)), ZERO, np.int64)
            for i, at in enumerate(members):
                digits[i, : lengths[i]] = self._kept[self._starts[at] : self._starts[at + 1]]
            quotient, rest = divide(self._steps, digits, [odd[at] for at in members])
            for i, at in enumerate(members):
                results[at] = (quotient[i], rest[i])
        planes: list[Integers] = []
        outputs: list[Integers] = []
        for division, remainder, zeros, length, output in self._asked:
            found = results[division][1] if remainder else results[division][0]
            start = min(zeros, length) if remainder else 0
            given = np.full(length - start, ZERO, np.int64)
            many = min(len(given), len(found))
            given[:many] = found[:many]
            planes.append(given)
            outputs.append(output + start + np.arange(length - start))
        if planes:
            self._steps.store(np.concatenate(planes), np.concatenate(outputs))

"""What is said about a file of arrays: its table, what rounding its arrays to floats costs, and its arrays for Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import prod

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core.scope import Weights
from tc0.dsl.core.static import kind_of, leaves, shape_of
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.core.weights import shown, written
from tc0.dsl.numbers.floats import Format
from tc0.dsl.ops.floats import format_of
from tc0.dsl.ops.undefined import Undefined
from tc0.dsl.session.guard import guarded
from tc0.dsl.session.python_value import static_value
from tc0.dsl.session.report import Tensors, Truncated, Truncation
from tc0.dsl.session.rounding import Loss, loss, loss_of
from tc0.dsl.session.show_value import static_type_text
from tc0.dsl.session.tensors import Numbers, TensorFile


class WeightsFile(Mapping[str, object]):
    """The arrays of a file by name, each as `Session.eval` gives it, read when it is asked for."""

    def __init__(self, found: Weights, begin: Callable[[], None]) -> None:
        self._found = found
        self._file = file_of(found)
        self._begin = begin

    def __getitem__(self, name: str) -> object:
        if name not in self._file.entries:
            raise KeyError(name)
        with guarded():
            self._begin()
            called = written(self._found.name, name)
            return static_value(self._file.tensor(name, called, self._found.span)[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._file.entries)

    def __len__(self) -> int:
        return len(self._file.entries)

    def __repr__(self) -> str:
        return f"<weights {self._found.name}: {summary(self._found)}>"

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the arrays by name; nothing is read for it."""
        return {name: entry.shape for name, entry in self._file.entries.items()}

    def truncation(self, precision: int, nearest: bool = False) -> Truncated:
        """What rounding the arrays to `float(precision)` costs, in exact fractions."""
        with guarded():
            self._begin()
            return truncated(self._found, precision, nearest, self._found.span)


def file_of(found: Weights) -> TensorFile:
    assert isinstance(found.archive, TensorFile)
    return found.archive


def summary(found: Weights) -> str:
    """`3 arrays of 1,200 numbers`."""
    entries = file_of(found).entries.values()
    numbers = sum(prod(entry.shape) for entry in entries)
    return f"{_many(len(entries), 'array')} of {_many(numbers, 'number')}"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def listed(found: Weights, span: Span | None) -> Tensors:
    """The table of a file."""
    file = file_of(found)
    rows = tuple((shown(e.name), e.shape, e.dtype) for e in file.entries.values())
    return Tensors(found.name, file.shown, rows, span)


def truncated(subject: object, precision: object, nearest: object, span: Span | None) -> Truncated:
    """The errors of a file, array by array, or of one static array."""
    try:
        format = format_of(precision, bool(nearest))  # type: ignore[arg-type]
    except Undefined as e:
        raise Error(e.code, e.message, span) from None
    if isinstance(subject, Weights):
        file = file_of(subject)
        rows = tuple(_row(file, name, format, span) for name in file.entries)
        return Truncated(subject.name, str(format), rows, span)
    if isinstance(subject, Tensor):
        assert isinstance(subject.numbers, Numbers)
        array = subject.numbers.array
        found = loss(array, format, subject.numbers.meter().tick)
    else:
        found = loss_of(_numbers(subject, span), format)
    type = static_type_text(subject)
    name = subject.called if isinstance(subject, Tensor) else type
    return Truncated(name, str(format), (_truncation(name, shape_of(subject), type.partition("[")[0], found),), span)


def _numbers(subject: object, span: Span | None) -> list[int | Fraction]:
    found = list(leaves(subject))
    for number in found:
        if type(number) not in (int, Fraction):
            raise Error("E0504", f"`truncation` takes numbers, not {kind_of(number)}", span)
    return found  # type: ignore[return-value]


def _row(file: TensorFile, name: str, format: Format, span: Span | None) -> Truncation:
    entry = file.entries[name]
    try:
        found = loss(file.array(name, span), format, file.tick)
    except Error as e:
        if e.code not in ("E0827", "E0828"):
            raise
        return Truncation(shown(name), entry.shape, entry.dtype, problem=e.message)
    return _truncation(shown(name), entry.shape, entry.dtype, found)


def _truncation(name: str, shape: tuple[int, ...], dtype: str, found: Loss) -> Truncation:
    return Truncation(name, shape, dtype, found.absolute, found.relative, found.saturated, found.vanished)

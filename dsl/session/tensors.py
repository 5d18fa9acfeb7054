"""A file of arrays: its table of contents, read at once, and its arrays as static values, each read when it is used.

An array of floats is exact: every finite float16, bfloat16, float32 or float64 is an integer over a power of two.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from tc0.dsl.base.errors import Error, LimitReached
from tc0.dsl.base.meter import Meter
from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.core.tensor import Tensor
from tc0.dsl.core.types import Kind, Static
from tc0.dsl.numbers.floats import Format
from tc0.dsl.session import npz, safetensors
from tc0.dsl.session.entries import Broken, Entry, named
from tc0.dsl.session.files import opened, unreadable
from tc0.dsl.session.rounding import rounded

Array = npt.NDArray[Any]

KINDS = {".safetensors": safetensors.contents, ".npz": npz.contents}
ENTRY = 140  # bytes that a fraction takes in a nested tuple, measured with CPython 3.11; integers take less
ROW = 64  # bytes of a row without its entries
PIECE = 1 << 16  # entries between two looks at the clock

Stamp = tuple[int, int, int, int]


@record
class Numbers:
    """The entries of one tensor, with the meter of the statement at work."""

    array: Array
    meter: Callable[[], Meter]

    def rounded(self, format: Format) -> tuple[object, ...]:
        """All entries as floats, in nested tuples."""
        tick = self.meter().tick
        return _nested(rounded(self.array, format, tick), self.array.shape)  # type: ignore[return-value]


class TensorFile:
    """shown: its name in messages. meter: of the statement at work, which is told about time and memory."""

    def __init__(self, path: Path, shown: str, meter: Callable[[], Meter], span: Span) -> None:
        self.path = path
        self.shown = shown
        self._meter = meter
        self._arrays: dict[str, Array] = {}
        self._values: dict[str, tuple[object, Static]] = {}
        read = KINDS.get(path.suffix)
        if read is None:
            raise Error(
                "E0817",
                f'"{shown}" is no file of arrays by its name',
                span,
                f"what is read ends in {' or '.join(KINDS)}",
            )
        with opened(path, shown, span) as file:
            self.stamp = _stamp(file)
            with self._strictly(span):
                self.entries = read(file, self.stamp[0])

    def tick(self) -> None:
        """Looks at the clock of the statement at work."""
        self._meter().tick("reading weights")

    def names(self) -> list[str]:
        return list(self.entries)

    def tensor(self, name: str, called: str, span: Span | None) -> tuple[object, Static]:
        """The array as a static value, and its type; called: how the text calls it."""
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = self._value(name, called, span)
        return found

    def array(self, name: str, span: Span | None) -> Array:
        """The array with the elements of the file, finite (float32 for bfloat16)."""
        found = self._arrays.get(name)
        if found is None:
            found = self._arrays[name] = self._read(self.entries[name], span)
        return found

    def _value(self, name: str, called: str, span: Span | None) -> tuple[object, Static]:
        entry = self.entries[name]
        rows = sum(prod(entry.shape[:axis]) for axis in range(1, len(entry.shape)))
        self._reserve(entry, ENTRY * prod(entry.shape) + ROW * rows, span)
        array = self.array(name, span)
        type = Static(Kind.RATIONAL if array.dtype.kind == "f" else Kind.INTEGER, array.ndim)
        value = _nested(self._exact(array), array.shape)
        if not array.ndim:
            return value, type
        assert isinstance(value, tuple)
        return Tensor(value, called, type, Numbers(array, self._meter)), type

    def _exact(self, array: Array) -> list[object]:
        """The entries in row-major order as fractions or integers."""
        flat = array.reshape(-1)
        make: Callable[[Any], object] = Fraction if flat.dtype.kind == "f" else int
        found: list[object] = []
        for start in range(0, flat.size, PIECE):
            self.tick()
            found.extend(map(make, flat[start : start + PIECE].tolist()))
        return found

    def _read(self, entry: Entry, span: Span | None) -> Array:
        if entry.code is None:
            raise Error("E0828", f'the array {named(entry.name)} of "{self.shown}": {entry.refusal}', span)
        self._reserve(entry, 3 * (entry.end - entry.start), span)
        with opened(self.path, self.shown, span) as file:
            if _stamp(file) != self.stamp:
                raise Error("E0829", f'"{self.shown}" has changed since it was named', span, "run its `weights` again")
            with self._strictly(span):
                data = self._bytes(file, entry)
        array = _decoded(data, entry)
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise _not_finite(array, entry, span)
        return array

    def _bytes(self, file: BinaryIO, entry: Entry) -> bytes:
        if self.path.suffix == ".npz":
            return npz.data(file, entry, self.tick)
        file.seek(entry.start)
        data = file.read(entry.end - entry.start)
        if len(data) < entry.end - entry.start:
            raise Broken(f"the tensor {named(entry.name)} ends too early")
        return data

    def _reserve(self, entry: Entry, size: int, span: Span | None) -> None:
        try:
            self._meter().reserve(size, span)
        except LimitReached as e:
            raise LimitReached(
                e.code, f"the array {named(entry.name)} has {prod(entry.shape):,} entries: {e.message}", span, e.hint
            ) from None

    @contextmanager
    def _strictly(self, span: Span | None) -> Iterator[None]:
        """What a reader finds wrong, as an error at the place that asked for the file."""
        try:
            yield
        except Broken as e:
            raise Error("E0818", f'"{self.shown}" is broken: {e}', span, "save it again") from None
        except OSError as e:
            raise unreadable(self.shown, e, span) from None


def _stamp(file: BinaryIO) -> Stamp:
    """What tells whether a file is still the one that it was: size first."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev


def _decoded(data: bytes, entry: Entry) -> Array:
    """The bytes as an array of the machine's own byte order."""
    if entry.code == "bfloat16":  # the upper half of a float32
        array = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        array = np.frombuffer(data, entry.code)
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
    return array.reshape(entry.shape, order="F" if entry.columns else "C")


def _not_finite(array: Array, entry: Entry, span: Span | None) -> Error:
    at = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    what = "not a number (NaN)" if np.isnan(array[at]) else "infinite"
    where = f"its element {list(at)} is" if at else "it is"
    return Error("E0827", f"the array {named(entry.name)} has no exact value: {where} {what}", span, "train it anew")


def _nested(elements: Sequence[object], shape: tuple[int, ...]) -> object:
    """Elements in row-major order as nested tuples, from the inside out."""
    for axis in range(len(shape) - 1, 0, -1):
        step, count = shape[axis], prod(shape[:axis])
        elements = [tuple(elements[at * step : (at + 1) * step]) for at in range(count)]
    return tuple(elements) if shape else elements[0]

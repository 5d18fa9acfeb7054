"""The arrays of an `.npz` file, read strictly: a zip archive of `.npy` files, each a short header and plain numbers.

Source: `numpy.lib.format` (versions 1 to 3). Nothing is unpickled. The header of a member says how many bytes there are;
the archive must declare that size, and no more than that is unpacked.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from ast import literal_eval
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from typing import IO, BinaryIO

from tc0.dsl.session.entries import MOST_DIMENSIONS, Broken, Entry, named

MOST_CONTENTS = 4 << 20  # bytes of the archive's own table of contents
MOST_HEADER = 10_000  # characters of the header of a member, as in numpy
MOST_SIGNS = 200  # brackets and signs in it, so that reading it is no deep recursion
PIECE = 1 << 20  # bytes that are unpacked at once
MAGIC = b"\x93NUMPY"
_CODE = re.compile(r"[<>=|]?([biuf])([1248])")
_KINDS = {"b": "bool", "i": "int", "u": "uint", "f": "float"}
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Bounded:
    """A file of which at most so much is read at once, so that a table of contents that is all of it is refused."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size if 0 <= size <= MOST_CONTENTS else MOST_CONTENTS + 1)
        if len(data) > MOST_CONTENTS:
            raise Broken(f"its table of contents has more than {MOST_CONTENTS:,} bytes")
        return data


@contextmanager
def _archive(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever `zipfile` finds wrong with it is `Broken`."""
    try:
        with zipfile.ZipFile(_Bounded(file), "r") as opened:
            yield opened
    except Broken:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as e:
        raise Broken(f"it is no zip archive that can be read: {str(e).rstrip('.') or 'it ends too early'}") from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError, LookupError, OSError, struct.error) as e:
        raise Broken(f"its zip archive is of a kind that is not read: {e}") from None


def contents(file: BinaryIO, size: int) -> dict[str, Entry]:
    """The arrays of a file of `size` bytes, in order; `Broken` says what is wrong with it."""
    found: dict[str, Entry] = {}
    with _archive(file) as archive:
        for member in archive.infolist():
            name = member.filename.removesuffix(".npy")
            if name == member.filename:
                raise Broken(f"its member {named(name)} is no `.npy` file")
            if name in found:
                raise Broken(f"it has the array {named(name)} twice")
            if member.flag_bits & 1:
                raise Broken(f"its member {named(name)} is encrypted")
            if member.compress_type not in _STORED:
                raise Broken(f"its member {named(name)} is compressed otherwise than by deflate")
            with archive.open(member) as stream:
                found[name] = _entry(name, stream, member.file_size)
    return found


def _entry(name: str, stream: IO[bytes], size: int) -> Entry:
    """What the header of a member of `size` bytes says."""
    what = f"the array {named(name)}"
    start = stream.read(8)
    if start[:6] != MAGIC or len(start) < 8:
        raise Broken(f"{what} does not begin as a `.npy` file")
    version = start[6]
    if version not in (1, 2, 3) or start[7] != 0:
        raise Broken(f"{what} has version {start[6]}.{start[7]} of the format, and 1.0 to 3.0 are read")
    width = 2 if version == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    if length > MOST_HEADER:
        raise Broken(f"the header of {what} has {length:,} bytes, and at most {MOST_HEADER:,} are read")
    header = stream.read(length)
    if len(header) < length:
        raise Broken(f"the header of {what} ends too early")
    code, columns, shape = _header(what, header, "utf-8" if version == 3 else "latin-1")
    first = 8 + width + length
    match = _CODE.fullmatch(code)
    if match is None or f"{match[1]}{match[2]}" in ("b2", "b4", "b8", "f1"):
        objects = "objects of Python" if code.lstrip("<>|=").startswith("O") else f"elements {named(code)}"
        why = f"{objects} are not read: save it as numbers"
        return Entry(name, shown_code(code), shape, None, first, size, why, columns)
    kind, width = match[1], int(match[2])
    if first + prod(shape) * width != size:
        raise Broken(
            f"{what} has the shape {list(shape)}, {prod(shape) * width:,} bytes, but {size - first:,} are declared"
        )
    shown = _KINDS[kind] if kind == "b" else f"{_KINDS[kind]}{8 * width}"
    return Entry(name, shown, shape, code, first, size, None, columns)


def shown_code(code: str) -> str:
    return named(code)[1:-1]


def _header(what: str, header: bytes, encoding: str) -> tuple[str, bool, tuple[int, ...]]:
    """descr, fortran_order and shape of a header, which is a literal of Python."""
    if sum(header.count(sign) for sign in b"([{-+~") > MOST_SIGNS:
        raise Broken(f"the header of {what} is nested too deep")
    try:
        found = literal_eval(header.decode(encoding).strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise Broken(f"the header of {what} is no literal") from None
    if not isinstance(found, dict) or found.keys() != {"descr", "fortran_order", "shape"}:
        raise Broken(f"the header of {what} must have exactly descr, fortran_order and shape")
    descr, columns, shape = found["descr"], found["fortran_order"], found["shape"]
    if type(columns) is not bool:
        raise Broken(f"fortran_order of {what} is neither True nor False")
    if not isinstance(shape, tuple) or not all(type(n) is int and 0 <= n < 1 << 63 for n in shape):
        raise Broken(f"the shape of {what} is no tuple of integers that are at least 0")
    if len(shape) > MOST_DIMENSIONS:
        raise Broken(f"{what} has {len(shape)} dimensions, and at most {MOST_DIMENSIONS} are read")
    return descr if isinstance(descr, str) else "of several parts", columns, shape


def data(file: BinaryIO, entry: Entry, tick: Callable[[], None]) -> bytes:
    """The bytes of an array; exactly as many as its header says."""
    pieces: list[bytes] = []
    wanted = entry.end - entry.start
    with _archive(file) as archive, archive.open(f"{entry.name}.npy") as stream:
        if len(stream.read(entry.start)) < entry.start:
            raise Broken(f"the array {named(entry.name)} ends too early")
        while wanted > 0 and (piece := stream.read(min(PIECE, wanted))):
            tick()
            pieces.append(piece)
            wanted -= len(piece)
        if wanted or stream.read(1):  # the read past the end compares the checksum
            raise Broken(f"the array {named(entry.name)} has another length than its header says")
    return b"".join(pieces)

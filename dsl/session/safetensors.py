"""The header of a safetensors file, read strictly: 8 bytes with its length, JSON, then the bytes of the tensors.

Source: the format as published with the library (https://github.com/huggingface/safetensors, section Format): numbers
little-endian, arrays row-major, no key twice, offsets from the end of the header, no gap, no overlap, nothing behind
the last tensor. Alignment is not required.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import prod
from typing import BinaryIO

from tc0.dsl.session.entries import MOST_DIMENSIONS, Broken, Entry, named

LARGEST_HEADER = 16 << 20  # bytes
MOST_DIGITS = 20  # of a number in the header

# Every dtype of the format: what it is called here, its bits, and how numpy reads it ("bfloat16" is widened), or None.
DTYPES: dict[str, tuple[str, int, str | None]] = {
    "BOOL": ("bool", 8, "|b1"),
    "U8": ("uint8", 8, "|u1"),
    "I8": ("int8", 8, "|i1"),
    "U16": ("uint16", 16, "<u2"),
    "I16": ("int16", 16, "<i2"),
    "U32": ("uint32", 32, "<u4"),
    "I32": ("int32", 32, "<i4"),
    "U64": ("uint64", 64, "<u8"),
    "I64": ("int64", 64, "<i8"),
    "F16": ("float16", 16, "<f2"),
    "BF16": ("bfloat16", 16, "bfloat16"),
    "F32": ("float32", 32, "<f4"),
    "F64": ("float64", 64, "<f8"),
    "C64": ("complex64", 64, None),
    "F8_E5M2": ("float8_e5m2", 8, None),
    "F8_E4M3": ("float8_e4m3", 8, None),
    "F8_E8M0": ("float8_e8m0", 8, None),
    "F6_E2M3": ("float6_e2m3", 6, None),
    "F6_E3M2": ("float6_e3m2", 6, None),
    "F4": ("float4", 4, None),
}


def contents(file: BinaryIO, size: int) -> dict[str, Entry]:
    """The tensors of a file of `size` bytes, in the order of their bytes; `Broken` says what is wrong with it."""
    if size < 8:
        raise Broken(f"it has {size} bytes, and 8 with the length of the header are the least")
    length = int.from_bytes(file.read(8), "little")
    if length > LARGEST_HEADER:
        raise Broken(f"its header has {length:,} bytes, and at most {LARGEST_HEADER:,} are read")
    if 8 + length > size:
        raise Broken(f"its header has {length:,} bytes, but only {size - 8:,} follow")
    found = _parsed(file.read(length))
    metadata = found.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise Broken("`__metadata__` maps names to strings")
    entries = [_entry(name, value, 8 + length) for name, value in found.items()]
    entries.sort(key=lambda e: (e.start, e.end))
    _adjoin(entries, 8 + length, size)
    return {e.name: e for e in entries}


def _parsed(header: bytes) -> dict[str, object]:
    if not header.startswith(b"{"):
        raise Broken("its header does not begin with `{`")
    try:
        found = json.loads(
            header.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as e:
        raise Broken(f"its header is not UTF-8: byte {e.start}") from None
    except json.JSONDecodeError as e:
        raise Broken(f"its header is not JSON: {e.msg.lower()} at character {e.pos}") from None
    except RecursionError:
        raise Broken("its header is nested too deep") from None
    assert isinstance(found, dict)  # it begins with a brace
    return found


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Broken(f"its header has the key {named(key)} twice")
        found[key] = value
    return found


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise Broken(f"a number of its header has {len(text):,} digits")
    return int(text)


def _no_number(text: str) -> object:
    raise Broken(f"the number {text[:MOST_DIGITS]} in its header is no integer")


def _entry(name: str, value: object, data: int) -> Entry:
    what = f"the tensor {named(name)}"
    if not isinstance(value, dict) or value.keys() != {"dtype", "shape", "data_offsets"}:
        raise Broken(f"{what} must have exactly a dtype, a shape and data_offsets")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Broken(f"{what} has the dtype {named(str(dtype))}, which the format does not know")
    if not _counts(shape):
        raise Broken(f"the shape of {what} is no list of integers that are at least 0")
    if len(shape) > MOST_DIMENSIONS:
        raise Broken(f"{what} has {len(shape)} dimensions, and at most {MOST_DIMENSIONS} are read")
    if not _counts(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise Broken(f"the data_offsets of {what} are no pair [begin, end] with 0 <= begin <= end")
    shown, bits, code = DTYPES[dtype]
    begin, end = offsets
    if prod(shape) * bits != 8 * (end - begin):
        wanted = f"{-(-prod(shape) * bits // 8):,} bytes of {shown}"
        raise Broken(f"{what} has the shape {shape}, {wanted}, but its offsets leave {end - begin:,}")
    why = None if code is not None else f"{shown} is not read: save it as float32"
    return Entry(name, shown, tuple(shape), code, data + begin, data + end, why)


def _counts(found: object) -> bool:
    return isinstance(found, list) and all(type(n) is int and n >= 0 for n in found)


def _adjoin(entries: Sequence[Entry], data: int, size: int) -> None:
    """Tensors follow one another from the header to the end of the file."""
    at, before = data, ""
    for e in entries:
        if e.end > size:
            raise Broken(f"the tensor {named(e.name)} ends at byte {e.end:,} of {size:,}")
        if e.start < at:
            raise Broken(f"the tensors {named(before)} and {named(e.name)} overlap")
        if e.start > at:
            raise Broken(f"{e.start - at:,} bytes before the tensor {named(e.name)} belong to none")
        at, before = e.end, e.name
    if at < size:
        raise Broken(f"{size - at:,} bytes at its end belong to no tensor")

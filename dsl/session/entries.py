"""One tensor in the table of contents of a file, whatever the format."""

from __future__ import annotations

from tc0.dsl.base.record import record
from tc0.dsl.core.weights import shown

MOST_DIMENSIONS = 16


class Broken(ValueError):
    """A file is not of its format; the message says what exactly is wrong."""


@record
class Entry:
    """name, dtype: as they are shown. shape: its dimensions. code: how numpy reads an element, "bfloat16", or None.

    start, end: its bytes in the file (safetensors), or its first byte and the end in the member of the archive (npz).
    refusal: why it cannot be read, although the file is well formed. columns: stored with the first index fastest.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    code: str | None
    start: int
    end: int
    refusal: str | None = None
    columns: bool = False


def named(name: str) -> str:
    """A name from a file in a message."""
    return f'"{shown(name)}"'

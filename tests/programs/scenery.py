"""What a random expression can see: names with their types, and the helper families that it may call."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    """An array of bits, forms, words, symbols or floats (kind "float"). length: a static expression. kind: as in the type, without its shape."""

    name: str
    length: str
    kind: str = "bit"


@dataclass(frozen=True)
class Grid:
    """A matrix of bits."""

    name: str
    rows: str
    columns: str


@dataclass(frozen=True)
class Index:
    """A static integer from 0 below `bound`."""

    name: str
    bound: str


@dataclass(frozen=True)
class WordName:
    """A word: its name, its kind and its width as an expression."""

    name: str
    signed: bool
    width: str


@dataclass(frozen=True)
class Helper:
    """A family that may be called. parameters: kinds such as "bit[]" (an array of any length), "bit", "form", "uint", "float", as
    in `Writer.argument`; brackets: what stands in brackets, "" for none; result: "bit", "bits" (as many as the first argument), "form", "uint", "float".
    least: the least length of arrays."""

    name: str
    parameters: tuple[str, ...]
    result: str
    brackets: tuple[str, ...] = ()
    least: int = 0


@dataclass(frozen=True)
class Scenery:
    """Names in scope. lengths: static expressions that may be lengths: small and never negative."""

    bits: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    grids: tuple[Grid, ...] = ()
    forms: tuple[str, ...] = ()
    words: tuple[WordName, ...] = ()
    floats: tuple[str, ...] = ()
    indices: tuple[Index, ...] = ()
    flags: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()  # static matrices of integers, 2 by 2
    families: tuple[str, ...] = ()  # static parameters of type (bit[n]) -> bit
    lengths: tuple[str, ...] = ("0", "1", "2", "3")
    functions: tuple[str, ...] = ()  # static functions, as "half({})"
    helpers: tuple[Helper, ...] = ()

    def with_index(self, index: Index) -> Scenery:
        return replace(self, indices=(*self.indices, index))

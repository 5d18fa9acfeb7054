"""The wires of a family at given sizes: what its inputs and outputs are."""

from __future__ import annotations

from dataclasses import dataclass

from tc0.dsl.core.program import Applied


@dataclass(frozen=True, slots=True)
class Port:
    """A parameter or a result at given sizes. kind: "bit", "uint", "int", "symbol", "form" or "float"; shape: of the
    array of elements; width: wires per element; symbols: the alphabet of a symbol."""

    name: str
    kind: str
    shape: tuple[int, ...]
    width: int
    symbols: tuple[str, ...] = ()

    @property
    def elements(self) -> int:
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def wires(self) -> int:
        return self.elements * self.width


@dataclass(frozen=True, slots=True)
class Interface:
    inputs: tuple[Port, ...]
    output: Port


def interface(applied: Applied) -> Interface:
    """The ports of a family with everything fixed; checks `where` and that no size is negative."""
    raise NotImplementedError

"""What a reading has to provide: gates, thresholds, quotients and claims. All else is one walk for all readings.

Results are consecutive numbers of wires: a method returns the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tc0.dsl.interpret.forms import Forms
from tc0.dsl.interpret.vectors import Array
from tc0.dsl.netlist import Kind, Place, Rows

if TYPE_CHECKING:
    from tc0.dsl.interpret.float_steps import FloatAlgebra


class Algebra(Protocol):
    """A reading of gates and forms. next: the number of the next wire. floats: what computes operators on floats as
    such; None where their families do."""

    next: int

    @property
    def floats(self) -> FloatAlgebra | None: ...

    def plain(self, kind: Kind, rows: Rows, row: Array | None, count: int, place: Place) -> int:
        """Gates NOT, AND, OR or MAJ of unit rows. row: int64 [count], the row that each reads; None: gate i reads row i."""

    def weighted(
        self, kind: Kind, rows: Rows, row: Array | None, thresholds: Array, kinds: Array | None, place: Place
    ) -> int:
        """Gates that are 1 iff the sum of their row is at least their threshold, int64 or object [count]."""

    def modulo(self, rows: Rows, row: Array | None, moduli: Array, residues: Array, place: Place) -> int:
        """Gates that are 1 iff the number of ones of their unit row is `residue` modulo `modulus` [count]."""

    def quotient(self, forms: Forms, row: Array | None, moduli: Any, count: int, place: Place) -> Forms:
        """`L // m` for each of `count` points: forms [count]. moduli: an integer or a vector [count], at least 1."""

    def remainder(self, forms: Forms, row: Array | None, moduli: Any, count: int, place: Place) -> Forms:
        """`L % m` likewise."""

    def claim(
        self, forms: Forms, row: Array | None, low: Array, high: Array, count: int, what: str, place: Place
    ) -> None:
        """Declares that forms lie in low .. high, int64 or object [count], bounds of the forms' values."""

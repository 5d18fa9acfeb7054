"""A figure of a family as a closed form: its value, how it was obtained, how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tc0.dsl.base.errors import Error
from tc0.dsl.symbolic import growth as g
from tc0.dsl.symbolic.latex import latex
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Chamber, Guards, Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import Polynomial, plain
from tc0.dsl.symbolic.quasi import OneParameter, one_parameter, show

P = Polynomial.of


class Evidence(Enum):
    """EXACT: derived, equal to the count at every size. AT_MOST: a derived bound."""

    EXACT = "exact"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """A closed form in the size parameters.

    names: the parameters, in order. presumed: what holds of them (sizes at least 0, the `where` clause). shown: the same
    with all sizes at least 1, for printing; smaller sizes are listed as exceptions.
    """

    name: str
    value: Piecewise
    evidence: Evidence
    names: tuple[str, ...]
    presumed: Assumptions
    least: tuple[int, ...]

    def at(self, **sizes: int) -> int:
        """The value at given sizes."""
        missing = [n for n in self.names if n not in sizes and n in self.value.names()]
        if missing:
            raise Error("E0903", f"`{self.name}` depends on {', '.join(f'`{m}`' for m in missing)}", None, f".at({missing[0]}=8)")
        return self.value.at(sizes)

    @property
    def theta(self) -> str:
        """The growth: `Theta(n**2 log n)`, `O(..)` where only that is proved."""
        return str(self.growth())

    def growth(self) -> g.Growth:
        """The growth as all parameters grow. Raises growth.Unknown."""
        found = self._one()
        if found is not None:
            return self._bounded(g.growth(found.polynomial))
        cases = self._chambers()
        polynomials = [c.polynomial for c in cases] if cases is not None else [p for _, p in self.value.pieces]
        growths = [g.growth(p) for p in polynomials if p]
        if not growths:
            return g.Growth(True, ())
        total = g.greatest(growths)
        return self._bounded(total if len(growths) == 1 else g.Growth(False, total.keys))

    def _bounded(self, found: g.Growth) -> g.Growth:
        return found if self.evidence is Evidence.EXACT else g.Growth(False, found.keys)

    def latex(self) -> str:
        """The closed form as LaTeX, without dollar signs."""
        found = self._one()
        if found is not None:
            return latex(found.polynomial)
        cases = self._chambers()
        if cases is None:
            return " + ".join(latex(p) for _, p in self.value.pieces) or "0"
        if len(cases) == 1:
            return latex(cases[0].polynomial)
        either = r" \text{ or } "
        rows = [f"{latex(c.polynomial)} & {either.join(_conditions_latex(x) for x in c.guards)}" for c in cases]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def __str__(self) -> str:
        found = self._one()
        if found is not None:
            text = show(found.polynomial, found.name)
            if found.exceptions:
                text += "; " + ", ".join(f"{value} at {found.name} = {n}" for n, value in found.exceptions)
            return text
        cases = self._chambers()
        if cases is None:
            return self._candidates()
        if len(cases) == 1:
            return plain(cases[0].polynomial)
        return "; ".join(f"{plain(c.polynomial)} if {' or '.join(conditions(x) for x in c.guards)}" for c in cases)

    def _candidates(self) -> str:
        """The greatest of several, where no chambers are listed."""
        known = self._positive()
        live = [(guards, p) for guards, p in self.value.pieces if known.feasible(guards)]
        if self.value.join is Join.GREATEST:
            free = [p for guards, p in live if all(known.proves(q) for q in guards)]
            if len(free) == len(live):
                kept = [p for p in free if not any(q is not p and known.proves(q - p) and q != p for q in free)]
                return f"max({', '.join(plain(p) for p in dict.fromkeys(kept))})" if len(kept) > 1 else plain(kept[0]) if kept else "0"
        word = " + " if self.value.join is Join.SUM else ", "
        parts = [plain(p) + (f" [{conditions(guards)}]" if guards else "") for guards, p in live]
        return word.join(parts) if self.value.join is Join.SUM else f"max({word.join(parts)})"

    def _positive(self) -> Assumptions:
        return Assumptions((*self.presumed.constraints, *(P(n) - max(1, least) for n, least in zip(self.names, self.least, strict=True))))

    def _one(self) -> OneParameter | None:
        used = sorted(self.value.names())
        if len(used) > 1:
            return None
        name = used[0] if used else (self.names[0] if self.names else "n")
        least = dict(zip(self.names, self.least, strict=True)).get(name, 0)
        return one_parameter(self.value, name, least)

    def _chambers(self) -> Sequence[Chamber] | None:
        return chambers(self.value, self._positive())


def conditions(guards: Guards) -> str:
    """Guards as one reads them: `n >= w + 2`."""
    return " and ".join(_condition(guard) for guard in guards) if guards else "always"


def _condition(guard: Polynomial) -> str:
    left = Polynomial({m: c for m, c in guard.terms.items() if c > 0 and m})
    right = Polynomial({m: -c for m, c in guard.terms.items() if c < 0 and m})
    constant = guard.terms.get((), 0)
    if not left:
        return f"{plain(right)} <= {constant}"
    if constant > 0 and right:
        return f"{plain(right)} <= {plain(left + constant)}"
    return f"{plain(left)} >= {plain(right - constant)}"


def _conditions_latex(guards: Guards) -> str:
    return ", ".join(f"{latex(guard)} \\ge 0" for guard in guards) if guards else "\\text{otherwise}"



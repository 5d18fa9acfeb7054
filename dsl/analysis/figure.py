"""A figure of a family as a closed form: its value, how it was obtained, how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.base.record import record
from tc0.dsl.symbolic import growth as g
from tc0.dsl.symbolic.atoms import substitute
from tc0.dsl.symbolic.latex import latex
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.piecewise import Chamber, Guards, Join, Piecewise, chambers
from tc0.dsl.symbolic.polynomial import NotClosed, Polynomial, plain
from tc0.dsl.symbolic.quasi import OneParameter, one_parameter, show, with_ceilings
from tc0.dsl.symbolic.work import allowance

P = Polynomial.of
LONGEST = 600  # characters of a closed form on a line
SHOWN = 4_000  # steps of elimination for the text of a figure


class Evidence(Enum):
    """EXACT: derived, equal to the count at every size. AT_MOST: a derived bound."""

    EXACT = "exact"
    AT_MOST = "at most"


@record
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
        """The value at given sizes, which must be some that the family has: at least 0, and as its `where` says."""
        for name, value in sizes.items():
            if name not in self.names:
                known = ", ".join(f"`{n}`" for n in self.names) or "no parameters"
                raise Error("E0305", f"`{name}` is no parameter of this figure", None, f"it has {known}")
            if type(value) is not int:
                raise Error("E0302", f"`{name}` is an integer, not {value!r}", None, f".at({name}=8)")
        needed = self.value.names() | {n for p in self.presumed.constraints for n in p.names()}
        missing = [n for n in self.names if n not in sizes and n in needed]
        if any(n in self.value.names() for n in missing):
            depends = ", ".join(f"`{m}`" for m in missing)
            raise Error("E0903", f"`{self.name}` depends on {depends}", None, f".at({missing[0]}=8)")
        try:
            for p in self.presumed.constraints:
                if p.names() <= sizes.keys() and p.at(sizes) < 0:
                    shown = ", ".join(f"{name} = {value}" for name, value in sizes.items())
                    raise Error(
                        "E0405", f"no circuit has {shown}: `{conditions((p,))}` does not hold", None, "other sizes"
                    )
            return self.value.at(sizes)
        except (ArithmeticError, ValueError):  # a division by 0, a logarithm of 0: there is no such circuit
            shown = ", ".join(f"{name} = {value}" for name, value in sizes.items())
            raise Error("E0501", f"`{self.name}` has no value at {shown}", None, "other sizes") from None

    @property
    def theta(self) -> str:
        """The growth: `Theta(n**2 log n)`, `O(..)` where only that is proved. NotAvailable where none is derived."""
        try:
            return str(self.growth())
        except g.Unknown as e:
            raise NotAvailable(
                "E1001", f"the growth of `{self.name}` is not derived: {e}", None, "its value, .at(..)"
            ) from None

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
            form = latex(with_ceilings(found.polynomial))
            if not found.exceptions:
                return form
            small = [f"{value} & {found.name} {_set_latex(where)}" for value, where in _grouped(found)]
            return r"\begin{cases} " + r" \\ ".join([*small, rf"{form} & \text{{otherwise}}"]) + r" \end{cases}"
        cases = self._chambers()
        if cases is None:
            return " + ".join(latex(p) for _, p in self.value.pieces) or "0"
        if len(cases) == 1:
            return latex(cases[0].polynomial)
        either = r" \text{ or } "
        rows = [f"{latex(c.polynomial)} & {either.join(_conditions_latex(x) for x in c.guards)}" for c in cases]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def __str__(self) -> str:
        """The closed form on one line; of one that is too long only its extent."""
        text = self.whole()
        if len(text) > LONGEST:
            terms = sum(len(p.terms) for _, p in self.value.pieces)
            at = ", ".join(f"{name}=.." for name in self.names)
            return f"a closed form of {terms} terms; .at({at}) evaluates it, .whole() writes it out"
        return text

    def whole(self) -> str:
        """The closed form written out, however long it is."""
        found = self._one()
        if found is not None:
            text = show(found.polynomial, found.name)
            if found.exceptions:
                text += "; " + ", ".join(f"{value} at {found.name} {where}" for value, where in _grouped(found))
            return text
        cases = self._chambers()
        if cases is None:
            return self._candidates()
        if len(cases) == 1:
            return plain(cases[0].polynomial) + self._limits()
        listed = "; ".join(f"{plain(c.polynomial)} if {' or '.join(conditions(x) for x in c.guards)}" for c in cases)
        return listed + self._limits()

    def _limits(self) -> str:
        """What is said of sizes of 0, where the cases that are printed are not known to hold there too."""
        return "" if not self._least_shown() or _holds_at_zero(self) else self._least_shown()

    def _least_shown(self) -> str:
        small = [name for name, least in zip(self.names, self.least, strict=True) if least < 1]
        return f" (for {', '.join(small)} >= 1)" if small else ""

    def _candidates(self) -> str:
        """The greatest of several, where no chambers are listed."""
        note = ""
        try:
            with allowance(SHOWN):
                live = self._live(self._positive())
                note = "" if self._live(self.presumed) == live else self._least_shown()
        except NotClosed:
            live = list(self.value.pieces)
        parts = [plain(p) + (f" [{conditions(guards)}]" if guards else "") for guards, p in live]
        if self.value.join is Join.SUM:
            return (" + ".join(parts) or "0") + note
        return (f"max({', '.join(parts)})" if len(parts) > 1 else parts[0] if parts else "0") + note

    def _live(self, known: Assumptions) -> list[tuple[Guards, Polynomial]]:
        """The pieces that can hold, without guards that always do; of a greatest value without those that others exceed."""
        live: list[tuple[Guards, Polynomial]] = []
        for guards, p in self.value.pieces:
            if known.feasible(guards):
                live.append((tuple(known.reduced([q for q in guards if not known.proves(q)])), p))
        if self.value.join is Join.SUM:
            return live
        kept: list[tuple[Guards, Polynomial]] = []
        for at, (guards, p) in enumerate(live):
            if not guards and not p and len(live) > 1:
                continue  # max(0, ..)
            others = [*live[at + 1 :], *kept]
            if not any(_covers(other, (guards, p), known) for other in others):
                kept.append((guards, p))
        return kept

    def _positive(self) -> Assumptions:
        return Assumptions(
            (
                *self.presumed.constraints,
                *(P(n) - max(1, least) for n, least in zip(self.names, self.least, strict=True)),
            )
        )

    def _one(self) -> OneParameter | None:
        return _one_of(self)

    def _chambers(self) -> Sequence[Chamber] | None:
        return _chambers_of(self)


@lru_cache(256)
def _one_of(figure: Figure) -> OneParameter | None:
    """A figure of one parameter with its exceptions; None where it has several, or too much work would be needed."""
    used = sorted(figure.value.names())
    if len(used) > 1:
        return None
    name = used[0] if used else (figure.names[0] if figure.names else "n")
    least = dict(zip(figure.names, figure.least, strict=True)).get(name, 0)
    try:
        with allowance(SHOWN):
            return one_parameter(figure.value, name, least)
    except NotClosed:
        return None


@lru_cache(256)
def _chambers_of(figure: Figure) -> Sequence[Chamber] | None:
    """The disjoint cases of a figure; None where too much work would be needed."""
    try:
        with allowance(SHOWN):
            return chambers(figure.value, figure._positive())
    except NotClosed:
        return None


@lru_cache(256)
def _holds_at_zero(figure: Figure) -> bool:
    """Whether the cases of a figure that are printed are shown to hold for sizes of 0 as well."""
    printed = figure._chambers()
    try:
        with allowance(SHOWN):
            everywhere = chambers(figure.value, figure.presumed)
            if everywhere is None or printed is None:
                return False
            if len(printed) == 1:  # one polynomial: the others must be it, where they hold
                rest = [((), -printed[0].polynomial), *((g, c.polynomial) for c in everywhere for g in c.guards)]
                left = chambers(Piecewise.of(Join.SUM, rest), figure.presumed)
                return left is not None and all(_vanishes(c) for c in left)
            return {(c.guards, c.polynomial) for c in everywhere} == {(c.guards, c.polynomial) for c in printed}
    except NotClosed:
        return False


def _vanishes(chamber: Chamber) -> bool:
    """Whether a polynomial is 0 wherever one of the guard lists holds, by the sizes that these fix at a number."""
    for guards in chamber.guards:
        value = chamber.polynomial
        for name in sorted(value.names()):
            fixed = [-c for g in guards if (c := (g + P(name)).constant()) is not None and P(name) + c in guards]
            if any(g == -P(name) for g in guards):
                fixed.append(0)
            if fixed:
                value = substitute(value, {name: P(fixed[0])})
        if value:
            return False
    return True


def _grouped(found: OneParameter) -> list[tuple[int, str]]:
    """The exceptions by value, each with the sizes that have it: (1, "<= 2"), (0, "= 4"), (3, "in {5, 7}")."""
    sizes: dict[int, list[int]] = {}
    for n, value in found.exceptions:
        sizes.setdefault(value, []).append(n)
    grouped = []
    for value, at in sizes.items():
        if len(at) == 1:
            grouped.append((value, f"= {at[0]}"))
        elif at == list(range(found.least, at[-1] + 1)):
            grouped.append((value, f"<= {at[-1]}"))
        else:
            grouped.append((value, f"in {{{', '.join(map(str, at))}}}"))
    return grouped


def _set_latex(where: str) -> str:
    return where.replace("<=", r"\le").replace("in {", r"\in \{").replace("}", r"\}")


def _covers(other: tuple[Guards, Polynomial], piece: tuple[Guards, Polynomial], known: Assumptions) -> bool:
    """Whether wherever a piece holds another one holds and is at least as great."""
    guards, p = piece
    return all(known.implied(g, guards) for g in other[0]) and known.implied(other[1] - p, guards)


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

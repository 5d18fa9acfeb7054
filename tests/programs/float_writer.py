"""Random well-typed expressions with floats on wires, beside those of `Writer`."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .scenery import Index, Row, Scenery
from .writer import Rule, Writer

NUMBERS = ("0", "1", "2", "-3", "7", "0.5", "1 / 3", "-0.75", "5 / 8", "1 / 100", "1000", "sqrt(2)", "exp(1)", "-pi")


class FloatWriter(Writer):
    """real: how the type of floats is written, as in `float(p, nearest)`. smooth: with `exp` and `sqrt`."""

    def __init__(self, random: Random, real: str, smooth: bool) -> None:
        super().__init__(random)
        self.real_type = real
        self.smooth = smooth

    def static(self, at: Scenery) -> str:
        """A static number, or a static float of the type in sight."""
        number = self.pick([*NUMBERS, f"{self.length(at)} / 2"])
        return self.pick([f"({number})"] * 3 + [f"{self.real_type}({number})", f"{self.real_type}({number}) * 3"])

    def real(self, at: Scenery, depth: int) -> str:
        """A float on wires."""
        if depth <= 0:
            return self.real_atom(at)
        rules: list[Rule] = [
            self._real_here, self._arithmetic, self._arithmetic, self._arithmetic, self._one_sided, self._real_unary,
            self._real_sum, self._real_sum, self._extreme, self._real_choice, self._real_choice, self._real_static_if,
            self._real_fold, self._there_and_back, self._from_bits, self._by_element,
        ]  # fmt: skip
        if any(helper.result == "float" for helper in at.helpers):
            rules += [self._real_call] * 3
        return self.pick(rules)(at, depth - 1)

    def real_atom(self, at: Scenery) -> str:
        rows = self._of_kind(at, "float")
        if rows and (not at.floats or self.flip()):
            return self.element(at, self.pick(rows), self.pick([*at.floats, "0.5"]) if at.floats else "0.5")
        return self.pick(at.floats)

    def _real_here(self, at: Scenery, depth: int) -> str:
        return self.real_atom(at)

    def _arithmetic(self, at: Scenery, depth: int) -> str:
        return f"({self.real(at, depth)} {self.pick(['+', '-', '*', '/'])} {self.real(at, depth - 1)})"

    def _one_sided(self, at: Scenery, depth: int) -> str:
        operands = [self.real(at, depth), self.static(at)]
        if self.flip():
            operands.reverse()
        return f"({operands[0]} {self.pick(['+', '-', '*', '/'])} {operands[1]})"

    def _real_unary(self, at: Scenery, depth: int) -> str:
        names = ["(-{})", "abs({})", "relu({})", *(("sqrt({})", "exp({})") if self.smooth else ())]
        return self.pick(names).format(self.real(at, depth))

    def _real_sum(self, at: Scenery, depth: int) -> str:
        rows = self._of_kind(at, "float")
        if rows and self.flip():
            return f"SUM({self.pick(rows).name})"
        if self.flip():
            clause, inside = self.clause(at)
            return f"SUM({self.real(inside, depth)} for {clause})"
        rest = [self.pick([self.real(at, depth - 1), self.static(at)]) for _ in range(self.number(0, 2))]
        return f"SUM({', '.join([self.real(at, depth), *rest])})"

    def _extreme(self, at: Scenery, depth: int) -> str:
        name, i = self.pick(["MAX", "MIN"]), self.fresh("i")
        if self.flip():
            length = self.length(at)
            inside = at.with_index(Index(i, f"({length} + 1)"))
            return f"{name}({self.real(inside, depth)} for {i} <= {length})"
        return f"{name}({self.real(at, depth)}, {self.pick([self.real(at, depth - 1), self.static(at)])})"

    def _real_choice(self, at: Scenery, depth: int) -> str:
        condition, other = self.wires(at, depth - 1), self.pick([self.real(at, depth - 1), self.static(at)])
        branches = [self.real(at, depth), other]
        if self.flip():
            branches.reverse()
        if self.number(0, 3) == 0:
            return f"{self.real_type}(if {condition} then {self.pick(NUMBERS)} else {self.pick(NUMBERS)})"
        return f"(if {condition} then {branches[0]} else {branches[1]})"

    def _real_static_if(self, at: Scenery, depth: int) -> str:
        return f"(if {self.condition(at)} then {self.real(at, depth)} else {self.real(at, depth - 1)})"

    def _real_fold(self, at: Scenery, depth: int) -> str:
        state, k, times = self.fresh("s"), self.fresh("t"), self.length(at)
        inside = replace(at, floats=(*at.floats, state), indices=(*at.indices, Index(k, times)))
        if self.flip():  # a step that mentions the state only would be static
            step = f"({self.real(inside, depth - 1)} + {self.real_atom(at)})"
            return f"(fold {state} = {self.static(at)} for {k} < {times} yield {step})"
        return f"(fold {state} = {self.real(at, depth - 1)} for {k} < {times} yield {self.real(inside, depth - 1)})"

    def _there_and_back(self, at: Scenery, depth: int) -> str:
        return f"{self.real_type}({self.real(at, depth)}.bits)"

    def _from_bits(self, at: Scenery, depth: int) -> str:
        """The sign of a float other than 0 exchanged."""
        value, i, digits = self.real(at, depth), self.fresh("i"), "(p // 2 - 1)"
        held = self.fresh("s")
        body = f"if {i} == {digits} then {held}.bits[{i}] ^ ({held} != 0) else {held}.bits[{i}]"
        return f"(fold {held} = {value} for {self.fresh('t')} < 1 yield {self.real_type}([{body} for {i} < p]))"

    def _by_element(self, at: Scenery, depth: int) -> str:
        i, j, length = self.fresh("i"), self.fresh("i"), self.number(1, 2)
        a = f"[{self.real(at.with_index(Index(i, str(length))), depth - 1)} for {i} < {length}]"
        b = f"[{self.real(at.with_index(Index(j, str(length))), depth - 1)} for {j} < {length}]"
        one = self.pick([self.real(at, depth - 1), self.static(at)])
        whole = self.pick([f"{a} + {b}", f"{a} - {b}", f"{a} * {one}", f"{one} * {b}", f"{a} / {one}", f"-{a}"])
        return f"({whole})[{self.number(0, length - 1)}]"

    def _real_call(self, at: Scenery, depth: int) -> str:
        return self.call(at, self.pick([h for h in at.helpers if h.result == "float"]), depth)

    # ---- bits, and arguments of helpers

    def bit(self, at: Scenery, depth: int) -> str:
        if depth > 0 and (at.floats or self._of_kind(at, "float")) and self.number(0, 2) == 0:
            return self._real_bit(at, depth - 1)
        return super().bit(at, depth)

    def _real_bit(self, at: Scenery, depth: int) -> str:
        a, b = self.real(at, depth), self.pick([self.real(at, depth - 1), self.static(at)])
        operator = self.pick(["<", "<=", ">", ">=", "==", "!="])
        return self.pick([f"({a} {operator} {b})"] * 3 + [f"{a}.bits[{self.number(0, 3)}]"])

    def reals(self, at: Scenery, length: str, depth: int) -> str:
        """An array of so many floats."""
        fitting = [row.name for row in self._of_kind(at, "float") if row.length == length]
        if fitting and self.flip():
            return self.pick(fitting)
        i = self.fresh("i")
        return f"[{self.real(at.with_index(Index(i, length)), depth)} for {i} < {length}]"

    def argument(self, at: Scenery, kind: str, length: str, depth: int) -> str:
        match kind:
            case "float":
                return self.real(at, depth)
            case "float[]":
                return self.reals(at, length, depth)
        return super().argument(at, kind, length, depth)


def row_of_floats(name: str, length: str) -> Row:
    return Row(name, length, "float")

"""Random well-typed expressions as text: each method writes one kind of value that is legal at every size.

Indices are in range by construction (a binder below the length, or a static `if`), forms that must be 0 or 1 are, and
claims (`within`, `bit`) always hold, so that every program that is written has a value on every input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from .scenery import Grid, Helper, Index, Row, Scenery, WordName

T = TypeVar("T")
Rule = Callable[[Scenery, int], str]

ALPHABETS = ('{"a", "b"}', '{"a", "b", "c"}', '{"x"}')


def symbols(alphabet: str) -> list[str]:
    """The literals of an alphabet."""
    return [part.strip() for part in alphabet.strip("{}").split(",")]


class Writer:
    """Writes expressions. depth: how deep operators may still nest."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._fresh = 0

    # ---- choices

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def flip(self) -> bool:
        return self._random.random() < 0.5

    def fresh(self, letter: str) -> str:
        self._fresh += 1
        return f"{letter}{self._fresh}"

    # ---- static level

    def length(self, at: Scenery) -> str:
        """A small length, never negative."""
        base = self.pick([*at.lengths, *(index.name for index in at.indices)])
        if base.isdigit():
            return base
        shape = self.pick(
            ["{}", "{}", "{}", "({} + 1)", "({} // 2)", "max({} - 1, 0)", "bits({})", "clog2({})", "min({}, 2)"]
        )
        return shape.format(base)

    def integer(self, at: Scenery) -> str:
        """A small static integer of any sign."""
        options = [str(self.number(-2, 4)), self.length(at)]
        if at.tables:
            table = self.pick(at.tables)
            options.append(
                self.pick([f"{table}[{self.number(0, 1)}, 1]", f"{table}[1][{self.number(0, 1)}]", f"SUM({table}[0])"])
            )
        if at.indices:
            index = self.pick(at.indices).name
            options += [
                f"(2 * {index} - 1)",
                f"2**{index}",
                f"(if {self.condition(at)} then {index} else -1)",
                f"bit({index}, 0)",
            ]
        return self.pick(options)

    def condition(self, at: Scenery) -> str:
        """A static boolean."""
        a, b = self.length(at), self.length(at)
        options = [f"{a} {self.pick(['<', '<=', '==', '!=', '>=', '>'])} {b}", f"bit({a}, {self.number(0, 1)}) == 1"]
        options += [f"not {a} == 1", f"{a} > 0 and {b} % 2 == 0", f"{a} == 0 or 4 // max({a}, 1) > 1", *at.flags]
        return self.pick(options)

    def binder(self, at: Scenery) -> tuple[str, Scenery]:
        """A binder, and what its body sees."""
        name, length = self.fresh("i"), self.length(at)
        if at.rows and self.flip():
            length = self.pick(at.rows).length
        text, bound = self.pick(
            [
                (f"{name} < {length}", length),
                (f"{name} < {length}", length),
                (f"{name} <= {length}", f"({length} + 1)"),
                (f"{name} in 1..{length}", length),
                (f"{name} in {length}..3", "3"),
            ]
        )
        return text, at.with_index(Index(name, bound))

    def clause(self, at: Scenery, most: int = 2) -> tuple[str, Scenery]:
        """Binders and sometimes a guard."""
        texts = []
        for _ in range(self.number(1, most)):
            text, at = self.binder(at)
            texts.append(text)
        guard = f" if {self.condition(at)}" if self.number(0, 3) == 0 else ""
        return ", ".join(texts) + guard, at

    # ---- elements of arrays

    def element(self, at: Scenery, row: Row, otherwise: str) -> str:
        """An element of an array, by an index in range; `otherwise` where the array may be empty."""
        inside = [index.name for index in at.indices if index.bound == row.length]
        if inside and self.number(0, 3):
            return f"{row.name}[{self.pick(inside)}]"
        fallback = f" else {otherwise})"
        if at.indices and self.flip():
            index = self.pick(at.indices).name
            cyclic = f"(if {row.length} >= 1 then {row.name}[({index} + 1) % ({row.length})]" + fallback
            return self.pick([f"(if {index} < {row.length} then {row.name}[{index}]" + fallback, cyclic])
        constant = self.number(0, 2)
        return f"(if {row.length} > {constant} then {row.name}[{constant}]" + fallback

    def _of_kind(self, at: Scenery, kind: str) -> list[Row]:
        return [row for row in at.rows if row.kind == kind]

    # ---- bits

    def bit(self, at: Scenery, depth: int) -> str:
        """A bit, or something static or a form that is one where a bit is required."""
        if depth <= 0:
            return self.atom(at)
        rules: list[Rule] = [
            self._grid_gate, self._atom_at, self._gate, self._gate, self._operator, self._negation, self._multiplexer, self._static_if,
            self._compare, self._compare, self._equal, self._weighted, self._huge, self._bit_of_form, self._fold_bit,
            self._same_arrays,
        ]  # fmt: skip
        if at.words or depth > 1:
            rules.append(self._word_bit)
        if any(row.kind.startswith("{") for row in at.rows):
            rules += [self._symbol_bit] * 2
        if any(helper.result in ("bit", "bits") for helper in at.helpers):
            rules += [self._call_bit] * 3
        if at.families:
            rules.append(self._call_parameter)
        return self.pick(rules)(at, depth - 1)

    def _atom_at(self, at: Scenery, depth: int) -> str:
        return self.atom(at)

    def atom(self, at: Scenery) -> str:
        """A bit without gates."""
        options: list[Callable[[], str]] = [lambda: self.pick(at.bits)] if at.bits else []
        rows = self._of_kind(at, "bit")
        if rows:
            options += [lambda: self.element(at, self.pick(rows), self.pick(["0", "1"]))] * 2
        if at.grids:
            options.append(lambda: self._grid_element(at, self.pick(at.grids)))
        words = at.words
        if words:
            options.append(lambda: self._bit_of_word(at, self.pick(words)))
        if not options:
            return self.pick(["0", "1"])
        return self.pick(options)()

    def _grid_element(self, at: Scenery, grid: Grid) -> str:
        i, j = self.number(0, 1), self.number(0, 1)
        form = self.pick(["[{}, {}]", "[{}][{}]"]).format(i, j)
        return f"(if {grid.rows} > {i} and {grid.columns} > {j} then {grid.name}{form} else 1)"

    def _bit_of_word(self, at: Scenery, word: WordName) -> str:
        return self.element(at, Row(f"{word.name}.bits", word.width), "0")

    def operand(self, at: Scenery, depth: int) -> str:
        """An input of AND, OR or MAJ: a bit or a 0/1 form."""
        return self.bit(at, depth) if self.number(0, 2) else self.bit_form(at, depth)

    def _gate(self, at: Scenery, depth: int) -> str:
        k, m = self.number(-1, 3), self.number(1, 3)
        name = self.pick(
            [
                "AND",
                "OR",
                "MAJ",
                f"THR[{k}]",
                f"MOD[{m}]",
                f"MOD[{m}, {self.number(-1, 3)}]",
                f"THR[{self.integer(at)}]",
            ]
        )
        which = self.number(0, 3)
        if which == 0 and (rows := self._of_kind(at, "bit")):
            return f"{name}({self.pick(rows).name})"
        if which == 1 and at.grids:
            return f"{name}({self.pick(at.grids).name})"
        if which == 2:
            inputs = ", ".join(self.operand(at, depth - 1) for _ in range(self.number(0, 3)))
            return f"{name}({inputs})" if inputs and not inputs.isdigit() else f"{name}()"
        clause, inside = self.clause(at)
        return f"{name}({self.operand(inside, depth - 1)} for {clause})"

    def _grid_gate(self, at: Scenery, depth: int) -> str:
        """A gate over a part of a matrix: a row, a column, a block."""
        if not at.grids:
            return self._gate(at, depth)
        grid, gate = self.pick(at.grids), self.pick(["AND", "OR", "MAJ", "THR[2]", "MOD[2]", "1 <= SUM"])
        row = next((i.name for i in at.indices if i.bound == grid.rows), None)
        column = next((i.name for i in at.indices if i.bound == grid.columns), None)
        parts = [f"[0..{grid.rows}, 0..{grid.columns} // 2]", f"[{grid.rows} // 2..{grid.rows}]", ""]
        parts += (
            [f"[{row}]", f"[{row}, 0..{grid.columns}]", f"[{row}][{grid.columns} // 2..{grid.columns}]"] if row else []
        )
        parts += [f"[0..{grid.rows}, {column}]"] if column else []
        return f"({gate}({grid.name}{self.pick(parts)}))"

    def _operator(self, at: Scenery, depth: int) -> str:
        operator = self.pick(["&", "|", "^"])
        operands = [f"({self.operand(at, depth - 1)})" for _ in range(self.number(2, 3))]
        return "(" + f" {operator} ".join(operands) + ")"

    def _negation(self, at: Scenery, depth: int) -> str:
        return self.pick(["!({})", "NOT({})"]).format(self.operand(at, depth))

    def _multiplexer(self, at: Scenery, depth: int) -> str:
        c, a = self.wires(at, depth - 1), self.wires(at, depth - 1)
        b = self.pick([self.bit(at, depth - 1), self.bit_form(at, depth - 1), "0", "1"])
        return f"(if {c} then {a} else {b})" if self.flip() else f"(if {c} then {b} else {a})"

    def wires(self, at: Scenery, depth: int) -> str:
        """A bit or a form within 0..1 that is on wires, whatever the sizes."""
        if depth <= 0 and self._has_atoms(at):
            return self.atom(at)
        text = self.pick(["!({})", "OR({}, 0)", "{}"])
        return text.format(self.bit(at, depth) if text != "{}" else self._gate(at, depth - 1))

    def _has_atoms(self, at: Scenery) -> bool:
        """Whether every atom is on wires."""
        return bool(at.bits or at.grids or at.words or self._of_kind(at, "bit"))

    def _static_if(self, at: Scenery, depth: int) -> str:
        return f"(if {self.condition(at)} then {self.bit(at, depth)} else {self.wires(at, depth)})"

    def _compare(self, at: Scenery, depth: int) -> str:
        operator = self.pick([">=", ">", "<", "<=", "==", "!="])
        return f"({self.form(at, depth)} {operator} {self.pick([self.form(at, depth - 1), self.integer(at)])})"

    def _equal(self, at: Scenery, depth: int) -> str:
        return f"({self.wires(at, depth - 1)} {self.pick(['==', '!='])} {self.pick([self.bit(at, depth - 1), '1'])})"

    def _weighted(self, at: Scenery, depth: int) -> str:
        clause, inside = self.clause(at)
        return f"THR[{self.integer(at)}](({self.integer(inside)}) * {self.wires(inside, depth - 1)} for {clause})"

    def _huge(self, at: Scenery, depth: int) -> str:
        """Weights beyond machine words, compared, or divided by the largest of them."""
        name, length = self.fresh("i"), self.length(at)
        inside = at.with_index(Index(name, length))
        base = self.pick([f"2**(70 * {name})", f"3**(50 * {name})", f"-(2**(63 * {name}))"])
        total = f"SUM({base} * {self.wires(inside, depth - 1)} for {name} < {length})"
        if self.flip():
            return (
                f"({total} {self.pick(['>=', '<', '==', '!='])} {self.pick(['2**70', '3**50', '0', '-(2**63) + 1'])})"
            )
        return f"({total} // 2**(70 * {length} + 1) {self.pick(['>=', '=='])} {self.number(-1, 1)})"

    def _bit_of_form(self, at: Scenery, depth: int) -> str:
        return self.pick(["bit({})", "{}"]).format(self.bit_form(at, depth))

    def _fold_bit(self, at: Scenery, depth: int) -> str:
        state, k = self.fresh("s"), self.fresh("t")
        times = self.length(at)
        inside = replace(at, bits=(*at.bits, state), indices=(*at.indices, Index(k, times)))
        return f"(fold {state} = {self.pick([self.bit(at, depth - 1), '0', '1'])} for {k} < {times} yield OR({self.wires(inside, depth - 1)}))"

    def _same_arrays(self, at: Scenery, depth: int) -> str:
        length = self.length(at)
        return f"({self.array(at, length, depth - 1)} {self.pick(['==', '!='])} {self.array(at, length, depth - 1)})"

    def _symbol_bit(self, at: Scenery, depth: int) -> str:
        row = self.pick([row for row in at.rows if row.kind.startswith("{")])
        letters = symbols(row.kind)
        one = self.symbol(at, row, depth)
        other = self.pick([*letters, self.symbol(at, row, depth)])
        if one in letters:  # both literals: static, not wires
            return (
                f"(if {one} == {other} then {self.wires(at, depth - 1)} else 0)"
                if other in letters
                else f"({other} == {one})"
            )
        return f"({one} {self.pick(['==', '!='])} {other})"

    def symbol(self, at: Scenery, row: Row, depth: int) -> str:
        """A symbol, on wires unless it is a literal."""
        letters = symbols(row.kind)
        inside = [index.name for index in at.indices if index.bound == row.length]
        if inside:
            name = f"{row.name}[{self.pick(inside)}]"
            return (
                f"(if {self.wires(at, depth - 1)} then {name} else {self.pick([name, *letters])})"
                if self.flip() and depth > 1
                else name
            )
        return self.pick(letters)

    def _word_bit(self, at: Scenery, depth: int) -> str:
        a, b = self.word(at, depth - 1), self.word(at, depth - 1)
        return self.pick(
            [
                f"({a.name} {self.pick(['<', '>=', '==', '!='])} {b.name})",
                f"({a.name} == {a.name})",
                f"({a.name} {self.pick(['<', '>', '=='])} 0)",
                self._bit_of_word(at, a),
                f"(value({a.name}) > value({b.name}))",
            ]
        )

    # ---- calls

    def _call_bit(self, at: Scenery, depth: int) -> str:
        helper = self.pick([h for h in at.helpers if h.result in ("bit", "bits")])
        if helper.result == "bit":
            return self.call(at, helper, depth)
        length = self.length(at)
        call = self.call(at, helper, depth, length)
        return self.pick([f"AND({call})", f"({call} == {self.array(at, length, depth - 1)})", f"(SUM({call}) >= 1)"])

    def call(self, at: Scenery, helper: Helper, depth: int, length: str | None = None) -> str:
        """A call; arrays of one call have one length."""
        length = (
            f"({self.length(at)} + {helper.least})" if length is None and helper.least else length or self.length(at)
        )
        arguments = [self.argument(at, kind, length, depth - 1) for kind in helper.parameters]
        brackets = [self._bracket(at, kind) for kind in helper.brackets]
        fixed = f"[{', '.join(brackets)}]" if brackets else ""
        if helper.parameters == ("bit[]",) and self.flip():
            name = self.fresh("i")
            body = self.bit(at.with_index(Index(name, length)), depth - 1)
            return f"{helper.name}{fixed}({body} for {name} < {length})"
        return f"{helper.name}{fixed}({', '.join(arguments)})"

    def _bracket(self, at: Scenery, kind: str) -> str:
        match kind:
            case "integer":
                return self.length(at)
            case "small":
                return str(self.number(0, 3))
            case "one":
                return str(self.number(0, 1))
            case "bool":
                return self.pick(["true", "false", self.condition(at)])
            case "matrix":
                return f"[[{self.number(-2, 2)}, 1], [{self.number(0, 2)}, {self.integer(at)}]]"
            case "rational":
                return self.pick(["1 / 2", "0.75", "2", "-1 / 3"])
            case _:
                return self.pick(
                    [
                        h.name
                        for h in at.helpers
                        if h.parameters == ("bit[]",) and h.result == "bit" and not h.brackets and not h.least
                    ]
                )

    def argument(self, at: Scenery, kind: str, length: str, depth: int) -> str:
        match kind:
            case "bit[]":
                return self.array(at, length, depth)
            case "bit[2n+1]":
                return self.array(at, f"(2 * {length} + 1)", depth)
            case "bit[,]":
                i, j = self.fresh("i"), self.fresh("i")
                inside = at.with_index(Index(i, length)).with_index(Index(j, "2"))
                return f"[{self.wires(inside, depth)} for {i} < {length}, {j} < 2]"
            case "form[]":
                i = self.fresh("i")
                body = f"{self.form(at.with_index(Index(i, length)), depth)} % {self.number(1, 3)}"
                return self.pick([f"[{body} for {i} < {length}]", self.array(at, length, depth)])
            case "bit":
                return self.bit(at, depth)
            case "form":
                return f"({self.form(at, depth)} % 4)"
            case "uint":
                return f"uint(2)({self.word(at, depth).name})"
            case _:
                raise AssertionError(kind)

    def _call_parameter(self, at: Scenery, depth: int) -> str:
        return f"{self.pick(at.families)}({self.array(at, self.length(at), depth)})"

    # ---- arrays of bits

    def array(self, at: Scenery, length: str, depth: int) -> str:
        """An array of `length` bits on wires."""
        fitting = [row.name for row in self._of_kind(at, "bit") if row.length == length]
        if fitting and self.flip():
            return self.pick(fitting)
        name = self.fresh("i")
        inside = at.with_index(Index(name, length))
        longer = [
            row.name
            for row in self._of_kind(at, "bit")
            if length in (f"({row.length} // 2)", f"max({row.length} - 1, 0)")
        ]
        if longer and self.flip():
            row = self.pick(longer)
            return self.pick([f"{row}[0..{length}]", f"{row}[len({row}) - {length}..len({row})]"])
        bodies = [self.wires, self.bit, self.bit_form] if depth > 0 and self._has_atoms(at) else [self.wires]
        if length.isdigit() and 0 < int(length) < 4 and self.flip():
            return f"[{', '.join([self.wires(at, depth - 1), *(self.bit(at, depth - 1) for _ in range(int(length) - 1))])}]"
        return f"[{self.pick(bodies)(inside, depth - 1)} for {name} < {length}]"

    # ---- forms

    def bit_form(self, at: Scenery, depth: int) -> str:
        """A form within 0..1."""
        if depth <= 0:
            return f"(1 - {self.wires(at, 0)})"
        a, b = self.wires(at, depth - 2), self.wires(at, depth - 2)
        return self.pick(
            [
                f"({self.form(at, depth - 1)} % 2)",
                f"(1 - {a})",
                f"(1 - {self.form(at, depth - 1)} % 2)",
                f"({a} + 0)",
                f"SUM({a})",
                f"within({a} + 2, 0, 3) // 3",
                f"within({b} - 0 * {a}, 0, 1)",
                f"(({self.form(at, depth - 1)} % 3) // 2)",
            ]
        )

    def form(self, at: Scenery, depth: int) -> str:
        """A form of a small range, on wires whatever the sizes."""
        if depth <= 0:
            return f"({self.wires(at, 0)} + {self.number(0, 2)})"
        rules: list[Rule] = [
            self._sum,
            self._sum,
            self._linear,
            self._linear,
            self._scaled,
            self._level,
            self._within,
            self._fold_form,
            self._chosen,
        ]
        if at.forms:
            rules += [lambda at, depth: self.pick(at.forms)] * 2
        if rows := self._of_kind(at, "form"):
            rules += [lambda at, depth: self.element(at, self.pick(rows), "2")]
        if at.words:
            rules.append(lambda at, depth: f"value({self.pick(at.words).name})")
        if any(h.result == "form" for h in at.helpers):
            rules.append(
                lambda at, depth: self.call(at, self.pick([h for h in at.helpers if h.result == "form"]), depth)
            )
        return self.pick(rules)(at, depth - 1)

    def _sum(self, at: Scenery, depth: int) -> str:
        rows = self._of_kind(at, "bit")
        if rows and self.flip():
            return f"SUM({self.pick(rows).name})"
        clause, inside = self.clause(at)
        weight = self.pick(["", "", f"({self.integer(inside)}) * "])
        return f"SUM({weight}{self.wires(inside, depth)} for {clause})"

    def _linear(self, at: Scenery, depth: int) -> str:
        second = self.pick([self.form(at, depth - 1), self.wires(at, depth), self.integer(at)])
        return f"({self.form(at, depth)} {self.pick(['+', '-'])} ({second}))"

    def _scaled(self, at: Scenery, depth: int) -> str:
        return self.pick(
            [
                f"{self.number(0, 3)} * {self.form(at, depth)}",
                f"({self.form(at, depth)} * -1)",
                f"(-{self.form(at, depth)})",
            ]
        )

    def _level(self, at: Scenery, depth: int) -> str:
        return f"({self.form(at, depth)} {self.pick(['//', '%'])} {self.number(1, 4)})"

    def _within(self, at: Scenery, depth: int) -> str:
        m = self.number(1, 4)
        return f"within({self.form(at, depth)} % {m}, {self.number(-1, 0)}, {m})"

    def _fold_form(self, at: Scenery, depth: int) -> str:
        state, k, times = self.fresh("s"), self.fresh("t"), self.length(at)
        inside = replace(at, forms=(*at.forms, state), indices=(*at.indices, Index(k, times)))
        return f"(fold {state} = within({self.pick(['0', '1', self.wires(at, 0)])}, 0, 2) for {k} < {times} yield ({state} + {self.form(inside, depth - 1)}) % 3)"

    def _chosen(self, at: Scenery, depth: int) -> str:
        if self.flip():
            return f"(if {self.condition(at)} then {self.form(at, depth)} else {self.pick([self.wires(at, depth), '1', '-1'])})"
        return f"((if {self.wires(at, depth - 1)} then {self.number(-2, 3)} else {self.number(-2, 3)}) + 0)"

    # ---- words

    def _word_elements(self, at: Scenery) -> list[WordName]:
        """Elements of arrays of words, by an index in range."""
        rows = self._of_kind(at, "uint(2)")
        return [
            WordName(f"{row.name}[{index.name}]", False, "2")
            for row in rows
            for index in at.indices
            if index.bound == row.length
        ]

    def word(self, at: Scenery, depth: int) -> WordName:
        """A word on wires: its text, its kind, its width."""
        if depth <= 0:
            return self.pick(
                [*at.words, *self._word_elements(at), WordName(f"uint(1)([{self.wires(at, 0)}])", False, "1")]
            )
        a, b = self.word(at, depth - 1), self.word(at, depth - 1)
        unsigned = not a.signed and not b.signed
        both = [str(w.width) if w.signed or unsigned else f"{w.width} + 1" for w in (a, b)]
        wide = f"(max({both[0]}, {both[1]}) + 1)"
        kind = self.pick(["uint", "int"])
        width = str(self.number(int(kind == "int"), 3))
        length = f"({self.length(at)} + 1)" if kind == "int" else self.length(at)
        clause_free = self.array(at, length, depth - 1)
        return self.pick(
            [
                a,
                WordName(f"({a.name} + {b.name})", not unsigned, wide),
                WordName(f"({a.name} - {b.name})", True, wide),
                WordName(f"({a.name} + 0)", a.signed, f"({a.width} + 1)"),
                WordName(f"{kind}({width})({a.name})", kind == "int", width),
                WordName(f"{kind}({length})({clause_free})", kind == "int", length),
                WordName(f"COUNT({clause_free})", False, f"bits({length})"),
                WordName(f"(if {self.wires(at, depth - 1)} then uint(2)({a.name}) else uint(2)({b.name}))", False, "2"),
                WordName(f"uint(2)({self.number(0, 3)})", False, "2"),
            ]
        )

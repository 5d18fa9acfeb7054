"""Random programs, as text: all phrases of the grammar, with blanks, newlines and comments where they may stand."""

from __future__ import annotations

from random import Random

NAMES = ("a", "b", "x", "n", "f", "layer", "table", "MAJ", "_1", "Sigma")


class Writer:
    """gaps: also newlines and comments, not only blanks."""

    def __init__(self, seed: int, gaps: bool = True) -> None:
        self.random = Random(seed)
        self.gaps = gaps
        self.comments = 0

    def script(self) -> str:
        count = self.random.randrange(1, 6)
        parts = [self.outside()]
        for _ in range(count):
            parts += [self.statement(), self.end()]
        return "".join(parts)

    def end(self) -> str:
        tail = f"  {self.comment()}" if self.random.random() < 0.2 and self.gaps else ""
        return tail + "\n" + self.outside()

    def outside(self) -> str:
        """Blank lines and comments between statements."""
        if not self.gaps or self.random.random() < 0.6:
            return ""
        return "".join(
            self.random.choice(("\n", f"{self.comment()}\n", "   \n")) for _ in range(self.random.randrange(4))
        )

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}"

    def gap(self) -> str:
        """Where a line may end."""
        if not self.gaps or self.random.random() < 0.85:
            return self.random.choice((" ", " ", "  ", "\t"))
        return self.random.choice(("\n", f"  {self.comment()}\n    ", f"\n{self.comment()}\n", "\r\n"))

    def name(self) -> str:
        return self.random.choice(NAMES)

    def listed(self, make: object, least: int = 0, most: int = 3) -> str:
        assert callable(make)
        return f",{self.gap()}".join(make() for _ in range(self.random.randint(least, most)))

    # ---- expressions

    def expression(self, depth: int = 3) -> str:
        g, r = self.gap, self.random
        if depth <= 0 or r.random() < 0.2:
            return r.choice((self.name(), str(r.randrange(100)), "0.5", '"10"'))
        e = lambda: self.expression(depth - 1)  # noqa: E731
        match r.randrange(15):
            case 0:
                return f"if {e()}{g()}then {e()}{g()}else{g()}{e()}"
            case 1:
                return f"fold s ={g()}{self.safe(depth)} for{g()}k < {self.sum(depth)}{g()}yield{g()}{e()}"
            case 2:
                word = r.choice(("and", "or"))
                return f"{self.tight(depth)} {word}{g()}{self.tight(depth)} {word}{g()}{self.tight(depth)}"
            case 3:
                return f"not{g()}{self.tight(depth)}"
            case 4:
                return f"{self.sum(depth)} {r.choice(('<', '<=', '>', '>=', '==', '!='))}{g()}{self.sum(depth)}"
            case 5:
                sign = r.choice("&|^")
                return f"{self.sum(depth)} {sign}{g()}{self.sum(depth)} {sign}{g()}{self.sum(depth)}"
            case 6 | 7:
                return self.sum(depth)
            case 8:
                return f"[{self.listed(e)}]"
            case 9:
                return f"[{self.safe(depth)}{g()}{self.clause(depth)}]"
            case 10:
                return f"({g()}{e()}{g()})"
            case _:
                return self.tight(depth)

    def safe(self, depth: int) -> str:
        return f"({self.expression(depth - 1)})"

    def sum(self, depth: int) -> str:
        if depth <= 0 or self.random.random() < 0.4:
            return self.tight(depth)
        signs = self.random.choice((("+", "-"), ("*", "/", "//", "%", "<<", ">>")))
        rest = [
            f" {self.random.choice(signs)}{self.gap()}{self.tight(depth)}" for _ in range(self.random.randint(1, 3))
        ]
        return self.tight(depth) + "".join(rest)

    def tight(self, depth: int) -> str:
        g, r = self.gap, self.random
        if depth <= 0:
            return self.name()
        e = lambda: self.expression(depth - 1)  # noqa: E731
        match r.randrange(9):
            case 0:
                return f"{r.choice('!-')}{self.tight(depth - 1)}"
            case 1:
                return f"{self.name()}**{g()}{self.tight(depth - 1)}"
            case 2:
                return f"{self.name()}({g()}{self.listed(e)}{g()})"
            case 3:
                return f"{self.name()}({self.safe(depth)}{g()}{self.clause(depth)})"
            case 4:
                return f"{self.name()}[{g()}{self.listed(lambda: self.item(depth), 1)}{g()}]"
            case 5:
                return f"{self.name()}.bits"
            case 6:
                return f"{self.name()}[{self.name()} = {e()}]({e()})"
            case _:
                return f"({e()})"

    def item(self, depth: int) -> str:
        if self.random.random() < 0.3:
            return f"{self.expression(depth - 1)}..{self.gap()}{self.expression(depth - 1)}"
        return self.expression(depth - 1)

    def clause(self, depth: int) -> str:
        guard = f"{self.gap()}if {self.expression(depth - 1)}" if self.random.random() < 0.3 else ""
        return f"for{self.gap()}{self.listed(lambda: self.binder(depth), 1)}{guard}"

    def binder(self, depth: int) -> str:
        if self.random.random() < 0.3:
            return f"{self.name()} in{self.gap()}{self.sum(depth - 1)} ..{self.gap()}{self.sum(depth - 1)}"
        return f"{self.name()} {self.random.choice(('<', '<='))}{self.gap()}{self.sum(depth - 1)}"

    # ---- types and statements

    def type(self) -> str:
        base = self.random.choice(("bit", "uint(w)", "float(p, nearest)", "Sigma", '{"a", "b"}', "form(0, n + 1)"))
        return base + self.random.choice(("", "", "[n]", "[m, n + 1]"))

    def parameter(self) -> str:
        return f"{self.name()}:{self.gap()}{self.type()}"

    def static(self) -> str:
        return self.random.choice(
            (self.name(), f"{self.name()}: rational[m, n]", f"{self.name()}: (bit[n], bit) -> bit")
        )

    def head(self) -> str:
        statics = f"[{self.listed(self.static, 1)}]" if self.random.random() < 0.3 else ""
        where = f"{self.gap()}where {self.expression(2)}" if self.random.random() < 0.2 else ""
        return f"{self.name()}{statics}({self.gap()}{self.listed(self.parameter)}) ->{self.gap()}{self.type()}{where}"

    def let(self) -> str:
        indices = f"[{self.listed(lambda: self.binder(1), 1)}]" if self.random.random() < 0.4 else ""
        return f"let {self.name()}{indices} ={self.gap()}{self.expression()}"

    def lines(self, statements: list[str]) -> str:
        return (
            "{"
            + self.random.choice((" ", "\n", self.end()))
            + "".join(s + self.end() for s in statements[:-1])
            + statements[-1]
            + self.random.choice((" ", "\n", self.end()))
            + "}"
        )

    def family(self) -> str:
        table = "table " if self.random.random() < 0.2 else ""
        if self.random.random() < 0.5:
            return f"{table}family {self.head()} ={self.gap()}{self.expression()}"
        lets = [self.let() for _ in range(self.random.randrange(3))]
        return f"{table}family {self.head()} {self.lines([*lets, f'return {self.expression()}'])}"

    def transformer(self) -> str:
        rebind = f"x[{self.binder(1)}] ={self.gap()}{self.expression()}"
        layer = self.lines([*[self.let() for _ in range(self.random.randrange(2))], rebind])
        steps = [
            f"precision p = {self.expression(2)}{self.random.choice(('', ', nearest'))}",
            f"embed x[i < n] ={self.gap()}{self.expression()}",
            self.let(),
            f"layer {layer}",
            f"repeat {self.expression(1)} layer {layer}",
        ]
        return f"transformer {self.head()} {self.lines([*steps, f'return {self.expression()}'])}"

    def claim(self) -> str:
        quantifiers = ""
        if self.random.random() < 0.7:
            kinds = (self.parameter, lambda: self.binder(1), lambda: f"{self.name()} >= {self.sum(1)}")
            guard = f" if {self.expression(2)}" if self.random.random() < 0.3 else ""
            quantifiers = f" for{self.gap()}{self.listed(lambda: self.random.choice(kinds)(), 1)}{guard}"
        if self.random.random() < 0.3:
            return f"prove {self.expression()}{quantifiers}"
        return f"check {self.expression()}{quantifiers}{self.random.choice(('', ' sampled 100'))}"

    def statement(self) -> str:
        kinds = (
            self.family,
            self.family,
            self.transformer,
            self.claim,
            self.claim,
            self.let,
            lambda: f"let f({self.listed(self.name, 1)}) ={self.gap()}{self.expression()}",
            lambda: f"option seconds = {self.expression(1)}",
            lambda: 'use "other.tc"',
            lambda: 'weights W = "model.safetensors"',
            lambda: f'alphabet Sigma = {{{self.gap()}"a",{self.gap()}"b"{self.gap()}}}',
            self.expression,
            self.expression,
        )
        return self.random.choice(kinds)()

"""Expressions and types as documents, with the parentheses that the tree needs and no others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import assert_never

from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.comments import Comments
from tc0.dsl.syntax.layout import Lexeme
from tc0.dsl.syntax.pretty import Cat, Doc, Group, Hard, Line, Nest, Remark, cat

# Levels of the grammar, from the loosest; an operand of a lower level than its place asks for needs parentheses.
LOOSE, OR, AND, NOT, COMPARE, COMBINE, SUM, PRODUCT, UNARY, POWER, POSTFIX = range(11)

# What stands in brackets: where it begins, and what it becomes.
Entry = tuple[int, Callable[[], Doc]]


def level(node: tree.Expression) -> int:
    """The level of the grammar that an expression belongs to."""
    match node:
        case tree.If() | tree.Fold():
            return LOOSE
        case tree.Logic():
            return OR if node.operator == "or" else AND
        case tree.Unary():
            return NOT if node.operator == "not" else UNARY
        case tree.Compare():
            return COMPARE
        case tree.Combine():
            return COMBINE
        case tree.Chain():
            return SUM if node.rest[0][0] in "+-" else PRODUCT
        case tree.Power():
            return POWER
        case _:
            return POSTFIX


class Expressions:
    """Methods are called in the order of the text, since each takes the comments before it."""

    def __init__(self, source: Source, lexemes: Sequence[Lexeme]) -> None:
        self.text = source.text
        self.comments = Comments(lexemes, source.text)
        self.strings = [lexeme.start for lexeme in lexemes if lexeme.type == "STRING"]

    def gap(self, start: int, flat: str = " ") -> Doc:
        """A place where a line may end, before what begins at this character: with the comments before that."""
        comments = self.comments.take(start)
        if not comments:
            return Line(flat)
        parts: list[Doc] = []
        for at, comment in enumerate(comments):
            if comment.own or at:
                parts += [Hard(), comment.text]
            else:
                parts.append(Remark(comment.text))
        return Cat((*parts, Hard()))

    def seam(self, start: int, flat: str = "") -> Doc:
        """A place where a line ends only if there is a comment."""
        return self.gap(start) if self.comments.waiting(start) else flat

    def bracketed(self, opening: str, entries: Sequence[Entry], closing: str, end: int, broken: bool = False) -> Doc:
        """`(a, b)`: on one line, or an entry a line. end: comments up to here stand inside."""
        if not entries:
            return opening + closing
        parts: list[Doc] = []
        for at, (start, make) in enumerate(entries):
            parts += [self.gap(start, " " if at else ""), make(), "," if at + 1 < len(entries) else ""]
        return Group(cat(opening, Nest(Cat(tuple(parts))), self.gap(end, ""), closing), broken)

    # ---- expressions

    def expression(self, node: tree.Expression, wanted: int = LOOSE) -> Doc:
        """An expression at a place that takes expressions of this level."""
        if level(node) < wanted:
            return cat("(", Nest(self.bare(node)), ")")
        return self.bare(node)

    def hanging(self, node: tree.Expression, wanted: int = LOOSE) -> Doc:
        """The same behind a word on its line: its further lines are indented. Brackets do that by themselves."""
        document = self.expression(node, wanted)
        return document if level(node) >= UNARY or level(node) < wanted else Nest(document)

    def bare(self, node: tree.Expression) -> Doc:
        match node:
            case tree.Number():
                return node.text
            case tree.Text():
                return f'"{node.value}"'
            case tree.Name():
                return node.name
            case tree.Items():
                return self.items(node)
            case tree.Comprehension():
                return self.comprehension(node)
            case tree.If():
                return self.choice(node)
            case tree.Fold():
                return self.fold(node)
            case tree.Logic():
                inner = AND if node.operator == "or" else NOT
                return self.chain(node.operands[0], [(node.operator, operand) for operand in node.operands[1:]], inner)
            case tree.Unary():
                space = " " if node.operator == "not" else ""
                return cat(
                    node.operator, self.seam(node.operand.span.start, space), self.expression(node.operand, level(node))
                )
            case tree.Compare():
                return self.chain(node.left, [(node.operator, node.right)], SUM)
            case tree.Combine():
                return self.chain(node.operands[0], [(node.operator, operand) for operand in node.operands[1:]], SUM)
            case tree.Chain():
                return self.chain(node.first, node.rest, level(node) + 1)
            case tree.Power():
                base = self.expression(node.base, POSTFIX)
                return cat(base, "**", self.seam(node.exponent.span.start), self.expression(node.exponent, UNARY))
            case tree.Call():
                return self.call(node)
            case tree.Index():
                return self.index(node)
            case tree.Field():
                return cat(self.expression(node.base, POSTFIX), f".{node.name}")
            case _:
                assert_never(node)

    def chain(self, first: tree.Expression, rest: Sequence[tuple[str, tree.Expression]], wanted: int) -> Doc:
        """Operands of this level with operators between them; a line ends behind an operator."""
        parts = [self.expression(first, wanted)]
        for operator, operand in rest:
            parts += [f" {operator}", self.gap(operand.span.start), self.expression(operand, wanted)]
        return Group(Cat(tuple(parts)))

    def items(self, node: tree.Items) -> Doc:
        entries: list[Entry] = [(element.span.start, self._element(element)) for element in node.elements]
        return self.bracketed("[", entries, "]", node.span.end - 1, self._rows(node))

    def _rows(self, node: tree.Items) -> bool:
        """The author began a new line between the elements."""
        return any(self.newline_between(*pair) for pair in pairwise(node.elements))

    def _element(self, node: tree.Expression) -> Callable[[], Doc]:
        return lambda: self.expression(node)

    def comprehension(self, node: tree.Comprehension) -> Doc:
        parts = [self.gap(node.body.span.start, ""), self.before_for(node.body), *self.clause(node.clause)]
        return Group(cat("[", Nest(Cat(tuple(parts))), self.gap(node.span.end - 1, ""), "]"))

    def before_for(self, node: tree.Expression) -> Doc:
        """What a `for` follows: the parentheses of an author who wants no doubt about its last branch are kept."""
        kept = self.text[node.span.end : node.span.end + 80].lstrip().startswith(")")
        return self.expression(node, OR if kept else LOOSE)

    def clause(self, node: tree.Clause) -> list[Doc]:
        parts: list[Doc] = [self.gap(node.span.start), "for "]
        listed: list[Doc] = []
        for at, binder in enumerate(node.binders):
            listed += [",", Group(self.gap(binder.span.start))] if at else []
            listed.append(self.binder(binder))
        parts.append(Nest(Cat(tuple(listed))))
        if node.guard is not None:
            parts += [self.gap(node.guard.span.start), "if ", self.hanging(node.guard)]
        return parts

    def binder(self, node: tree.Binder) -> Doc:
        if node.low is None:
            return cat(
                f"{node.name} {node.operator}", self.seam(node.high.span.start, " "), self.expression(node.high, SUM)
            )
        return cat(f"{node.name} in", self.seam(node.low.span.start, " "), self.range(node.low, node.high, SUM))

    def range(self, low: tree.Expression, high: tree.Expression, wanted: int) -> Doc:
        """`a..b`, with blanks beside operators: `i + 1 .. n`."""
        space = "" if min(level(low), level(high)) >= UNARY else " "
        lower = self.expression(low, wanted)
        return cat(lower, f"{space}..", self.seam(high.span.start, space), self.expression(high, wanted))

    def indices(self, binders: Sequence[tree.Binder]) -> Doc:
        """`[i < m, j < n]` of a `let`, or nothing."""
        if not binders:
            return ""
        parts: list[Doc] = []
        for at, binder in enumerate(binders):
            parts += [", " if at else "", self.binder(binder)]
        return cat("[", *parts, "]")

    def choice(self, node: tree.If) -> Doc:
        """A ladder of `if then else if`: on one line, or a line for each branch, which may be broken before `then`."""
        parts: list[Doc] = []
        broken = False
        rest: tree.Expression = node
        while isinstance(rest, tree.If):
            here = self.newline_between(rest.condition, rest.then)
            broken = broken or here or self.newline_between(rest.then, rest.other)
            condition = cat("if ", self.hanging(rest.condition, OR), self.gap(rest.then.span.start))
            parts.append(Group(cat(condition, "then ", self.hanging(rest.then, OR)), here))
            parts += [self.gap(rest.other.span.start), "else "]
            rest = rest.other
        return Group(Cat((*parts, self.hanging(rest))), broken)

    def newline_between(self, before: tree.Expression | tree.Binder, after: tree.Expression) -> bool:
        """The author began a new line between two phrases."""
        return "\n" in self.text[before.span.end : after.span.start]

    def fold(self, node: tree.Fold) -> Doc:
        head = cat(f"fold {node.state} = ", self.hanging(node.init, OR), " for ", self.binder(node.binder))
        broken = self.newline_between(node.binder, node.step)
        return Group(cat(head, self.gap(node.step.span.start), "yield ", self.hanging(node.step)), broken)

    def call(self, node: tree.Call) -> Doc:
        function = self.expression(node.function, POSTFIX)
        if not node.arguments:
            return cat(function, "()")
        parts: list[Doc] = ["("]
        inner: list[Doc] = []
        for at, argument in enumerate(node.arguments):
            inner += [",", self.gap(argument.span.start)] if at else [self.gap(argument.span.start, "")]
            inner.append(self.argument(argument, node.clause is not None))
        if node.clause is not None:
            inner += self.clause(node.clause)
        parts += [Nest(Cat(tuple(inner))), self.gap(node.span.end - 1, ""), ")"]
        return cat(function, Group(Cat(tuple(parts))))

    def argument(self, node: tree.Argument, clause: bool = False) -> Doc:
        if node.name is None:
            return self.before_for(node.value) if clause else self.expression(node.value)
        return cat(f"{node.name} = ", self.hanging(node.value, OR if clause else LOOSE))

    def index(self, node: tree.Index) -> Doc:
        base = self.expression(node.base, POSTFIX)
        entries: list[Entry] = [(item.span.start, self._item(item)) for item in node.items]
        return cat(base, self.bracketed("[", entries, "]", node.span.end - 1))

    def _item(self, node: tree.Argument | tree.Slice) -> Callable[[], Doc]:
        if isinstance(node, tree.Slice):
            return lambda: self.range(node.low, node.high, LOOSE)
        return lambda: self.argument(node)

    # ---- types

    def type(self, node: tree.Type | tree.FamilyType) -> Doc:
        match node:
            case tree.NamedType():
                if not node.arguments:
                    return node.name
                return cat(node.name, "(", *self._listed(node.arguments), ")")
            case tree.Symbols():
                return self.symbols(node)
            case tree.ArrayType():
                return cat(self.type(node.base), "[", *self._listed(node.shape), "]")
            case tree.FamilyType():
                parts: list[Doc] = []
                for at, parameter in enumerate(node.parameters):
                    parts += [", " if at else "", self.type(parameter)]
                return cat("(", *parts, ") -> ", self.type(node.result))
            case _:
                assert_never(node)

    def _listed(self, nodes: Sequence[tree.Expression]) -> list[Doc]:
        parts: list[Doc] = []
        for at, node in enumerate(nodes):
            parts += [", " if at else "", self.expression(node)]
        return parts

    def symbols(self, node: tree.Symbols) -> Doc:
        first = bisect_left(self.strings, node.span.start)
        entries: list[Entry] = [
            (start, lambda symbol=symbol: f'"{symbol}"')  # type: ignore[misc]
            for start, symbol in zip(self.strings[first:], node.symbols, strict=False)
        ]
        return self.bracketed("{", entries, "}", node.span.end - 1)

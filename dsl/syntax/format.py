"""Turns a text into its canonical layout (`tc0 fmt`): the same program, the same comments, one way of writing it.

Long statements are broken after operators and inside of brackets, short ones joined, except where a break of the author
says something: after `=`, between the branches of an `if`, between the rows of an array.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import assert_never

from tc0.dsl.base.depth import deep
from tc0.dsl.base.errors import Fault
from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.format_expressions import SUM, Entry, Expressions
from tc0.dsl.syntax.parse import parse, tokens
from tc0.dsl.syntax.pretty import Cat, Doc, Group, Hard, Line, Nest, Remark, cat, lines, written

WIDTH = 100

_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")

# Something that stands on lines of its own: where it begins and ends, and what it becomes.
Item = tuple[int, int, Callable[[], Doc]]


def format_source(source: Source) -> str:
    """The canonical text of a script. Raises its first syntax error."""
    script = parse(source)
    with deep():
        text = _Statements(source).script(script)
        if parse(Source(source.name, text)) != script:
            raise Fault("E9901", "the canonical layout of this text would change its meaning; nothing was changed")
    return text


class _Statements(Expressions):
    """Statements as documents. Methods are called in the order of the text, since each takes the comments before it."""

    def __init__(self, source: Source) -> None:
        lexemes = tokens(source.text)
        super().__init__(source, lexemes)
        self.returns = [lexeme.start for lexeme in lexemes if lexeme.type == "RETURN"]

    def script(self, script: tree.Script) -> str:
        items: list[Item] = [(node.span.start, node.span.end, self._later(node)) for node in script.statements]
        document = cat(*self.sequence(items, len(self.text) + 1, 0, inside=False))
        text = written(lines(document, WIDTH), WIDTH)
        return text.strip("\n") + "\n" if text.strip("\n") else ""

    def _later(
        self, node: tree.Statement | tree.Precision | tree.Embed | tree.Layer | tree.Rebind
    ) -> Callable[[], Doc]:
        return lambda: self.statement(node)

    def sequence(self, items: Sequence[Item], until: int, end: int, inside: bool) -> list[Doc]:
        """Items and comments on lines of their own, at most one blank line between them where there was one.

        until: the comments up to here belong to the sequence. end: where what stands before it ends. inside: of braces.
        """
        found: list[Doc] = []
        begun = inside

        def newline(start: int) -> None:
            nonlocal begun
            if begun:
                found.append(Hard())
            if found and not (inside and all(isinstance(part, Hard | Remark) for part in found)):
                if _BLANK_LINE.search(self.text, end, max(end, start)):
                    found.append(Hard())
            begun = True

        for start, after, make in [*items, (until, until, None)]:
            own = False  # a comment stands on the line before; another one cannot follow it there
            for comment in self.comments.take(start):
                if comment.own or own:
                    own = True
                    newline(comment.start)
                    found.append(comment.text)
                else:
                    found.append(Remark(comment.text))
                end = max(end, comment.end)
            if make is not None:
                newline(start)
                found.append(make())
                end = max(end, after)
        return found

    # ---- statements

    def statement(self, node: tree.Statement | tree.Precision | tree.Embed | tree.Layer | tree.Rebind) -> Doc:
        match node:
            case tree.Show():
                return self.hanging(node.value)
            case tree.Let():
                head = cat(f"let {node.name}", self.indices(node.binders))
                return cat(head, self.value(self._end(node.binders, node.name_span.end), node.value))
            case tree.Function():
                return cat(f"let {node.name}({', '.join(node.parameters)})", self.value(node.name_span.end, node.body))
            case tree.Family():
                return self.family(node)
            case tree.Transformer():
                return self.transformer(node)
            case tree.Check() | tree.Prove():
                return self.claim(node)
            case tree.Use():
                return f'use "{node.path}"'
            case tree.Option():
                return cat(f"option {node.name} = ", self.hanging(node.value))
            case tree.Alphabet():
                return cat(f"alphabet {node.name} = ", self.symbols(node.symbols))
            case tree.Weights():
                return f'weights {node.name} = "{node.path}"'
            case tree.Precision():
                rounding = f", {node.rounding}" if node.rounding else ""
                return cat(f"precision {node.name} = ", self.hanging(node.value), rounding)
            case tree.Embed():
                head = cat(f"embed {node.name}", self.indices(node.binders))
                return cat(head, self.value(self._end(node.binders, node.span.start), node.value))
            case tree.Rebind():
                head = cat(node.name, self.indices(node.binders))
                return cat(head, self.value(self._end(node.binders, node.span.start), node.value))
            case tree.Layer():
                return self.layer(node)
            case _:
                assert_never(node)

    def _end(self, binders: Sequence[tree.Binder], otherwise: int) -> int:
        return binders[-1].span.end if binders else otherwise

    def value(self, end: int, value: tree.Expression) -> Doc:
        """` = value`, where what stands before it ends at character `end`."""
        broken = "\n" in self.text[end : value.span.start]
        if (
            not broken
            and isinstance(value, tree.Items | tree.Comprehension)
            and not self.comments.waiting(value.span.start)
        ):
            return cat(" = ", self.expression(value))
        gap = self.gap(value.span.start)
        return cat(" =", Group(Nest(cat(gap, self.expression(value))), broken))

    def head(self, word: str, node: tree.Family | tree.Transformer) -> Doc:
        """`family f[k](x: bit[n]) -> bit where n >= 1`."""
        parts: list[Doc] = [f"{word} {node.name}"]
        if node.statics:
            stop = self._opener(node.parameters[0].span.start if node.parameters else node.result.span.start)
            statics: list[Entry] = [(static.span.start, self._static(static)) for static in node.statics]
            parts.append(self.bracketed("[", statics, "]", stop))
        parameters: list[Entry] = [(parameter.span.start, self._parameter(parameter)) for parameter in node.parameters]
        parts.append(self.bracketed("(", parameters, ")", node.result.span.start))
        parts += [" -> ", self.type(node.result)]
        if node.where is not None:
            gap = self.gap(node.where.span.start)
            parts.append(Nest(Group(cat(gap, "where ", self.hanging(node.where)))))
        return Cat(tuple(parts))

    def _static(self, node: tree.Static) -> Callable[[], Doc]:
        if node.type is None:
            return lambda: node.name
        annotation = node.type
        return lambda: cat(f"{node.name}: ", self.type(annotation))

    def _parameter(self, node: tree.Parameter) -> Callable[[], Doc]:
        return lambda: cat(f"{node.name}: ", self.type(node.type))

    def _opener(self, stop: int) -> int:
        """The last `(` before a character: comments before it belong to the brackets before it."""
        at = self.text.rfind("(", 0, stop)
        return at if at >= 0 else stop

    def family(self, node: tree.Family) -> Doc:
        head = self.head("table family" if node.table else "family", node)
        if not node.body.braces:
            end = node.where.span.end if node.where is not None else node.result.span.end
            return cat(head, self.value(end, node.body.result))
        items: list[Item] = [(let.span.start, let.span.end, self._later(let)) for let in node.body.lets]
        return cat(head, " ", self.braces(items, node.body.result, node.body.span.start, node.body.span.end))

    def transformer(self, node: tree.Transformer) -> Doc:
        head = self.head("transformer", node)
        items: list[Item] = [(step.span.start, step.span.end, self._later(step)) for step in node.steps]
        start = node.where.span.end if node.where is not None else node.result.span.end
        return cat(head, " ", self.braces(items, node.returned, start, node.span.end))

    def layer(self, node: tree.Layer) -> Doc:
        head: Doc = "layer "
        if node.times is not None:
            head = cat("repeat ", self.hanging(node.times), " layer ")
        items: list[Item] = [(step.span.start, step.span.end, self._later(step)) for step in node.steps]
        start = node.times.span.end if node.times is not None else node.span.start
        return cat(head, self.braces(items, None, start, node.span.end))

    def braces(self, items: list[Item], result: tree.Expression | None, start: int, end: int) -> Doc:
        """`{ ... }` with its lines; on one line where it is one statement that was written so."""
        if result is not None:
            place = self.returns[bisect_left(self.returns, result.span.start) - 1]
            items.append((place, result.span.end, lambda: cat("return ", self.hanging(result))))
        if len(items) == 1 and "\n" not in self.text[start:end]:
            return Group(cat("{", Nest(cat(Line(), items[0][2]())), Line(), "}"))
        body = self.sequence(items, end, start, inside=True)
        return cat("{", Nest(Cat(tuple(body))), Hard(), "}")

    def claim(self, node: tree.Check | tree.Prove) -> Doc:
        word = "check " if isinstance(node, tree.Check) else "prove "
        parts: list[Doc] = [word, self.hanging(node.body)]
        if node.quantifiers:
            listed: list[Doc] = [" for"]
            for at, quantifier in enumerate(node.quantifiers):
                gap = self.gap(quantifier.span.start)
                listed += [",", Group(gap)] if at else [gap]
                listed.append(self.quantifier(quantifier))
            parts.append(Group(Nest(Cat(tuple(listed)))))
        if node.guard is not None:
            parts += [" if ", self.hanging(node.guard)]
        if isinstance(node, tree.Check) and node.sampled is not None:
            parts.append(f" sampled {node.sampled}")
        return Cat(tuple(parts))

    def quantifier(self, node: tree.Quantifier) -> Doc:
        match node:
            case tree.Parameter():
                return cat(f"{node.name}: ", self.type(node.type))
            case tree.Binder():
                return self.binder(node)
            case tree.AtLeast():
                return cat(f"{node.name} >= ", self.expression(node.low, SUM))
            case _:
                assert_never(node)

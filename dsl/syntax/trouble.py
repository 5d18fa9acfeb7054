"""What is known where the grammar refused a word, and the looks to the left and right that find out why."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from tc0.dsl.base.source import Source, Span
from tc0.dsl.syntax.layout import CLOSER, CLOSERS, NEWLINE, Lexeme

END = "$END"
COMPARISONS = frozenset(("LT", "LE", "GT", "GE", "EQ", "NE"))
WIRES = frozenset(("AMPERSAND", "VBAR", "CIRCUMFLEX"))
INFIX = COMPARISONS | WIRES | frozenset("PLUS MINUS STAR SLASH FLOORDIV PERCENT SHL SHR POW AND OR".split())
STARTERS = frozenset("NAME INT DECIMAL STRING LPAR LSQB BANG MINUS NOT IF FOLD".split())
ENDERS = frozenset("NAME INT DECIMAL STRING RPAR RSQB".split())
KEYWORDS = frozenset(
    "FAMILY TRANSFORMER LET RETURN WHERE IF THEN ELSE FOR IN AND OR NOT FOLD YIELD CHECK PROVE".split()
)
# What separates the operand of a comparison or of `& | ^` from the rest.
_STOPS = KEYWORDS | frozenset(
    (NEWLINE, "COMMA", "COLON", "EQUAL", "ARROW", "DOT2", "USE", "OPTION", "SAMPLED", "LBRACE", "RBRACE")
)


@dataclass(frozen=True, eq=False)  # without slots, for the cached property
class Trouble:
    """words: those of one statement, as the grammar sees them. at: which of them it refused, or their number at the end.

    expected: the types that it would have taken. end: where the statement ends.
    """

    source: Source
    words: tuple[Lexeme, ...]
    at: int
    expected: frozenset[str]
    end: int

    # ---- the word that was refused and its neighbours

    @property
    def here(self) -> Lexeme:
        return self.word(self.at)

    @property
    def before(self) -> Lexeme:
        return self.word(self.at - 1)

    @property
    def after(self) -> Lexeme:
        return self.word(self.at + 1)

    def word(self, at: int) -> Lexeme:
        """The word of this number; outside of the statement an empty one."""
        if at < 0:
            start = self.words[0].start if self.words else self.end
            return Lexeme("", start, start)
        return self.words[at] if at < len(self.words) else Lexeme(END, self.end, self.end)

    def text(self, first: Lexeme, last: Lexeme | None = None) -> str:
        return self.source.text[first.start : (last or first).end]

    def span(self, first: Lexeme, last: Lexeme | None = None) -> Span:
        """The characters of a word, or from one word to another; at the end of a line the place after its last word."""
        if first.type in (NEWLINE, END) and self.at > 0:
            end = self.before.end
            return Span(self.source, end, end)
        return Span(self.source, first.start, (last or first).end)

    def shown(self, word: Lexeme) -> str:
        """A word as a message names it."""
        if word.type == NEWLINE:
            return "the end of the line"
        if word.type == END:
            return "the end"
        text = self.text(word)
        return f"`{text}`" if len(text) <= 30 else f"`{text[:27]}...`"

    @property
    def ends(self) -> bool:
        """The statement ends here."""
        return self.here.type in (NEWLINE, END)

    def touching(self, first: Lexeme, second: Lexeme) -> bool:
        return first.end == second.start

    def starts_line(self, at: int) -> bool:
        """The word is the first of its line."""
        word = self.word(at)
        return not self.source.text[self.source.starts[self.source.line_of(word.start) - 1] : word.start].strip()

    def starts_statement(self, at: int) -> bool:
        return at == 0 or self.word(at - 1).type in (NEWLINE, "LBRACE")

    # ---- brackets

    @cached_property
    def openers(self) -> tuple[int, ...]:
        """Which words are brackets that are open before the refused one, the innermost last."""
        return self._open_at(self.at)

    def _open_at(self, at: int) -> tuple[int, ...]:
        found: list[int] = []
        for number, word in enumerate(self.words[:at]):
            if word.type in CLOSER:
                found.append(number)
            elif word.type in CLOSERS and found:
                found.pop()
        return tuple(found)

    @property
    def opener(self) -> Lexeme | None:
        """The innermost bracket that is open."""
        return self.words[self.openers[-1]] if self.openers else None

    def closer_of(self, opener: int) -> int | None:
        """The word that closes this bracket, or None where none does."""
        depth = 0
        for number in range(opener, len(self.words)):
            kind = self.words[number].type
            depth += (kind in CLOSER) - (kind in CLOSERS)
            if depth == 0:
                return number if kind == CLOSER[self.words[opener].type] else None
        return None

    # ---- operands

    def left(self, at: int, stop: Container[str] = frozenset()) -> int:
        """The first word of what stands left of word `at`, on its bracket level, back to a word that separates."""
        depth = 0
        while at > 0:
            kind = self.words[at - 1].type
            depth += (kind in CLOSERS) - (kind in CLOSER)
            if depth < 0 or (depth == 0 and kind not in CLOSER and (kind in _STOPS or kind in stop)):
                break
            at -= 1
        return at

    def right(self, at: int, stop: Container[str] = frozenset()) -> int:
        """The word after the last of what begins at word `at`, likewise."""
        depth = 0
        while at < len(self.words):
            kind = self.words[at].type
            depth += (kind in CLOSER) - (kind in CLOSERS)
            if depth < 0 or (depth == 0 and kind not in CLOSERS and (kind in _STOPS or kind in stop)):
                break
            at += 1
        return at

    def operator_before(self, kinds: Container[str]) -> int | None:
        """The nearest word of these types left of the refused one, on its bracket level within its operand."""
        depth = 0
        for at in range(self.at - 1, self.left(self.at) - 1, -1):
            kind = self.words[at].type
            depth += (kind in CLOSERS) - (kind in CLOSER)
            if depth == 0 and kind in kinds:
                return at
        return None

    def part(self, first: int, after: int) -> str:
        """The text of some words, as one line."""
        if first >= after:
            return ""
        return " ".join(self.text(self.word(first), self.word(after - 1)).split())

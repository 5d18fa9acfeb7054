"""Turns the words of a text into those the grammar sees: newlines only where they end a statement, and the words that are
keywords only in their place retyped there.

The rules of section 2 of the language need nothing but the type of a token and that of its neighbours, so one reader
serves Lark's stream and the tolerant one that error messages are made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lark import Token

NEWLINE = "_NL"

CLOSER = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSERS = frozenset(CLOSER.values())

# A line that ends in one of these goes on.
CONTINUES = frozenset(
    "PLUS MINUS STAR SLASH FLOORDIV PERCENT SHL SHR POW BANG AMPERSAND VBAR CIRCUMFLEX LT LE GT GE EQ NE COMMA EQUAL COLON "
    "ARROW DOT2 THEN ELSE YIELD FOR IN IF WHERE AND OR NOT".split()
)
# A line that begins with one of these belongs to the line before: nothing complete can be followed by them.
JOINS = frozenset(("THEN", "ELSE", "YIELD", "WHERE"))

# The word and the type it becomes: at the start of a top-level statement before one of these types,
_STATEMENTS = {
    "use": ("USE", frozenset(("STRING",))),
    "option": ("OPTION", frozenset(("NAME", "CHECK"))),  # `option check = both`: the one option that is a reserved word
    "alphabet": ("ALPHABET", frozenset(("NAME",))),
    "weights": ("WEIGHTS", frozenset(("NAME",))),
    "table": ("TABLE", frozenset(("FAMILY",))),
}
# at the start of a statement inside of a transformer (None: before anything),
_STEPS = {
    "precision": ("PRECISION", frozenset(("NAME",))),
    "embed": ("EMBED", frozenset(("NAME",))),
    "repeat": ("REPEAT", None),
}
# anywhere inside of a transformer, and anywhere.
_INSIDE = {"layer": ("LAYER", frozenset(("LBRACE",)))}
_ANYWHERE = {"sampled": ("SAMPLED", frozenset(("INT",)))}

SOFT = {word: kind for table in (_STATEMENTS, _STEPS, _INSIDE, _ANYWHERE) for word, (kind, _) in table.items()}


class Reader:
    """Reads the types of tokens from left to right. `open`: the types of the open brackets, "SYMBOLS" for an alphabet's."""

    __slots__ = ("in_transformer", "open", "previous")

    def __init__(self) -> None:
        self.open: list[str] = []
        self.previous = NEWLINE
        self.in_transformer = False

    @property
    def goes_on(self) -> bool:
        """A newline here would not end a statement."""
        return self.previous in CONTINUES or (bool(self.open) and self.open[-1] != "LBRACE")

    def read(self, kind: str, word: str, following: str) -> str | None:
        """The type of the next token for the grammar, or None where the grammar must not see it.

        following: the type of the token after it, "" at the end; a run of newlines counts as one token.
        """
        if kind == NEWLINE:
            if (
                self.previous == NEWLINE
                or self.previous == "LBRACE"
                or following == "RBRACE"
                or following in JOINS
                or self.goes_on
            ):
                return None
        elif kind == "NAME":
            if word in SOFT:
                kind = self._soft(word, following)
        elif kind in CLOSER:
            self.open.append(kind)
        elif kind in CLOSERS:
            if self.open:
                self.open.pop()
        elif kind == "STRING":
            if self.previous == "LBRACE":
                self.open[-1] = "SYMBOLS"
        elif kind == "TRANSFORMER" or kind == "FAMILY":
            self.in_transformer = kind == "TRANSFORMER"
        self.previous = kind
        return kind

    def _soft(self, word: str, following: str) -> str:
        starts = self.previous == NEWLINE or self.previous == "LBRACE"
        inside = self.in_transformer and bool(self.open)
        tables: list[dict[str, Any]] = [_ANYWHERE]
        if inside:
            tables.append(_INSIDE)
        if starts:
            tables.append(_STEPS if inside else {} if self.open else _STATEMENTS)
        for table in tables:
            if word in table:
                kind, wanted = table[word]
                if wanted is None or following in wanted:
                    return str(kind)
        return "NAME"


class Lexeme(NamedTuple):
    """A token without its text: its type, and the characters `start` to `end` that hold it."""

    type: str
    start: int
    end: int


def laid_out(lexemes: Iterable[Lexeme], text: str) -> tuple[tuple[Lexeme, ...], Reader]:
    """The lexemes as the grammar sees them, without comments, and the reader as it stands at the end."""
    reader = Reader()
    words = [lexeme for lexeme in lexemes if lexeme.type != "COMMENT"]
    found = []
    for at, lexeme in enumerate(words):
        if lexeme.type == NEWLINE and at and words[at - 1].type == NEWLINE:
            continue
        after = at + 1
        while lexeme.type == NEWLINE and after < len(words) and words[after].type == NEWLINE:
            after += 1
        following = words[after].type if after < len(words) else ""
        kind = reader.read(lexeme.type, text[lexeme.start : lexeme.end], following)
        if kind is not None:
            found.append(Lexeme(kind, lexeme.start, lexeme.end))
    return tuple(found), reader


class Layout:
    """The same for Lark's tokens: what Lark calls a postlex."""

    always_accept = (NEWLINE,)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        read = Reader().read
        stream = _without_runs(stream)
        token = next(stream, None)
        while token is not None:
            after = next(stream, None)
            kind = read(token.type, token.value, after.type if after is not None else "")
            if kind == token.type:
                yield token
            elif kind is not None:
                yield token.update(type=kind)
            token = after


def _without_runs(stream: Iterator[Token]) -> Iterator[Token]:
    """Of several newlines in a row only the first."""
    before = ""
    for token in stream:
        if token.type != NEWLINE or before != NEWLINE:
            yield token
        before = token.type

"""Highlighting for Pygments, from the grammar's own terminals: what the parser reads and what is coloured never differ.

Registered as the lexer `tc0`, so that Sphinx, notebooks and `pygmentize -l tc0` find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from tc0.dsl.core.builtins import BUILTINS, TYPE_NAMES
from tc0.dsl.ops.functions import FUNCTIONS
from tc0.dsl.ops.verbs import VERBS
from tc0.dsl.syntax.layout import laid_out
from tc0.dsl.syntax.parse import tokens


def _each(kind: _TokenType, names: str) -> dict[str, _TokenType]:
    return dict.fromkeys(names.split(), kind)


# Every terminal of the grammar has a row; one that is missing is a KeyError, and a test looks.
KINDS: Mapping[str, _TokenType] = MappingProxyType(
    {
        **_each(Keyword, "RETURN WHERE IF THEN ELSE FOR FOLD YIELD CHECK PROVE SAMPLED"),
        **_each(Keyword.Declaration, "FAMILY TRANSFORMER LET ALPHABET WEIGHTS TABLE PRECISION EMBED REPEAT LAYER"),
        **_each(Keyword.Namespace, "USE OPTION"),
        **_each(Operator.Word, "IN AND OR NOT"),
        **_each(
            Operator,
            "LT LE GT GE EQ NE AMPERSAND VBAR CIRCUMFLEX BANG PLUS MINUS STAR SLASH FLOORDIV PERCENT SHL SHR POW",
        ),
        **_each(Operator, "EQUAL ARROW DOT2"),
        **_each(Punctuation, "LPAR RPAR LSQB RSQB LBRACE RBRACE COMMA COLON DOT"),
        **_each(Number.Integer, "INT"),
        **_each(Number.Float, "DECIMAL"),
        **_each(String.Double, "STRING"),
        **_each(Name, "NAME"),
        **_each(Comment.Single, "COMMENT"),
        **_each(Whitespace, "_NL BLANKS"),
        **_each(Error, "ERROR"),
    }
)

_DEFINES = frozenset(("FAMILY", "TRANSFORMER", "LET", "ALPHABET"))


class Tc0Lexer(Lexer):
    """The language tc0."""

    name = "tc0"
    aliases = ["tc0"]
    filenames = ["*.tc"]
    mimetypes = ["text/x-tc0"]
    url = "https://pypi.org/project/tc0-lang/"

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """(offset, kind, text) of everything in the text, blanks too."""
        lexemes = tokens(text)
        retyped = {word.start: word.type for word in laid_out(lexemes, text)[0]}
        at, before = 0, ""
        for lexeme in lexemes:
            if lexeme.start > at:
                yield at, Whitespace, text[at : lexeme.start]
            word = text[lexeme.start : lexeme.end]
            kind = retyped.get(lexeme.start, lexeme.type)
            yield lexeme.start, _kind(kind, word, before), word
            at = lexeme.end
            before = kind if lexeme.type != "COMMENT" else before
        if at < len(text):
            yield at, Whitespace, text[at:]


def _kind(kind: str, word: str, before: str) -> _TokenType:
    if kind != "NAME":
        return KINDS[kind]
    if before in _DEFINES:
        return Name.Function
    if before in ("COLON", "ARROW") and word in TYPE_NAMES:
        return Keyword.Type
    if word in ("true", "false"):
        return Keyword.Constant
    if word in BUILTINS or word in VERBS or (word in FUNCTIONS and not FUNCTIONS[word].operator):
        return Name.Builtin
    return Keyword.Type if word in TYPE_NAMES else KINDS[kind]

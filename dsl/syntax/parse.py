"""Turns text into the surface tree, or into the syntax errors it holds. With `tables` the only importer of Lark.

Text that parses is parsed in one go. Text that does not is cut into its top-level statements, so that a mistake in one is
no mistake in the next; `mistakes` finds the words for each.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.build import build
from tc0.dsl.syntax.layout import JOINS, NEWLINE, SOFT, Lexeme, laid_out
from tc0.dsl.syntax.mistakes import explain, not_text
from tc0.dsl.syntax.pieces import pieces
from tc0.dsl.syntax.tables import grammar
from tc0.dsl.syntax.trouble import Trouble

MOST_ERRORS = 10
_NEXT_LINE = JOINS | {"RBRACE"}  # with these the next line can still complete a line that is not complete
_BIG = 20_000  # characters from which the garbage collector only costs time


def parse(source: Source) -> tree.Script:
    """The script that a text holds. Raises the first of its syntax errors."""
    script, errors = parse_all(source)
    if errors:
        raise errors[0]
    return script


def parse_all(source: Source) -> tuple[tree.Script, tuple[Error, ...]]:
    """The statements that are well formed, and the first error of each other one, at most 10."""
    try:
        return _script(source, _statements(source, 0, len(source.text))), ()
    except Error as error:  # well formed, but nested too deep
        return _script(source, ()), (error,)
    except UnexpectedInput as raised:
        whole = raised
    garbage = not_text(source)
    if garbage is not None:
        return _script(source, ()), (garbage,)
    statements, errors = _by_pieces(source)
    if not errors:  # no statement is wrong by itself
        errors = [_error(source, 0, len(source.text), whole)]
    return _script(source, tuple(statements)), tuple(errors)


def _by_pieces(source: Source) -> tuple[list[tree.Statement], list[Error]]:
    statements: list[tree.Statement] = []
    errors: list[Error] = []
    follows = False  # an error, of which the next lines may be the rest
    for start, end in pieces(tokens(source.text), source.text):
        if follows and _is_rest(source, start):
            continue
        try:
            statements += _statements(source, start, end)
            follows = False
        except (UnexpectedInput, Error) as raised:
            errors.append(_error(source, start, end, raised))
            follows = True
        if len(errors) == MOST_ERRORS:
            break
    return statements, errors


def _error(source: Source, start: int, end: int, raised: UnexpectedInput | Error) -> Error:
    return raised if isinstance(raised, Error) else explain(_trouble(source, start, end, raised))


def _is_rest(source: Source, start: int) -> bool:
    """A line that is indented or begins with a bracket is no statement of its own."""
    return source.column_of(start) > 1 or source.text[start] in "()[]{}"


def _script(source: Source, statements: tuple[tree.Statement, ...]) -> tree.Script:
    return tree.Script(statements, Span(source, 0, len(source.text)))


def _statements(source: Source, start: int, end: int) -> tuple[tree.Statement, ...]:
    with _collecting_later(end - start):
        parsed: Tree[Token] = grammar().parse(source.text[start:end] + "\n")
        return build(parsed, source, start)


@contextmanager
def _collecting_later(size: int) -> Iterator[None]:
    pause = size > _BIG and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


# ---- what Enter and completion ask


def status(text: str) -> Literal["complete", "incomplete", "error"]:
    """Whether the text is a script, may become one when lines are added, or neither."""
    try:
        grammar().parse(text + "\n")
    except UnexpectedCharacters:
        return "error"
    except UnexpectedToken as trouble:
        if trouble.token.type == "$END":
            return "incomplete"
        if trouble.token.type == NEWLINE and not _has_words(text[trouble.pos_in_stream or 0 :]):
            return "incomplete" if _NEXT_LINE & trouble.accepts else "error"
        return "error"
    return "complete"


def _has_words(text: str) -> bool:
    return any(token.type not in (NEWLINE, "COMMENT") for token in tokens(text))


def accepts(text: str) -> frozenset[str]:
    """The types of tokens that may follow a text; none where it is wrong already."""
    parser: Any = grammar().parse_interactive(text)
    try:
        parser.exhaust_lexer()
    except UnexpectedInput:
        return frozenset()
    return frozenset(parser.accepts())


# ---- tokens


@dataclass(frozen=True, slots=True)
class Terminal:
    """A type of tokens and the regular expression that finds it."""

    name: str
    pattern: str
    priority: int


@dataclass(frozen=True, slots=True)
class Terminals:
    """Everything a lexer needs. patterns: tried in this order. keywords, soft: words that NAME finds, and their types.

    A soft word is a keyword only in its place.
    """

    patterns: tuple[Terminal, ...]
    keywords: Mapping[str, str]
    soft: Mapping[str, str]


@cache
def terminals() -> Terminals:
    """The terminals of the grammar, in the order in which Lark tries them."""
    found = [terminal for terminal in grammar().terminals if terminal.pattern is not None]
    words = {t.pattern.value: t.name for t in found if isinstance(t.pattern, PatternStr) and t.pattern.value.isalpha()}
    rest = [t for t in found if t.name not in words.values()]
    rest.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    patterns = tuple(Terminal(t.name, t.pattern.to_regexp(), t.priority) for t in rest)
    return Terminals(patterns, words, SOFT)


@cache
def _scanner() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{t.name}>{t.pattern})" for t in terminals().patterns))


def tokens(text: str) -> tuple[Lexeme, ...]:
    """All tokens of any text: comments too, blanks not; a run of characters that begin no token has type "ERROR"."""
    scan, keywords = _scanner().match, terminals().keywords
    found: list[Lexeme] = []
    at = 0
    while at < len(text):
        match = scan(text, at)
        if match is None:
            found.append(Lexeme("ERROR", at, at + 1))
            at += 1
            continue
        end = match.end()
        kind = match.lastgroup or "ERROR"
        if kind == "NAME":
            kind = keywords.get(match.group(), kind)
        if kind != "BLANKS":
            found.append(Lexeme(kind, at, end))
        at = end
    return tuple(found)


def _trouble(source: Source, start: int, end: int, raised: UnexpectedInput) -> Trouble:
    """What Lark found at one piece of the text, in our terms."""
    piece = source.text[start:end] + "\n"
    words, _ = laid_out(tokens(piece), piece)
    moved = tuple(Lexeme(word.type, word.start + start, word.end + start) for word in words)
    at_end = isinstance(raised, UnexpectedToken) and raised.token.type == "$END"
    place = len(piece) if at_end else raised.pos_in_stream or 0
    at = next((index for index, word in enumerate(words) if word.start >= place), len(words))
    before = piece[: words[at - 1].end] if at else ""
    # Lark's own set is what remains after the reductions that the refused word caused, and may be too small.
    expected = accepts(before) or (frozenset(raised.accepts) if isinstance(raised, UnexpectedToken) else frozenset())
    return Trouble(source, moved, at, expected, end)

"""Cuts a text into its top-level statements, whether they are well formed or not."""

from __future__ import annotations

from collections.abc import Iterable

from tc0.dsl.syntax.layout import NEWLINE, Lexeme, Reader

# These begin a top-level statement wherever a line begins with them: what is open before them was never closed.
_ALWAYS = frozenset(("FAMILY", "TRANSFORMER", "CHECK", "PROVE"))


def pieces(lexemes: Iterable[Lexeme], text: str) -> list[tuple[int, int]]:
    """The characters `start` to `end` of each statement, without the comments above it."""
    words = [lexeme for lexeme in lexemes if lexeme.type != "COMMENT"]
    found: list[tuple[int, int]] = []
    reader = Reader()
    first: Lexeme | None = None
    before = last = Lexeme(NEWLINE, 0, 0)
    for at, word in enumerate(words):
        following = _following(words, at)
        if first is not None and before.type == NEWLINE and _begins(word, text, following, reader):
            found.append((first.start, last.end))
            first, reader = None, Reader()
        if word.type != NEWLINE or before.type != NEWLINE:
            kind = reader.read(word.type, text[word.start : word.end], following)
            if kind == NEWLINE and not reader.open and first is not None:
                found.append((first.start, last.end))
                first = None
        if word.type != NEWLINE:
            first = first or word
            last = word
        before = word
    if first is not None:
        found.append((first.start, last.end))
    return found


def _following(words: list[Lexeme], at: int) -> str:
    """The type of the token after this one, a run of newlines counting as one."""
    after = at + 1
    while words[at].type == NEWLINE and after < len(words) and words[after].type == NEWLINE:
        after += 1
    return words[after].type if after < len(words) else ""


def _begins(word: Lexeme, text: str, following: str, reader: Reader) -> bool:
    """A statement begins here, although the one before has not ended."""
    if word.type in _ALWAYS:
        return True
    if word.type == "LET":
        return "LBRACE" not in reader.open
    return following == "FAMILY" and text[word.start : word.end] == "table"

"""The comments of a text, handed out in order to whatever is written after them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tc0.dsl.syntax.layout import Lexeme


class Comment(NamedTuple):
    """own: nothing stands before it on its line."""

    text: str
    start: int
    end: int
    own: bool


class Comments:
    """Each comment is taken once, by the first place that asks for those before it."""

    def __init__(self, lexemes: Iterable[Lexeme], text: str) -> None:
        self.comments = [_comment(lexeme, text) for lexeme in lexemes if lexeme.type == "COMMENT"]
        self.taken = 0

    def waiting(self, before: int) -> bool:
        """Some comment that begins before this character has not been taken."""
        return self.taken < len(self.comments) and self.comments[self.taken].start < before

    def take(self, before: int) -> list[Comment]:
        """The comments that begin before this character and have not been taken."""
        first = self.taken
        while self.waiting(before):
            self.taken += 1
        return self.comments[first : self.taken]


def _comment(lexeme: Lexeme, text: str) -> Comment:
    line = max(text.rfind("\n", 0, lexeme.start), text.rfind("\r", 0, lexeme.start)) + 1
    return Comment(
        text[lexeme.start : lexeme.end].rstrip(), lexeme.start, lexeme.end, not text[line : lexeme.start].strip()
    )

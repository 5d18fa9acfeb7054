"""Highlighting never drifts from the grammar."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkout import ROOT
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Name, Whitespace

from tc0.dsl.session.library import FOLDER
from tc0.dsl.syntax.parse import terminals, tokens
from tc0.repl.lexer import KINDS, Tc0Lexer
from tc0.repl.words import WORDS

PROGRAMS = sorted([*FOLDER.glob("*.tc"), *((ROOT / "examples").glob("*.tc") if ROOT else [])])
FIRST = """\
# Parity of n bits.
table family f[k](x: bit[n], w: {"a", "b"}[m]) -> uint(4) where n >= 1 {
    let c[i < n, j <= i] = if bit(i, j) == 1 and not i == 2 then x[i] & !x[j] else MAJ(x) // 2 % 3
    return fold s = 0.5 for t < k yield s ** 2 << 1 >> 1
}
transformer t(w: bit[n]) -> bit {
    precision p = 4, nearest
    embed x[i < n] = [1, 2]
    repeat 3 layer { x[i < n] = x[i] | x[i] ^ 1 }
    return x[0][0] > 1 or x[1][0] / 2 <= -3 and 1 != 2
}
check f(x) == 1 for x: bit[n], n in 3..9 if n > 2 sampled 50
prove 1 < 2
use "other.tc"
option seed = 1
alphabet S = {"a"}
weights W = "file"
"""


def colored(text: str) -> list[tuple[object, str]]:
    return [(kind, word) for _, kind, word in Tc0Lexer().get_tokens_unprocessed(text)]


def test_every_terminal_has_a_kind() -> None:
    every = {t.name for t in terminals().patterns} | set(terminals().keywords.values()) | set(terminals().soft.values())
    for name in every:
        KINDS[name]
    assert set(KINDS) - every == {"ERROR"}


def test_a_program_with_everything_has_no_errors() -> None:
    kinds = {kind for kind, _ in colored(FIRST)}
    assert Error not in kinds


def test_soft_words_are_keywords_only_in_their_place() -> None:
    words = {(word, kind) for kind, word in colored(FIRST + "let table = 3\nlayer + embed\n")}
    assert ("layer", Keyword.Declaration) in words and ("layer", Name) in words
    assert ("table", Keyword.Declaration) in words and ("table", Name.Function) in words


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_boundaries_are_those_of_the_parser(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [(kind, at, word) for at, kind, word in Tc0Lexer().get_tokens_unprocessed(text)]
    assert "".join(word for _, _, word in found) == text
    assert [(at, at + len(word)) for kind, at, word in found if kind is not Whitespace or "\n" in word] == [
        (lexeme.start, lexeme.end) for lexeme in tokens(text)
    ]
    assert not [word for kind, _, word in found if kind is Error]


@given(st.text(max_size=80))
def test_any_text_is_kept(text: str) -> None:
    assert "".join(word for _, word in colored(text)) == text


@pytest.mark.parametrize("name", sorted(WORDS))
def test_examples_of_words_have_no_errors(name: str) -> None:
    assert not [word for kind, word in colored(WORDS[name].example) if kind is Error]


def test_a_comment_is_one() -> None:
    assert colored("# let it be") == [(Comment.Single, "# let it be")]


def test_pygments_finds_it() -> None:
    """By its entry point where tc0 is installed; the class itself in any case."""
    assert Tc0Lexer.aliases == ["tc0"] and "*.tc" in Tc0Lexer.filenames

"""What was typed or pasted, as the statements and commands that it holds, and what Enter does with it.

A pasted transcript is taken for its inputs: lines after `tc0> ` and `...> ` without the answers between them.
"""

from __future__ import annotations

from typing import Literal

from tc0.dsl.syntax.layout import CONTINUES, laid_out
from tc0.dsl.syntax.parse import status, tokens

PROMPT, MORE = "tc0> ", "...> "
INDENT = 4


def inputs(text: str) -> list[str]:
    """The pieces to run one after another: each one command, or statements."""
    if _is_prompt(text.lstrip()):
        return [piece for piece in _of_transcript(text.splitlines()) if piece.strip()]
    lines = text.splitlines()
    if len(lines) < 2 or not any(is_command(line) for line in lines):
        return [text] if text.strip() else []
    return _around_commands(lines)


def is_command(text: str) -> bool:
    """Commands begin with `:` or `?`, so that they can never be language."""
    return text.lstrip()[:1] in (":", "?")


def silenced(text: str) -> tuple[str, bool]:
    """The text without a `;` at its end, and whether there was one: it keeps values from being shown."""
    bare = text.rstrip()
    return (bare[:-1], True) if bare.endswith(";") and not is_command(text) else (text, False)


def holds_nothing(text: str) -> bool:
    """Only blanks and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def _is_prompt(line: str) -> bool:
    return line.startswith(PROMPT.rstrip())


def _of_transcript(lines: list[str]) -> list[str]:
    found: list[str] = []
    goes_on = False
    for line in lines:
        bare = line.lstrip()
        if _is_prompt(bare):
            found.append(bare[len(PROMPT) :])
            goes_on = True
        elif goes_on and bare.startswith(MORE.rstrip()):
            found[-1] += "\n" + bare[len(MORE) :]
        else:
            goes_on = False
    return found


def _around_commands(lines: list[str]) -> list[str]:
    """Lines that begin with a command, outside of brackets, stand by themselves."""
    found: list[str] = []
    rest: list[str] = []
    depth = 0
    for line in lines:
        if depth == 0 and is_command(line):
            found += ["\n".join(rest), line]
            rest = []
            continue
        rest.append(line)
        kinds = [lexeme.type for lexeme in tokens(line)]
        depth += sum(kind in ("LPAR", "LSQB", "LBRACE") for kind in kinds) - sum(
            kind in ("RPAR", "RSQB", "RBRACE") for kind in kinds
        )
        depth = max(depth, 0)
    found.append("\n".join(rest))
    return [piece for piece in found if piece.strip()]


# ---- Enter


def on_enter(text: str, before: str) -> Literal["run", "newline"]:
    """What Enter does. text: the whole buffer; before: its part before the cursor.

    Complete text runs, wherever the cursor is; incomplete text gets a new line, unless two blank lines at its end ask for
    the error. Text that cannot become right runs, so that the error is seen, except while one edits above its last line.
    """
    pieces = inputs(text)
    if not pieces or is_command(pieces[-1]):
        return "run"
    last, _ = silenced(pieces[-1])
    state = "incomplete" if holds_nothing(last) else status(last)
    if state == "complete":
        return "run"
    if state == "incomplete":
        return "run" if before == text and _two_blank_lines(text) else "newline"
    return "newline" if "\n" in text[len(before) :] else "run"


def _two_blank_lines(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) > 2 and not lines[-1].strip() and not lines[-2].strip()


def indentation(before: str) -> int:
    """How many blanks a new line after this text begins with."""
    _, reader = laid_out(tokens(before), before)
    depth = INDENT * len(reader.open)
    here = before.rpartition("\n")[2]
    current = len(here) - len(here.lstrip(" "))
    if not reader.goes_on:
        return depth if reader.open else 0
    return (
        max(depth, current)
        if reader.open and reader.open[-1] != "LBRACE"
        else _continued(reader.previous, current, depth)
    )


def _continued(previous: str, current: int, depth: int) -> int:
    """The line goes on without an open bracket: one step deeper than its statement, not deeper still each line."""
    if previous not in CONTINUES:
        return depth
    return current if current > depth else depth + INDENT


def open_braces(before: str) -> int:
    """How many brackets are open at the end of a text."""
    _, reader = laid_out(tokens(before), before)
    return len(reader.open)

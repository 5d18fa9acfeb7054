"""The code blocks of the documentation, run.

    python tests/docs/blocks.py FILE.md...       writes the true answers into the session blocks of these files

A file is one session. ```tc0 blocks are programs that run without an error and whose checks hold. ```tc0-session blocks
hold inputs after `tc0> ` (continued after `...> `), each followed by the answer as the terminal shows it without colour;
a line `...` in an answer stands for any lines. ```python blocks run in one namespace a file. In ```console blocks, lines
`$ tc0 …` run from the root of the checkout and their output is compared; other commands are left alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tc0

PROMPT, MORE = "tc0> ", "...> "
_FENCE = re.compile(r"^( *)```([\w-]*)[^\n]*\n(.*?)^\1```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """language: the word after the fence. text: what stands between, from character `start` of the page. line: from 1."""

    language: str
    text: str
    start: int
    line: int


@dataclass(frozen=True)
class Exchange:
    """An input and the answer that stands below it; line: of the input, in the block, from 0."""

    source: str
    answer: str
    line: int = 0


def blocks(page: str) -> Iterator[Block]:
    for match in _FENCE.finditer(page):
        yield Block(match[2], match[3], match.start(3), page.count("\n", 0, match.start(3)) + 1)


def exchanges(text: str, prompt: str = PROMPT, more: str = MORE) -> Iterator[Exchange]:
    source: list[str] = []
    answer: list[str] = []
    begun = 0
    for number, line in enumerate(text.splitlines()):
        if line.startswith(prompt):
            if source:
                yield Exchange("\n".join(source), "\n".join(answer).strip("\n"), begun)
            source, answer, begun = [line[len(prompt) :]], [], number
        elif line.startswith(more.rstrip()) and not answer and source:
            source.append(line[len(more) :])
        else:
            answer.append(line)
    if source:
        yield Exchange("\n".join(source), "\n".join(answer).strip("\n"), begun)


class Runner:
    """Runs the blocks of one page in order."""

    def __init__(self, folder: Path) -> None:
        self.session = tc0.Session(folder=folder)
        self.folder = folder
        self.names: dict[str, object] = {"__name__": "__main__"}

    def run(self, block: Block) -> str:
        """The block's text as it should read."""
        match block.language:
            case "tc0":
                report = self.session.run(block.text)
                if not report.ok:
                    raise AssertionError("\n".join(_shown(reply) for reply in report.replies))
                return block.text
            case "tc0-session":
                return self._transcript(block.text, PROMPT, MORE, self.answer)
            case "python":
                self._python(block.text)
                return block.text
            case "console":
                return self._transcript(block.text, "$ ", "> ", self.command)
            case _:
                return block.text

    def _transcript(self, text: str, prompt: str, more: str, answer: object) -> str:
        lines = []
        for exchange in exchanges(text, prompt, more):
            first, *rest = exchange.source.split("\n")
            lines.append(prompt + first)
            lines.extend((more + line).rstrip() for line in rest)
            got = answer(exchange)  # type: ignore[operator]
            lines.extend(exchange.answer.splitlines() if fits(got, exchange.answer) else got.splitlines())
        return "\n".join(lines) + "\n" if lines else text

    def answer(self, exchange: Exchange) -> str:
        """What the terminal shows for an input."""
        shown: list[str] = []
        try:
            self.session.run(exchange.source, on_reply=lambda reply: shown.append(_shown(reply)))
        except tc0.Error as error:
            shown.append(_rendered(error))
        return "\n".join(line.rstrip() for part in shown for line in part.rstrip("\n").splitlines())

    def command(self, exchange: Exchange) -> str:
        """The output of a `tc0` command; what is written stands for the answer of any other."""
        words = shlex.split(exchange.source)
        if not words or words[0] != "tc0":
            return exchange.answer
        from tc0.repl.cli import main

        out = io.StringIO()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                try:
                    main(words[1:])
                except SystemExit:
                    pass
        finally:
            os.chdir(before)
        return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").splitlines())

    def _python(self, text: str) -> None:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text, "<documentation>", "exec"), self.names)  # noqa: S102
        finally:
            os.chdir(before)


def _shown(reply: tc0.Reply) -> str:
    from tc0.repl.show import show

    return show(reply)


def _rendered(error: tc0.Error) -> str:
    from tc0.dsl.base.render import render

    return render(error)


def fits(got: str, wanted: str) -> bool:
    """Equal, where a line `...` of `wanted` stands for any lines."""
    parts = [re.escape(part.strip("\n")) for part in re.split(r"^\.\.\.$", wanted, flags=re.MULTILINE)]
    return re.fullmatch(r"\n?(?:.*\n)?".join(parts), got, re.DOTALL) is not None


def rewritten(page: str, folder: Path) -> str:
    """The page with true answers in its session blocks."""
    runner = Runner(folder)
    pieces, end = [], 0
    for block in blocks(page):
        try:
            text = runner.run(block)
        except Exception as error:
            raise AssertionError(f"line {block.line}: {error}\n{block.text}") from error
        pieces += [page[end : block.start], text]
        end = block.start + len(block.text)
    return "".join([*pieces, page[end:]])




def main() -> None:
    for name in sys.argv[1:]:
        path = Path(name).resolve()
        root = next(p for p in path.parents if (p / "pyproject.toml").exists())
        path.write_text(rewritten(path.read_text(encoding="utf-8"), root), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The code blocks of the documentation, run.

    python tests/docs/blocks.py FILE.md...       writes the true answers into the session blocks of these files

A file is one session. ```tc0 blocks are programs that run without an error and whose checks hold. ```tc0-session blocks
hold inputs after `tc0> ` (continued after `...> `), each followed by the answer as the terminal shows it without colour;
a line `...` in an answer stands for any lines. ```python blocks run in one namespace a file. In ```console blocks, lines
`$ tc0 …` run in a folder with a copy of examples/, and their output is compared; other commands are left alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tc0
from tc0.repl.console import Console
from tc0.repl.look import PLAIN
from tc0.repl.output import Output
from tc0.repl.show import show

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
    """Runs the blocks of one page in order, in a folder of its own that holds a copy of examples/."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(root / "examples", folder / "examples", dirs_exist_ok=True)
        self.session = tc0.Session(folder=folder)
        self.names: dict[str, object] = {"__name__": "__main__"}

    def run(self, block: Block) -> str:
        """The block's text as it should read."""
        with contextlib.chdir(self.folder):
            match block.language:
                case "tc0":
                    report = self.session.run(block.text)
                    if not report.ok:
                        raise AssertionError("\n".join(show(reply) for reply in report.replies))
                case "tc0-session":
                    return _transcript(block.text, PROMPT, MORE, self.answer)
                case "python":
                    with contextlib.redirect_stdout(io.StringIO()):
                        exec(compile(block.text, "<documentation>", "exec"), self.names)
                case "console":
                    return _transcript(block.text, "$ ", "> ", self.command)
        return block.text

    def answer(self, exchange: Exchange) -> str:
        """What the terminal shows for an input, a command of the REPL included."""
        out = io.StringIO()
        output = Output("never", out, out)
        output.look = PLAIN
        Console(self.session, output, interactive=True).take(exchange.source)
        return _tidy(out.getvalue())

    def command(self, exchange: Exchange) -> str:
        """The output of a `tc0` command; what is written stands for the answer of any other."""
        words = shlex.split(exchange.source)
        if words[:1] != ["tc0"]:
            return exchange.answer
        found = str(Path(tc0.__file__).resolve().parents[1])
        done = subprocess.run(
            [sys.executable, "-m", "tc0", *words[1:]],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([found, os.environ.get("PYTHONPATH", "")])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
        )
        return _tidy(done.stdout)


def _transcript(text: str, prompt: str, more: str, answer: Callable[[Exchange], str]) -> str:
    lines = []
    for exchange in exchanges(text, prompt, more):
        first, *rest = exchange.source.split("\n")
        lines.append((prompt + first).rstrip())
        lines.extend((more + line).rstrip() for line in rest)
        got = answer(exchange)
        lines.extend(exchange.answer.splitlines() if fits(got, exchange.answer) else got.splitlines())
    return "\n".join(lines) + "\n" if lines else text


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def fits(got: str, wanted: str) -> bool:
    """Equal, where a line `...` of `wanted` stands for any lines."""
    parts = [re.escape(part.strip("\n")) for part in re.split(r"^\.\.\.$", wanted, flags=re.MULTILINE)]
    return re.fullmatch(r"\n?(?:.*\n)?".join(parts) + r"\n?", got + "\n", re.DOTALL) is not None


def rewritten(page: str, runner: Runner) -> str:
    """The page with true answers in its session and console blocks."""
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
        with tempfile.TemporaryDirectory() as folder:
            text = rewritten(path.read_text(encoding="utf-8"), Runner(root, Path(folder)))
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

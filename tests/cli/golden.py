"""Golden files of the command line.

    python tests/cli/golden.py [NAME...]       writes the true answers into these files of golden/, or into all

A file holds commands after `$ `, going on after `> `, each followed by what it answers: standard output, then standard error with `! ` before
each line, then the exit status in brackets where it is not 0. Commands run in a folder with a copy of files/; those that
need a shell (a pipe, a redirection) run in one, the others in this process. What stands above the first command is a remark.
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
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
FILES = HERE / "files"

WRAPPER = f'#!/bin/sh\nexec "{sys.executable}" -m tc0 "$@"\n'
_SHELL = re.compile(r"[|<>&]")
_VOLATILE = [
    (re.compile(r"crash-[\d-]+\.txt"), "crash-....txt"),
    (re.compile(r"\(Python .*\)"), "(Python ...)"),
]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command with the answer below it; the remarks above the first one come as a command that is empty."""
    command, answer = "", ""
    for line in text.splitlines():
        if line.startswith("$ "):
            yield command, answer
            command, answer = line[2:], ""
        elif line.startswith("> ") and command and not answer:
            command += "\n" + line[2:]
        else:
            answer += line + "\n"
    yield command, answer


def filled(text: str, folder: Path) -> str:
    """The golden text with true answers."""
    lines = []
    for command, answer in commands(text):
        if not command:
            lines.append(answer)  # the remark
        else:
            written = command.replace("\n", "\n> ")
            lines.append(f"$ {written}\n{run(command, folder)}")
    return "".join(lines)


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    shell = words[0] != "tc0" or any(
        _SHELL.search(word) and f"'{word}'" not in command and f'"{word}"' not in command for word in words
    )
    code, out, err = _in_shell(command, folder) if shell else _here(words[1:], folder)
    said = out + ("" if out.endswith("\n") or not out else "\n") + "".join(f"! {line}\n" for line in err.splitlines())
    said += f"[{code}]\n" if code else ""
    said = said.replace(str(folder), "...")
    for pattern, instead in _VOLATILE:
        said = pattern.sub(instead, said)
    return "".join(line.rstrip() + "\n" for line in said.splitlines())


def _here(words: list[str], folder: Path) -> tuple[int, str, str]:
    from tc0.repl.cli import main

    out, err = _stream(), _stream()
    before, stdin = os.getcwd(), sys.stdin
    os.chdir(folder)
    sys.stdin = _stream()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    finally:
        os.chdir(before)
        sys.stdin = stdin
    return code, _text(out), _text(err)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")


def _in_shell(command: str, folder: Path) -> tuple[int, str, str]:
    bin = folder / ".bin"
    bin.mkdir(exist_ok=True)
    (bin / "tc0").write_text(WRAPPER)
    (bin / "tc0").chmod(0o755)
    environment = {**os.environ, "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def prepare(folder: Path) -> None:
    """A copy of files/, and what cannot be kept in a repository: files that are no text, a folder, a closed file."""
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    (folder / "latin1.tc").write_bytes(b"let a = 1\n# caf\xe9\n")
    (folder / "zeros.tc").write_bytes(bytes(64))
    (folder / "image.tc").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (folder / "deep.tc").write_text("(" * 10_000 + "1" + ")" * 10_000 + "\n")
    (folder / "empty.tc").write_text("")
    (folder / "folder").mkdir()


def main() -> None:
    names = sys.argv[1:] or [path.stem for path in sorted(GOLDEN.glob("*.txt"))]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parents[1] / "src"), os.environ.get("PYTHONPATH", "")])
    for name in names:
        path = GOLDEN / f"{name}.txt"
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = f"{folder}/.state"
            prepare(Path(folder))
            path.write_text(filled(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The command line: `tc0`, `tc0 run FILE.tc`, `tc0 -c TEXT` and the others. Heavy parts are imported when they are asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tc0.dsl.base.errors import Error, Fault, Interrupted
from tc0.dsl.base.near import near
from tc0.dsl.session.guard import guarded
from tc0.repl.output import Output, OutputClosed, is_terminal
from tc0.repl.status import FAULT, FINE, INTERRUPTED, WRONG
from tc0.repl.subcommands import COLORS, SUBCOMMANDS, Settings, Subcommand, session
from tc0.repl.tables import table

USAGE = """\
tc0 is a language for uniform circuit families: one text, three readings that agree.

  tc0                            the REPL
  tc0 -c "TEXT"                  runs a text
  tc0 -i FILE.tc                 runs a script and stays in the REPL
{subcommands}

Options, before or after a command:
  --set NAME=VALUE               sets an option of the session; may be given several times
  --color auto|always|never      colours in what is written; NO_COLOR is honoured
  --version                      versions of tc0 and of what it runs on
  -h, --help                     this text; `tc0 COMMAND --help` says more about one command

Exit status: 0 fine, 1 a check failed, 2 an error in the program or on the command line, 70 a fault of tc0, 130 interrupted."""


def main(argv: Sequence[str] | None = None) -> int:
    """The command `tc0`; its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    output = Output(_color(words))
    try:
        with guarded():
            return _main(words, output)
    except OutputClosed as closed:
        output.error(closed)
        return FINE if closed.quiet else WRONG
    except Interrupted:
        output.note("interrupted")
        return INTERRUPTED
    except Fault as fault:
        from tc0.repl.state import write_crash

        output.error(fault)
        output.note(write_crash(fault))
        return FAULT
    except Error as error:
        output.error(error)
        return WRONG


class _Parser(argparse.ArgumentParser):
    """Mistakes on the command line are errors like all others, and help is the same under every Python."""

    def error(self, message: str) -> object:  # type: ignore[override]
        raise Error("E0832", _plain(message), None, f"`{self.prog} --help` says what there is")

    def format_help(self) -> str:
        rows = []
        for action in self._actions:
            written = ", ".join(action.option_strings)
            metavar = str(action.metavar or "")
            rows.append((f"{written} {metavar}".strip(), action.help or ""))
        positional = [
            f"[{a.metavar}]" if a.nargs == "?" else f"{a.metavar}..." if a.nargs == "+" else str(a.metavar)
            for a in self._actions
            if not a.option_strings
        ]
        usage = " ".join([self.prog, *positional, "[options]"])
        return f"{usage}\n{self.description}\n\n{table(rows, indent='  ')}\n"


def _main(words: list[str], output: Output) -> int:
    before, command, after = _split(words)
    parser = _options(_Parser(prog="tc0", add_help=False, allow_abbrev=False))
    for flag in ("-h", "--help", "--version"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-c", dest="text")
    parser.add_argument("-i", dest="file")
    asked = parser.parse_args(before)
    _check_color(asked.color)
    settings = Settings(tuple(asked.set))
    if asked.h or asked.help or command == "help":
        output.result(
            USAGE.format(subcommands="\n".join(f"  {row.usage:<30} {row.doc}" for row in SUBCOMMANDS.values()))
        )
        return FINE
    if asked.version:
        from tc0.repl.version import versions

        output.result(versions())
        return FINE
    if command is not None:
        if asked.text is not None or asked.file is not None:
            raise Error(
                "E0832", f"`{command}` does not go together with -c or -i", None, 'quote the text: tc0 -c "..."'
            )
        return _subcommand(_find(command), settings, after, output)
    if asked.text is not None and asked.file is not None:
        raise Error("E0832", "-c and -i do not go together", None, "give one of them")
    if asked.text is not None:
        from tc0.repl.batch import run_text

        return run_text(asked.text, "<command line>", settings, output)
    return _interactive(asked.file, settings, output)


def _subcommand(row: Subcommand, settings: Settings, words: list[str], output: Output) -> int:
    parser = _Parser(prog=f"tc0 {row.name}", description=row.doc, add_help=False, allow_abbrev=False)
    row.arguments(parser)
    _options(parser).add_argument("-h", "--help", action="store_true", help="this text")
    if any(word in ("-h", "--help") for word in words):
        output.result(parser.format_help().rstrip("\n"))
        return FINE
    found = parser.parse_intermixed_args(words)
    _check_color(found.color)
    return row.run(found, Settings((*settings.set, *found.set)), output)


def _interactive(file: str | None, settings: Settings, output: Output) -> int:
    """The REPL on a terminal; statements from a pipe otherwise."""
    from tc0.repl.console import Console

    terminal = is_terminal(sys.stdin) and is_terminal(sys.stdout) and not _dumb()
    console = Console(session(settings, output), output, interactive=terminal)
    status = console.take(f":load {file}") if file is not None else FINE
    if terminal:
        from tc0.repl.loop import loop

        return loop(console)
    if status > 1:
        return status
    from tc0.repl.pipe import Pipe, decoded

    return max(status, Pipe(console, keep_going=is_terminal(sys.stdin)).run(decoded(sys.stdin)))


def _dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


# ---- words


def _options(parser: _Parser) -> _Parser:
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="sets an option of the session"
    )
    parser.add_argument(
        "--color", default="auto", metavar="WHEN", help="colours in what is written: auto, always or never"
    )
    return parser


_TAKES_A_VALUE = ("--set", "--color", "-i")


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """The options before the command, the command, and what follows it. A text after -c may begin with any character."""
    before: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word == "-c" and at + 1 < len(words):
            before.append(f"-c{words[at + 1]}" if words[at + 1] else "-c=")
            at += 2
        elif word in _TAKES_A_VALUE:
            before += words[at : at + 2]
            at += 2
        elif word.startswith("-") and word != "-":
            before.append(word)
            at += 1
        else:
            return before, word, words[at + 1 :]
    return before, None, []


def _color(words: list[str]) -> str:
    """What --color says, before anything else is known to be right."""
    for at, word in enumerate(words):
        value = words[at + 1] if word == "--color" and at + 1 < len(words) else word.removeprefix("--color=")
        if word.startswith("--color") and value in COLORS:
            return value
    return "auto"


def _check_color(color: str) -> None:
    if color not in COLORS:
        raise Error("E0832", f"`--color` takes auto, always or never, not {color}", None, "--color never")


def _find(command: str) -> Subcommand:
    row = SUBCOMMANDS.get(command)
    if row is not None:
        return row
    if command.endswith(".tc") or command == "-":
        raise Error("E0832", f"`{command}` is no command", None, f"run a script by `tc0 run {command}`")
    close = near(command, SUBCOMMANDS)
    raise Error(
        "E0832",
        f"no command is called `{command}`",
        None,
        f"a command with a similar name exists: `tc0 {close}`" if close else "`tc0 --help` lists the commands",
    )


def _plain(message: str) -> str:
    """What argparse says, in our words."""
    message = message.removeprefix("argument ")
    return message.replace("the following arguments are required: ", "missing: ").replace(
        "unrecognized arguments: ", "not understood: "
    )

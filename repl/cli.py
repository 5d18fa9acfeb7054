"""The command line: `tc0`, `tc0 run FILE.tc`, `tc0 -c TEXT` and the others. Heavy parts are imported when they are asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from tc0.dsl.base.errors import Error, Fault, Interrupted
from tc0.dsl.base.near import near
from tc0.dsl.session.guard import guarded
from tc0.repl.output import Output, OutputClosed, is_terminal
from tc0.repl.status import FAULT, FINE, INTERRUPTED, WRONG
from tc0.repl.subcommands import COLORS, SUBCOMMANDS, Settings, Subcommand, check_color, session

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


@dataclass(slots=True)
class _Asked:
    """What stands before the command, the command, and what follows it."""

    set: list[str] = field(default_factory=list)
    color: str = "auto"
    text: str | None = None
    file: str | None = None
    help: bool = False
    version: bool = False
    command: str | None = None
    rest: list[str] = field(default_factory=list)


def _main(words: list[str], output: Output) -> int:
    asked = _read(words)
    check_color(asked.color)
    settings = Settings(tuple(asked.set))
    if asked.help or asked.command == "help":
        rows = "\n".join(f"  {row.usage:<30} {row.doc}" for row in SUBCOMMANDS.values())
        output.result(USAGE.format(subcommands=rows))
        return FINE
    if asked.version:
        from tc0.repl.version import versions

        output.result(versions())
        return FINE
    if asked.command is not None:
        if asked.text is not None or asked.file is not None:
            message = f"`{asked.command}` does not go together with -c or -i"
            raise Error("E0832", message, None, 'quote the text: tc0 -c "..."')
        from tc0.repl.arguments import arguments

        row = _find(asked.command)
        found = arguments(row, asked.rest, output)
        return FINE if found is None else row.run(found, Settings((*settings.set, *found.set)), output)
    if asked.text is not None and asked.file is not None:
        raise Error("E0832", "-c and -i do not go together", None, "give one of them")
    if asked.text is not None:
        from tc0.repl.batch import run_text

        return run_text(asked.text, "<command line>", settings, output)
    return _interactive(asked.file, settings, output)


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

    if is_terminal(sys.stdin):
        output.note("statements run as soon as they are complete; Ctrl-D ends")
    return max(status, Pipe(console, keep_going=is_terminal(sys.stdin)).run(decoded(sys.stdin)))


def _dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


# ---- words

_VALUES = {"-c": "TEXT", "-i": "FILE.tc", "--set": "NAME=VALUE", "--color": "auto, always or never"}


def _read(words: list[str]) -> _Asked:
    """The words up to the command, by hand: `tc0 -c TEXT` starts without argparse. The text may begin with any character."""
    asked = _Asked()
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in _VALUES and (not equals or name.startswith("--")):
            given = value if equals else next(rest, None)
            if given is None:
                raise Error("E0832", f"`{name}` needs {_VALUES[name]}", None, _HELP)
            _take(asked, name, given)
        elif word in ("-h", "--help"):
            asked.help = True
        elif word == "--version":
            asked.version = True
        elif word.startswith("-") and word != "-":
            raise Error("E0832", f"no option is called `{word}`", None, _HELP)
        else:
            asked.command, asked.rest = word, list(rest)
    return asked


_HELP = "`tc0 --help` says what there is"


def _take(asked: _Asked, name: str, value: str) -> None:
    match name:
        case "-c":
            asked.text = value
        case "-i":
            asked.file = value
        case "--set":
            asked.set.append(value)
        case _:
            asked.color = value


def _color(words: list[str]) -> str:
    """What --color says, before anything else is known to be right."""
    for at, word in enumerate(words):
        value = words[at + 1] if word == "--color" and at + 1 < len(words) else word.removeprefix("--color=")
        if word.startswith("--color") and value in COLORS:
            return value
    return "auto"


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

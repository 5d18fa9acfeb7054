"""What follows a command on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from tc0.dsl.base.errors import Error
from tc0.repl.output import Output
from tc0.repl.subcommands import Subcommand, check_color
from tc0.repl.tables import table


def arguments(row: Subcommand, words: Sequence[str], output: Output) -> argparse.Namespace | None:
    """The arguments of a command, `set` and `color` among them; None where its help was asked for, and shown."""
    parser = _Parser(prog=f"tc0 {row.name}", description=row.doc, add_help=False, allow_abbrev=False)
    row.arguments(parser)
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="sets an option of the session"
    )
    parser.add_argument(
        "--color", default="auto", metavar="WHEN", help="colours in what is written: auto, always or never"
    )
    parser.add_argument("-h", "--help", action="store_true", help="this text")
    if any(word in ("-h", "--help") for word in words):
        output.result(parser.format_help().rstrip("\n"))
        return None
    found = parser.parse_intermixed_args(words)
    check_color(found.color)
    return found


class _Parser(argparse.ArgumentParser):
    """Mistakes on the command line are errors like all others, and help is the same under every Python."""

    def error(self, message: str) -> NoReturn:
        raise Error("E0832", _plain(message), None, f"`{self.prog} --help` says what there is")

    def format_help(self) -> str:
        rows = [(_written(action), action.help or "") for action in self._actions]
        usage = " ".join([self.prog, *(_positional(a) for a in self._actions if not a.option_strings), "[options]"])
        return f"{usage}\n{self.description}\n\n{table(rows, indent='  ')}\n"


def _written(action: argparse.Action) -> str:
    return f"{', '.join(action.option_strings)} {action.metavar or ''}".strip()


def _positional(action: argparse.Action) -> str:
    match action.nargs:
        case "?":
            return f"[{action.metavar}]"
        case "+":
            return f"{action.metavar}..."
        case _:
            return str(action.metavar)


def _plain(message: str) -> str:
    """What argparse says, in our words."""
    message = message.removeprefix("argument ")
    return message.replace("the following arguments are required: ", "missing: ").replace(
        "unrecognized arguments: ", "not understood: "
    )

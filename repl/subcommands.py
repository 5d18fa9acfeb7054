"""The commands behind `tc0`: one table that dispatch, help and tests read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error
from tc0.dsl.session.options import setting
from tc0.dsl.session.session import Session
from tc0.repl.output import Output

if TYPE_CHECKING:
    import argparse

COLORS = ("auto", "always", "never")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every command. set: the texts NAME=VALUE, in order."""

    set: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subcommand:
    """arguments: declares them to a parser. run: gives an exit status."""

    usage: str
    doc: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Settings, Output], int]

    @property
    def name(self) -> str:
        return self.usage.split()[1]


def session(settings: Settings, output: Output, folder: str | None = None) -> Session:
    """A session with the options of the command line."""
    options = {}
    for text in settings.set:
        name, equals, value = setting(text)
        if not equals:
            raise Error(
                "E0832",
                f"`--set {text}` has no value",
                None,
                f"--set {name}=VALUE; `:set` in the REPL lists the options",
            )
        options[name] = value
    return Session(options=options, folder=folder, progress=output.progress)


def check_color(color: str) -> None:
    if color not in COLORS:
        raise Error("E0832", f"`--color` takes auto, always or never, not {color}", None, "--color never")


# ---- what each command takes, and who carries it out


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.tc", help="the script; - is standard input")


def _run(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.batch import run_file

    return run_file(asked.file, settings, output)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE.tc", nargs="+", help="scripts")


def _check(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.batch import check_files

    return check_files(asked.files, settings, output)


def _family_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "family", metavar="FAMILY", help="a name of the library or of the script; parameters may be fixed: 'exactly[3]'"
    )
    parser.add_argument("file", metavar="FILE.tc", nargs="?", help="a script that defines it")


def _info(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.batch import info

    return info(asked.family, asked.file, settings, output)


def _circuit_arguments(parser: argparse.ArgumentParser) -> None:
    _family_arguments(parser)
    parser.add_argument(
        "--size",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="fixes a size or a static parameter; may be given several times",
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT", default="-", help="the file to write; standard output if left out"
    )


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    _circuit_arguments(parser)
    parser.add_argument("--to", default="blif", metavar="FORMAT", help="the format; blif if left out")


def _export(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.batch import export

    return export(asked.family, asked.file, asked.size, asked.to, asked.output, settings, output)


def _draw_arguments(parser: argparse.ArgumentParser) -> None:
    _circuit_arguments(parser)
    parser.add_argument("--trace", metavar="INPUT", help="of a transformer: stream and attention on this input")


def _draw(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.batch import draw

    return draw(asked.family, asked.file, asked.size, asked.trace, asked.output, settings, output)


def _fmt_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="FILE.tc", nargs="+", help="scripts, folders of scripts, or - for standard input"
    )
    parser.add_argument(
        "--check", action="store_true", help="writes nothing; status 1 if a file is laid out differently"
    )


def _fmt(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.formatting import fmt

    return fmt(asked.paths, asked.check, output)


def _explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help="as in E0401")


def _explain(asked: argparse.Namespace, settings: Settings, output: Output) -> int:
    from tc0.repl.about import explain

    output.result(explain(asked.code))
    return 0


def _rows(*rows: Subcommand) -> Mapping[str, Subcommand]:
    return MappingProxyType({row.name: row for row in rows})


SUBCOMMANDS: Mapping[str, Subcommand] = _rows(
    Subcommand(
        "tc0 run FILE.tc", "runs a script: prints its values and checks; - is standard input", _run_arguments, _run
    ),
    Subcommand("tc0 check FILE.tc...", "only the checks, with a summary line", _check_arguments, _check),
    Subcommand("tc0 info FAMILY [FILE.tc]", "type, documentation and figures of a family", _family_arguments, _info),
    Subcommand(
        "tc0 export FAMILY [FILE.tc]",
        "a circuit in another format: --size n=8 --to blif -o OUT",
        _export_arguments,
        _export,
    ),
    Subcommand(
        "tc0 draw FAMILY [FILE.tc]",
        "a picture as SVG: the trace of a transformer, --trace abba -o OUT.svg",
        _draw_arguments,
        _draw,
    ),
    Subcommand("tc0 fmt FILE.tc...", "canonical layout; --check writes nothing", _fmt_arguments, _fmt),
    Subcommand("tc0 explain CODE", "the lesson behind the code of an error", _explain_arguments, _explain),
)

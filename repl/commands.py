"""The commands of the REPL: one table that help, completion, documentation and tests read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.ops.options import OPTIONS
from tc0.dsl.ops.words import FAMILY_BEHIND
from tc0.dsl.session.options import row_of, setting
from tc0.dsl.session.options import show as show_option
from tc0.dsl.session.report import Built
from tc0.repl import about, editor
from tc0.repl.files import write
from tc0.repl.numerals import count
from tc0.repl.show import is_result, show
from tc0.repl.status import FAILED, FINE
from tc0.repl.tables import table, wrapped

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from tc0.dsl.session.report import Reply
    from tc0.repl.console import Console

MOST_HISTORY = 200


@dataclass(frozen=True, slots=True)
class Command:
    """arguments: as help shows them, optional ones in brackets. completes: "name", "definition", "topic", "code", "file", "script",
    "option" or "expression". short: the abbreviation that is taken although others begin like it. run: gives an exit status."""

    name: str
    arguments: str
    doc: str
    run: Callable[[Console, str], int]
    completes: str = ""
    short: str = ""

    @property
    def usage(self) -> str:
        return f":{self.name} {self.arguments}".strip()


def run(console: Console, text: str) -> int:
    """Carries out `:name arguments` or `?name`; an exit status."""
    if text.startswith("?"):
        return _documentation(console, text.strip("? \t"))
    word, _, rest = text[1:].strip().partition(" ")
    command = find(word)
    rest = rest.strip()
    if not rest and command.arguments and not command.arguments.startswith("["):
        raise Error("E0836", f"`:{command.name}` needs {command.arguments}", None, command.usage)
    if rest and not command.arguments:
        raise Error("E0836", f"`:{command.name}` takes no arguments", None, command.usage)
    return command.run(console, rest)


def find(word: str) -> Command:
    """The command of this name, or the only one that begins with it."""
    fitting = [row for row in COMMANDS.values() if word and row.name.startswith(word)]
    exact = [row for row in fitting if word in (row.name, row.short)]
    if exact or len(fitting) == 1:
        return (exact or fitting)[0]
    if fitting:
        raise Error(
            "E0835", f"`:{word}` may be {_either([f'`:{row.name}`' for row in fitting])}", None, "write more of it"
        )
    close = near(word, COMMANDS)
    raise Error(
        "E0835",
        f"no command is called `:{word}`",
        None,
        f"a command with a similar name exists: `:{close}`" if close else ":help lists the commands",
    )


def _either(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


# ---- help


def _help(console: Console, topic: str) -> int:
    if topic:
        return _topic(console, topic)
    rows = [(row.usage, row.doc) for row in COMMANDS.values()]
    rows.insert(1, ("?name", "the same as :help name"))
    width = console.output.look.width
    parts = [*wrapped(INTRODUCTION, width), "", table(rows, indent="  ", width=width), "", *wrapped(CLOSING, width)]
    console.output.result("\n".join(parts))
    return FINE


def _topic(console: Console, topic: str) -> int:
    if topic.startswith(":"):
        row = find(topic[1:])
        short = f" Short: `:{row.short}`." if row.short else ""
        console.output.result(f"{row.usage}\n  {row.doc}.{short}")
        return FINE
    return _documentation(console, topic)


def _documentation(console: Console, name: str) -> int:
    if not name:
        return _help(console, "")
    console.output.result(about.about(console.session, name, console.output.look))
    return FINE


def _info(console: Console, name: str) -> int:
    if name.isidentifier():
        console.output.result(about.full(console.session, name, console.output.look))
        return FINE
    return console.run(name)


def _explain(console: Console, code: str) -> int:
    console.output.result(about.explain(code))
    return FINE


# ---- asking


def _type(console: Console, text: str) -> int:
    console.output.result(console.session.type_of(text))
    return FINE


def _list(console: Console, name: str) -> int:
    session = console.session
    if name:
        console.output.result(session.source_of([name]).rstrip("\n"))
        return FINE
    if not session.definitions:
        console.output.result("nothing is defined yet; the library is in scope all the same")
        return FINE
    rows = []
    for name in session.definitions:
        kind, type_, value = session.kind_of(name)
        rows.append((kind, name, f"{type_} = {value}" if value is not None else type_))
    console.output.result(table(rows, unicode=console.output.look.unicode))
    return FINE


def _time(console: Console, text: str) -> int:
    """Runs statements and says what they took."""
    built = 0

    def answer(reply: Reply) -> None:
        nonlocal built
        built += reply.figures.size if isinstance(reply, Built) else 0
        if console.interactive or is_result(reply):
            console.output.result(show(reply, console.output.look))

    console.output.progress.begin()
    start = time.perf_counter()
    report = console.session.run(text, "<input>", answer)
    seconds = time.perf_counter() - start
    gates = f", {count(built, 'gate')} built" if built else ""
    console.output.result(f"{_duration(seconds)}{gates}{_memory()}")
    return FINE if report.ok else FAILED


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _memory() -> str:
    """The most memory that the process has held, where the system tells."""
    if resource is None:
        return ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mega = peak / 2**20 if os.uname().sysname == "Darwin" else peak / 2**10
    return f", peak memory {mega:,.0f} MB"


def _history(console: Console, pattern: str) -> int:
    entries = [entry for entry in console.history() if pattern.lower() in entry.lower()]
    for entry in entries[-MOST_HISTORY:]:
        console.output.result(entry)
    return FINE


# ---- files


def _load(console: Console, path: str) -> int:
    path = os.path.expanduser(path.strip('"'))
    console.output.progress.begin()
    console.loaded = path  # also where it is wrong, so that `:reload` reads it once it is mended
    before = set(console.session.definitions)
    report = console.session.load(
        path, lambda reply: console.output.result(show(reply, console.output.look)) if is_result(reply) else None
    )
    new = [name for name in console.session.definitions if name not in before]
    if console.interactive:
        console.output.note(f"loaded {path}: {count(len(new), 'new definition')}")
    return FINE if report.ok else FAILED


def _reload(console: Console, _: str) -> int:
    if console.loaded is None:
        raise Error("E0840", "no file has been loaded", None, ":load FILE.tc")
    return _load(console, console.loaded)


def _save(console: Console, path: str) -> int:
    force = path.endswith("!")
    path = os.path.expanduser(path.removesuffix("!").strip().strip('"'))
    text = console.session.source_of()
    if not console.session.definitions:
        raise Error("E0840", "there is nothing to save: nothing is defined")
    if os.path.exists(path) and not force:
        raise Error("E0834", f'"{path}" exists', None, f"write over it by `:save {path} !`")
    write(path, text)
    console.output.note(f"saved {count(len(console.session.definitions), 'definition')} in {path}")
    return FINE


def _edit(console: Console, name: str) -> int:
    if not console.interactive:
        raise Error("E0841", "`:edit` needs a terminal")
    if not name and console.loaded is not None:
        editor.edit_file(console.loaded)
        return _load(console, console.loaded)
    text = editor.edited(console.session.source_of([name]) if name else "")
    return console.take(text) if text.strip() else FINE


# ---- changing


def _undo(console: Console, _: str) -> int:
    names = console.session.undo()
    console.output.note(f"taken back: {', '.join(names)}" if names else "taken back; definitions are as they were")
    return FINE


def _drop(console: Console, name: str) -> int:
    checked = console.session.drop(name)
    again = f"; checked again: {', '.join(checked)}" if checked else ""
    console.output.note(f"{name} dropped{again}")
    return FINE


def _set(console: Console, text: str) -> int:
    options = console.session.options
    if not text:
        rows = [("option", "value", "default", "")]
        rows += [
            (row.name, show_option(row, options[row.name]), show_option(row, row.default), row.doc)
            for row in OPTIONS.values()
            if not row.family or options[row.name] != row.default
        ]
        console.output.result(
            table(rows, head=True, unicode=console.output.look.unicode, width=console.output.look.width)
        )
        console.output.note(
            f"another family behind an operator, `:set uint.SUM iterated_add_block`: {', '.join(FAMILY_BEHIND)}"
        )
        return FINE
    name, _, value = text.partition(" ")
    if name in OPTIONS:
        value = value.strip().removeprefix("=")
    else:
        name, _, value = setting(text)
    row = row_of(name)
    if value.strip():
        console.session.set_option(name, value.strip())
    console.output.result(f"{name} = {show_option(row, console.session.options[name])}")
    return FINE


def _quit(console: Console, _: str) -> int:
    console.leaving = True
    return FINE


INTRODUCTION = (
    "Type an expression to see its value, a definition to keep it. A statement runs when it is complete; until then Enter "
    "starts a new line (Alt-Enter always does, two blank lines give up). Tab completes, Up finds earlier inputs that begin "
    "alike, Ctrl-R those that hold a word, Ctrl-X Ctrl-E opens an editor, Ctrl-C stops what is running."
)

CLOSING = (
    "`_` is the last value, `_1`, `_2`, ... are earlier ones; a `;` at the end keeps a value from being shown. Commands may be "
    "cut short: `:h`, `:i`, `:t`, `:l`, `:r`, `:u`, `:q`, and the others as far as only one begins so."
)


def _rows(*rows: Command) -> Mapping[str, Command]:
    return MappingProxyType({row.name: row for row in rows})


COMMANDS: Mapping[str, Command] = _rows(
    Command(
        "help",
        "[topic]",
        "this list, or what a name, a word, an option, a code or a command means",
        _help,
        "topic",
        "h",
    ),
    Command("info", "NAME", "a family's type, documentation and figures", _info, "name", "i"),
    Command("type", "EXPRESSION", "the type of an expression; nothing is evaluated", _type, "expression", "t"),
    Command("list", "[NAME]", "what you defined; with a name, its text and what it uses", _list, "definition"),
    Command("load", "FILE", "runs a script in this session", _load, "script", "l"),
    Command("reload", "", "runs the last script again; where it is wrong nothing changes", _reload, "", "r"),
    Command("save", "FILE", "writes your definitions as a script, in an order that runs", _save, "file"),
    Command("undo", "", "takes back the last input that changed something", _undo, "", "u"),
    Command("drop", "NAME", "removes a definition", _drop, "definition"),
    Command(
        "time",
        "STATEMENT",
        "runs it and says how long it took, the gates built and the most memory in use",
        _time,
        "expression",
    ),
    Command("set", "[OPTION [VALUE]]", "sets an option, shows it, or lists them all", _set, "option"),
    Command("explain", "CODE", "the lesson behind the code of an error", _explain, "code"),
    Command("history", "[WORD]", "earlier inputs, those with the word in them", _history),
    Command(
        "edit",
        "[NAME]",
        "opens a definition, the loaded script, or a new text in your editor, and runs it",
        _edit,
        "definition",
    ),
    Command("quit", "", "leaves, as Ctrl-D does", _quit, "", "q"),
)

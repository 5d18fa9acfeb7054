"""What Tab offers: names with what they are, only the words that can stand here, options and their values, files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from tc0.dsl.base.codes import CODES
from tc0.dsl.core.builtins import BUILTINS, TYPE_NAMES
from tc0.dsl.ops.options import OPTIONS
from tc0.dsl.session.options import takes
from tc0.dsl.session.session import Session
from tc0.dsl.syntax.layout import laid_out
from tc0.dsl.syntax.parse import accepts, terminals, tokens
from tc0.repl.commands import COMMANDS, find
from tc0.repl.inputs import is_command
from tc0.repl.words import WORDS

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*$")
_COMMAND = re.compile(r"\s*:(\S*)$")
_FILE = re.compile(r'^\s*use\s+"([^"\n]*)$')
_ARRAYS = re.compile(r'^\s*weights\s+\w+\s*=\s*"([^"\n]*)$')
_FIELD = re.compile(r"([A-Za-z_]\w*)\.(\w*)$")
_OPTION_NAME = re.compile(r"^\s*option\s+([A-Za-z_]*)$")
_OPTION_VALUE = re.compile(r"^\s*option\s+(\w+)\s*=\s*(\w*)$")

Found = Iterable[tuple[str, str]]  # names and what they are


class Tc0Completer(Completer):
    """Asks the session for names and the parser for what can follow."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        before = document.text_before_cursor
        if is_command(before):
            yield from self._command(before)
            return
        line = document.current_line_before_cursor
        if match := _FILE.match(line):
            yield from _files(match[1], (".tc",))
        elif match := _ARRAYS.match(line):
            yield from _files(match[1], (".safetensors", ".npz"))
        elif (match := _FIELD.search(line)) and (arrays := self._arrays(match[1])):
            yield from _fitting(match[2], arrays)
        elif match := _OPTION_NAME.match(line):
            yield from _fitting(match[1], _options())
        elif match := _OPTION_VALUE.match(line):
            yield from _fitting(match[2], _values(match[1]))
        else:
            yield from self._language(before)

    # ---- the language

    def _language(self, before: str) -> Iterator[Completion]:
        match = _WORD.search(before)
        word = match[0] if match else ""
        rest = before[: len(before) - len(word)]
        kinds = [lexeme.type for lexeme in tokens(before)]
        if kinds and kinds[-1] in ("COMMENT", "ERROR", "STRING") and not word:
            return
        if kinds and kinds[-1] in ("COMMENT", "ERROR"):
            return
        allowed = accepts(rest)
        if "NAME" in allowed:
            yield from _fitting(word, self._names(rest))
        every = {**terminals().keywords, **terminals().soft}
        words = [(text, "word") for text, kind in every.items() if kind in allowed]
        yield from _fitting(word, sorted(words))

    def _names(self, rest: str) -> Found:
        words = [lexeme for lexeme in tokens(rest) if lexeme.type not in ("COMMENT", "_NL")]
        last = words[-1].type if words else ""
        if last == "DOT":
            return [("bits", "the wires of a word")]
        if last in ("COLON", "ARROW"):
            return [(name, "type") for name in TYPE_NAMES]
        if last in ("FAMILY", "LET", "TRANSFORMER"):
            return []  # a name of one's own
        here = (
            {rest[w.start : w.end] for w in words if w.type == "NAME"}
            if laid_out(tuple(words), rest)[1].open or "\n" in rest
            else set()
        )
        session = dict(self._session.complete_names())
        return sorted({**dict.fromkeys(here - set(session), "here"), **session}.items())

    def _arrays(self, name: str) -> Found:
        """The arrays of a file that a name stands for, as far as they are written as fields."""
        if name not in self._session.definitions or self._session.kind_of(name)[0] != "weights":
            return []
        shapes: dict[str, tuple[int, ...]] = self._session[name].shapes  # type: ignore[union-attr]
        found = [(key, f"[{', '.join(map(str, shape))}]") for key, shape in shapes.items()]
        return [row for row in found if row[0].isascii() and row[0].isidentifier()]

    # ---- commands

    def _command(self, before: str) -> Iterator[Completion]:
        if before.lstrip().startswith("?"):
            yield from _fitting(before.lstrip(" ?"), self._topics())
            return
        if match := _COMMAND.match(before):
            yield from _fitting(match[1], [(row.name, row.doc) for row in COMMANDS.values()])
            return
        name, _, rest = before.lstrip()[1:].partition(" ")
        try:
            completes = find(name).completes
        except Exception:
            return
        yield from self._argument(completes, rest.lstrip())

    def _argument(self, kind: str, rest: str) -> Iterator[Completion]:
        match kind:
            case "name":
                yield from _fitting(rest, self._session.complete_names())
            case "definition":
                yield from _fitting(rest, self._session.definitions.items())
            case "topic":
                yield from _fitting(rest, self._topics())
            case "code":
                yield from _fitting(rest.upper(), [(code, row.title) for code, row in CODES.items()])
            case "option":
                name, space, value = rest.replace("=", " ").partition(" ")
                yield from _fitting(value.lstrip(), _values(name)) if space else _fitting(name, _options())
            case "script" | "file":
                yield from _files(rest, (".tc",) if kind == "script" else ())
            case "expression":
                yield from self._language(rest)

    def _topics(self) -> Found:
        found = {row.usage.split()[0]: row.doc for row in COMMANDS.values()}
        found |= {name: row.doc for name, row in WORDS.items()}
        found |= {name: row.doc for name, row in OPTIONS.items()}
        found |= {name: row.doc for name, row in BUILTINS.items()}
        found |= dict(self._session.complete_names())
        return sorted(found.items())


def _fitting(word: str, names: Found) -> Iterator[Completion]:
    """Those that begin with the word; where none does, those that do in another case."""
    names = list(names)
    found = [row for row in names if row[0].startswith(word)] or [
        row for row in names if row[0].lower().startswith(word.lower())
    ]
    for name, what in found:
        if name != word:
            yield Completion(name, start_position=-len(word), display_meta=what)


def _options() -> Found:
    return [(row.name, row.doc) for row in OPTIONS.values()]


def _values(name: str) -> Found:
    row = OPTIONS.get(name)
    if row is None:
        return []
    return [(choice, "") for choice in row.choices] or [(str(row.default), f"the default; takes {takes(row)}")]


def _files(written: str, kinds: tuple[str, ...]) -> Iterator[Completion]:
    """Paths that begin so: folders, and files of these kinds, or all."""
    folder, name = os.path.split(os.path.expanduser(written))
    try:
        entries = sorted(Path(folder or ".").iterdir())
    except OSError:
        return
    for entry in entries:
        if not entry.name.startswith(name) or (entry.name.startswith(".") and not name):
            continue
        if entry.is_dir():
            yield Completion(f"{entry.name}/", start_position=-len(name), display_meta="folder")
        elif not kinds or entry.suffix in kinds:
            yield Completion(entry.name, start_position=-len(name))

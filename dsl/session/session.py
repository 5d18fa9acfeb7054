"""The session: source text in, replies out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error, UnknownName
from tc0.dsl.base.meter import Limits
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Source
from tc0.dsl.core.program import Applied, Expr, Function, Lift
from tc0.dsl.core.program import Family as FamilyProgram
from tc0.dsl.core.program import Report as ReportExpr
from tc0.dsl.core.resolve import resolve_expression
from tc0.dsl.core.scope import Given, Held, Letters, Meaning, Weights
from tc0.dsl.core.show import show_type
from tc0.dsl.core.value import WireValue, paste, unlifted
from tc0.dsl.ops.functions import FUNCTIONS
from tc0.dsl.ops.options import OptionValue
from tc0.dsl.ops.verbs import VERBS
from tc0.dsl.ops.words import FAMILY_BEHIND
from tc0.dsl.session import describe, meaning
from tc0.dsl.session.choices import is_choice, option_of
from tc0.dsl.session.definitions import Definitions, Entry, define
from tc0.dsl.session.documentation import read_documentation
from tc0.dsl.session.files import Files, read
from tc0.dsl.session.guard import guarded
from tc0.dsl.session.handles import Circuit, Family, handle
from tc0.dsl.session.library import Library
from tc0.dsl.session.options import Options, defaults, limits_of, row_of, set_option
from tc0.dsl.session.python_value import static_value, wires_value
from tc0.dsl.session.report import Described, Documentation, Report
from tc0.dsl.session.run import OnReply, Run
from tc0.dsl.session.show_value import written
from tc0.dsl.session.state import RESULT, Behind, State, StateScope
from tc0.dsl.session.workbench import Progress, Workbench
from tc0.dsl.syntax import tree

if TYPE_CHECKING:
    from tc0.dsl.session.weights import WeightsFile

MOST_UNDO = 50
BUILT_IN = ("AND", "OR", "NOT", "MAJ", "THR", "MOD", "SUM", "COUNT", "len", "value", "bit", "within", "uint", "int")


class Session:
    """Definitions, options and limits. Two sessions know nothing of each other.

    options: read as by `option`. limits: the host's limits, which a program can lower but not raise.
    folder: where `use` and relative paths start for text that is no file (default: the working folder).
    progress: called at most ten times a second with (what is being done, share done or None).
    """

    def __init__(
        self,
        options: Mapping[str, object] | None = None,
        limits: Limits | None = None,
        folder: Path | str | None = None,
        progress: Progress | None = None,
    ) -> None:
        start: Options = defaults(limits)
        families = {}
        for name, value in (options or {}).items():
            if row_of(name).family:
                families[name] = value
            else:
                start = set_option(start, name, value)
        self._state = State(start, start)
        self._past: list[State] = []
        self._folder = folder
        self._bench = Workbench(limits_of(start), str(start["negation"]), progress)
        self._library = Library(self._library_let)
        for name, value in families.items():
            self.set_option(name, value)
        self._past.clear()

    # ---- running

    def run(self, text: str, name: str = "<input>", on_reply: OnReply | None = None) -> Report:
        """Runs a text as one transaction. on_reply: called with each reply as soon as it is known."""
        with self._transaction(on_reply) as run:
            folder = self._base()
            run.define(_parse(Source(name, text)), Files(folder), folder, None)
        return run.report

    def load(self, path: Path | str, on_reply: OnReply | None = None) -> Report:
        """Runs a file as one transaction; its options end with it. What an earlier version of it defined is replaced."""
        return self._load(path, on_reply)

    def check(self, path: Path | str, on_reply: OnReply | None = None) -> Report:
        """As `load`, without its expressions: only definitions, options and checks."""
        return self._load(path, on_reply, (tree.Show, tree.Prove))

    def define(self, path: Path | str) -> Report:
        """As `load`, but only definitions and options."""
        return self._load(path, None, (tree.Show, tree.Prove, tree.Check))

    def _load(self, path: Path | str, on_reply: OnReply | None, left_out: tuple[type, ...] = ()) -> Report:
        with self._transaction(on_reply) as run:
            before = self._state
            shown = str(path)
            source = read(self._base() / path, shown)
            real = (self._base() / path).resolve()
            files = Files(real.parent, {real})
            run.define(_parse(source), files, real.parent, str(real), left_out)
            run.state = replace(run.state, options=before.options)
        return run.report

    def eval(self, text: str) -> object:
        """The value of exactly one expression, as a plain Python object; `Family` and `Circuit` for families."""
        with guarded():
            expr = self._expression(text)
            if isinstance(expr, ReportExpr) and expr.verb == "tensors":
                return self[text.strip()]
            value = self._value(expr)
            if isinstance(value, Applied):
                return handle(self, value)
            return wires_value(value) if isinstance(value, WireValue) else static_value(value)

    def __getitem__(self, name: str) -> Family | Circuit | object:
        with guarded():
            match self._meaning(name):
                case FamilyProgram() as family:
                    return Family(self, Applied(family, ()))
                case Given(value=Applied() as applied):
                    return handle(self, applied)
                case Given(value=value):
                    return static_value(value)
                case Held(value=Lift() as held):
                    return wires_value(unlifted(held))
                case Letters(symbols=symbols):
                    return list(symbols)
                case Weights() as found:
                    return self._weights(found)
                case other:
                    raise Error(
                        "E0815",
                        f"`{name}` is a static function: call it in a text",
                        None,
                        f'session.eval("{_call(other)}")',
                    )

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in set(self._scope.names())

    # ---- asking

    def type_of(self, text: str) -> str:
        """The type of an expression, or of a defined name, as text; nothing is evaluated."""
        with guarded():
            name = text.strip()
            found = self._scope.find(name) if name.isidentifier() else None
            if found is not None:
                return meaning.kind_of_meaning(found)[1]
            return show_type(self._expression(text).type)

    def kind_of(self, name: str) -> tuple[str, str, str | None]:
        """What a name is: its kind, its type as text, and the text of a value on one line."""
        with guarded():
            return meaning.kind_of_meaning(self._meaning(name))

    def describe(self, name: str) -> Described:
        """A family with its documentation and figures, as `tc0 info` shows it."""
        with guarded():
            self._begin()
            match self._meaning(name):
                case FamilyProgram() as family:
                    applied = Applied(family, ())
                case Given(value=Applied() as applied):
                    pass
                case _:
                    raise Error("E0815", f"`{name}` is no family")
            return describe.describe(applied, self._bench, int(self.options["counted"]))

    def documentation(self, name: str) -> Documentation:
        """The documentation of a definition of the user or of the library."""
        with guarded():
            return read_documentation(self._meaning(name).doc)

    @property
    def options(self) -> Mapping[str, OptionValue]:
        """All options with their values."""
        return self._state.options

    @property
    def definitions(self) -> Mapping[str, str]:
        """The user's own definitions, name -> type text, in the order they were made."""
        return meaning.merged(self._state.definitions)

    def complete_names(self) -> Iterable[tuple[str, str]]:
        """Names that an expression can begin with, (name, what it is): own, library, functions, verbs, gates."""
        found: dict[str, str] = {name: row.doc for name, row in FUNCTIONS.items() if not row.operator}
        found |= {name: row.doc for name, row in VERBS.items()}
        found |= dict.fromkeys(BUILT_IN, "built in")
        found |= dict.fromkeys(self._library.names(), "library")
        found |= {
            name: meaning.kind_of_meaning(e.meaning)[0]
            for name, e in self._state.definitions.items()
            if not is_choice(name)
        }
        return sorted(found.items())

    def source_of(self, names: Iterable[str] | None = None) -> str:
        """The live definitions as a script, in dependency order (`:save`); these names with what they use, where given."""
        definitions = self._state.definitions
        if names is not None:
            for name in names:
                if name not in definitions:
                    raise self._unknown(name, definitions)
            names = definitions.closure(names)
        _one_choice(name for name in (definitions if names is None else names) if is_choice(name))
        return "\n\n".join(_source(entry) for entry in definitions.in_order(names)) + "\n"

    # ---- changing

    def undo(self) -> tuple[str, ...]:
        """Takes back the last run that changed definitions, options or results; the names that changed."""
        if not self._past:
            raise Error("E0816", "there is nothing to undo")
        before, now = self._past.pop(), self._state
        self._state = before
        return _difference(before.definitions, now.definitions)

    def drop(self, name: str) -> tuple[str, ...]:
        """Removes a definition of the user; an error where others need it. The names that were checked again."""
        with self._transaction(None) as run:
            definitions = self._state.definitions
            if name not in definitions or is_choice(name):
                raise self._unknown(name, definitions)
            behind = Behind(self._state, self._library)
            users = definitions.dependents((name,))
            if users and behind.find(name) is None:
                first = min((n for n in definitions if n in users), key=lambda n: not is_choice(n))
                option = option_of(first)
                if is_choice(first):
                    drop = (
                        f"`:set {option} {FAMILY_BEHIND[option]}` first" if first == option else "change the file first"
                    )
                else:
                    drop = f"drop `{first}` first"
                raise Error(
                    "E0209",
                    f"`{name}` is used by `{option}`",
                    definitions[first].definition.node.name_span,
                    drop,
                )
            change = define(definitions, {}, frozenset({name}), behind, run._let)
            run.state = replace(run.state, definitions=change.definitions)
        return tuple(n for n in definitions if n in users and not is_choice(n))

    def set_option(self, name: str, value: object) -> None:
        """Sets an option as the host: limits may be raised too. Part of `undo`."""
        with self._transaction(None) as run:
            state = run.state
            if row_of(name).family:
                run.choose(_written(name, value))
                return
            ceiling = set_option(state.ceiling, name, value)
            run.state = replace(state, ceiling=ceiling, options=set_option(state.options, name, value))

    # ---- inside

    @contextmanager
    def _transaction(self, on_reply: OnReply | None) -> Iterator[Run]:
        """A run on a copy of the state, adopted at the end; an error or an interrupt leaves everything as it was."""
        with guarded():
            self._begin()
            run = Run(self._state, self._library, self._bench, on_reply)
            yield run
            if run.state is not self._state:
                self._past = [*self._past[-MOST_UNDO + 1 :], self._state]
                self._state = run.state

    def _begin(self) -> None:
        options = self._state.options
        self._bench.begin(limits_of(options), str(options["negation"]))

    def _base(self) -> Path:
        return Path(self._folder if self._folder is not None else ".").resolve()

    @property
    def _scope(self) -> StateScope:
        return StateScope(self._state.definitions, Behind(self._state, self._library))

    def _expression(self, text: str) -> Expr:
        self._begin()
        statements = _parse(Source("<input>", text)).statements
        if len(statements) != 1 or not isinstance(statements[0], tree.Show):
            raise Error(
                "E0815",
                "`eval` takes exactly one expression",
                statements[0].span if statements else None,
                "use `run` for definitions and checks",
            )
        return resolve_expression(statements[0].value, self._scope)

    def _value(self, expr: Expr) -> object:
        return meaning.value_of(expr, self._bench)

    def _library_let(self, node: tree.Let, expr: Expr) -> Given | Held:
        return meaning.let_value(node, expr, self._bench)

    def _weights(self, found: Weights) -> WeightsFile:
        from tc0.dsl.session.weights import WeightsFile

        return WeightsFile(found, self._begin)

    def _meaning(self, name: str) -> Meaning:
        found = self._scope.find(name)
        if found is None:
            raise self._unknown(name, self._scope.names())
        return found

    def _unknown(self, name: str, names: Iterable[str]) -> UnknownName:
        close = near(name, names)
        hint = f"a definition with a similar name exists: `{close}`" if close else None
        return UnknownName("E0201", f"nothing is called `{name}`", None, hint)


def _parse(source: Source) -> tree.Script:
    from tc0.dsl.syntax.parse import parse

    return parse(source)


def _one_choice(names: Iterable[str]) -> None:
    """Refuses to write files into one script that put different families behind one operator."""
    seen: set[str] = set()
    for option in map(option_of, names):
        if option in seen:
            hint = "set one family for both, or load and save one file at a time"
            raise Error("E0840", f"different files set `{option}` for their definitions", None, hint)
        seen.add(option)


def _written(name: str, value: object) -> tree.Option:
    """An option as a text would set it."""
    text = f"option {name} = {set_option({}, name, value)[name]}"
    statements = _parse(Source("<option>", text)).statements
    if len(statements) == 1 and isinstance(statements[0], tree.Option):
        return statements[0]
    raise Error("E0821", f"`{name}` takes one family, not {value}")


def _call(function: object) -> str:
    return f"{function.name}({', '.join(function.parameters)})" if isinstance(function, Function) else "..."


def _source(entry: Entry) -> str:
    """A definition as a script holds it; a value made from `_` is written out."""
    found, node = entry.meaning, entry.definition.node
    if any(RESULT.fullmatch(name) for name in entry.uses):
        match found:
            case Held(value=Lift() as held):
                return f"let {node.name} = {paste(unlifted(held))}"
            case Given(value=value) if not isinstance(value, Applied):
                return f"let {node.name} = {written(value)}"
    return entry.definition.text


def _difference(a: Definitions, b: Definitions) -> tuple[str, ...]:
    names = dict.fromkeys([*a, *b])
    return tuple(dict.fromkeys(option_of(name) for name in names if a.get(name) is not b.get(name)))

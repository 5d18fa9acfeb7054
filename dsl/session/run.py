"""One run: the statements of a text carried out on a new state, which the session adopts if all went well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error, LimitReached, NotAvailable
from tc0.dsl.base.source import Span
from tc0.dsl.core.interface import missing
from tc0.dsl.core.program import Applied, Expr, Measure
from tc0.dsl.core.program import Report as ReportExpr
from tc0.dsl.core.resolve import resolve_claim, resolve_expression
from tc0.dsl.core.scope import Given, Held, Meaning, Weights
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.types import Static
from tc0.dsl.core.value import WireValue
from tc0.dsl.ops.words import FAMILY_BEHIND
from tc0.dsl.session import describe
from tc0.dsl.session.choices import choice, is_choice
from tc0.dsl.session.definition import Definition
from tc0.dsl.session.definitions import Change, collect, define
from tc0.dsl.session.files import Files, read
from tc0.dsl.session.guard import placed
from tc0.dsl.session.library import Library, index
from tc0.dsl.session.meaning import kind_of_meaning, let_value, meaning_of_value, value_of
from tc0.dsl.session.options import limits_of, row_of, set_option, show
from tc0.dsl.session.python_value import static_value, wires_value
from tc0.dsl.session.report import Checked, Defined, Optimized, OptionSet, Reply, Report, Shown, Used
from tc0.dsl.session.show_value import show_static, show_wires, static_type_text, wires_type_text
from tc0.dsl.session.state import Behind, State, StateScope
from tc0.dsl.session.tracing import traced
from tc0.dsl.session.workbench import Workbench, figures_of
from tc0.dsl.syntax import tree
from tc0.dsl.verify.text import one_line

if TYPE_CHECKING:
    from tc0.dsl.session.tensors import TensorFile

OnReply = Callable[[Reply], None]


class Run:
    """A transaction. `state` is what the session becomes."""

    def __init__(self, state: State, library: Library, bench: Workbench, on_reply: OnReply | None) -> None:
        self.state = state
        self.library = library
        self.bench = bench
        self.replies: list[Reply] = []
        self._on_reply = on_reply
        self._early: list[tuple[int, State]] = []
        self._origin: str | None = None

    @property
    def report(self) -> Report:
        return Report(tuple(self.replies))

    def reply(self, reply: Reply) -> None:
        self.replies.append(reply)
        if self._on_reply is not None:
            self._on_reply(reply)

    # ---- definitions

    def define(
        self, script: tree.Script, files: Files, beside: Path, origin: str | None, left_out: tuple[type, ...] = ()
    ) -> None:
        """Defines all that the text and the files it uses define, then carries out its other statements in order, but for some kinds."""
        self._origin = origin
        written: dict[str, Definition] = {}
        used: list[tuple[tree.Use, list[str]]] = []
        collect(written, self._own(script, files, beside, origin))
        for statement in script.statements:
            if isinstance(statement, tree.Use):
                names: dict[str, Definition] = {}
                self._use(statement, files, beside, names)
                collect(written, names.values())
                used.append((statement, [name for name in names if not is_choice(name)]))
        self._early = self._literal_options(script)
        dropped = self._vanished(written, origin)
        if written or dropped:
            change = define(self.state.definitions, written, dropped, Behind(self.state, self.library), self._let)
            self.state = replace(self.state, definitions=change.definitions)
            self._report_definitions(script, written, used, change)
        for statement in script.statements:
            if not isinstance(statement, left_out):
                with placed(statement.span):
                    self._carry_out(statement)

    def _use(self, node: tree.Use, files: Files, beside: Path, found: dict[str, Definition]) -> None:
        """Brings in a file and what it uses; each file once."""
        from tc0.dsl.syntax.parse import parse

        path = files.find(node.path, beside, node.span)
        if path in files.seen:
            return
        files.seen.add(path)
        shown = str(path.relative_to(files.root))
        script = parse(read(path, shown, node.span))
        collect(found, self._own(script, files, path.parent, str(path)))
        for statement in script.statements:
            if isinstance(statement, tree.Use):
                self._use(statement, files, path.parent, found)
            elif isinstance(statement, tree.Option) and row_of(statement.name, statement.name_span).family:
                name = choice(statement.name, str(path))
                found[name] = Definition(name, statement, str(path))

    def _own(self, script: tree.Script, files: Files, beside: Path, origin: str | None) -> list[Definition]:
        """The definitions of a text that lies in the folder `beside`."""
        return [
            Definition(s.name, s, origin, self._archive(s, files, beside))
            for s in script.statements
            if isinstance(s, tree.Definition)
        ]

    def _archive(self, node: tree.Definition, files: Files, beside: Path) -> TensorFile | None:
        """The file of arrays that a definition names."""
        if not isinstance(node, tree.Weights):
            return None
        from tc0.dsl.session.tensors import TensorFile

        bench = self.bench
        return TensorFile(files.find(node.path, beside, node.span), node.path, lambda: bench.meter, node.span)

    def _vanished(self, written: dict[str, Definition], origin: str | None) -> frozenset[str]:
        """What a file defined when it was loaded before, and defines no more."""
        origins = {definition.origin for definition in written.values()} | {origin}
        origins.discard(None)
        definitions = self.state.definitions
        return frozenset(
            name for name, entry in definitions.items() if entry.definition.origin in origins and name not in written
        )

    def _report_definitions(
        self,
        script: tree.Script,
        written: dict[str, Definition],
        used: list[tuple[tree.Use, list[str]]],
        change: Change,
    ) -> None:
        for node, names in used:
            self.reply(Used(node.path, tuple(names), node.span))
        for statement in script.statements:
            if isinstance(statement, tree.Definition):
                self.reply(_defined(statement, change))

    def _literal_options(self, script: tree.Script) -> list[tuple[int, State]]:
        """Option statements with plain values, by position: values of `let`s below them are found under them."""
        found = []
        state = self.state
        for statement in script.statements:
            if isinstance(statement, tree.Option) and isinstance(statement.value, tree.Name | tree.Number):
                value = statement.value
                plain = value.name if isinstance(value, tree.Name) else value.value
                row = row_of(statement.name, statement.name_span)
                if row.family or (isinstance(value, tree.Name) and plain not in row.choices):
                    continue
                state = self._with_option(state, statement, plain)
                found.append((statement.span.start, state))
        return found

    def _let(self, node: tree.Let, expr: Expr) -> Given | Held:
        """The value of a top-level `let`."""
        before = [state for start, state in self._early if start < node.span.start]
        with _options(self.bench, before[-1] if before else self.state):
            return let_value(node, expr, self.bench)

    # ---- statements

    def _carry_out(self, statement: tree.Statement) -> None:
        self._begin()
        match statement:
            case tree.Show():
                self._show(statement)
            case tree.Check():
                self.reply(self._check(statement))
            case tree.Prove(span=span):
                hint = "check all inputs of small sizes instead: `check ... for x: bit[n], n <= 10`"
                raise NotAvailable("E1004", "`prove` is not available yet", span, hint)
            case tree.Option():
                self._option(statement)
            case _:
                pass

    def _begin(self) -> None:
        options = self.state.options
        self.bench.begin(limits_of(options), str(options["negation"]))

    @property
    def scope(self) -> StateScope:
        return StateScope(self.state.definitions, Behind(self.state, self.library), self._origin)

    def choose(self, node: tree.Option) -> None:
        """Puts a family behind an operator; what uses the operator is resolved again."""
        name = choice(node.name, self._origin)
        text = " ".join(node.value.span.text.split())
        own = self._origin is None and text == FAMILY_BEHIND[node.name] and text not in self.state.definitions
        written = {} if own else {name: Definition(name, node, self._origin)}
        behind = Behind(self.state, self.library)
        change = define(self.state.definitions, written, frozenset((name,)), behind, self._let)
        options = set_option(self.state.options, node.name, text, node.value.span)
        self.state = replace(self.state, definitions=change.definitions, options=options)

    def _option(self, node: tree.Option) -> None:
        row = row_of(node.name, node.name_span)
        value: object
        before = self.state.options[node.name]
        if row.family:
            self.choose(node)
            self.reply(OptionSet(node.name, str(self.state.options[node.name]), str(before), node.span))
            return
        if isinstance(node.value, tree.Name) and row.choices:
            value = node.value.name
        else:
            expr = resolve_expression(node.value, self.scope)
            if not isinstance(expr.type, Static):
                raise Error("E0821", f"`{node.name}` takes a static value", node.value.span)
            value = self.bench.static(expr)
        self.state = self._with_option(self.state, node, value)
        self.reply(OptionSet(node.name, show(row, self.state.options[node.name]), show(row, before), node.span))

    def _with_option(self, state: State, node: tree.Option, value: object) -> State:
        row_of(node.name, node.name_span)
        return replace(state, options=set_option(state.options, node.name, value, node.value.span, state.ceiling))

    def _check(self, node: tree.Check) -> Checked:
        from tc0.dsl.verify.check import Settings, check

        options = self.state.options
        settings = Settings(
            budget=int(options["budget"]),
            samples=int(options["samples"]),
            seed=int(options["seed"]),
            mode=str(options["check"]),
        )
        claim = resolve_claim(node, self.scope)
        return check(claim, node, self.scope, settings, self.bench)

    def _show(self, node: tree.Show) -> None:
        expr = resolve_expression(node.value, self.scope)
        if isinstance(expr, ReportExpr):
            self.reply(self._report_verb(expr, node.span))
            return
        if isinstance(expr, Measure) and self._is_open(expr):
            figure = self.bench.closed(expr)
            self.reply(replace(describe.closed_form(figure, one_line(expr.span)), span=node.span))
            return
        value = value_of(expr, self.bench)
        if isinstance(value, Applied):
            self._keep(Given("_", value, None))
            self.reply(self._family(value, node.span))
            return
        self._keep(meaning_of_value("_", value, node.span))
        number = self.state.shown
        if isinstance(value, WireValue):
            self.reply(Shown(wires_value(value), show_wires(value), wires_type_text(value), number, node.span))
        else:
            self.reply(Shown(static_value(value), show_static(value), static_type_text(value), number, node.span))

    def _is_open(self, expr: Measure) -> bool:
        subject = self.bench.static(expr.subject)
        return isinstance(subject, Applied) and bool(missing(subject))

    def _keep(self, meaning: Meaning) -> None:
        self.state = self.state.with_result(meaning)

    def _family(self, applied: Applied, span: Span) -> Reply:
        if missing(applied):
            return replace(describe.describe(applied, self.bench, int(self.state.options["counted"])), span=span)
        try:
            return replace(describe.built(applied, self.bench), span=span)
        except LimitReached as limit:
            if limit.code not in ("E0801", "E0802"):
                raise
            return replace(describe.unbuilt(applied, self.bench, limit), span=span)

    def _report_verb(self, expr: ReportExpr, span: Span) -> Reply:
        subject, *others = (self.bench.static(a) for a in expr.arguments)
        if expr.verb in ("tensors", "truncation"):
            return self._of_arrays(subject, others, expr, span)
        if not isinstance(subject, Applied):
            raise Error("E0303", f"`{expr.verb}` takes a family", expr.span, f"{expr.verb}(f)")
        match expr.verb:
            case "class":
                return replace(describe.classified(subject, self.bench), span=span)
            case "uniformity":
                return replace(describe.uniform(subject), span=span)
            case "formula":
                with placed(span):
                    return replace(describe.formulas(subject), span=span)
            case "compare":
                return replace(describe.compared([subject, *others], self.bench, expr), span=span)
            case "optimize":
                return self._optimized(subject, expr, span)
            case "trace":
                return traced(subject, others, self.bench, span)
            case "generate":
                return self._generated(subject, others[0], expr, span)
            case "gate" | "input" | "feeds" | "number":
                return self._connected(subject, others, expr, span)
            case _:
                raise NotAvailable("E1006", f"`{expr.verb}` is not available yet", expr.span)

    def _of_arrays(self, subject: object, others: list[object], expr: ReportExpr, span: Span) -> Reply:
        """What is asked about a file of arrays, or about an array."""
        from tc0.dsl.session import weights

        if isinstance(subject, Weights) and expr.verb == "tensors":
            return weights.listed(subject, span)
        precision, nearest = others
        return replace(weights.truncated(subject, precision, nearest, expr.arguments[0].span), span=span)

    def _connected(self, subject: Applied, others: list[object], expr: ReportExpr, span: Span) -> Reply:
        """A question about gates, answered without building the circuit."""
        left = missing(subject)
        if left:
            fix = ", ".join(f"{name} = 10**6" for name in left)
            raise Error(
                "E0903",
                f"`{expr.verb}` takes a circuit, and `{left[0]}` is not fixed",
                expr.span,
                f"{subject.family.name}[{fix}]",
            )
        answer = describe.connected(expr.verb, self.bench.connection(subject), others, expr, span)
        if not isinstance(answer, bool | int | tuple):
            return answer
        self._keep(Given("_", answer, None))
        return Shown(static_value(answer), show_static(answer), static_type_text(answer), self.state.shown, span)

    def _generated(self, subject: Applied, text: object, expr: ReportExpr, span: Span) -> Reply:
        from tc0.dsl.session.generating import generated

        options = {name: self.bench.static(value) for name, value in expr.options}
        if "steps" not in options:
            raise Error("E0305", "`generate` needs `steps`", span, 'generate(f, "ab", steps = 9)')
        value = generated(subject, text, options["steps"], self.bench, span)
        self._keep(meaning_of_value("_", value, span))
        return Shown(wires_value(value), show_wires(value), wires_type_text(value), self.state.shown, span)

    def _optimized(self, subject: Applied, expr: ReportExpr, span: Span) -> Reply:
        from tc0.dsl.circuit.optimize import optimize

        left = missing(subject)
        if left:
            fix = ", ".join(f"{name} = 8" for name in left)
            raise Error(
                "E0903",
                f"`optimize` takes a circuit, and `{left[0]}` is not fixed",
                expr.span,
                f"optimize({subject.family.name}[{fix}])",
            )
        netlist = self.bench.netlist(subject)
        smaller, found = optimize(netlist)
        changes = tuple((what, many) for what, many in found.removed.items() if many)
        convention = self.bench.negation
        return Optimized(
            show_applied(subject), figures_of(netlist, convention), figures_of(smaller, convention), changes, span
        )


class _options:
    """The bench under the options of a state, for a while."""

    def __init__(self, bench: Workbench, state: State) -> None:
        self._bench, self._state = bench, state

    def __enter__(self) -> None:
        bench, options = self._bench, self._state.options
        self._before = (bench.limits, bench.negation)
        bench.begin(limits_of(options), str(options["negation"]))

    def __exit__(self, *_: object) -> None:
        self._bench.begin(*self._before)


def _defined(node: tree.Definition, change: Change) -> Defined:
    entry = change.definitions[node.name]
    kind, type, value = kind_of_meaning(entry.meaning)
    return Defined(
        node.name,
        kind,
        type,
        redefined=node.name in change.redefined,
        rechecked=change.rechecked.get(node.name, ()),
        hides=node.name in index(),
        value=value,
        span=node.name_span,
    )

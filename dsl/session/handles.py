"""Families and circuits as Python objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tc0.dsl.base.digits import are_given
from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.base.source import Source, Span
from tc0.dsl.core.calls import fix
from tc0.dsl.core.context import constant
from tc0.dsl.core.interface import complete, interface, missing
from tc0.dsl.core.program import Applied, Reference
from tc0.dsl.core.program import Family as FamilyProgram
from tc0.dsl.core.resolve import resolve_expression
from tc0.dsl.core.scope import Given, Meaning
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.static import evaluate
from tc0.dsl.core.value import WireValue, decode
from tc0.dsl.session.arguments import as_bits, as_static, value_for
from tc0.dsl.session.batch import as_planes, from_planes
from tc0.dsl.session.columns import expected, solved
from tc0.dsl.session.describe import family_type
from tc0.dsl.session.guard import guarded
from tc0.dsl.session.meaning import value_of
from tc0.dsl.session.python_value import static_value, wires_value
from tc0.dsl.session.report import Figures, Traced
from tc0.dsl.session.tracing import traced
from tc0.dsl.session.workbench import figures_of
from tc0.dsl.syntax import tree

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tc0.dsl.analysis.classify import ClassReport
    from tc0.dsl.analysis.connection import Connection
    from tc0.dsl.analysis.figure import Figure
    from tc0.dsl.analysis.formula import Formula
    from tc0.dsl.analysis.uniformity import Uniformity
    from tc0.dsl.circuit.evaluate import Program
    from tc0.dsl.netlist import Netlist
    from tc0.dsl.session.session import Session


def handle(session: Session, applied: Applied) -> Family | Circuit:
    """A circuit where everything is fixed, a family otherwise."""
    return Family(session, applied) if missing(applied) else Circuit(session, applied)


class Family:
    """A family with some of its parameters fixed (or all of them: a family may have none)."""

    def __init__(self, session: Session, applied: Applied) -> None:
        self._session = session
        self._applied = applied

    @property
    def name(self) -> str:
        """Its name, with what is fixed: `exactly[k = 3]`."""
        return show_applied(self._applied)

    @property
    def type(self) -> str:
        """`[k](x: bit[n]) -> bit`."""
        return family_type(self._applied)

    @property
    def doc(self) -> str:
        """Its comment."""
        return self._applied.family.doc

    @property
    def parameters(self) -> tuple[str, ...]:
        """The static and size parameters that are not fixed."""
        return missing(self._applied)

    def __repr__(self) -> str:
        return f"<tc0 family {self.name}: {self.type}>"

    def fix(self, **parameters: object) -> Family:
        """The family with more of its static and size parameters fixed, as `f[k = 3]` does."""
        with guarded():
            return Family(self._session, self._fixed(parameters))

    def instantiate(self, **sizes: object) -> Circuit:
        """The circuit at these sizes and static parameters; it is built when it is first needed."""
        with guarded():
            return Circuit(self._session, self._complete(sizes, "instantiate"))

    def connection(self, **sizes: object) -> Connection:
        """The connection reading at these sizes, however large: `.gate(g)`, `.input(g, k)`, `.feeds(h, g)`,
        `.number(line, indices)`. Nothing is built. NotAvailable with the reason where gate numbers have no closed form."""
        with guarded():
            self._session._begin()
            return self._session._bench.connection(self._complete(sizes, "connection"))

    def formula(self) -> Formula:
        """The direct connection language: `.places`, each with the ranges of its indices, the number, kind and threshold of
        its gates and what feeds them, in the sizes that are not fixed. NotAvailable with the reason where there is none."""
        from tc0.dsl.analysis.formula import formula

        with guarded():
            return formula(self._applied)

    def __call__(self, *arguments: object, **fixed: object) -> object:
        """The value on these inputs; sizes follow from them."""
        with guarded():
            self._session._begin()
            applied = self._fixed(fixed)
            names = tuple(f"argument {i}" for i in range(1, len(arguments) + 1))
            scope = _Arguments(self._session, applied, {n: as_bits(a) for n, a in zip(names, arguments, strict=True)})
            text = f"{show_applied(applied)}({', '.join(map(_short, arguments))})"
            span = Span(Source("<call>", text), 0, len(text))
            given = tuple(tree.Argument(None, tree.Name(name, span), span) for name in names)
            call = tree.Call(tree.Name("the family", span), given, None, span)
            value = value_of(resolve_expression(call, scope), self._session._bench)
            return wires_value(value) if isinstance(value, WireValue) else static_value(value)

    def trace(self, *arguments: object, **fixed: object) -> Traced:
        """Of a transformer on these inputs: residual stream and attention weights, layer by layer; `.svg()` draws them."""
        with guarded():
            self._session._begin()
            text = f"trace({self.name}, {', '.join(map(_short, arguments))})"
            span = Span(Source("<call>", text), 0, len(text))
            return traced(self._fixed(fixed), [as_bits(a) for a in arguments], self._session._bench, span)

    def generate(self, text: object, steps: int, **fixed: object) -> object:
        """The text with `steps` symbols (or bits) more, each the last symbol of what the family makes of the text so far."""
        with guarded():
            from tc0.dsl.session.generating import generated

            self._session._begin()
            span = _span(f"generate({self.name}, {_short(text)}, steps = {_short(steps)})")
            return wires_value(
                generated(self._fixed(fixed), as_bits(text), as_static(steps), self._session._bench, span)
            )

    def evaluate(self, batch: npt.ArrayLike, **sizes: object) -> npt.NDArray[np.bool_]:
        """batch: bool [B, inputs] -> bool [B, outputs], without building the circuit; columns are parameters in order,
        row-major, bit 0 first. One size may be left out where the number of columns decides it."""
        with guarded():
            self._session._begin()
            applied = self._fixed(sizes)
            planes, count, columns = as_planes(batch)
            applied = solved(applied, columns)
            ports = expected(applied, columns)
            bench = self._session._bench
            outcome = bench.reading(applied).run(planes, count, bench.meter)
            if outcome.planes is None:
                raise Error("E0601", f"`{ports.output.name}` of `{self.name}` is a form: it has no bits")
            return from_planes(outcome.planes, count)

    def _complete(self, sizes: dict[str, object], method: str) -> Applied:
        """Everything fixed, as a method that needs this asks for."""
        applied = self._fixed(sizes)
        left = missing(applied)
        if left:
            example = ", ".join(f"{name}=8" for name in left)
            hint = f"{self._applied.family.name}: .{method}({example})"
            raise Error("E0903", f"`{self.name}` needs {', '.join(f'`{n}`' for n in left)}", None, hint)
        interface(applied)
        return applied

    def _fixed(self, parameters: dict[str, object]) -> Applied:
        if not parameters:
            return self._applied
        span = _span(f"{self.name}[{', '.join(f'{k} = {_short(v)}' for k, v in parameters.items())}]")
        reference = constant(self._applied, span)
        assert isinstance(reference, Reference)
        items = [(name, constant(_parameter(value), span)) for name, value in parameters.items()]
        found = evaluate(fix(reference, items, span), {})
        assert isinstance(found, Applied)
        return complete(found.family, dict(found.values))

    def _figure(self, name: str) -> Figure:
        """A closed form: `str()`, `.at(n=8)`, `.theta`, `.latex()`, `.evidence`. NotAvailable with the reason where there
        is none."""
        from tc0.dsl.analysis.analyse import Open

        with guarded():
            self._session._begin()
            found = self._session._bench.costs(self._applied).figure(name)
            if isinstance(found, Open):
                sizes = ", ".join(f"{n}=8" for n in missing(self._applied))
                hint = f"count one circuit: .instantiate({sizes}).{name}"
                raise NotAvailable("E1001", f"{name} of `{self.name}` has no closed form: {found.reason}", None, hint)
            return found

    @property
    def size(self) -> Figure:
        """The number of gates, in closed form."""
        return self._figure("size")

    @property
    def wires(self) -> Figure:
        """The number of gate inputs, in closed form."""
        return self._figure("wires")

    @property
    def unit_wires(self) -> Figure:
        """The sum of the absolute weights of all gate inputs, in closed form."""
        return self._figure("unit_wires")

    @property
    def depth(self) -> Figure:
        """The depth of the deepest output, in closed form."""
        return self._figure("depth")

    @property
    def fanin(self) -> Figure:
        """The largest number of inputs of a gate, in closed form."""
        return self._figure("fanin")

    @property
    def largest_weight(self) -> Figure:
        """The largest absolute weight of a wire, in closed form."""
        return self._figure("largest_weight")

    @property
    def classified(self) -> ClassReport:
        """The class that follows from gates, depth, size and weights, with the reasons."""
        from tc0.dsl.analysis.classify import classify

        with guarded():
            self._session._begin()
            return classify(self._session._bench.costs(self._applied))

    @property
    def uniformity(self) -> Uniformity:
        """The grade of uniformity that follows from the index arithmetic."""
        from tc0.dsl.analysis.uniformity import uniformity

        with guarded():
            return uniformity(self._applied)


class Circuit:
    """`C_n`: a family with everything fixed. Its gates are built when they are first needed, and kept."""

    def __init__(self, session: Session, applied: Applied, built: Netlist | None = None) -> None:
        self._session = session
        self._applied = applied
        self._built = built
        self._optimized = built is not None
        self._figures: dict[str, Figures] = {}
        self._program: Program | None = None

    @property
    def name(self) -> str:
        """`exactly[k = 3, n = 8]`."""
        return f"optimize({show_applied(self._applied)})" if self._optimized else show_applied(self._applied)

    def __repr__(self) -> str:
        return f"<tc0 circuit {self.name}>"

    @property
    def netlist(self) -> Netlist:
        """The gates, as arrays."""
        if self._built is None:
            with guarded():
                self._session._begin()
                self._built = self._session._bench.netlist(self._applied)
        return self._built

    def figures(self, negation: str | None = None) -> Figures:
        """All figures; negation: "gate" or "free", or None for the session's option."""
        convention = negation or str(self._session.options["negation"])
        if convention not in ("gate", "free"):
            raise Error("E0821", f"`negation` takes gate or free, not {convention}")
        if convention not in self._figures:
            netlist = self.netlist
            with guarded():
                self._figures[convention] = figures_of(netlist, convention)
        return self._figures[convention]

    @property
    def size(self) -> int:
        return self.figures().size

    @property
    def wires(self) -> int:
        return self.figures().wires

    @property
    def unit_wires(self) -> int:
        return self.figures().unit_wires

    @property
    def depth(self) -> int:
        return self.figures().depth

    @property
    def fanin(self) -> int:
        return self.figures().fanin

    @property
    def largest_weight(self) -> int:
        return self.figures().largest_weight

    @property
    def stored_terms(self) -> int:
        return self.figures().stored_terms

    @property
    def by_kind(self) -> dict[str, int]:
        return dict(self.figures().by_kind)

    @property
    def by_level(self) -> tuple[int, ...]:
        return self.figures().by_level

    def __call__(self, *arguments: object) -> object:
        """The value on these inputs, evaluated on the gates."""
        with guarded():
            ports = interface(self._applied)
            if len(arguments) != len(ports.inputs):
                raise Error("E0304", f"`{self.name}` takes {len(ports.inputs)} inputs, but {are_given(len(arguments))}")
            bits: list[int] = []
            for port, given in zip(ports.inputs, arguments, strict=True):
                bits += value_for(port, given).bits()
            row = self.evaluate([bits])[0]
            return wires_value(decode(ports.output, [int(b) for b in row]))

    def evaluate(self, batch: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """batch: bool [B, inputs] -> bool [B, outputs], evaluated on the gates."""
        netlist = self.netlist
        with guarded():
            from tc0.dsl.circuit.evaluate import compile

            self._session._begin()
            planes, count, columns = as_planes(batch)
            expected(self._applied, columns)
            if self._program is None:  # compiled once, for all batches
                self._program = compile(netlist, self._session._bench.meter)
            return from_planes(self._program.run(planes, count, self._session._bench.meter), count)

    def optimize(self) -> Circuit:
        """The same function with constants folded and equal gates merged."""
        netlist = self.netlist
        with guarded():
            from tc0.dsl.circuit.optimize import optimize

            smaller, _ = optimize(netlist)
            return Circuit(self._session, self._applied, smaller)

    def export(self, format: str = "blif") -> str:
        """The circuit in another format, as text."""
        netlist = self.netlist
        with guarded():
            from tc0.dsl.export.formats import FORMATS

            row = FORMATS.get(format)
            if row is None:
                raise Error(
                    "E0823", f"no export format is called `{format}`", None, f"formats are {', '.join(FORMATS)}"
                )
            return row.write(netlist, interface(self._applied), self.name)


class _Arguments:
    """The family and its arguments as names, over what the session sees."""

    def __init__(self, session: Session, applied: Applied, values: dict[str, object]) -> None:
        self._scope = session._scope
        self._values = {"the family": Given("the family", applied, None)} | {
            n: Given(n, v, None) for n, v in values.items()
        }

    def find(self, name: str) -> Meaning | None:
        return self._values.get(name) or self._scope.find(name)

    def library(self, name: str) -> FamilyProgram:
        return self._scope.library(name)

    def chosen(self, name: str) -> FamilyProgram | None:
        return self._scope.chosen(name)

    def names(self) -> Iterable[str]:
        return self._scope.names()


def _parameter(value: object) -> object:
    """A static parameter: a family's handle stands for the family."""
    return value._applied if isinstance(value, Family | Circuit) else as_static(value)


def _span(text: str) -> Span:
    return Span(Source("<call>", text), 0, len(text))


def _short(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:37]}..."

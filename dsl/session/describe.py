"""Families and circuits described: type text, and figures counted at a few sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from tc0.dsl.base.digits import show_integer
from tc0.dsl.base.errors import Error, Fault, LimitReached, NotAvailable
from tc0.dsl.base.meter import Limits
from tc0.dsl.base.source import Span
from tc0.dsl.core.interface import complete, interface, missing
from tc0.dsl.core.program import Applied, Family, StaticParameter
from tc0.dsl.core.program import Report as ReportExpr
from tc0.dsl.core.show import show_applied, show_dim, show_type
from tc0.dsl.core.static import describe as describe_static
from tc0.dsl.core.static import truth
from tc0.dsl.core.types import INTEGER, FamilyOf, Form
from tc0.dsl.session.documentation import read_documentation
from tc0.dsl.session.guard import placed
from tc0.dsl.session.report import (
    Built,
    Classified,
    Closed,
    Compared,
    Counted,
    Described,
    Formulas,
    Located,
    Reply,
    Unbuilt,
    Uniform,
    Wired,
)
from tc0.dsl.session.stacks import stacked
from tc0.dsl.session.workbench import Workbench, within

if TYPE_CHECKING:
    from tc0.dsl.analysis.analyse import Open
    from tc0.dsl.analysis.connection import Connection
    from tc0.dsl.analysis.figure import Figure

MOST_ROWS = 7
PATIENCE = 1.0  # seconds for all figures of one family


def family_type(applied: Applied) -> str:
    """`[k](x: bit[n], y: uint(w)) -> bit`, without what is fixed already."""
    family = applied.family
    fixed = dict(applied.values)
    statics = [_static(p) for p in family.statics if p.name not in fixed]
    parameters = ", ".join(f"{p.name}: {show_type(p.type)}" for p in family.parameters)
    brackets = f"[{', '.join(statics)}]" if statics else ""
    return f"{brackets}({parameters}) -> {show_type(family.result)}"


def _static(parameter: StaticParameter) -> str:
    if parameter.type == INTEGER:
        return parameter.name
    if isinstance(parameter.type, FamilyOf):
        return f"{parameter.name}: {show_type(parameter.type)}"
    shape = f"[{', '.join(show_dim(d) for d in parameter.shape)}]" if parameter.shape else ""
    return f"{parameter.name}: {parameter.type.kind.value}{shape}"


def place_of(family: Family) -> str:
    return str(family.span)


def describe(applied: Applied, bench: Workbench, gates: int) -> Described:
    """A family with sizes open. gates: up to how many gates its circuits are counted."""
    family = applied.family
    rows, note = _count(applied, bench, gates)
    return Described(
        name=show_applied(applied),
        type=family_type(applied),
        where=None if family.where is None else " ".join(family.where.span.text.split()),
        documentation=read_documentation(family.doc),
        counted=rows,
        note=note,
        library=family.library,
        place=place_of(family),
        closed=closed_forms(applied, bench),
        classified=classified(applied, bench),
        uniform=uniform(applied),
        stacked=stacked(applied, bench),
    )


FIGURES = ("size", "wires", "depth", "fanin", "largest_weight", "unit_wires")


def closed_forms(applied: Applied, bench: Workbench) -> tuple[Closed, ...]:
    """The figures of a family in closed form."""
    from tc0.dsl.analysis.analyse import Open

    found = bench.costs(applied)
    rows = []
    for name in FIGURES:
        figure = found.figure(name)
        rows.append(Closed(name, figure.reason, "none") if isinstance(figure, Open) else closed_form(figure, name))
    return tuple(rows)


def closed_form(figure: Figure, name: str) -> Closed:
    """One figure as text."""
    try:
        growth = figure.theta
    except NotAvailable:
        growth = None
    return Closed(name, str(figure), figure.evidence.value, growth)


def classified(applied: Applied, bench: Workbench) -> Classified:
    """The class that follows for a family."""
    from tc0.dsl.analysis.classify import classify

    found = classify(bench.costs(applied))
    return Classified(found.name, show_applied(applied), found.reasons, found.weights)


def uniform(applied: Applied) -> Uniform:
    """The grade of uniformity of a family."""
    from tc0.dsl.analysis.uniformity import uniformity

    found = uniformity(applied)
    offending = tuple(f"{' '.join(span.text.split())} ({span})" for span in found.offending)
    return Uniform(show_applied(applied), found.grade, found.statement, offending)


def formulas(applied: Applied) -> Formulas:
    """The direct connection language of a family."""
    from tc0.dsl.analysis.formula import formula
    from tc0.dsl.analysis.formula_text import written

    found = formula(applied)
    texts = [written(place, found.sizes) for place in found.places]
    return Formulas(show_applied(applied), tuple((text.code, text.place, text.rows) for text in texts))


def compared(subjects: Sequence[object], bench: Workbench, expr: ReportExpr) -> Compared:
    """Families side by side, and circuits by their numbers."""
    rows: list[tuple[str, tuple[Closed, ...], Classified | None]] = []
    for subject, argument in zip(subjects, expr.arguments, strict=True):
        if not isinstance(subject, Applied):
            raise Error("E0303", "`compare` takes families", argument.span, "compare(f, g)")
        if missing(subject):
            rows.append((show_applied(subject), closed_forms(subject, bench), classified(subject, bench)))
        else:
            rows.append((show_applied(subject), _of_circuit(subject, bench), None))
    return Compared(tuple(rows))


def _of_circuit(applied: Applied, bench: Workbench) -> tuple[Closed, ...]:
    """The figures of one circuit as numbers: counted, or from closed forms where it is too large to be built."""
    try:
        figures = bench.figures(applied)
    except LimitReached as limit:
        found = {row.name: row for row in unbuilt(applied, bench, limit).closed}
        return tuple(found[name] for name in FIGURES)
    return tuple(Closed(name, show_integer(getattr(figures, name)), "exact") for name in FIGURES)


def connected(
    verb: str, connection: Connection, others: Sequence[object], expr: ReportExpr, span: Span
) -> Reply | bool | int | tuple[int, ...]:
    """The answer to a question about gates."""
    of = show_applied(connection.applied)
    with placed(span):
        match verb, others:
            case "gate", [int() as g]:
                found = connection.gate(g)
                threshold = None if found.threshold is None else describe_static(found.threshold)
                code = " ".join(found.span.text.split())
                return Located(
                    of,
                    g,
                    connection.size,
                    found.kind,
                    threshold,
                    found.fanin,
                    str(found.span),
                    code,
                    found.indices,
                    span,
                )
            case "input", [int() as g, int() as k]:
                wire = connection.input(g, k)
                return Wired(of, g, k, wire.kind, wire.number, describe_static(wire.weight), wire.name, span)
            case "feeds", [int() as h, int() as g]:
                return connection.feeds(h, g)
            case "number", [int() as line, *rest]:
                indices = rest[0] if rest else ()
                if isinstance(indices, int):
                    indices = (indices,)
                if isinstance(indices, tuple) and all(type(i) is int for i in indices):
                    numbers = connection.number(line, indices)
                    return numbers[0] if len(numbers) == 1 else numbers
            case _:
                pass
    raise Error(
        "E0302",
        f"`{verb}` takes integers after the circuit",
        expr.span,
        {"gate": "gate(c, 17)", "input": "input(c, 17, 0)", "feeds": "feeds(c, 3, 17)"}.get(
            verb, "number(c, 2, [3, 5])"
        ),
    )


def built(applied: Applied, bench: Workbench) -> Built:
    """A circuit with its figures."""
    ports = interface(applied)
    figures = bench.figures(applied)
    inputs = sum(p.wires for p in ports.inputs)
    return Built(show_applied(applied), family_type(applied), inputs, ports.output.wires, figures)


SHORT = 4096  # binary digits of a figure that is written out


def unbuilt(applied: Applied, bench: Workbench, limit: LimitReached) -> Unbuilt:
    """A circuit beyond the limits, by its closed forms. Raises the limit where no figure has one."""
    sizes = {name: value for name, value in applied.values if type(value) is int}
    kept = tuple((name, value) for name, value in applied.values if name not in sizes)
    bench.begin(bench.limits, bench.negation)
    rows = [_at(closed, name, sizes) for name, closed in bench.costs(Applied(applied.family, kept)).figures.items()]
    if all(row.evidence == "none" for row in rows):
        raise limit
    return Unbuilt(show_applied(applied), family_type(applied), tuple(rows), limit.message)


def _at(closed: Figure | Open, name: str, sizes: dict[str, int]) -> Closed:
    """The value of a closed form; the form itself where the number would be too long."""
    from tc0.dsl.analysis.analyse import Open

    if isinstance(closed, Open):
        return Closed(name, closed.reason, "none")
    if max(sizes.values(), default=0) > SHORT and any(s.kind == "power" for s in closed.value.symbols()):
        return Closed(name, str(closed), closed.evidence.value)
    return Closed(name, show_integer(closed.at(**sizes)), closed.evidence.value)


def _count(applied: Applied, bench: Workbench, gates: int) -> tuple[tuple[Counted, ...], str | None]:
    open_ = missing(applied)
    kinds = {p.name: p.type for p in applied.family.statics}
    other = [name for name in open_ if kinds.get(name, INTEGER) != INTEGER]
    if other:
        return (
            (),
            f"fix {', '.join(f'`{n}`' for n in other)} to have figures counted: {applied.family.name}[{other[0]} = ..]",
        )
    if _has_forms(applied.family):
        return (), "a family over forms has cost at its calls only"
    limits, progress = bench.limits, bench.progress
    bench.progress = None
    try:
        return _rows(applied, open_, bench, limits, gates)
    finally:
        bench.progress = progress
        bench.begin(limits, bench.negation)


def _has_forms(family: Family) -> bool:
    return any(isinstance(type.element, Form) for type in [*(p.type for p in family.parameters), family.result])


def _rows(
    applied: Applied, open_: tuple[str, ...], bench: Workbench, limits: Limits, gates: int
) -> tuple[tuple[Counted, ...], str | None]:
    rows: list[Counted] = []
    problem: str | None = None
    end = monotonic() + PATIENCE
    for value in _sizes(applied, open_):
        at = complete(applied.family, {**dict(applied.values), **dict.fromkeys(open_, value)})
        bench.begin(within(limits, gates, max(0.05, end - monotonic())), bench.negation)
        try:
            rows.append(Counted(tuple((name, value) for name in open_), bench.figures(at)))
        except Fault:
            raise
        except LimitReached as limit:
            if limit.code == "E0803" and not rows:
                problem = problem or "no figures: the smallest circuit takes longer to build than is waited for here"
            break
        except Error as e:
            problem = problem or f"at {', '.join(f'{name} = {value}' for name in open_)}: {e.message}"
        if len(rows) >= MOST_ROWS or monotonic() > end:
            break
    if not rows:
        return (), problem or "no figures: even the smallest circuits are beyond what is counted here"
    return tuple(rows), problem


def _sizes(applied: Applied, open_: tuple[str, ...]) -> Iterator[int]:
    """1, 2, 4, 8, ... as far as `where` allows; where it allows none of the first, what it does allow."""
    powers = [v for v in (1 << k for k in range(11)) if _allowed(applied, open_, v)]
    yield from powers if any(v <= 64 for v in powers) else [v for v in range(65) if _allowed(applied, open_, v)]


def _allowed(applied: Applied, open_: tuple[str, ...], value: int) -> bool:
    where = applied.family.where
    if where is None:
        return True
    try:
        at = complete(applied.family, {**dict(applied.values), **dict.fromkeys(open_, value)})
        return truth(where, dict(at.values))
    except Error:
        return False


def value_text(value: object) -> str:
    """A value on one line, cut."""
    text = " ".join(str(value if isinstance(value, str) else describe_static(value)).split())
    return text if len(text) <= 60 else f"{text[:57]}..."

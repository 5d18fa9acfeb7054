"""Turns replies into the text that people read: in scripts, pipes, the REPL and the documentation alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from tc0.dsl.base.render import display_width
from tc0.dsl.session.report import (
    Built,
    Checked,
    Classified,
    Closed,
    Compared,
    Counterexample,
    Defined,
    Described,
    Documentation,
    Figures,
    Formulas,
    Located,
    Optimized,
    OptionSet,
    Reply,
    Shown,
    Stacked,
    Tensors,
    Traced,
    Truncated,
    Unbuilt,
    Uniform,
    Used,
    Wired,
)
from tc0.repl import show_gates, show_trace, show_weights
from tc0.repl.look import PLAIN, Look
from tc0.repl.numerals import count, grouped, number
from tc0.repl.tables import table

MOST_LEVELS = 10
MOST_NAMES = 8


def show(reply: Reply, look: Look = PLAIN) -> str:
    """The reply as lines of text, without a newline at the end; "" where there is nothing to say."""
    match reply:
        case Shown(text=text):
            return text
        case Built():
            return _built(reply, look)
        case Described():
            return _described(reply, look)
        case Checked():
            return _checked(reply, look)
        case Optimized():
            return _optimized(reply, look)
        case Defined():
            return _defined(reply)
        case Used():
            return _used(reply)
        case OptionSet(name=name, value=value, previous=previous):
            return f"{name} = {value}" + (f" (was {previous})" if previous != value else "")
        case Closed():
            return "  ".join(part for part in _closed(reply) if part)
        case Classified():
            return _classified(reply, look)
        case Uniform():
            return _uniform(reply, look)
        case Unbuilt():
            return _unbuilt(reply, look)
        case Traced():
            return show_trace.traced(reply, look)
        case Formulas():
            return show_gates.formulas(reply, look)
        case Located():
            return show_gates.located(reply, look)
        case Wired():
            return show_gates.wired(reply)
        case Compared():
            return _compared(reply, look)
        case Tensors():
            return show_weights.tensors(reply, look)
        case Truncated():
            return show_weights.truncated(reply, look)
        case _:
            assert_never(reply)


def is_result(reply: Reply) -> bool:
    """A script prints its values, reports and checks; what it defines and sets is in its text."""
    return not isinstance(reply, Defined | Used | OptionSet)


# ---- definitions


def _defined(reply: Defined) -> str:
    """A new name needs no answer; what an older one meant does."""
    said = []
    if reply.redefined:
        said.append(
            f"{reply.name} redefined" + (f"; checked again: {_names(reply.rechecked)}" if reply.rechecked else "")
        )
    elif reply.hides:
        said.append(f"{reply.name} hides the library's {reply.name}")
    return "\n".join(said)


def _used(reply: Used) -> str:
    return f'"{reply.path}": {_names(reply.names)}' if reply.names else f'"{reply.path}": no new definitions'


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


# ---- circuits


def _built(reply: Built, look: Look) -> str:
    ports = f"{count(reply.inputs, 'input')}, {count(reply.outputs, 'output')}"
    head = f"{look.paint(reply.name, 'name')}: {reply.type}, {ports}"
    return "\n".join([head, figures(reply.figures, look)])


def _unbuilt(reply: Unbuilt, look: Look) -> str:
    head = f"{look.paint(reply.name, 'name')}: {reply.type}, not built: {reply.reason}"
    rows = [(TITLES.get(row.name, row.name), grouped(_closed(row)[0])) for row in reply.closed]
    return "\n".join([head, table(rows, indent="  ")])


def _compared(reply: Compared, look: Look) -> str:
    """Families side by side, one a column where that fits, else one a row."""
    rows: list[tuple[str, ...]] = [("", *(name for name, _, _ in reply.rows))]
    for at, first in enumerate(reply.rows[0][1]):
        cells = [_short(closed[at]) for _, closed, _ in reply.rows]
        if any(closed[at].evidence != "none" for _, closed, _ in reply.rows):
            rows.append((TITLES.get(first.name, first.name), *cells))
    if any(found is not None for _, _, found in reply.rows):
        rows.append(
            ("class", *("" if found is None else f"{found.name}{_weights(found)}" for _, _, found in reply.rows))
        )
    shown = _ruled(rows, look)
    if max(map(display_width, shown.splitlines())) <= (look.width or WIDE):
        return shown
    turned = _ruled(list(zip(*rows, strict=True)), look)
    return min(shown, turned, key=lambda text: display_width(text.splitlines()[1]))


def _ruled(rows: Sequence[Sequence[str]], look: Look) -> str:
    """A table with titles; numbers stand at the right."""
    right = [
        at
        for at, cells in enumerate(zip(*rows[1:], strict=True))
        if all(cell.replace(",", "").isdigit() for cell in cells)
    ]
    return table(rows, right, head=True, indent="  ", unicode=look.unicode)


def _short(found: Closed) -> str:
    """A closed form in a column beside others: its growth where it is long."""
    text, growth = _closed(found)
    if found.evidence == "none":
        return NO_FORM
    if text.isdigit():
        return number(int(text))
    return growth if len(text) > LONG_FORM and growth else text


def figures(found: Figures, look: Look = PLAIN) -> str:
    """The figures of a circuit, one a line."""
    kinds = ", ".join(f"{number(many)} {kind}" for kind, many in found.by_kind)
    stored = f"{number(found.stored_terms)} terms stored" if found.stored_terms != found.wires else ""
    rows = [
        ("size", number(found.size), kinds + _free(found)),
        ("depth", number(found.depth), _levels(found.by_level)),
        ("wires", number(found.wires), stored),
        ("unit wires", number(found.unit_wires), ""),
        ("fan-in", number(found.fanin), ""),
        ("largest weight", number(found.largest_weight), ""),
    ]
    return table([(label, value, look.paint(note, "quiet")) for label, value, note in rows], right=(1,), indent="  ")


def _free(found: Figures) -> str:
    return " (NOT is free)" if found.negation == "free" else ""


def _levels(by_level: tuple[int, ...]) -> str:
    """`4 + 1 by level`: gates at depth 1, 2, ..."""
    if len(by_level) < 2:
        return ""
    more = f" + ... ({len(by_level):,} levels)" if len(by_level) > MOST_LEVELS else " by level"
    return " + ".join(number(many) for many in by_level[:MOST_LEVELS]) + more


def _optimized(reply: Optimized, look: Look) -> str:
    before, after = reply.before, reply.after
    rows = [("", "before", "after")]
    for label, old, new in [
        ("size", before.size, after.size),
        ("depth", before.depth, after.depth),
        ("wires", before.wires, after.wires),
        ("unit wires", before.unit_wires, after.unit_wires),
        ("fan-in", before.fanin, after.fanin),
        ("largest weight", before.largest_weight, after.largest_weight),
    ]:
        rows.append((label, number(old), number(new)))
    lines = [f"{look.paint(f'optimize({reply.name})', 'name')}{_free(before)}", table(rows, right=(1, 2), indent="  ")]
    if reply.changes:
        lines.append("  " + "; ".join(f"{what}: {count(many, 'gate')} fewer" for what, many in reply.changes))
    return "\n".join(lines)


# ---- families

LONG_FORM = 60  # letters of a closed form that stands in a column beside others
WIDE = 100  # columns of a table where there is no terminal
NO_FORM = "no closed form"
TITLES = {"fanin": "fan-in", "largest_weight": "largest weight", "unit_wires": "unit wires"}


def _described(reply: Described, look: Look) -> str:
    where = f" where {reply.where}" if reply.where else ""
    head = f"{look.paint(reply.name, 'name')}: {reply.type}{where}"
    parts = [documentation(reply.documentation, "" if reply.place.startswith("<") else reply.place, look)]
    if reply.closed:
        parts.append(_closed_forms(reply.closed, look))
    if reply.stacked is not None:
        parts.append(_stacked(reply.stacked, look))
    parts.append(_standing(reply, look))
    if reply.counted and not all(row.evidence == "exact" for row in reply.closed):
        parts.append(_counted(reply, look))
    if reply.note:
        parts.append(f"  {reply.note}")
    return "\n\n".join([head, *(part for part in parts if part)])


def _closed_forms(figures: Sequence[Closed], look: Look) -> str:
    """Closed forms, one a line, with their growth; where one is long, the growth comes first and the form is wrapped. A
    reason why there is none is said once."""
    reasons = list(dict.fromkeys(row.text for row in figures if row.evidence == "none"))
    rows = []
    for row in figures:
        text, growth = _closed(row)
        text = NO_FORM if row.evidence == "none" else text
        rows.append((TITLES.get(row.name, row.name), text, growth))
    if any(len(text) > LONG_FORM for _, text, _ in rows):
        swapped = [(title, look.paint(growth, "quiet"), text) for title, text, growth in rows]
        shown = table(swapped, indent="  ", width=look.width or WIDE)
    else:
        shown = table([(*row[:-1], look.paint(row[-1], "quiet")) for row in rows], indent="  ")
    why = table([(NO_FORM + ":", reason) for reason in reasons], indent="  ", width=look.width or WIDE)
    return f"{shown}\n\n{why}" if reasons else shown


def _closed(reply: Closed) -> tuple[str, str]:
    """A closed form, or why there is none; its growth."""
    said = {"exact": "", "at most": "at most ", "none": "no closed form: "}.get(reply.evidence, f"{reply.evidence} ")
    return said + reply.text, reply.growth or ""


def _stacked(reply: Stacked, look: Look) -> str:
    """What a transformer consists of; depths of the stream from layer to layer on one line each."""
    rows = [("layers", reply.layers), ("heads", reply.heads), ("width", reply.width), ("precision", reply.precision)]
    for at, row in enumerate(reply.depths):
        text, _ = _closed(row)
        rows.append(
            (
                "depth of the stream" if at == 0 else "",
                f"after the {row.name}: {text}" if at == 0 else f"after {row.name}: {text}",
            )
        )
    return table(rows, indent="  ", width=look.width)


def _standing(reply: Described, look: Look) -> str:
    rows = []
    if reply.classified is not None:
        rows.append(("class", f"{reply.classified.name}{_weights(reply.classified)}"))
    if reply.uniform is not None:
        rows.append(("uniformity", reply.uniform.statement))
    return table(rows, indent="  ", width=look.width) if rows else ""


def _weights(reply: Classified) -> str:
    return "" if reply.weights == "unit" else f", with {reply.weights} weights"


def _classified(reply: Classified, look: Look) -> str:
    head = f"{look.paint(f'class({reply.of})', 'name')}: {reply.name}{_weights(reply)}"
    return "\n".join([head, *(f"  {reason}" for reason in reply.reasons)])


def _uniform(reply: Uniform, look: Look) -> str:
    head = f"{look.paint(f'uniformity({reply.of})', 'name')}: {reply.statement}"
    return "\n".join([head, *(f"  lowered by {expression}" for expression in reply.offending)])


def documentation(found: Documentation, place: str = "", look: Look = PLAIN) -> str:
    """The prose of a comment, then its lines `Depth:`, `Source:` and so on as a table."""
    prose = "\n".join(f"  {line}".rstrip() for line in found.text.splitlines())
    rows = [*found.entries, *([("Defined in", place)] if place else [])]
    return "\n\n".join(part for part in (prose, table(rows, indent="  ", width=look.width)) if part)


def _counted(reply: Described, look: Look) -> str:
    rows: list[tuple[str, ...]] = [("counted at", "size", "depth", "wires", "unit wires", "fan-in", "largest weight")]
    for row in reply.counted:
        found = row.figures
        at = ", ".join(f"{name} = {value:,}" for name, value in row.sizes)
        figures = (found.size, found.depth, found.wires, found.unit_wires, found.fanin, found.largest_weight)
        rows.append((at, *(number(figure) for figure in figures)))
    text = table(rows, right=range(1, 7), head=True, indent="  ", unicode=look.unicode)
    return text + _convention(reply.counted[0].figures)


def _convention(found: Figures) -> str:
    return "\n  NOT is free" if found.negation == "free" else ""


# ---- checks


def _checked(reply: Checked, look: Look) -> str:
    how, claim = _how(reply), reply.claim.removeprefix("check ")
    detail = look.paint(f"  ({how})", "quiet") if how else ""
    if reply.ok:
        return f"{look.paint('ok', 'good')}: {claim}{detail}"
    lines = [f"{look.paint('UNDECIDED' if reply.how == 'undecided' else 'FAILED', 'bad')}: {claim}{detail}"]
    if reply.counterexample is not None:
        lines += _counterexample(reply.counterexample, {claim, reply.claim})
    return "\n".join(lines)


def _how(reply: Checked) -> str:
    sizes = f", {reply.sizes}" if reply.sizes else ""
    circuits = ", circuits too" if reply.circuits else ""
    tried = count(reply.cases, "case")
    if reply.sizes == "no size":
        return "nothing to check: no size is in these ranges"
    match reply.how:
        case "evaluated":
            return circuits.removeprefix(", ")
        case "derived":
            return f"derived{sizes}"
        case "undecided":
            return reply.reason or "neither derived nor refuted"
        case "counted":
            return f"counted{sizes}"
        case "sampled":
            since = f" from {reply.sampled_from} on" if reply.sampled_from else ""
            return f"{tried}{sizes}, sampled{since} with seed {reply.seed}{circuits}"
        case _:
            every = "all " if reply.ok else ""
            return f"{every}{tried}{sizes}{circuits}"


def _counterexample(found: Counterexample, claims: set[str]) -> list[str]:
    at = [f"{name} = {value}" for name, value in found.sizes] + [f"{name} = {text}" for name, text in found.inputs]
    sides = (
        f"left side {found.left}, right side {found.right}"
        if found.left is not None and found.right is not None
        else ""
    )
    lines = []
    if at or sides:
        place = f"at {', '.join(at)}" if at else ""
        lines.append("  " + ": ".join(part for part in (place, sides) if part))
    if found.claim and found.claim not in claims:
        lines.append(f"  try {found.claim}")
    return lines

"""Replies about gates: one of them, what feeds it, and all of them as formulas."""

from __future__ import annotations

from tc0.dsl.session.report import Formulas, Located, Wired
from tc0.repl.look import Look
from tc0.repl.numerals import count, number_of
from tc0.repl.tables import table

MOST_INDICES = 40  # a recursion has those of every call on the way


def formulas(reply: Formulas, look: Look) -> str:
    """Every place with its formulas."""
    lines = [look.paint(reply.of, "name") + (": gates by number" if reply.places else ": no gates")]
    for code, place, rows in reply.places:
        lines += [f"  {code}  ({place})", table(list(rows), indent="    ")]
    return "\n".join(lines)


def located(reply: Located, look: Look) -> str:
    """One gate."""
    head = f"{look.paint(reply.of, 'name')}: gate {number_of(reply.number)} of {number_of(reply.gates)}"
    what = f"{reply.kind}, {count(reply.fanin, 'input')}" + (
        f", 1 iff at least {reply.threshold}" if reply.threshold else ""
    )
    shown = [f"{name} = {value:,}" for name, value in reply.indices]
    if len(shown) > MOST_INDICES:
        half = MOST_INDICES // 2
        shown = [*shown[:half], f"... ({len(shown) - 2 * half:,} more)", *shown[-half:]]
    at = ", ".join(shown)
    where = f"{reply.code}  ({reply.place})"
    rows = [("gate", what), ("written", where), *([("at", at)] if at else [])]
    return "\n".join([head, table(rows, indent="  ")])


def wired(reply: Wired) -> str:
    """What feeds a gate."""
    weight = "" if reply.weight == "1" else f", weight {reply.weight}"
    match reply.kind:
        case "gate":
            what = f"gate {reply.number}"
        case "input":
            what = f"{reply.name} (input {reply.number})"
        case _:
            what = f"the constant {reply.number}"
    return f"{what}{weight}"

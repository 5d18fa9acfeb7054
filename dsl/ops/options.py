"""Session options: one row each. `option NAME = VALUE`, `--set NAME=VALUE`, `:set` and `Session(options=...)` read
this table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tc0.dsl.base.record import record
from tc0.dsl.ops.words import FAMILY_BEHIND

OptionValue = str | int | float


@record
class OptionRow:
    """choices: the words it takes; empty for a number, which then is at least `least` (and whole where `whole`).

    limit: it bounds what a program may use; a program may lower it, only the host of the session raises it.
    family: it takes a family, the one behind an operator.
    """

    name: str
    default: OptionValue
    doc: str
    choices: tuple[str, ...] = ()
    whole: bool = True
    least: int = 0
    unit: str = ""
    limit: bool = False
    family: bool = False


def _rows(*rows: OptionRow) -> Mapping[str, OptionRow]:
    return MappingProxyType({row.name: row for row in rows})


OPTIONS: Mapping[str, OptionRow] = _rows(
    OptionRow("negation", "gate", "NOT counts as a gate, or is free in size, wires and depth", ("gate", "free")),
    OptionRow(
        "check",
        "value",
        "what a check evaluates: values, circuits, or both and compares them",
        ("value", "circuit", "both"),
    ),
    OptionRow("budget", 1 << 20, "how many cases a check enumerates before it samples", unit="cases"),
    OptionRow("samples", 10_000, "how many cases a check samples", least=1, unit="cases"),
    OptionRow("seed", 0, "seed of the samples"),
    OptionRow("counted", 1 << 18, "up to how many gates the figures of a family are counted", unit="gates"),
    OptionRow("gates", 1_000_000_000, "gates that one statement may build", unit="gates", limit=True),
    OptionRow("memory", 8192, "memory that one statement may use at once", least=1, unit="MiB", limit=True),
    OptionRow("seconds", 600.0, "time that one statement may take", whole=False, unit="s", limit=True),
    OptionRow("recursion", 10_000, "calls that may be nested", least=1, unit="calls", limit=True),
    *(
        OptionRow(
            name, family, f"the family behind `{name.partition('.')[2]}` of `{name.partition('.')[0]}`", family=True
        )
        for name, family in FAMILY_BEHIND.items()
    ),
)

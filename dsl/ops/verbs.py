"""Verbs: what one asks about a family or a circuit, written as a call. One row each; the session carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tc0.dsl.base.record import record


@record
class VerbRow:
    """figure: a number that may stand in claims and static expressions (a `Measure`); the others are whole statements.

    arity: the least and the greatest number of arguments (None: any). options: names that may follow, `negation = free`.
    """

    name: str
    figure: bool
    arity: tuple[int, int | None]
    options: tuple[str, ...]
    doc: str


def _figure(name: str, doc: str, *options: str) -> VerbRow:
    return VerbRow(name, True, (1, 1), options, doc)


def _rows(*rows: VerbRow) -> Mapping[str, VerbRow]:
    return MappingProxyType({row.name: row for row in rows})


VERBS: Mapping[str, VerbRow] = _rows(
    _figure("size", "number of gates, NOT included", "negation"),
    _figure("wires", "number of gate inputs, as written", "negation"),
    _figure("unit_wires", "number of wires if every weighted wire is replaced by wires of weight 1 or -1", "negation"),
    _figure("depth", "gates on the longest path from an input to an output", "negation"),
    _figure("fanin", "the largest number of inputs of a gate", "negation"),
    _figure("largest_weight", "the largest absolute weight of a wire", "negation"),
    VerbRow("optimize", False, (1, 1), (), "the same function with constants folded and equal gates merged"),
    _figure("class", "the complexity class that follows from gates, depth and size"),
    VerbRow("uniformity", False, (1, 1), (), "how hard it is to name the gates of C_n"),
    VerbRow("gate", False, (2, 2), (), "gate number g of a circuit: gate(c, g)"),
    VerbRow("input", False, (3, 3), (), "predecessor k of gate g: input(c, g, k)"),
    VerbRow("feeds", False, (3, 3), (), "whether gate h feeds gate g: feeds(c, h, g)"),
    VerbRow("number", False, (2, 3), (), "the number of the gate that a source line builds: number(c, line, indices)"),
    VerbRow("formula", False, (1, 1), (), "the gates of C_n by number, for all n: kind, threshold, what feeds them"),
    VerbRow("compare", False, (2, None), (), "the closed forms of families side by side: compare(f, g)"),
    VerbRow(
        "truncation",
        False,
        (2, 3),
        (),
        "what rounding arrays of a file to floats costs: truncation(W, 8), truncation(W.a, 8, nearest)",
    ),
    VerbRow("trace", False, (2, None), (), 'the residual stream and attention of a transformer: trace(f, "abba")'),
    VerbRow("generate", False, (2, 2), ("steps",), 'a text continued symbol by symbol: generate(f, "ab", steps = 9)'),
)

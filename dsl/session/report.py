"""What a run answers: a closed set of replies, as data. How they look is the terminal's business."""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction

from tc0.dsl.base.record import record
from tc0.dsl.base.source import Span
from tc0.dsl.numbers.floats import Float
from tc0.dsl.session.located import Formulas, Located, Wired
from tc0.dsl.verify.outcome import Checked, Counterexample

__all__ = [
    "Built",
    "Checked",
    "Classified",
    "Closed",
    "Compared",
    "Counted",
    "Counterexample",
    "Defined",
    "Described",
    "Documentation",
    "Figures",
    "Optimized",
    "Formulas",
    "Located",
    "OptionSet",
    "Reply",
    "Report",
    "Shown",
    "Tensors",
    "Truncated",
    "Truncation",
    "Stacked",
    "Traced",
    "Unbuilt",
    "Uniform",
    "Used",
    "Wired",
]


def _span() -> Span | None:
    return field(default=None, compare=False, repr=False)


@record
class Documentation:
    """A definition's comment. summary: its first sentence. text: the prose, without the lines below.

    entries: the lines `Depth:`, `Size:`, `Weights:`, `Source:`, `Best known:`, `Lower bound:`, in the order written, as
    (label, text).
    """

    summary: str = ""
    text: str = ""
    entries: tuple[tuple[str, str], ...] = ()

    def entry(self, label: str) -> str | None:
        return dict(self.entries).get(label)


@record
class Figures:
    """What a circuit costs, counted on its gates.

    by_kind: (kind, gates), in the order NOT AND OR MAJ THR MOD, only those that occur. by_level: gates at depth 1, 2, ...
    stored_terms: terms kept in memory (gates that compare one form share them). negation: "gate" or "free".
    """

    size: int
    wires: int
    unit_wires: int
    depth: int
    fanin: int
    largest_weight: int
    stored_terms: int
    by_kind: tuple[tuple[str, int], ...]
    by_level: tuple[int, ...]
    negation: str


@record
class Counted:
    """The figures of a family at some sizes, found by building that circuit."""

    sizes: tuple[tuple[str, int], ...]
    figures: Figures


@record
class Defined:
    """A name now means something. kind: "family", "function", "value" or "alphabet". type: as text.

    redefined: an earlier run had defined it otherwise. rechecked: what depends on it and was checked again.
    hides: it hides a name of the standard library. value: a value's text, cut to one line.
    """

    name: str
    kind: str
    type: str
    redefined: bool = False
    rechecked: tuple[str, ...] = ()
    hides: bool = False
    value: str | None = None
    span: Span | None = _span()


@record
class Used:
    """A file's definitions were brought in. path: as written; names: what it defined."""

    path: str
    names: tuple[str, ...]
    span: Span | None = _span()


@record
class Shown:
    """The value of an expression.

    value: as `Session.eval` returns it. text: as scripts print it (several lines for a matrix). type: as text.
    number: it can be used as `_number` from now on.
    """

    value: object = field(compare=False)
    text: str
    type: str
    number: int
    span: Span | None = _span()


@record
class Closed:
    """A figure in closed form. evidence: "exact" or "at most"; "none" where there is no closed form, with the reason as
    its text. growth: `Theta(n**2)`, or None."""

    name: str
    text: str
    evidence: str
    growth: str | None = None
    span: Span | None = _span()


@record
class Classified:
    """The class that follows for a family, and why. weights: "unit", "polynomial", "exponential" or "unknown"."""

    name: str
    of: str
    reasons: tuple[str, ...]
    weights: str
    span: Span | None = _span()


@record
class Uniform:
    """The grade of uniformity of a family (1 to 3), the statement it allows, and the expressions that lower it."""

    of: str
    grade: int
    statement: str
    offending: tuple[str, ...]
    span: Span | None = _span()


@record
class Compared:
    """Families side by side. rows: for each its name, its figures in closed form, its class and weights (None for a single
    circuit, which has numbers only)."""

    rows: tuple[tuple[str, tuple[Closed, ...], Classified | None], ...]
    span: Span | None = _span()


@record
class Stacked:
    """What a transformer consists of, as text: layers (with how often they are repeated), heads (attention calls of a
    position), width and precision. depths: of the residual stream after the embedding and after each layer."""

    layers: str
    heads: str
    width: str
    precision: str
    depths: tuple[Closed, ...]


@record
class Described:
    """A family with sizes open. type: `[k](x: bit[n]) -> bit`. where: the text of its `where`, or None.

    closed: its figures in closed form. classified, uniform: what follows from them. counted: figures at a few sizes, found
    by building circuits. note: why there are none or few of them, or None. stacked: of a transformer. library: defined by the standard library. place: `file:line:column` of its definition.
    """

    name: str
    type: str
    where: str | None
    documentation: Documentation
    counted: tuple[Counted, ...]
    note: str | None
    library: bool
    place: str
    closed: tuple[Closed, ...] = ()
    classified: Classified | None = None
    uniform: Uniform | None = None
    stacked: Stacked | None = None
    span: Span | None = _span()


@record
class Built:
    """A circuit. name: `odd_count[n = 1000]`. type: of its inputs and output. inputs, outputs: wires."""

    name: str
    type: str
    inputs: int
    outputs: int
    figures: Figures
    span: Span | None = _span()


@record
class Unbuilt:
    """A circuit that is too large to build: the values of its closed forms there, and why it was not built.

    closed: each figure with its value at these sizes as text; evidence "none" where there is no closed form.
    """

    name: str
    type: str
    closed: tuple[Closed, ...]
    reason: str
    span: Span | None = _span()


@record
class Optimized:
    """A circuit before and after `optimize`; it can be used as nothing else (`Circuit.optimize()` gives the circuit).
    changes: (what was done, how many gates it removed), in order."""

    name: str
    before: Figures
    after: Figures
    changes: tuple[tuple[str, int], ...] = ()
    span: Span | None = _span()


@record
class Tensors:
    """A file of arrays. name: of its `weights`; path: as written; rows: (name, shape, dtype), in the order of the file."""

    name: str
    path: str
    rows: tuple[tuple[str, tuple[int, ...], str], ...]
    span: Span | None = _span()


@record
class Truncation:
    """What rounding an array to floats does. absolute, relative: the largest error of an entry, exact (an entry that is 0
    has no relative error). saturated: entries beyond the largest float; vanished: entries that become 0 and are not.
    problem: why there are no figures, or None."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    absolute: Fraction = Fraction(0)
    relative: Fraction = Fraction(0)
    saturated: int = 0
    vanished: int = 0
    problem: str | None = None


@record
class Truncated:
    """The arrays of a file (`of` is the name of its `weights`), or one array, rounded to `format`: `float(8)`."""

    of: str
    format: str
    rows: tuple[Truncation, ...]
    span: Span | None = _span()


@record
class Head:
    """The weights of one attention head. rows: the position (or the binders) that attends, the positions that it attends
    to, and the weight of each."""

    label: str
    rows: tuple[tuple[str, tuple[int, ...], tuple[Float, ...]], ...]


@record
class Layer:
    """The residual stream after a layer, [positions][width], and the attention that went into it."""

    label: str
    stream: tuple[tuple[Float, ...], ...]
    heads: tuple[Head, ...]


@record
class Traced:
    """What a transformer computes on one input. symbols: of each position, "" at padding. format: of its floats.
    layers: the embedding first. result: its output, as scripts print it."""

    of: str
    symbols: tuple[str, ...]
    format: str
    layers: tuple[Layer, ...]
    result: str
    span: Span | None = _span()

    def svg(self) -> str:
        """A heat map of every layer: attention weights and residual stream."""
        from tc0.dsl.session.pictures import heat_map

        return heat_map(self)


@record
class OptionSet:
    """A session option has a value now."""

    name: str
    value: str
    previous: str
    span: Span | None = _span()


Reply = (
    Defined
    | Used
    | Shown
    | Described
    | Built
    | Unbuilt
    | Traced
    | Checked
    | Optimized
    | OptionSet
    | Closed
    | Classified
    | Uniform
    | Formulas
    | Located
    | Wired
    | Compared
    | Tensors
    | Truncated
)


@record
class Report:
    """The replies of a run, in text order. ok: no check failed."""

    replies: tuple[Reply, ...] = ()

    @property
    def ok(self) -> bool:
        return all(reply.ok for reply in self.replies if isinstance(reply, Checked))

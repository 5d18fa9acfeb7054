"""`trace(f, "abba")`: the residual stream of a transformer and the weights of its attention, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Span
from tc0.dsl.core import probes
from tc0.dsl.core.interface import complete, interface, missing
from tc0.dsl.core.program import Applied, Family, Fold, Variable
from tc0.dsl.core.show import show_applied
from tc0.dsl.core.static import integer
from tc0.dsl.core.value import WireValue
from tc0.dsl.numbers.floats import Float
from tc0.dsl.session.arguments import value_for
from tc0.dsl.session.report import Head, Layer, Traced
from tc0.dsl.session.show_value import show_wires
from tc0.dsl.session.workbench import Workbench

if TYPE_CHECKING:
    from tc0.dsl.bitslice.planes import Planes

MOST_LAYERS = 1024


def traced(applied: Applied, given: Sequence[object], bench: Workbench, span: Span) -> Traced:
    """What a transformer computes on one input; given: a value for each of its parameters."""
    family = applied.family
    if family.stack is None:
        hint = "a transformer has layers to look at; the value of a family is `f(x)`"
        raise Error("E0303", f"`trace` takes a transformer, and `{family.name}` is a family", span, hint)
    if len(given) != len(family.parameters):
        raise Error("E0304", f"`{family.name}` takes {len(family.parameters)} inputs, but {len(given)} are given", span)
    applied = complete(family, {**dict(applied.values), **_sizes(applied, given)})
    left = missing(applied)
    if left:
        raise Error("E0903", f"`{show_applied(applied)}` needs {', '.join(f'`{n}`' for n in left)}", span)
    inputs = [value_for(port, value) for port, value in zip(interface(applied).inputs, given, strict=True)]
    return _Tracer(applied, inputs, bench, span).trace()


def _sizes(applied: Applied, given: Sequence[object]) -> dict[str, object]:
    """The sizes that are lengths of what is given."""
    found: dict[str, object] = {}
    fixed = dict(applied.values)
    for parameter, value in zip(applied.family.parameters, given, strict=True):
        at = value
        for dim in parameter.type.shape:
            if not isinstance(at, str | tuple):
                break
            if isinstance(dim, Variable) and dim.name not in fixed:
                found.setdefault(dim.name, len(at))
            at = at[0] if at else ()
    return found


class _Tracer:
    def __init__(self, applied: Applied, inputs: Sequence[WireValue], bench: Workbench, span: Span) -> None:
        from tc0.dsl.bitslice.planes import pack

        self.applied = applied
        self.family = applied.family
        self.inputs = inputs
        self.bench = bench
        self.span = span
        self.planes: Planes = pack([[bit for value in inputs for bit in value.bits()]])

    def trace(self) -> Traced:
        assert self.family.stack is not None
        stack = self.family.stack()
        values = self._known()
        layers = [Layer("embedding", self._stream(0, None), ())]
        for number, stage in enumerate(stack.stages, 1):
            times = integer(stage.times, values)
            if len(layers) + times > MOST_LAYERS:
                raise Error("E0806", f"a trace of {times:,} layers is too long", self.span, "trace a shorter input")
            for k in range(times):
                label = f"layer {number}" if not self._repeated(number) else f"layer {number}, time {k + 1}"
                found = tuple(self._heads(number, k))
                layers.append(Layer(label, self._stream(number, k + 1), found))
        result = self._run(self.family, self.applied.values)
        symbols = self._symbols(len(layers[0].stream))
        precision = integer(stack.precision, values)
        rounding = "rounded to nearest" if stack.nearest else "truncated"
        text = f"float({precision}), {rounding}"
        return Traced(show_applied(self.applied), symbols, text, tuple(layers), show_wires(result), self.span)

    def _known(self) -> Mapping[str, object]:
        known = dict(self.applied.values)
        body = self.family.body.get()
        probes.add_statics(known, body)
        return known

    def _repeated(self, stage: int) -> bool:
        return isinstance(probes.stage_value(self.family, stage), Fold)

    def _run(self, family: Family, values: Sequence[tuple[str, object]]) -> WireValue:
        from tc0.dsl.interpret.evaluate import evaluate
        from tc0.dsl.verify.decode import decode_one

        outcome = evaluate(Applied(family, tuple(values)), self.planes, 1, self.bench.meter)
        return decode_one(family.result.element, outcome, 0)

    def _stream(self, stage: int, repeats: int | None) -> tuple[tuple[Float, ...], ...]:
        return _rows(self._run(probes.until(self.family, stage, repeats), self.applied.values))

    def _heads(self, stage: int, repeats: int) -> list[Head]:
        """The attention of a layer: one for each head of each call, its rows in the order of the binders around it."""
        found: list[Head] = []
        for probe in probes.probes(self.family, stage):
            family = probes.weights(self.family, probe, repeats)
            names = [b.name for b in probe.binders]
            rows: list[tuple[str, Sequence[int], tuple[Float, ...]]] = []
            count = 1
            for point in probes.points(self.family, probe, dict(self.applied.values)):
                values = [*self.applied.values, *((name, point[name]) for name in names)]
                result = self._run(family, values)
                count = probes.heads(probe, point)
                admitted = probes.keys(probe, point)
                listed = _rows(result) if len(result.shape) == 2 else (tuple(_floats(result)),)
                for at, row in enumerate(listed):
                    own = ", ".join(str(point[name]) for name in names) if names else str(at)
                    rows.append((own, admitted if admitted is not None else range(len(row) // count), row))
            for head in range(count if rows else 0):
                size = [len(row) // count for _, _, row in rows]
                parts = [
                    (own, tuple(keys), row[head * n : (head + 1) * n])
                    for (own, keys, row), n in zip(rows, size, strict=True)
                ]
                label = probe.head.family if count == 1 else f"{probe.head.family}, head {head + 1}"
                found.append(Head(label, tuple(parts)))
        return _told_apart(found)

    def _symbols(self, positions: int) -> tuple[str, ...]:
        """What stands at each position of the input; nothing at padding."""
        first = self.inputs[0]
        letters = [str(e) for e in first.elements] if len(first.shape) == 1 else []
        return tuple(letters[at] if at < len(letters) else "" for at in range(positions))


def _told_apart(heads: list[Head]) -> list[Head]:
    """Several calls of one family in a layer are numbered."""
    labels = [head.label for head in heads]
    found = []
    for at, head in enumerate(heads):
        same = labels.count(head.label)
        number = f" ({labels[: at + 1].count(head.label)} of {same})" if same > 1 else ""
        found.append(replace(head, label=f"{head.label}{number}"))
    return found


def _floats(value: WireValue) -> list[Float]:
    return [e for e in value.elements if isinstance(e, Float)]


def _rows(value: WireValue) -> tuple[tuple[Float, ...], ...]:
    """A matrix of floats by rows."""
    rows, columns = value.shape
    numbers = _floats(value)
    return tuple(tuple(numbers[i * columns : (i + 1) * columns]) for i in range(rows))

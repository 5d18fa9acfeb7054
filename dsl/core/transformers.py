"""Transformers as families: precision, embedding and layers become locals, the residual stream a new one for every layer.

The stream before layer k is the local `x k`; the text calls all of them `x`. A repeated layer is a fold over the stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace

from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import as_integer, coerce
from tc0.dsl.core.expressions import as_float, check_independent, infer, local_value
from tc0.dsl.core.float_wires import in_shape_of
from tc0.dsl.core.floats import FloatType
from tc0.dsl.core.program import (
    Block,
    Call,
    Constant,
    Expr,
    Family,
    Fold,
    Heads,
    Lazy,
    Local,
    Reference,
    Stack,
    Stage,
    Variable,
)
from tc0.dsl.core.shapes import Dim, same
from tc0.dsl.core.show import show_type
from tc0.dsl.core.signatures import Signature, signature
from tc0.dsl.core.types import INTEGER, Float, Static, Wires
from tc0.dsl.ops.attention import ATTENTION
from tc0.dsl.syntax import tree


def resolve_transformer(node: tree.Transformer, at: Context, library: bool) -> Family:
    """The typed family of a transformer. Its signature is resolved at once, its body when it is first needed."""
    head = _head(node)
    found = signature(head, at)
    body = Lazy(lambda: _Builder(node, found).build())

    def stack() -> Stack:
        built = body.get()
        assert isinstance(built, Block)
        return _stack(node, found, built)

    return found.family(head, body, library, stack)


def _head(node: tree.Transformer) -> tree.Family:
    """The signature as that of a family, which presumes that the input is not empty."""
    where = node.where
    if node.parameters and isinstance(node.parameters[0].type, tree.ArrayType):
        type = node.parameters[0].type
        if isinstance(type.shape[0], tree.Name):
            where = _presumed(type.shape[0], where)
    body = tree.Block((), node.returned, False, node.span)
    parts = (node.statics, node.parameters, node.result, where, body)
    return tree.Family(node.name, False, *parts, node.doc, node.span, node.name_span)


def _presumed(size: tree.Name, where: tree.Expression | None) -> tree.Expression:
    """`n >= 1`, and what the text presumes; shown as if it were written."""
    some = f"{size.name} >= 1"
    text = some if where is None else f"{some} and {' '.join(where.span.text.split())}"
    source = Source("<presumed>", text)
    whole, first = Span(source, 0, len(text)), Span(source, 0, len(some))
    compared = tree.Compare(">=", tree.Name(size.name, first), tree.Number(1, "1", first), first)
    return replace(compared, span=whole) if where is None else tree.Logic("and", (compared, where), whole)


class _Builder:
    """The body: steps in order, each adding locals; `stream` is the text's name of the residual stream."""

    def __init__(self, node: tree.Transformer, found: Signature) -> None:
        self.node = node
        self.result = found.result
        self.at = found.inside
        self.locals: list[Local] = []
        self.format: FloatType | None = None
        self.stream: str | None = None
        self.type: Wires | None = None
        self.layers = 0

    def build(self) -> Block:
        for step in self.node.steps:
            match step:
                case tree.Let():
                    value = local_value(step, self.at)
                    self._bind(step.name, value, step.span, step.name_span)
                case tree.Precision():
                    self._precision(step)
                case tree.Embed():
                    self._embed(step)
                case tree.Layer():
                    self._layer(step)
        if self.stream is None:
            hint = '`embed x[i < n] = [if w[i] == "a" then 1 else 0, ...]`'
            raise Error("E0210", f"`{self.node.name}` has no `embed`", self.node.name_span, hint)
        returned = infer(self.node.returned, self.at, self.result)
        result = coerce(returned, self.result, f"the result of `{self.node.name}`")
        return Block(tuple(self.locals), result, self.result, self.node.span)

    def _bind(self, name: str, value: Expr, span: Span, name_span: Span) -> None:
        self.at = self.at.bind(name, value.type, name_span)
        self.locals.append(Local(name, value, span))

    def _precision(self, step: tree.Precision) -> None:
        if self.format is not None:
            raise Error("E0210", "a transformer has one `precision`", step.span)
        if step.rounding not in (None, "nearest"):
            hint = "floats are truncated, or `precision p = e, nearest`"
            raise Error("E0203", f"there is no rounding `{step.rounding}`", step.span, hint)
        value = as_integer(infer(step.value, self.at), "a precision")
        self._bind(step.name, value, step.span, step.span)
        self.format = FloatType(Variable(step.name, INTEGER, step.span), step.rounding == "nearest")

    def _floats(self, span: Span) -> FloatType:
        if self.format is None:
            raise Error("E0210", "`precision` comes first", span, "`precision p = 2 * bits(n) + 4`")
        return self.format

    def _embed(self, step: tree.Embed) -> None:
        format = self._floats(step.span)
        if self.stream is not None:
            raise Error("E0210", "a transformer has one `embed`", step.span)
        value = self._array(step.binders, step.value, step.span, self.at, format)
        element = Float(format.precision, format.nearest)
        if len(_shape(value)) != 2:
            hint = "one row of numbers for each position: `embed x[i < n] = [.., ..]`"
            raise Error(
                "E0308", f"the residual stream is `float(p)[n, d]`, but this is {_shown(value)}", step.span, hint
            )
        value = coerce(value, Wires(element, (None, None)), "the residual stream")
        assert isinstance(value.type, Wires)
        self.stream, self.type = step.name, value.type
        self.at = self.at.bind(step.name, value.type, step.span)
        self._rebind(value, step.span)

    def _rebind(self, value: Expr, span: Span) -> None:
        """The stream from here on."""
        assert self.stream is not None
        name = f"{self.stream} {self.layers}"
        self.locals.append(Local(name, value, span))
        self.at = self.at.called(self.stream, name)

    def _array(
        self, binders: Sequence[tree.Binder], body: tree.Expression, span: Span, at: Context, format: FloatType
    ) -> Expr:
        clause = tree.Clause(tuple(binders), None, span)
        value = as_float(format, tree.Comprehension(body, clause, span), span, at)
        check_independent(binders, value)
        return value

    def _layer(self, step: tree.Layer) -> None:
        if self.stream is None or self.type is None:
            raise Error("E0210", "`embed` comes before the layers", step.span)
        before = self.at.alias(self.stream)
        self.layers += 1
        if step.times is None:
            self._rebind(self._step(step, self.at), step.span)
            return
        times = as_integer(infer(step.times, self.at), "the number of layers")
        state = f"{self.stream} {self.layers} loop"
        inner = self._step(step, self.at.called(self.stream, state))
        init = Variable(before, self.type, step.span)
        index = f"layer {self.layers}"
        self._rebind(Fold(state, init, index, times, inner, self.type, step.span), step.span)

    def _step(self, step: tree.Layer, at: Context) -> Expr:
        """The stream after a layer."""
        assert self.stream is not None and self.type is not None
        format = self._floats(step.span)
        locals_: list[Local] = []
        for part in step.steps[:-1]:
            if isinstance(part, tree.Rebind):
                raise Error("E0210", f"a layer binds `{part.name}` once, at its end", part.span)
            value = local_value(part, at)
            at = at.bind(part.name, value.type, part.name_span)
            locals_.append(Local(part.name, value, part.span))
        last = step.steps[-1] if step.steps else None
        if not isinstance(last, tree.Rebind) or last.name != self.stream:
            hint = f"`{self.stream}[i < n] = ...`"
            raise Error("E0210", f"a layer ends by binding the stream `{self.stream}` anew", step.span, hint)
        value = self._array(last.binders, last.value, last.span, at, format)
        what = f"the stream `{self.stream}` after a layer"
        if len(_shape(value)) == len(self.type.shape):
            for old, new in zip(self.type.shape, _shape(value), strict=True):
                if same(old, new) is False:
                    raise Error(
                        "E0404", f"{what} must be {show_type(self.type)}, but this is {_shown(value)}", last.span
                    )
        shape = _shape(value)
        value = coerce(value, self.type, what)
        if any(same(old, new) is None for old, new in zip(self.type.shape, shape, strict=True)):
            before = Variable(at.alias(self.stream), self.type, last.span)
            value = in_shape_of(value, before, last.span)
        return Block(tuple(locals_), value, self.type, step.span)


def _shape(value: Expr) -> tuple[Dim, ...]:
    match value.type:
        case Wires(shape=shape):
            return shape
        case Static(rank=rank):
            return (None,) * (rank or 0)
        case _:
            return ()


def _shown(value: Expr) -> str:
    return show_type(value.type)


# ---- what a transformer reports of itself


def _stack(node: tree.Transformer, found: Signature, body: Block) -> Stack:
    """Precision, stream and layers of a body that `_Builder` has made."""
    precision = next(step for step in node.steps if isinstance(step, tree.Precision))
    embed = next(step for step in node.steps if isinstance(step, tree.Embed))
    named = {local.name: local for local in body.locals}
    width = named[f"{embed.name} 0"].value.type
    assert isinstance(width, Wires)
    stages = []
    layers = [step for step in node.steps if isinstance(step, tree.Layer)]
    for number in range(1, len(layers) + 1):
        value = named[f"{embed.name} {number}"].value
        step = value.step if isinstance(value, Fold) else value
        times = value.times if isinstance(value, Fold) else Constant(1, INTEGER, value.span)
        stages.append(Stage(f"{embed.name} {number}", times, tuple(_heads(step))))
    return Stack(
        embed.name, named[precision.name].value, precision.rounding == "nearest", width.shape[1], tuple(stages)
    )


def _heads(expr: object) -> Iterator[Heads]:
    """The attention calls of a layer, in the order of the text."""
    match expr:
        case Call(target=Reference(family=family, fixed=fixed)) if family.library and family.name in ATTENTION:
            row = ATTENTION[family.name]
            count = dict(fixed).get(row.heads) if row.heads else None
            yield Heads(family.name, count if count is not None else Constant(1, INTEGER, expr.span), expr)
    match expr:
        case tuple():
            for part in expr:
                yield from _heads(part)
        case Family() | Span():
            return
        case _ if is_dataclass(expr) and not isinstance(expr, type):
            for field in fields(expr):
                if field.compare:
                    yield from _heads(getattr(expr, field.name))

"""Transformers (section 9): the residual stream as an array of floats that every layer binds anew."""

from __future__ import annotations

from functools import cache

from tc0.dsl.base.source import Span
from tc0.dsl.syntax import tree

from . import builtins, evaluation, float_operators
from .conversion import convert
from .scope import At
from .values import Mistake, Type, Value, integer, type_of


@cache
def head(transformer: tree.Transformer) -> tree.Family:
    """The family with the same signature and result, which presumes that the input is not empty."""
    where = transformer.where
    first = transformer.parameters[0].type if transformer.parameters else None
    if isinstance(first, tree.ArrayType) and isinstance(first.shape[0], tree.Name):
        length = first.shape[0]
        some = tree.Compare(">=", length, tree.Number(1, "1", length.span), length.span)
        where = some if where is None else tree.Logic("and", (some, where), where.span)
    body = tree.Block((), transformer.returned, False, transformer.span)
    return tree.Family(
        transformer.name,
        False,
        transformer.statics,
        transformer.parameters,
        transformer.result,
        where,
        body,
        transformer.doc,
        transformer.span,
        transformer.name_span,
    )


def run(transformer: tree.Transformer, at: At) -> At:
    """The place of `return`: what precision, `let`s, embedding and layers bind."""
    type: Type | None = None
    stream: str | None = None
    for step in transformer.steps:
        match step:
            case tree.Let():
                at = _bind(step.name, evaluation.let(step, at), at, step.span)
            case tree.Precision():
                if type is not None or step.rounding not in (None, "nearest"):
                    raise Mistake("one `precision p = e` or `precision p = e, nearest`", step.span)
                precision = integer(evaluation.evaluate(step.value, at), "a precision", step.span)
                float_operators.check(precision, step.span)
                type = Type("float", width=precision, nearest=step.rounding == "nearest")
                at = _bind(step.name, precision, at, step.span)
            case tree.Embed():
                if type is None or stream is not None:
                    raise Mistake("one `embed`, after `precision`", step.span)
                stream = step.name
                at = _bind(stream, _stream(step, type, at, step.span), at, step.span)
                if len(type_of(at.names[stream]).shape) != 2:
                    raise Mistake("the residual stream is `float(p)[n, d]`", step.span)
            case tree.Layer():
                if type is None or stream is None:
                    raise Mistake("`embed` comes before the layers", step.span)
                once = tree.Number(1, "1", step.span)
                times = integer(evaluation.evaluate(step.times or once, at), "a number of layers", step.span)
                for _ in range(times):
                    at = at.bind(stream, _layer(step, stream, type, at))
    if stream is None:
        raise Mistake("a transformer has an `embed`", transformer.span)
    return at


def _bind(name: str, value: Value, at: At, span: Span) -> At:
    if name in at.names:
        raise Mistake(f"`{name}` is bound twice", span)
    return at.bind(name, value)


def _layer(layer: tree.Layer, stream: str, type: Type, at: At) -> Value:
    """The stream after a layer, in the shape that it had before."""
    before = type_of(at.names[stream])
    for step in layer.steps[:-1]:
        if not isinstance(step, tree.Let):
            raise Mistake("a layer binds the stream once, at its end", step.span)
        at = _bind(step.name, evaluation.let(step, at), at, step.span)
    last = layer.steps[-1] if layer.steps else None
    if not isinstance(last, tree.Rebind) or last.name != stream:
        raise Mistake(f"a layer ends by binding the stream `{stream}` anew", layer.span)
    value = _stream(last, type, at, last.span)
    return convert(value, before, at.reading, "the stream after a layer", last.span)


def _stream(step: tree.Embed | tree.Rebind, type: Type, at: At, span: Span) -> Value:
    """`x[i < n] = e` as floats on wires."""
    clause = tree.Clause(step.binders, None, span)
    if not evaluation.is_separate(clause) or any(binder.operator == "in" for binder in step.binders):
        raise Mistake("the binders count from 0, independent of one another", span)
    value = builtins.as_float(type, step.value, clause, at, span)
    return convert(value, type.array(*(None,) * len(type_of(value).shape)), at.reading, "the stream", span)

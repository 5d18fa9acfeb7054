"""Arrays from files in expressions: `W.name`, `W["h.0.attn.weight"]`, `W` alone, and `truncation(W, 8)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.core import floats
from tc0.dsl.core.context import Context
from tc0.dsl.core.convert import as_integer
from tc0.dsl.core.program import Constant, Expr, Report
from tc0.dsl.core.scope import Weights
from tc0.dsl.core.show import show_type
from tc0.dsl.core.types import ANY, BOOL, NUMBERS, TEXT, Kind, Static
from tc0.dsl.syntax import tree

Infer = Callable[[tree.Expression, Context], Expr]


def named(node: tree.Expression, at: Context) -> Weights | None:
    """The file that an expression names, if it is the name of one."""
    if not isinstance(node, tree.Name) or node.name in at.locals:
        return None
    found = at.scope.find(node.name)
    return found if isinstance(found, Weights) else None


def alone(found: Weights, span: Span) -> Error:
    """A file stands where a value is needed."""
    first = next(iter(found.archive.names()), None)
    hint = "it has none" if first is None else f"take one of its arrays: `{written(found.name, first)}`"
    return Error("E0204", f"`{found.name}` is a file of arrays, not an array", span, hint)


def written(file: str, tensor: str) -> str:
    """How a tensor is called in a text: `W.name` where that is a name, else `W["..."]`."""
    plain = tensor.isascii() and tensor.isidentifier()
    return f"{file}.{tensor}" if plain else f'{file}["{shown(tensor)}"]'


def shown(name: str) -> str:
    """A name from a file as it is shown: on one line, without what a terminal would obey, not too long."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    return text if len(text) <= 60 else f"{text[:57]}..."


def by_name(found: Weights, name: str, span: Span) -> Expr:
    """The array `W.name`."""
    names = list(found.archive.names())
    if name not in names:
        raise _missing(found, name, names, span)
    value, type = found.archive.tensor(name, written(found.name, name), span)
    return Constant(value, type, span)  # type: ignore[arg-type]


def by_key(found: Weights, node: tree.Index, at: Context, infer: Infer) -> Expr:
    """The array `W["name"]`."""
    match node.items:
        case [tree.Argument(name=None, value=value)]:
            key = infer(value, at)
            if isinstance(key, Constant) and isinstance(key.value, str):
                return by_name(found, key.value, node.span)
        case _:
            pass
    names = list(found.archive.names())
    example = f'`{found.name}["{shown(names[0])}"]`' if names else None
    raise Error("E0302", f"an array of `{found.name}` is named by one string that is written out", node.span, example)


def _missing(found: Weights, name: str, names: Sequence[str], span: Span) -> Error:
    """Names with points are met half-way: `W.h` where there is `h.0.attn.weight`."""
    close = near(name, names) or next((n for n in names if n.startswith(f"{name}.") or n.endswith(f".{name}")), None)
    if close is not None:
        hint = f"it has `{written(found.name, close)}`"
    elif names:
        few = ", ".join(f"`{written(found.name, n)}`" for n in names[:5])
        hint = f"it has {few}" + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
    else:
        hint = "the file has no arrays"
    return Error("E0819", f'`{found.name}` has no array "{shown(name)}"', span, hint)


def listing(found: Weights, span: Span) -> Report:
    """`W` as a statement: the table of its arrays."""
    return Report("tensors", (Constant(found, ANY, span),), (), TEXT, span)  # type: ignore[arg-type]


def truncation(node: tree.Call, at: Context, infer: Infer) -> Report:
    """`truncation(W, 8)`, `truncation(W.a, 8, nearest)`: of a file, or of an array of numbers."""
    subject, *type_ = (argument.value for argument in node.arguments)
    format = floats.format_of(type_, node.span, lambda e: as_integer(infer(e, at), "a precision"))
    found = named(subject, at)
    value: Expr
    if found is not None:
        value = Constant(found, ANY, subject.span)  # type: ignore[arg-type]
    else:
        value = infer(subject, at)
        match value.type:
            case Static(kind=kind) if kind in NUMBERS and kind is not Kind.REAL or kind is Kind.ANY:
                pass
            case _:
                raise Error(
                    "E0302",
                    f"`truncation` takes a file of arrays or an array of numbers, but this is {show_type(value.type)}",
                    subject.span,
                    "truncation(W, 8)",
                )
    return Report(
        "truncation", (value, format.precision, Constant(format.nearest, BOOL, node.span)), (), TEXT, node.span
    )

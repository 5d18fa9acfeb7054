"""Types and static expressions as one would write them, for messages and descriptions."""

from __future__ import annotations

from tc0.dsl.core.program import Applied, Apply, Constant, Expr, If, Length, Variable
from tc0.dsl.core.static import describe
from tc0.dsl.core.types import Bit, FamilyOf, Float, Form, Kind, Static, Symbol, Type, Wires, Word

MOST_TEXT = 40  # characters of a static array that is written out
_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "<<": 2, ">>": 2, "**": 4}


def show_dim(expr: Expr | None, level: int = 0) -> str:
    """A static expression in the language; `..` where it is unknown or long."""
    match expr:
        case Constant(value=value):
            return describe(value)
        case Variable(name=name):
            return name
        case Apply(function=function, arguments=(left, right)) if function in _LEVEL:
            own = _LEVEL[function]
            tight = "" if function == "**" else " "
            text = f"{show_dim(left, own)}{tight}{function}{tight}{show_dim(right, own + 1)}"
            return f"({text})" if own < level else text
        case Apply(function="negate", arguments=(a,)):
            return f"-{show_dim(a, 3)}"
        case Apply(function=function, arguments=arguments) if function.isidentifier():
            return f"{function}({', '.join(show_dim(a) for a in arguments)})"
        case If(condition=_):
            return ".."
        case Length(array=array, axis=0):
            return f"len({show_dim(array)})"
        case _:
            return ".."


def show_type(type: Type) -> str:
    """`bit[n]`, `uint(w)`, `an integer`, `(bit[n]) -> bit`."""
    match type:
        case Static(kind=Kind.ANY):
            return "a static value"
        case Static(kind=kind, rank=rank):
            if rank:
                return (
                    f"a static array of {kind.value}s"
                    if rank == 1
                    else f"a static array of {kind.value}s with {rank} dimensions"
                )
            return f"a static {kind.value}" if kind is not Kind.TEXT else "a string"
        case FamilyOf(parameters=parameters, result=result):
            return f"({', '.join(show_type(p) for p in parameters)}) -> {show_type(result)}"
        case Wires(element=element, shape=shape):
            base = show_element(element)
            return f"{base}[{', '.join(show_dim(d) for d in shape)}]" if shape else base


def show_element(element: object) -> str:
    """The element of a wire type."""
    match element:
        case Bit():
            return "bit"
        case Word(signed=signed, width=width):
            return f"{'int' if signed else 'uint'}({show_dim(width)})"
        case Float(precision=precision, nearest=nearest):
            return f"float({show_dim(precision)}{', nearest' if nearest else ''})"
        case Form(low=None):
            return "form"
        case Form(low=low, high=high):
            return f"form({show_dim(low)}, {show_dim(high)})"
        case Symbol(symbols=symbols, name=name):
            return name or "{" + ", ".join(f'"{s}"' for s in symbols) + "}"
        case _:
            return "?"


def show_applied(applied: Applied) -> str:
    """`exactly[k = 3, n = 8]`."""
    fixed = ", ".join(f"{name} = {_short(value)}" for name, value in applied.values)
    return f"{applied.family.name}[{fixed}]" if fixed else applied.family.name


def _short(value: object) -> str:
    if isinstance(value, Applied):
        return show_applied(value)
    text = describe(value)
    if isinstance(value, tuple) and len(text) > MOST_TEXT:
        return f"[{describe(value[0])}, ..]" if not isinstance(value[0], tuple) else "[[..], ..]"
    return text

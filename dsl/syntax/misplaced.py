"""Mistakes of form: parts of a phrase that are missing, misspelt or out of place. Finders of `mistakes`."""

from __future__ import annotations

from tc0.dsl.base.errors import Error, Label
from tc0.dsl.syntax.layout import CLOSERS, JOINS, NEWLINE
from tc0.dsl.syntax.trouble import END, ENDERS, INFIX, STARTERS, Trouble

_DIGITS = ("INT", "DECIMAL")


def number(t: Trouble) -> Error | None:
    """`2x`, `1_000`, `1e6`, `0x1f`, `.5`, `5.`."""
    if t.here.type == "NAME" and t.before.type in _DIGITS and t.touching(t.before, t.here):
        digits, letters = t.text(t.before), t.text(t.here)
        plain = (digits + letters).replace("_", "")
        if plain.isdecimal():
            hint = f"write `{plain}`"
        elif letters[0] in "eE" and letters[1:].isdecimal():
            hint = f"write `{digits} * 10**{int(letters[1:])}`" if digits != "1" else f"write `10**{int(letters[1:])}`"
        elif digits == "0" and letters[0] in "xXbBoO":
            hint = "numbers are decimal"
        else:
            hint = f"a product is written `{digits} * {letters}`"
        return Error("E0126", f"`{digits}{letters}` is not a number", t.span(t.before, t.here), hint)
    if t.here.type == "INT" and t.after.type == "NAME" and t.touching(t.here, t.after) and t.expected == {"NAME"}:
        return Error("E0125", "a name does not begin with a digit", t.span(t.here, t.after))
    if t.here.type == "DOT" and t.after.type == "INT" and "INT" in t.expected:
        return Error(
            "E0126", f"`.{t.text(t.after)}` is not a number", t.span(t.here, t.after), f"write `0.{t.text(t.after)}`"
        )
    if t.before.type == "DOT" and t.word(t.at - 2).type == "INT" and t.here.type != "NAME":
        shown = t.text(t.word(t.at - 2), t.before)
        return Error(
            "E0126",
            f"`{shown}` is not a number",
            t.span(t.word(t.at - 2), t.before),
            f"write `{shown}0`, or `{shown[:-1]}`",
        )
    return None


def slice_colon(t: Trouble) -> Error | None:
    """`x[a:b]`, `x[..b]`, `x[a..]`."""
    if t.opener is None or t.opener.type != "LSQB" or t.word(t.openers[-1] - 1).type not in ENDERS:
        return None
    if t.word(t.openers[-1] - 2).type in ("FAMILY", "TRANSFORMER"):
        return None
    first, close = t.openers[-1] + 1, t.closer_of(t.openers[-1])
    if t.here.type == "COLON":
        low = t.part(first, t.at) or "0"
        high = t.part(t.at + 1, close if close is not None else t.at + 1) or f"len({_base(t)})"
        return Error("E0118", "a slice is written with `..`", t.span(t.here), f"write `{_base(t)}[{low}..{high}]`")
    if t.here.type == "DOT2" and t.at == first:
        high = t.part(t.at + 1, t.right(t.at + 1))
        return Error("E0118", "a slice names both of its ends", t.span(t.here), f"write `{_base(t)}[0..{high}]`")
    if t.here.type == "RSQB" and t.before.type == "DOT2":
        low = t.part(t.left(t.at - 1), t.at - 1)
        return Error(
            "E0118", "a slice names both of its ends", t.span(t.before), f"write `{_base(t)}[{low}..len({_base(t)})]`"
        )
    return None


def _base(t: Trouble) -> str:
    """What is indexed by the innermost bracket, where that is a name."""
    base = t.word(t.openers[-1] - 1)
    return t.text(base) if base.type == "NAME" else "x"


def binder(t: Trouble) -> Error | None:
    """`for i in range(n)`, `for i in xs`, `for i = 0..n`, `fold ... for k <= t`."""
    if "DOT2" in t.expected and t.here.type != "DOT2":
        start = next((at for at in range(t.at - 1, -1, -1) if t.word(at).type == "IN"), None)
        if start is not None and t.word(start - 1).type == "NAME":
            return _wrong_range(t, start)
    name = t.before
    if (
        name.type != "NAME"
        or not t.expected
        or not t.expected <= {"LT", "LE", "IN", "COLON", "GE"}
        or "LT" not in t.expected
    ):
        return None
    shown = t.text(name)
    if t.expected == {"LT"}:
        return Error(
            "E0119", "a fold counts its steps from 0", t.span(name, t.here), f"write `{shown} < t` for t steps"
        )
    if t.here.type == "EQUAL":
        return Error(
            "E0119", "`=` is no range", t.span(t.here), f"write `{shown} < n`, `{shown} <= n` or `{shown} in a..b`"
        )
    kinds = f"`{shown} < n`, `{shown} <= n` or `{shown} in a..b`"
    return Error(
        "E0119",
        f"`{shown}` has no range",
        t.span(name),
        f"write {f'`{shown}: bit[n]`, ' if 'COLON' in t.expected else ''}{kinds}",
    )


def _wrong_range(t: Trouble, start: int) -> Error:
    name = t.text(t.word(start - 1))
    first = start + 1
    close = t.closer_of(first + 1) if t.word(first + 1).type == "LPAR" else None
    span = t.span(t.word(first), t.word(max(t.at - 1, first)))
    if t.text(t.word(first)) == "range" and close is not None:
        bounds = [part.strip() for part in t.part(first + 2, close).split(",")]
        hint = {1: f"write `{name} < {bounds[0]}`", 2: f"write `{name} in {'..'.join(bounds)}`"}.get(
            len(bounds), f"write `{name} < n`"
        )
        return Error("E0119", "ranges are written without `range`", span, hint)
    whole = t.part(first, t.at)
    return Error(
        "E0119",
        f"`{name} in` needs a range `a..b`",
        span,
        f"for each element write `{name} < len({whole})` and use `{whole}[{name}]`",
    )


def parameter(t: Trouble) -> Error | None:
    """`family f(x) -> bit`, `family f(x bit) -> bit`, `family f(bit[n] x)`."""
    if t.expected != {"COLON"} or t.before.type != "NAME":
        return None
    name = t.text(t.before)
    hint = "a parameter is written `name: type`, as in `x: bit[n]`"
    if t.here.type in ("NAME", "LBRACE"):
        return Error("E0113", f"expected `:` before {t.shown(t.here)}", t.span(t.here), hint)
    return Error("E0113", f"the parameter `{name}` has no type", t.span(t.before), hint)


def result(t: Trouble) -> Error | None:
    """No `->`, or no body."""
    if t.expected == {"ARROW"}:
        shown = "before " + t.shown(t.here) if not t.ends else "after the parameters"
        return Error(
            "E0115",
            f"expected `->` and the type of the result {shown}",
            t.span(t.here),
            "write `-> bit` for one bit, `-> bit[m]` for m bits",
        )
    if {"EQUAL", "LBRACE"} <= t.expected and "WHERE" in t.expected and (t.ends or t.here.type in STARTERS):
        return Error(
            "E0109", "the family has no body", t.span(t.here), "go on with `= expression`, or with `{` on the same line"
        )
    return None


def choice(t: Trouble) -> Error | None:
    """`if c { a }`, `if c: a`, `if c then a` and no more."""
    stops = CLOSERS | {NEWLINE, END, "COMMA", "COLON", "LBRACE", "ELSE", "FOR"}
    for word in ("THEN", "ELSE"):
        if word in t.expected and t.here.type in stops:
            at = _pending_if(t)
            if at is None:
                return None
            hint = "write `if c then a else b`" + ("; on wires the other value may be `0`" if word == "ELSE" else "")
            here = t.span(t.here)
            return Error(
                "E0124",
                f"this `if` has no `{word.lower()}`",
                t.span(t.word(at)),
                hint,
                (Label(here, f"expected `{word.lower()}`"),),
            )
    return None


def _pending_if(t: Trouble) -> int | None:
    """The innermost `if` that still lacks a part."""
    pending: list[int] = []
    for at, word in enumerate(t.words[: t.at]):
        if word.type == "IF":
            pending.append(at)
        elif word.type == "ELSE" and pending:
            pending.pop()
    return pending[-1] if pending else None


def braces(t: Trouble) -> Error | None:
    """Braces without `return`, lines in braces that begin with neither `let` nor `return`, lines after `return`."""
    if t.opener is None or t.opener.type != "LBRACE":
        return None
    inside = t.words[t.openers[-1] + 1 : t.at]
    returned = any(word.type == "RETURN" for word in inside) and t.closer_of(t.openers[-1]) is not None
    in_layer = t.word(t.openers[-1] - 1).type == "LAYER"
    if t.here.type == "RBRACE" and not inside:
        opener = t.openers[-1]
        if t.word(opener - 1).type == "COLON" or t.word(opener - 3).type == "ALPHABET":
            hint = 'write its symbols: `{"a", "b"}`'
            return Error("E0705", "this alphabet has no symbols", t.span(t.opener, t.here), hint)
        what = "`x[i < n] = ...`, the new value of the stream" if in_layer else "`return ...`"
        return Error("E0114", "these braces are empty", t.span(t.opener, t.here), f"write {what}")
    if t.here.type == "RBRACE" and not returned and not in_layer and t.before.type in ENDERS | {"RBRACE"}:
        return Error("E0114", "nothing is returned before this `}`", t.span(t.here), "end with a line `return e`")
    if (
        returned
        and t.before.type == NEWLINE
        or (returned and t.expected and "_NL" not in t.expected and t.here.type == NEWLINE and "RBRACE" in t.expected)
    ):
        return Error(
            "E0128",
            "`return` is the last line of its braces",
            t.span(t.word(t.at if t.here.type != NEWLINE else t.at + 1)),
            "move this line above `return`, or remove it",
        )
    if t.starts_statement(t.at) and "RETURN" in t.expected and not in_layer and t.here.type in STARTERS:
        return Error(
            "E0114",
            "a line in braces begins with `let` or `return`",
            t.span(t.here),
            f"write `return {t.text(t.here)} ...` for the result",
        )
    return None


def place(t: Trouble) -> Error | None:
    """Statements where they cannot stand."""
    here, first = t.here.type, t.starts_statement(t.at)
    if here == "RETURN" and t.at == 0:
        return Error(
            "E0123", "`return` stands outside of braces", t.span(t.here), "an expression alone on its line is printed"
        )
    if here == "LPAR" and t.before.type == "NAME" and t.word(t.at - 2).type == "LET" and t.openers:
        return Error(
            "E0123",
            "static functions are defined at the top level",
            t.span(t.word(t.at - 2), t.before),
            "move it out of the braces",
        )
    name = t.text(t.before) if t.before.type == "NAME" else ""
    if (
        not t.openers
        and name in ("precision", "embed", "layer", "repeat")
        and t.starts_statement(t.at - 1)
        and here in ("NAME", "LBRACE", "INT")
    ):
        return Error(
            "E0123",
            f"`{name}` stands in a transformer",
            t.span(t.before),
            "write it inside of `transformer f(...) -> bit { ... }`",
        )
    if name == "use" and t.starts_statement(t.at - 1) and here in STARTERS:
        return Error("E0101", "the file of `use` stands in quotes", t.span(t.here), 'write `use "other.tc"`')
    if here in JOINS and (first or t.before.type == NEWLINE):
        return Error("E0101", f"`{t.text(t.here)}` belongs to no statement", t.span(t.here), None)
    if here == "COLON" and t.word(0).type == "LET" and t.word(2).type == "LPAR" and len(t.openers) == 1:
        hint = "remove it; what takes wires is a `family`"
        return Error("E0101", "a parameter of a static function has no type", t.span(t.here), hint)
    if here == "COLON" and "EQUAL" in t.expected and t.before.type == "NAME":
        return Error("E0101", "an argument has no type", t.span(t.here), f"to name it, write `{name} = ...`")
    if (
        here == "COMMA"
        and t.opener is not None
        and t.opener.type == "LPAR"
        and "RPAR" in t.expected
        and t.before.type in ENDERS
    ):
        return Error("E0101", "there are no tuples", t.span(t.here), "an array is written `[a, b]`")
    if here == "LBRACE" and t.at == 0:
        return Error(
            "E0101",
            "`{` begins no statement",
            t.span(t.here),
            "it stands on the line of its family, after the type of the result",
        )
    return None


def type_missing(t: Trouble) -> Error | None:
    if not t.expected or not t.expected <= {"NAME", "LBRACE", "LPAR"} or "LBRACE" not in t.expected:
        return None
    if t.expected == {"LBRACE"}:
        return None
    hint = "types are `bit`, `bit[n]`, `uint(w)` and the like"
    return Error("E0127", f"a type is missing {_where(t)}", t.span(t.here), hint)


def name_missing(t: Trouble) -> Error | None:
    if t.expected != {"NAME"}:
        return None
    return Error("E0125", f"a name is missing {_where(t)}", t.span(t.here))


def expression_missing(t: Trouble) -> Error | None:
    if not {"NAME", "INT", "STRING"} <= t.expected or t.here.type in STARTERS:
        return None
    if t.ends:
        return Error(
            "E0109", f"the statement ends before it is complete: an expression is missing {_where(t)}", t.span(t.here)
        )
    joins = t.here.type in INFIX and t.before.type in INFIX
    hint = f"write one of `{t.text(t.before)}` and `{t.text(t.here)}`" if joins else None
    return Error("E0121", f"an expression is missing {_where(t)}", t.span(t.here), hint)


def _where(t: Trouble) -> str:
    return f"after {t.shown(t.before)}" if t.ends else f"before {t.shown(t.here)}"


def side_by_side(t: Trouble) -> Error | None:
    """`a b`, `f(a b)`, `2 (a + b)`."""
    if t.here.type not in STARTERS or "PLUS" not in t.expected or t.before.type not in ENDERS:
        return None
    within = t.opener is not None and t.opener.type in ("LPAR", "LSQB")
    hint = "put an operator or `,` between them" if within else "put an operator between them, or begin a new line"
    message = f"nothing stands between {t.shown(t.before)} and {t.shown(t.here)}"
    return Error("E0122", message, t.span(t.here), hint)

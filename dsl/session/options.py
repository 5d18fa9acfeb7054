"""Options of a session: written values checked against the table, and the limits that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from tc0.dsl.base.errors import Error, UnknownName
from tc0.dsl.base.meter import Limits
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Span
from tc0.dsl.ops.options import OPTIONS, OptionRow, OptionValue

Options = Mapping[str, OptionValue]
_PLAIN = [name for name, row in OPTIONS.items() if not row.family]


def defaults(limits: Limits | None) -> Options:
    """The options of a new session; the host's limits are the values of the options that limit."""
    values = {name: row.default for name, row in OPTIONS.items()}
    if limits is not None:
        memory = max(1, limits.memory >> 20)
        values |= {"gates": limits.gates, "memory": memory, "seconds": limits.seconds, "recursion": limits.recursion}
    return MappingProxyType(values)


def limits_of(options: Options) -> Limits:
    """What one statement may use."""
    return Limits(
        gates=int(options["gates"]),
        memory=int(options["memory"]) << 20,
        seconds=float(options["seconds"]),
        recursion=int(options["recursion"]),
    )


def row_of(name: str, span: Span | None = None) -> OptionRow:
    """The row of an option."""
    row = OPTIONS.get(name)
    if row is None:
        close = near(name, OPTIONS)
        hint = (
            f"an option with a similar name exists: `{close}`"
            if close
            else f"options are {', '.join(_PLAIN)}, and those of operators, as `uint.SUM`"
        )
        raise UnknownName("E0820", f"no option is called `{name}`", span, hint)
    return row


def set_option(
    options: Options, name: str, value: object, span: Span | None = None, ceiling: Options | None = None
) -> Options:
    """The options with one changed. ceiling: the host's values, which a program cannot raise where they limit."""
    row = row_of(name, span)
    read = _read(row, value, span)
    if ceiling is not None and row.limit and float(read) > float(ceiling[name]):
        raise Error(
            "E0822",
            f"`{name}` may be at most {show(row, ceiling[name])} here: the session limits it",
            span,
            f"allow more with `--set {name}={read}` on the command line, or `:set {name} {read}`",
        )
    return MappingProxyType({**options, name: read})


def setting(text: str) -> tuple[str, str, str]:
    """`NAME=VALUE` as name, sign and value; the name may be that of an operator, `uint.===equal`."""
    start = next((len(name) for name in OPTIONS if name.endswith("=") and text.startswith(name)), 0)
    name, equals, value = text[start:].partition("=")
    return (text[:start] + name).strip(), equals, value.strip()


def show(row: OptionRow, value: OptionValue) -> str:
    """A value with its unit."""
    number = f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else value
    return f"{number} {row.unit}" if row.unit else number


def takes(row: OptionRow) -> str:
    """What an option takes, as text."""
    if row.family:
        return f"a family like `{row.default}`"
    if row.choices:
        return (
            " or ".join(row.choices) if len(row.choices) < 3 else f"{', '.join(row.choices[:-1])} or {row.choices[-1]}"
        )
    what = "a whole number" if row.whole else "a number"
    return f"{what} of at least {row.least}" + (f", in {row.unit}" if row.unit else "")


def _read(row: OptionRow, value: object, span: Span | None) -> OptionValue:
    if row.family:
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
        raise _bad(row, value, span)
    if row.choices:
        if isinstance(value, str) and value in row.choices:
            return value
        raise _bad(row, value, span)
    number = _number(value)
    if number is None or number < row.least or (row.whole and number.denominator != 1):
        raise _bad(row, value, span)
    if not row.whole:
        return float(min(number, Fraction(10**9)))
    return min(int(number), 1 << 62)


def _number(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Fraction):
        return Fraction(value) if value == value and abs(value) != float("inf") else None
    if isinstance(value, str):
        text = value.strip().replace("_", "")
        base, power, exponent = text.partition("**")
        try:
            if power:
                return (
                    Fraction(int(base) ** int(exponent))
                    if 0 <= int(exponent) <= 100 and abs(int(base)) <= 100
                    else None
                )
            return Fraction(text) if len(text) <= 30 and "e" not in text.lower() else None
        except (ValueError, ZeroDivisionError):
            return None
    return None


def _bad(row: OptionRow, value: object, span: Span | None) -> Error:
    written = str(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of many digits"
    return Error(
        "E0821",
        f"`{row.name}` takes {takes(row)}, not {written}",
        span,
        f"for example {row.default}, the default",
    )

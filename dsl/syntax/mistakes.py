"""Turns the place where the grammar refused a word into an error in the user's words.

`FINDERS` is tried from top to bottom; each entry recognises one mistake and returns None for everything else.
"""

from __future__ import annotations

from collections.abc import Callable

from tc0.dsl.base.errors import Error, Label
from tc0.dsl.base.source import Source, Span
from tc0.dsl.syntax import misplaced
from tc0.dsl.syntax.foreign import CHARACTERS, SIGNS, UNUSED, WORDS
from tc0.dsl.syntax.layout import CLOSER, CLOSERS, NEWLINE
from tc0.dsl.syntax.trouble import COMPARISONS, END, ENDERS, INFIX, KEYWORDS, STARTERS, WIRES, Trouble
from tc0.dsl.syntax.wanted import wanted

Finder = Callable[[Trouble], Error | None]


def explain(trouble: Trouble) -> Error:
    """The error at this place."""
    for finder in FINDERS:
        error = finder(trouble)
        if error is not None:
            return error
    return _unexpected(trouble)


def not_text(source: Source) -> Error | None:
    """One error for an input that is no text at all."""
    text = source.text
    strange = [
        at for at, c in enumerate(text) if (c < " " and c not in "\t\n\r\f") or c in "\x7f\N{REPLACEMENT CHARACTER}"
    ]
    if not strange or ("\0" not in text and len(strange) * 10 < len(text)):
        return None
    return Error("E0129", "this is not the text of a program", Span(source, strange[0], strange[0] + 1))


def _unexpected(t: Trouble) -> Error:
    if t.ends:
        return Error(
            "E0109", "the statement ends before it is complete", t.span(t.here), f"expected {wanted(t.expected)}"
        )
    return Error("E0101", f"{t.shown(t.here)} does not fit here", t.span(t.here), f"expected {wanted(t.expected)}")


# ---- characters


def _character(t: Trouble) -> Error | None:
    if t.here.type != "ERROR":
        return None
    character = t.text(t.here)
    span = t.span(t.here)
    if character == '"':
        line_end = len(t.source.line(span.line)) + span.start - span.column + 1
        return Error(
            "E0104",
            "this string has no closing quote",
            Span(t.source, span.start, max(line_end, span.end)),
            'add `"` at its end',
        )
    if character in CHARACTERS and not _within_name(t.source.text, span):
        return Error(
            "E0103", f"`{character}` is not part of the language", span, f"write {_quoted(CHARACTERS[character])}"
        )
    if character.isalnum() or character.isidentifier():
        return Error("E0103", "names are ASCII", _name_around(t.source, span), _spelling(character))
    shown = f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"
    return Error("E0103", f"{shown} is not part of the language", span, UNUSED.get(character))


def _quoted(spelling: str) -> str:
    return f"`{spelling}`" if not spelling.isalpha() or len(spelling) < 4 else spelling


def _spelling(character: str) -> str:
    greek = CHARACTERS.get(character)
    return f"write `{greek}`" if greek else "use the letters a to z and A to Z, digits and `_`"


def _name_around(source: Source, span: Span) -> Span:
    start, end = span.start, span.end
    while start > 0 and (source.text[start - 1].isalnum() or source.text[start - 1] == "_"):
        start -= 1
    while end < len(source.text) and (source.text[end].isalnum() or source.text[end] == "_"):
        end += 1
    return Span(source, start, end)


def _within_name(text: str, span: Span) -> bool:
    neighbours = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
    return text[span.start].isalpha() and any(c.isalnum() or c == "_" for c in neighbours)


# ---- brackets


def _bracket(t: Trouble) -> Error | None:
    """A bracket that is never closed, closed by the wrong one, or one that closes nothing."""
    kind = t.here.type
    if not t.openers:
        return (
            Error("E0116", f"{t.shown(t.here)} closes nothing", t.span(t.here), "remove it")
            if kind in CLOSERS
            else None
        )
    opener = t.words[t.openers[-1]]
    if kind == END or (
        opener.type != "LBRACE" and (kind in ("LET", "RETURN", "FAMILY", "TRANSFORMER", "CHECK", "PROVE"))
    ):
        return _unclosed(t)
    if kind in CLOSERS and kind != CLOSER[opener.type]:
        if any(CLOSER[t.words[at].type] == kind for at in t.openers):
            return _unclosed(t)
        label = Label(t.span(opener), "opened here")
        return Error(
            "E0106",
            f"{t.shown(t.here)} does not close {t.shown(opener)}",
            t.span(t.here),
            f"write `{_closes(t)}`",
            (label,),
        )
    first = t.starts_line(t.at) and t.source.line_of(opener.start) < t.source.line_of(t.here.start)
    if t.closer_of(t.openers[-1]) is None and (
        CLOSER[opener.type] in t.expected or (first and opener.type != "LBRACE" and kind in STARTERS)
    ):
        return _unclosed(t)
    return None


def _unclosed(t: Trouble) -> Error:
    opener = t.words[t.openers[-1]]
    line = t.source.line_of(t.before.end)
    if t.here.type != END and not t.ends and not t.starts_line(t.at):
        where = f"before {t.shown(t.here)}"
    elif opener.type == "LBRACE":
        where = f"after line {line}"
    else:
        where = f"before line {line + 1}" if t.source.text[t.before.end :].strip() else "at the end"
    return Error("E0107", f"this {t.shown(opener)} is never closed", t.span(opener), f"add `{_closes(t)}` {where}")


def _closes(t: Trouble) -> str:
    return {"LPAR": ")", "LSQB": "]", "LBRACE": "}"}[t.words[t.openers[-1]].type]


# ---- words and signs of other languages


def _sign(t: Trouble) -> Error | None:
    """Signs that touch: `&&`, `<>`, `=>`, `+=`."""
    for first, last in ((t.at - 1, t.at + 1), (t.at, t.at + 1), (t.at - 1, t.at)):
        words = t.words[max(first, 0) : last + 1]
        if (
            first < 0
            or len(words) != last + 1 - first
            or any(not t.touching(a, b) for a, b in zip(words, words[1:], strict=False))
        ):
            continue
        sign = t.text(words[0], words[-1])
        if sign in SIGNS and t.word(t.at).type != "ARROW":
            code, hint = SIGNS[sign]
            return Error(code, f"`{sign}` is not part of the language", t.span(words[0], words[-1]), hint)
    return None


def _foreign_word(t: Trouble) -> Error | None:
    """A NAME that stands where a keyword or an operator of another language would: `def f`, `a xor b`, `elif`."""
    if t.here.type != "NAME" and not (t.before.type == "NAME" and t.starts_statement(t.at - 1)):
        return None
    here, before = t.text(t.here), t.text(t.before)
    if (
        t.before.type == "NAME"
        and t.starts_statement(t.at - 1)
        and before in WORDS
        and t.here.type in STARTERS | {NEWLINE}
    ):
        return _no_word(t, t.at - 1)
    if t.before.type == "NAME" and t.here.type == "NAME" and before == "lambda":
        return _no_word(t, t.at - 1)
    if t.before.type in ENDERS and t.here.type == "NAME" and here in WORDS:
        return _no_word(t, t.at)
    return None


def _no_word(t: Trouble, at: int) -> Error:
    word = t.word(at)
    gate = t.text(word) in ("AND", "OR", "NOT", "XOR")
    message = (
        f"{t.shown(word)} does not stand between its arguments"
        if gate
        else f"{t.shown(word)} is not part of the language"
    )
    return Error("E0117", message, t.span(word), WORDS[t.text(word)])


def _for_statement(t: Trouble) -> Error | None:
    if t.here.type != "FOR" or not t.starts_statement(t.at):
        return None
    hint = "write `[e for i < n]` or `let x[i < n] = e`; steps that build on each other are a `fold`"
    return Error("E0117", "`for` begins no statement", t.span(t.here), hint)


def _ternary(t: Trouble) -> Error | None:
    if t.here.type == "IF" and t.before.type in ENDERS:
        return Error("E0124", "`if` stands before its two values", t.span(t.here), "write `if c then a else b`")
    return None


def _reserved(t: Trouble) -> Error | None:
    """A reserved word as a name."""
    if t.here.type not in KEYWORDS or "NAME" not in t.expected:
        return None
    only = t.expected <= {"NAME", "RPAR", "RSQB"}
    if not only and t.after.type not in ("EQUAL", "COLON", "LT", "LE", "IN", "RPAR", "COMMA", "RSQB"):
        return None
    if not only and t.here.type not in (
        "FAMILY",
        "TRANSFORMER",
        "LET",
        "RETURN",
        "WHERE",
        "FOR",
        "IN",
        "YIELD",
        "CHECK",
        "PROVE",
        "FOLD",
    ):
        return None
    word = t.text(t.here)
    return Error(
        "E0102",
        f"`{word}` is a reserved word, so it cannot be a name",
        t.span(t.here),
        f"choose another name, such as `{word}_`",
    )


# ---- operators


def _equal(t: Trouble) -> Error | None:
    """`=` that compares, or that gives a name a value without `let`."""
    if t.here.type != "EQUAL" or t.before.type not in ENDERS:
        return None
    first = t.left(t.at)
    target = t.part(first, t.at)
    if not t.openers or t.opener is not None and t.opener.type == "LBRACE":
        if (
            t.starts_statement(first)
            and t.word(first).type == "NAME"
            and t.word(first + 1).type in ("EQUAL", "LSQB", "LPAR")
        ):
            named = f"{t.text(t.word(first))}[i < n]" if "[" in target else target
            hint = f"to name a value, write `let {named} = ...`; to compare, write `==`"
            return Error("E0105", "a name gets its value by `let`", t.span(t.here), hint)
    return Error("E0105", "`=` gives a name a value; it does not compare", t.span(t.here), "to compare, write `==`")


def _mixture(t: Trouble) -> Error | None:
    """`a & b | c`, `a < b < c`, `x == y & z`."""
    kind = t.here.type
    if kind not in WIRES | COMPARISONS or kind in t.expected or t.before.type not in ENDERS:
        return None
    other = t.operator_before(COMPARISONS if kind in WIRES else WIRES | COMPARISONS)
    if other is None:
        other = t.operator_before(WIRES)
    if other is None:
        return None
    start, first, second = t.left(other, INFIX - WIRES - COMPARISONS - _ARITHMETIC), t.word(other), t.here
    label = (Label(t.span(first), "beside this"),)
    whole = t.part(start, t.at)
    shown, earlier = t.text(second), t.text(first)
    if kind in WIRES and first.type in WIRES:
        return Error(
            "E0110",
            f"`{earlier}` and `{shown}` side by side need parentheses",
            t.span(second),
            f"write `({whole}) {shown} ...`",
            label,
        )
    if kind in COMPARISONS and first.type in COMPARISONS:
        middle = t.part(other + 1, t.at)
        end = t.right(t.at + 1, WIRES | COMPARISONS)
        last = t.part(t.at + 1, end) or "..."
        hint = f"write `{whole} and {middle} {shown} {last}`; on wires `({whole}) & ({middle} {shown} {last})`"
        return Error("E0111", "comparisons do not chain", t.span(second), hint, label)
    message = f"a comparison beside `{shown if kind in WIRES else earlier}` needs parentheses"
    return Error(
        "E0112", message, t.span(second), f"write `({whole}) {shown} ...`, or put the second part in parentheses", label
    )


_ARITHMETIC = frozenset("PLUS MINUS STAR SLASH FLOORDIV PERCENT SHL SHR POW".split())


def _loose(t: Trouble) -> Error | None:
    """`1 + if c then a else b`, `a & not b`: what binds loosely inside of what binds tightly."""
    if t.here.type not in ("IF", "FOLD", "NOT") or "BANG" not in t.expected:
        return None
    word = t.text(t.here)
    hint = (
        "on wires write `!`; a static condition goes in parentheses: `(not ...)`"
        if word == "not"
        else f"put it in parentheses: `({word} ...)`"
    )
    return Error("E0101", f"`{word}` needs parentheses beside {t.shown(t.before)}", t.span(t.here), hint)


def _leading_operator(t: Trouble) -> Error | None:
    if t.at or t.here.type not in INFIX:
        return None
    word = t.text(t.here)
    return Error(
        "E0121",
        f"no statement begins with `{word}`",
        t.span(t.here),
        f"to go on with the line above, end that line with `{word}`",
    )


FINDERS: tuple[Finder, ...] = (
    _character,
    misplaced.number,
    _sign,
    _foreign_word,
    _for_statement,
    misplaced.slice_colon,
    misplaced.binder,
    misplaced.parameter,
    misplaced.result,
    misplaced.choice,
    misplaced.braces,
    _bracket,
    misplaced.place,
    _ternary,
    _equal,
    _mixture,
    _loose,
    _reserved,
    _leading_operator,
    misplaced.type_missing,
    misplaced.name_missing,
    misplaced.expression_missing,
    misplaced.side_by_side,
)

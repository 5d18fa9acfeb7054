"""Names in the user's words what the grammar would have taken: at most three things."""

from __future__ import annotations

from collections.abc import Set

_SIGNS = {
    "RPAR": "`)`",
    "RSQB": "`]`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "LSQB": "`[`",
    "LBRACE": "`{`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "ARROW": "`->`",
    "DOT2": "`..`",
    "THEN": "`then`",
    "ELSE": "`else`",
    "YIELD": "`yield`",
    "RETURN": "`return`",
    "LET": "`let`",
    "FAMILY": "`family`",
    "IN": "`in`",
    "LT": "`<`",
    "LE": "`<=`",
    "WHERE": "`where`",
    "FOR": "`for`",
    "IF": "`if`",
    "LAYER": "`layer`",
    "INT": "a number",
    "STRING": "a string",
    "NAME": "a name",
}
# Where these are all possible, one phrase says it.
_GROUPS = (
    (
        frozenset(("NAME", "INT", "STRING", "LPAR")),
        frozenset("NAME INT DECIMAL STRING LPAR LSQB BANG MINUS NOT IF FOLD".split()),
        "an expression",
    ),
    (
        frozenset(("PLUS", "STAR")),
        frozenset(
            "PLUS MINUS STAR SLASH FLOORDIV PERCENT SHL SHR POW AMPERSAND VBAR CIRCUMFLEX LT LE GT GE EQ NE AND OR DOT LPAR LSQB IN".split()
        ),
        "an operator",
    ),
    (frozenset(("NAME", "LBRACE")), frozenset(("NAME", "LBRACE")), "a type"),
)


def wanted(expected: Set[str]) -> str:
    """`an operator, `,` or `)``."""
    rest = set(expected)
    groups = []
    for signs, covered, phrase in _GROUPS:
        if signs <= rest:
            groups.append(phrase)
            rest -= covered
    end = ["the end of the line"] if "_NL" in rest or "$END" in rest else []
    found = [phrase for kind, phrase in _SIGNS.items() if kind in rest]
    if "an expression" in groups:
        chosen = [*groups[:1], *found, *end]
    else:
        chosen = [*found, *groups, *end]
    chosen = chosen[:3] or ["the end of the text"]
    return chosen[0] if len(chosen) == 1 else ", ".join(chosen[:-1]) + " or " + chosen[-1]

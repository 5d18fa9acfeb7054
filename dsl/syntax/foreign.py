"""What people write who come from elsewhere, and what it is called here: tables of `mistakes`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Characters that look like, or mean, something of the language.
CHARACTERS: Mapping[str, str] = MappingProxyType(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": '"',
        "’": '"',
        "'": '"',
        "−": "-",
        "–": "-",
        "—": "-",
        "×": "*",
        "·": "*",
        "⋅": "*",
        "∗": "*",
        "÷": "//",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "∧": "&",
        "∨": "|",
        "¬": "!",
        "⊕": "^",
        "~": "!",
        "→": "->",
        "∈": "in",
        "…": "..",
        "π": "pi",
        "∑": "SUM",
        "Σ": "SUM",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "，": ",",
        "：": ":",
        "＝": "=",
        "\N{NO-BREAK SPACE}": "a blank",
        "\N{ZERO WIDTH SPACE}": "nothing",
        "\N{ZERO WIDTH NO-BREAK SPACE}": "nothing",
    }
)

# Characters of the keyboard that the language does not use.
UNUSED: Mapping[str, str] = MappingProxyType(
    {
        ";": "a statement ends with its line",
        "@": "write `*` or `SUM` for products of matrices",
        "?": "write `if c then a else b`",
        "\\": "a line goes on after an operator, `,` or `=`, and inside of brackets",
        "`": "names are written without quotes",
        "$": "names are letters, digits and `_`",
    }
)

# Words at the start of something that is done differently here.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "def": "define a family with `family f(x: bit[n]) -> bit = ...`, a static function with `let f(a) = ...`",
        "fn": "define a family with `family f(x: bit[n]) -> bit = ...`, a static function with `let f(a) = ...`",
        "func": "define a family with `family f(x: bit[n]) -> bit = ...`, a static function with `let f(a) = ...`",
        "function": "define a family with `family f(x: bit[n]) -> bit = ...`, a static function with `let f(a) = ...`",
        "circuit": "define a family with `family f(x: bit[n]) -> bit = ...`",
        "gate": "define a family with `family f(x: bit[n]) -> bit = ...`",
        "lambda": "give the function a name: `let f(a) = ...` at the top level",
        "while": "repeat with `fold s = init for k < t yield step`",
        "loop": "repeat with `fold s = init for k < t yield step`",
        "var": "write `let`",
        "val": "write `let`",
        "const": "write `let`",
        "import": 'write `use "other.tc"`',
        "from": 'write `use "other.tc"`',
        "include": 'write `use "other.tc"`',
        "assert": "write `check`",
        "print": "an expression alone on its line is printed",
        "class": "`class(f)` asks for the class of a family; types are not defined",
        "type": "types are not defined; an alphabet is named by `alphabet Sigma = {...}`",
        "elif": "write `else if`",
        "elseif": "write `else if`",
        "xor": "write `^`",
        "XOR": "write `a ^ b`, or `SUM(x) % 2` for many",
        "mod": "write `%`",
        "div": "write `//`",
        "is": "write `==`",
        "AND": "gates are called: `AND(a, b)`, or `a & b`",
        "OR": "gates are called: `OR(a, b)`, or `a | b`",
        "NOT": "gates are called: `NOT(a)`, or `!a`",
    }
)

# Two signs that touch, and what they are called here.
SIGNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "&&": ("E0117", "write `&` between wires, `and` between static conditions"),
        "||": ("E0117", "write `|` between wires, `or` between static conditions"),
        "<>": ("E0120", "write `!=`"),
        "=<": ("E0120", "write `<=`"),
        "=>": ("E0120", "write `>=` to compare, `->` before the type of a result"),
        "=!": ("E0120", "write `!=`"),
        "===": ("E0120", "write `==`"),
        "!==": ("E0120", "write `!=`"),
        ":=": ("E0117", "a name is given its value by `let x = ...`"),
        "<-": ("E0117", "a name is given its value by `let x = ...`"),
        "+=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "-=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "*=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "|=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "&=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "^=": ("E0117", "nothing is assigned twice; name the new value with `let`, or use `fold`"),
        "++": ("E0117", "add with `+ 1`"),
        "^^": ("E0117", "write `^`"),
        "->": ("E0117", "`->` stands only before the type of a result"),
    }
)

"""The words and signs of the language, one row each: what `?let` and `:help for` answer. Every example runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Word:
    """doc: what it is for. example: statements that can be pasted."""

    doc: str
    example: str


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "family": Word(
            "defines one circuit for every size", 'family half(x: bit[n]) -> bit = 2 * SUM(x) >= n\nhalf("110")'
        ),
        "let": Word(
            "names a value; with binders, an array; with arguments, a static function",
            "let squares[i < 5] = i * i\nlet double(a) = 2 * a\ndouble(squares[3])",
        ),
        "return": Word(
            "the last line of a family in braces: what it computes",
            "family both(x: bit[n]) -> bit {\n    let all = AND(x)\n    return all | !OR(x)\n}",
        ),
        "where": Word("what a family presumes of its sizes", "family last(x: bit[n]) -> bit where n >= 1 = x[n - 1]"),
        "if": Word(
            "`if c then a else b` chooses: a static condition builds one branch, a bit makes a multiplexer; at the end of a comprehension it is a guard",
            "[i for i < 10 if i % 3 == 0]\nif 2 > 1 then 5 else 7",
        ),
        "then": Word("a part of `if c then a else b`", "if 2 > 1 then 5 else 7"),
        "else": Word("a part of `if c then a else b`", "if 2 > 1 then 5 else 7"),
        "for": Word(
            "binders of a comprehension: `i < n`, `i <= n`, `i in a..b` (half-open); in `check`, the values to try",
            "[i * j for i < 3, j <= i]",
        ),
        "in": Word("`i in a..b`: i from a to b - 1", "[i for i in 3..7]"),
        "and": Word("both, of static conditions; of wires it is `&` or `AND`", "1 < 2 and 2 < 3"),
        "or": Word("one of them, of static conditions; of wires it is `|` or `OR`", "1 > 2 or 2 < 3"),
        "not": Word("negation of a static condition; of a wire it is `!` or `NOT`", "not 1 == 2"),
        "fold": Word("`fold s = init for k < t yield step` repeats a step", "fold s = 1 for k < 10 yield s + s"),
        "yield": Word("the step of a `fold`", "fold s = 1 for k < 10 yield s + s"),
        "check": Word(
            "tries a claim on every input of bounded size, or on a sample, and shows a counterexample",
            "check MAJ(x) == (2 * SUM(x) > n) for x: bit[n], n <= 10",
        ),
        "prove": Word(
            "decides a claim by a SAT solver; not available yet",
            "check AND(x) == !OR(!x[i] for i < n) for x: bit[n], n <= 8",
        ),
        "transformer": Word(
            "defines a transformer: a family with a residual stream of floats, embedded and rebound layer by layer",
            """transformer first(w: {"a", "b"}[n]) -> bit {
    precision p = 8
    embed x[i < n] = [if w[i] == "a" then 1 else 0]
    layer {
        x[i < n] = x[0]
    }
    return x[n - 1][0] == 1
}
first("abb")""",
        ),
        "use": Word('`use "other.tc"` brings in the definitions of another file', "1 + 1"),
        "option": Word("`option NAME = VALUE` sets an option; `:set` lists them", "option seed = 1"),
        "alphabet": Word(
            "names a finite alphabet",
            'alphabet Letters = {"a", "b"}\nfamily begins_a(w: Letters[n]) -> bit where n >= 1 = w[0] == "a"\nbegins_a("ab")',
        ),
        "table": Word(
            "`table family` is realised as a lookup table, whatever its body says",
            "table family most(x: bit[3]) -> bit = SUM(x) >= 2",
        ),
        "sampled": Word(
            "how many cases a check samples", "check AND(x) == (SUM(x) == n) for x: bit[n], n in 30..32 sampled 500"
        ),
        "weights": Word(
            '`weights W = "model.safetensors"` (or `.npz`) binds the arrays of a file: `W.name`, `W["h.0.attn.weight"]`; '
            "`W` lists them, `truncation(W, 8)` says what rounding them to floats costs",
            "truncation([1 / 3, 0.1], 8)",
        ),
        "true": Word("the boolean; 1 is an integer and a bit", "true and 1 == 1"),
        "false": Word("the boolean; 0 is an integer and a bit", "false or 1 == 1"),
        "integer": Word(
            "the type of a static parameter that has no annotation",
            "family at_least[k: integer](x: bit[n]) -> bit = THR[k](x)",
        ),
        "bool": Word(
            "a type of static parameters", "family either[b: bool](x: bit[n]) -> bit = if b then OR(x) else AND(x)"
        ),
        "rational": Word(
            "a type of static parameters", "family share[q: rational](x: bit[n]) -> bit = SUM(x) >= ceil(q * n)"
        ),
        "uint": Word("`uint(w)`: an unsigned word of w bits, bit 0 the lowest", "uint(4)(9) + uint(4)(12)"),
        "int": Word("`int(w)`: a two's-complement word of w bits", "uint(4)(9) - uint(4)(12)"),
        "form": Word(
            "`form(lo, hi)`: an integer combination of wires; it costs nothing until it is compared",
            "family few(L: form(0, 9)) -> bit = L <= 2",
        ),
        "float": Word("`float(p)(c)`: a log-precision float; static so far", "float(8)(1 / 3)"),
        "_": Word("the last value; `_1`, `_2`, ... are earlier ones", "6 * 7\n_ + 1"),
    }
)

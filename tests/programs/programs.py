"""Random programs: helper families, a family `f` over all that a signature can hold, and sizes to try it at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from .scenery import Grid, Helper, Index, Row, Scenery, WordName
from .writer import ALPHABETS, Writer, symbols


@dataclass(frozen=True)
class Program:
    """text: the program. sizes: values for all static and size parameters of the family `f`, several times."""

    text: str
    sizes: tuple[dict[str, object], ...]

    def __repr__(self) -> str:
        return f"\n{self.text}\n# f at {list(self.sizes)}"


# Names of the top level, which the lengths, weights and alphabets of families may use.
PRELUDE = """let N = 2
let T = [[1, -2], [3, 0]]
let half(a) = if a <= 1 then a else 1 + half(a - 2)
alphabet Sigma = {"a", "b", "c"}"""


def program(seed: int, helpers: int, depth: int) -> Program:
    """A program whose family `f` has a value and a circuit at all its sizes. depth: how deep operators nest."""
    write = Writer(Random(f"{seed} {helpers} {depth}"))
    texts: list[str] = [PRELUDE]
    known: tuple[Helper, ...] = ()
    for at in range(helpers):
        text, helper = _helper(write, f"h{at}", known, depth - 1)
        texts.append(text)
        known = (*known, helper)
    text, sizes = _main(write, known, depth)
    return Program("\n".join([*texts, text]), sizes)


# ---- helper families


def _helper(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    kinds = [
        _plain,
        _plain,
        _bits,
        _form,
        _by_constant,
        _by_halves,
        _by_tail,
        _table,
        _with_statics,
        _with_words,
        _even_odd,
    ]
    return write.pick(kinds)(write, name, known, depth)


def _over_x(known: tuple[Helper, ...]) -> Scenery:
    return Scenery(rows=(Row("x", "n"),), lengths=("n", "n", "0", "1", "2"), helpers=known)


def _plain(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = replace(_over_x(known), rows=(Row("x", "n"), Row("y", "n")), bits=("b",), forms=("s",))
    body = _body(write, at, depth, lambda inside: write.bit(inside, depth))
    text = f"family {name}(x: bit[n], b: bit, y: bit[n], s: form(0, 3)) -> bit{body}"
    return text, Helper(name, ("bit[]", "bit", "bit[]", "form"), "bit")


def _bits(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = _over_x(known)
    body = _body(write, at, depth, lambda inside: write.array(inside, "n", depth))
    return f"family {name}(x: bit[n]) -> bit[n]{body}", Helper(name, ("bit[]",), "bits")


def _form(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = _over_x(known)
    body, result = write.pick(
        [
            ("SUM(x)", "form(0, n)"),
            (f"{write.form(at, depth)} % 4", "form(0, 3)"),
            (f"{write.form(at, depth)} % 3 - 1", "form(-1, 4)"),
        ]
    )
    return f"family {name}(x: bit[n]) -> {result} = {body}", Helper(name, ("bit[]",), "form")


def _by_constant(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = replace(_over_x(known), indices=(Index("k", "4"),))
    rest = f"{name}[k - 1]({write.array(at, 'n', depth - 1)})"
    inside = replace(at, bits=(rest,))
    step = write.pick(
        [f"{rest} ^ {write.atom(inside)}", write.bit(inside, depth - 1), f"OR({rest}, {write.operand(at, depth - 1)})"]
    )
    text = f"family {name}[k](x: bit[n]) -> bit =\n    if k <= 0 then {write.bit(at, depth - 1)}\n    else {step}"
    return text, Helper(name, ("bit[]",), "bit", ("small",))


def _by_halves(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    left, right = f"{name}(x[0..n // 2])", f"{name}(x[n // 2..n])"
    step = write.pick(
        [
            f"{left} ^ {right}",
            f"AND({left}, {right}, {write.operand(_over_x(known), depth - 1)})",
            f"(if {left} then {right} else 0)",
            f"{left} + {right} >= {write.number(0, 2)}",
        ]
    )
    text = f"family {name}(x: bit[n]) -> bit where n >= 1 =\n    if n == 1 then {write.pick(['x[0]', '!x[0]', '1 - x[0]'])}\n    else {step}"
    return text, Helper(name, ("bit[]",), "bit", (), 1)


def _by_tail(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    rest = f"{name}(x[{write.pick(['1..n', '0..n - 1', '1..1 + n // 2', '0..n // 2'])}])"
    step = write.pick(
        [
            f"{rest} & x[0]",
            f"!{rest}",
            f"MAJ({rest}, x[0], {write.operand(_over_x(known), depth - 1)})",
            f"if x[0] then {rest} else x[n - 1]",
        ]
    )
    text = f"family {name}(x: bit[n]) -> bit =\n    if n == 0 then {write.pick(['0', '1', 'MAJ(x)'])}\n    else {step}"
    if "1 + n // 2" in rest:
        text = text.replace("if n == 0", "if n <= 1")
    return text, Helper(name, ("bit[]",), "bit")


def _table(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = Scenery(rows=(Row("a", "2"),), bits=("b",), helpers=known)
    bit = write.bit(at, depth)
    result, body = write.pick(
        [
            ("bit", bit),
            ("bit[2]", write.array(at, "2", depth)),
            ("uint(3)", f"uint(3)(COUNT(a[0], {write.wires(at, 0)}))"),
        ]
    )
    lookup = f"table family {name}t(a: bit[2], b: bit) -> {result} = {body}"
    call = (
        f"{name}t([{write.wires(_over_x(known), 0)}, {write.wires(_over_x(known), 0)}], {write.bit(_over_x(known), 0)})"
    )
    use = {"bit": call, "bit[2]": f"OR({call})", "uint(3)": f"{call}.bits[0]"}[result]
    return f"{lookup}\nfamily {name}(x: bit[n]) -> bit = {use}", Helper(name, ("bit[]",), "bit")


def _with_statics(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    statics = {"k": "integer", "on: bool": "bool", "W: integer[2, 2]": "matrix", "q: rational": "rational"}
    families = [h for h in known if h.parameters == ("bit[]",) and h.result == "bit" and not h.brackets and not h.least]
    if families:
        statics["g: (bit[n]) -> bit"] = "family"
    chosen = {text: kind for text, kind in statics.items() if write.flip()} or {"k": "integer"}
    at = replace(
        _over_x(known),
        indices=(Index("k", "100"),) if "k" in chosen else (),
        flags=(
            *(("on",) if "on: bool" in chosen else ()),
            *(("q > 0", "floor(2 * q) == 1") if "q: rational" in chosen else ()),
        ),
        tables=("W",) if "W: integer[2, 2]" in chosen else (),
        families=("g",) if "family" in chosen.values() else (),
    )
    text = f"family {name}[{', '.join(chosen)}](x: bit[n]) -> bit = {write.bit(at, depth)}"
    return text, Helper(name, ("bit[]",), "bit", tuple(chosen.values()))


def _with_words(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = Scenery(words=(WordName("a", False, "w"),), lengths=("w", "1"), helpers=known)
    result = write.bit(at, depth)
    return f"family {name}(a: uint(w)) -> bit = {result}", Helper(name, ("uint",), "bit")


def _over_forms(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = Scenery(rows=(Row("s", "n", "form"),), forms=("SUM(s)",), lengths=("n", "n", "1", "2"), helpers=known)
    if write.flip():
        return f"family {name}(s: form(0, 2)[n]) -> bit = {write.bit(at, depth)}", Helper(name, ("form[]",), "bit")
    text = f"family {name}(s: form(0, 2)[n]) -> form(0, 3) = {write.form(at, depth)} % 4"
    return text, Helper(name, ("form[]",), "form")


def _shapes(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    rows = (Row("x", "(2 * n + 1)"), Row("y", "n"))
    at = Scenery(rows=rows, grids=(Grid("z", "n", "m"),), lengths=("n", "n", "m", "1"), helpers=known)
    text = f"family {name}(x: bit[2 * n + 1], z: bit[n, m], y: bit[n]) -> bit{_body(write, at, depth, lambda i: write.bit(i, depth))}"
    if write.flip():
        return text, Helper(name, ("bit[2n+1]", "bit[,]", "bit[]"), "bit")
    return text.replace(", y: bit[n]", ", y: bit[n + m - 2]"), Helper(name, ("bit[2n+1]", "bit[,]", "bit[]"), "bit")


def _even_odd(write: Writer, name: str, known: tuple[Helper, ...], depth: int) -> tuple[str, Helper]:
    at = _over_x(known)
    odd = f"family {name}o[k](x: bit[n]) -> bit = if k == 0 then {write.bit(at, depth - 1)} else !{name}[k - 1](x)"
    even = f"family {name}[k](x: bit[n]) -> bit = if k == 0 then {write.bit(at, depth - 1)} else {name}o[k - 1](x) & {write.atom(at)}"
    return f"{odd}\n{even}", Helper(name, ("bit[]",), "bit", ("small",))


# ---- bodies with `let`s


def _body(write: Writer, at: Scenery, depth: int, result: Callable[[Scenery], str]) -> str:
    """` = e`, or a block with `let`s."""
    lets = []
    for _ in range(write.number(0, 3)):
        text, at = _let(write, at, depth)
        lets.append(f"    let {text}\n")
    if not lets:
        return f" = {result(at)}"
    return " {\n" + "".join(lets) + f"    return {result(at)}\n}}"


def _let(write: Writer, at: Scenery, depth: int) -> tuple[str, Scenery]:
    name, i, j = write.fresh("v"), write.fresh("i"), write.fresh("j")
    length, other = write.length(at), write.length(at)
    one = at.with_index(Index(i, length))
    match write.number(0, 6):
        case 0:
            return f"{name} = {write.wires(at, depth)}", replace(at, bits=(*at.bits, name))
        case 1:
            return f"{name} = {write.form(at, depth)}", replace(at, forms=(*at.forms, name))
        case 2:
            return f"{name}[{i} < {length}] = {write.wires(one, depth)}", replace(
                at, rows=(*at.rows, Row(name, length))
            )
        case 3:
            wide = at.with_index(Index(i, f"({length} + 1)"))
            return f"{name}[{i} <= {length}] = {write.form(wide, depth)}", replace(
                at, rows=(*at.rows, Row(name, f"({length} + 1)", "form"))
            )
        case 4:
            both = one.with_index(Index(j, other))
            text = f"if {j} <= {i} then {write.wires(both, depth)} else {write.pick(['0', '1', write.bit(both, 0)])}"
            return f"{name}[{i} < {length}, {j} < {other}] = {text}", replace(
                at, grids=(*at.grids, Grid(name, length, other))
            )
        case 5:
            word = write.word(at, depth)
            return f"{name} = {word.name}", replace(at, words=(*at.words, WordName(name, word.signed, word.width)))
        case _:
            static = write.pick([f"3 * bits({length}) - 2", f"max({length}, {other})", f"SUM({i} for {i} < {length})"])
            return f"{name} = {static}", at if static.startswith("3") else replace(
                at, lengths=(*at.lengths, f"min({name}, 4)")
            )


# ---- the family that is tried


def _main(write: Writer, known: tuple[Helper, ...], depth: int) -> tuple[str, tuple[dict[str, object], ...]]:
    at = Scenery(lengths=("n", "n", "1", "2", "N"), tables=("T",), functions=("half({})",), helpers=known)
    shape, length = write.pick([("n", "n"), ("n", "n"), ("n", "n"), ("2 * n", "(2 * n)"), ("n + 1", "(n + 1)")])
    parameters, sizes, statics = [f"x: bit[{shape}]"], ["n"], []
    at = replace(at, rows=(Row("x", length),))
    for option in ("y", "z", "b", "a", "s", "ws", "k", "on", "W"):
        if write.number(0, 3):
            continue
        match option:
            case "y":
                parameters.append("y: bit[m]")
                at = replace(at, rows=(*at.rows, Row("y", "m")), lengths=(*at.lengths, "m"))
            case "z":
                parameters.append("z: bit[n, m]")
                at = replace(at, grids=(Grid("z", "n", "m"),), lengths=(*at.lengths, "m"))
            case "b":
                parameters.append("b: bit")
                at = replace(at, bits=("b",))
            case "a":
                kind = write.pick(["uint", "int"])
                parameters.append(f"a: {kind}(w)")
                at = replace(at, words=(WordName("a", kind == "int", "w"),), lengths=(*at.lengths, "w"))
            case "s":
                alphabet = write.pick(ALPHABETS)
                written = "Sigma" if "c" in alphabet and write.flip() else alphabet
                parameters.append(f"s: {written}[n]")
                at = replace(at, rows=(*at.rows, Row("s", "n", alphabet)))
            case "ws":
                parameters.append("ws: uint(2)[n]")
                i = write.fresh("i")
                at = replace(
                    at, rows=(*at.rows, Row("ws", "n", "uint(2)")), forms=(f"SUM(value(ws[{i}]) for {i} < n)",)
                )
            case "k":
                statics.append("k")
                at = at.with_index(Index("k", "4"))
            case "on":
                statics.append("on: bool")
                at = replace(at, flags=("on",))
            case _:
                statics.append("W: integer[2, 2]")
                at = replace(at, tables=(*at.tables, "W"))
    sizes += [size for size in ("m", "w") if size in at.lengths]
    result, text = _result(write, at, depth)
    brackets = f"[{', '.join(statics)}]" if statics else ""
    head = f"family f{brackets}({', '.join(parameters)}) -> {result}"
    return head + text, tuple(_sizes(write, sizes, statics, at) for _ in range(3))


def _result(write: Writer, at: Scenery, depth: int) -> tuple[str, str]:
    """The type of the result, and the body."""
    row = next((row for row in at.rows if row.kind.startswith("{")), None)
    match write.number(0, 6 if row is not None else 5):
        case 0 | 1:
            return "bit", _body(write, at, depth, lambda inside: write.bit(inside, depth))
        case 2 | 3:
            length = write.length(at)
            return f"bit[{length}]", _body(write, at, depth, lambda inside: write.array(inside, length, depth))
        case 4:
            kind, width = write.pick([("uint", write.number(0, 4)), ("int", write.number(1, 4))])
            return f"{kind}({width})", _body(
                write, at, depth, lambda inside: f"{kind}({width})({write.word(inside, depth).name})"
            )
        case 5:
            rows, columns = write.length(at), write.length(at)
            i, j = write.fresh("i"), write.fresh("j")
            both = at.with_index(Index(i, rows)).with_index(Index(j, columns))
            texts = [
                f"[{write.bit(both, depth)} for {i} < {rows}, {j} < {columns}]",
                f"[[{write.bit(both, depth)} for {j} < {columns}] for {i} < {rows}]",
            ]
            return f"bit[{rows}, {columns}]", f" = {write.pick(texts)}"
        case _:
            assert row is not None
            i = write.fresh("i")
            inside = at.with_index(Index(i, "n"))
            letter = write.pick(symbols(row.kind))
            chosen = f"(if {write.wires(inside, depth)} then {row.name}[{i}] else {letter})"
            return f"{row.kind}[n]", f" = [{chosen} for {i} < n]"


def _sizes(write: Writer, sizes: list[str], statics: list[str], at: Scenery) -> dict[str, object]:
    least = 1 if any(word.signed and word.name == "a" for word in at.words) else 0
    most = {"n": (0, 4), "m": (0, 2), "w": (least, 3)}
    found: dict[str, object] = {size: write.number(*most[size]) for size in sizes}
    for static in statics:
        name = static.partition(":")[0]
        match name:
            case "k":
                found[name] = write.number(0, 3)
            case "on":
                found[name] = write.flip()
            case _:
                found[name] = [[write.number(-2, 2), 1], [0, write.number(0, 2)]]
    return found

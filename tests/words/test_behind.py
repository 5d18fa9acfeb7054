"""`option uint.SUM = f`: another family behind an operator, for the operators of one's own code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tc0
from tc0.dsl.ops.words import FAMILY_BEHIND

OWN = """
family minus(a: uint(n), b: uint(n)) -> int(n + 1) = int(n + 1)(int_subtract(int(n + 1)(a), int(n + 1)(b)))
family times(a: int(v), b: int(w)) -> int(v + w) = int_multiply(b, a)
family quotient_of(a: int(v), b: int(w)) -> int(v + 1) = divide_magnitudes[1](a, b)
family rest_of(a: int(v), b: int(w)) -> int(max(v, w)) =
    int(max(v, w))(int_subtract(a, int_multiply(divide_magnitudes[1](a, b), b)))
family left(a: uint(w), b: uint(v)) -> uint(w) =
    uint(w)(OR((b == s) & a.bits[k - s] for s < 2**v if s <= k) for k < w)
family left_int(a: int(w), b: uint(v)) -> int(w) =
    int(w)(OR((b == s) & a.bits[k - s] for s < 2**v if s <= k) for k < w)
family right(a: uint(w), b: uint(v)) -> uint(w) =
    uint(w)(OR((b == s) & a.bits[k + s] for s < 2**v if k + s < w) for k < w)
family right_int(a: int(w), b: uint(v)) -> int(w) =
    int(w)(OR((b == s) & a.bits[min(k + s, w - 1)] for s < 2**v) for k < w)
family below_zero(a: uint(w)) -> int(w + 1) = uint_subtract(uint(w)(0), a)
family below_zero_int(a: int(w)) -> int(w + 1) = int_subtract(int(w)(0), a)
family as_it_is(a: bit[n]) -> bit[n] = a
family without_sign(a: int(w)) -> uint(w) = uint(w)(MAX(a, -a))
family last(x: uint(w)[m]) -> uint(w) where m >= 1 = uint_sort(x)[m - 1]
family first(x: uint(w)[m]) -> uint(w) where m >= 1 = uint_sort(x)[0]
family last_int(x: int(w)[m]) -> int(w) where m >= 1 = int_sort(x)[m - 1]
family first_int(x: int(w)[m]) -> int(w) where m >= 1 = int_sort(x)[0]
family backwards(x: int(w)[m]) -> int(w)[m] = int_sort(x[m - 1 - i] for i < m)
family plus_negative(a: int(v), b: int(w)) -> int(max(v, w) + 1) = int(max(v, w) + 1)(int_add(a, int_negate(b)))
family minus_negative(a: int(v), b: int(w)) -> int(max(v, w) + 1) = int(max(v, w) + 1)(int_subtract(a, int_negate(b)))
family one_by_one(x: int(w)[m]) -> int(w + clog2(m)) =
    fold s = int(w + clog2(m))(0) for i < m yield int(w + clog2(m))(int_add(s, x[i]))
family above(a: int(n), b: int(n)) -> bit =
    greater_blocks(
        [if i == n - 1 then 1 - a.bits[i] else 0 + a.bits[i] for i < n],
        [if i == n - 1 then 1 - b.bits[i] else 0 + b.bits[i] for i < n]
    )
family alike(a: int(n), b: int(n)) -> bit = equal_weighted(a.bits, b.bits)
"""

# For every operator a family that uses it, and what may stand behind it: of the library, or of one's own.
OTHERS: dict[str, tuple[str, str]] = {
    "uint.+": ("(a: uint(3), b: uint(2)) -> uint(4) = a + b", "add_blocks"),
    "uint.-": ("(a: uint(3), b: uint(2)) -> int(4) = a - b", "minus"),
    "uint.*": ("(a: uint(3), b: uint(2)) -> uint(5) = a * b", "multiply_tree"),
    "uint.//": ("(a: uint(3), b: uint(2)) -> uint(3) = a // b", "divide_radix[1]"),
    "uint.%": ("(a: uint(3), b: uint(2)) -> uint(3) = a % b", "remainder_radix[1]"),
    "uint.<<": ("(a: uint(3), b: uint(2)) -> uint(3) = a << b", "left"),
    "uint.>>": ("(a: uint(3), b: uint(2)) -> uint(3) = a >> b", "right"),
    "uint.negate": ("(a: uint(3)) -> int(4) = -a", "below_zero"),
    "uint.abs": ("(a: uint(3)) -> uint(3) = abs(a)", "as_it_is"),
    "uint.SUM": ("(a: uint(2)[4]) -> uint(4) = SUM(a)", "iterated_add_block"),
    "uint.MAX": ("(a: uint(2)[3]) -> uint(2) = MAX(a)", "last"),
    "uint.MIN": ("(a: uint(2)[3]) -> uint(2) = MIN(a)", "first"),
    "uint.SORT": ("(a: uint(2)[3]) -> uint(2)[3] = SORT(a)", "sort_by_counting"),
    "uint.COUNT": ("(a: bit[5]) -> uint(3) = COUNT(a)", "count_cascade"),
    "uint.>": ("(a: uint(3), b: uint(2)) -> bit[4] = [a > b, a < b, a >= b, a <= b]", "greater_blocks"),
    "uint.==": ("(a: uint(3), b: uint(2)) -> bit[2] = [a == b, a != b]", "equal_weighted"),
    "int.+": ("(a: int(3), b: int(2)) -> int(4) = a + b", "minus_negative"),
    "int.-": ("(a: int(3), b: int(2)) -> int(4) = a - b", "plus_negative"),
    "int.*": ("(a: int(3), b: int(2)) -> int(5) = a * b", "times"),
    "int.//": ("(a: int(3), b: int(2)) -> int(4) = a // b", "quotient_of"),
    "int.%": ("(a: int(3), b: int(2)) -> int(3) = a % b", "rest_of"),
    "int.<<": ("(a: int(3), b: uint(2)) -> int(3) = a << b", "left_int"),
    "int.>>": ("(a: int(3), b: uint(2)) -> int(3) = a >> b", "right_int"),
    "int.negate": ("(a: int(3)) -> int(4) = -a", "below_zero_int"),
    "int.abs": ("(a: int(3)) -> uint(3) = abs(a)", "without_sign"),
    "int.SUM": ("(a: int(2)[3]) -> int(4) = SUM(a)", "one_by_one"),
    "int.MAX": ("(a: int(2)[3]) -> int(2) = MAX(a)", "last_int"),
    "int.MIN": ("(a: int(2)[3]) -> int(2) = MIN(a)", "first_int"),
    "int.SORT": ("(a: int(2)[3]) -> int(2)[3] = SORT(a)", "backwards"),
    "int.>": ("(a: int(3), b: int(2)) -> bit[4] = [a > b, a < b, a >= b, a <= b]", "above"),
    "int.==": ("(a: int(3), b: uint(2)) -> bit[2] = [a == b, a != b]", "alike"),
}


def test_every_operator_has_another_family_here() -> None:
    assert set(OTHERS) == set(FAMILY_BEHIND)


@pytest.mark.parametrize("option", OTHERS)
def test_another_family_means_the_same(option: str) -> None:
    """It stands in its place in the value and in the circuit reading, on all inputs, and its cost is counted."""
    text, other = OTHERS[option]
    session = tc0.Session()
    session.run(OWN)
    session.run(f"family f{text}")
    before = session["f"].instantiate()
    batch = (np.arange(1 << before.netlist.inputs)[:, None] >> np.arange(before.netlist.inputs) & 1).astype(bool)
    wanted = before.evaluate(batch)
    session.run(f"option {option} = {other}")
    assert np.array_equal(session["f"].evaluate(batch), wanted)
    circuit = session["f"].instantiate()
    assert np.array_equal(circuit.evaluate(batch), wanted)
    figures = (circuit.size, circuit.wires, circuit.depth)
    assert (figures != (before.size, before.wires, before.depth)) is (option not in ("uint.abs", "int.*", "int.SORT"))
    session.set_option(option, FAMILY_BEHIND[option])
    assert session["f"].instantiate().size == before.size


TOTAL = "family total(x: uint(w)[m]) -> uint(w + clog2(m)) = SUM(x)\n"


def sizes(session: tc0.Session, *names: str) -> list[int]:
    return [session[name].instantiate(m=16, w=16).size for name in names]


def test_all_who_set_options_set_this_one(tmp_path: Path) -> None:
    """A text, a host, and a file for its own definitions; all readings of costs follow."""
    session = tc0.Session(options={"uint.SUM": "iterated_add_block"}, folder=tmp_path)
    session.run(TOTAL)
    assert sizes(session, "total") == [468] and session.options["uint.SUM"] == "iterated_add_block"
    session.run("option uint.SUM = iterated_add_cascade")
    assert str(session.eval("size(total[m = 16, w = 16])")) == "80"
    session.run("check size(total) == w + SUM(bits(largest_carry(m, k)) for k in 1..w + 1) for m in 2..5, w in 1..5")
    session.undo()
    assert sizes(session, "total") == [468]
    (tmp_path / "used.tc").write_text("option uint.SUM = iterated_add_tree\n" + TOTAL.replace("total", "used"))
    (tmp_path / "main.tc").write_text(
        'use "used.tc"\n' + TOTAL.replace("total", "main") + "size(main[m = 16, w = 16])\n"
        "option uint.SUM = iterated_add\nsize(main[m = 16, w = 16])\n"
    )
    shown = [reply.text for reply in session.load("main.tc").replies if hasattr(reply, "number")]
    assert shown == ["468", "248"]
    assert session.options["uint.SUM"] == "iterated_add_block"
    assert sizes(session, "main", "used", "total") == [248, 383, 468]
    session.set_option("uint.SUM", "uint_sum")
    assert sizes(session, "main", "used", "total") == [248, 383, 248]
    with pytest.raises(tc0.Error, match=r"different files set `uint.SUM`"):
        session.source_of()  # one script cannot hold both
    assert "option uint.SUM = iterated_add_tree" in session.source_of(["used"])


def test_the_library_keeps_its_own() -> None:
    session = tc0.Session(options={"uint.*": "multiply_tree", "uint.SUM": "iterated_add_tree"})
    assert session["int_divide"].instantiate(v=9, w=3).size == tc0.Session()["int_divide"].instantiate(v=9, w=3).size
    assert session["uint_sum"].instantiate(m=8, w=8).depth == 2


def test_a_family_may_call_itself_through_its_operator() -> None:
    """A product by the halves of one factor: `*` inside is the same family at half the width."""
    session = tc0.Session()
    session.run("""
family by_halves(a: uint(v), b: uint(w)) -> uint(v + w) {
    let h = w // 2
    return if w < 2 then uint(v + w)(multiply(a.bits, b.bits))
        else uint(v + w)(a * uint(h)(b.bits[0..h]) + (a * uint(w - h)(b.bits[h..w]) << h))
}
option uint.* = by_halves
check by_halves(a, b) == uint(2 * n)(multiply(a.bits, b.bits)) for a: uint(n), b: uint(n), n in 1..7
check depth(by_halves[v = 8, w = 8]) == 1 + 3 * 2
""")
    with pytest.raises(tc0.Error) as caught:
        session.run(
            "family again(x: uint(w)[m]) -> uint(w + clog2(m)) = SUM(x)\noption uint.SUM = again\nagain[m = 3, w = 2]"
        )
    assert caught.value.code == "E0502"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("option uint.SOM = iterated_add", "E0820", "no option is called `uint.SOM`"),
        ("option uint.SUM = iterated_ad", "E0201", "nothing is called `iterated_ad`"),
        ("option uint.SUM = 3", "E0826", "`uint.SUM` takes a family"),
        ("option uint.+ = add_levels", "E0826", "`add_levels` needs `d` in brackets"),
        ("option uint.+ = parity", "E0826", "`parity` does not fit behind `+` of `uint`: it takes 1 argument"),
        ("option int.+ = add", "E0826", "`add` does not fit behind `+` of `int`: `a` is bit[n]"),
        (
            "option uint.* = add",
            "E0826",
            "`add` does not fit behind `*` of `uint`: at v = 5, w = 5 its result has 6 bits, not 10",
        ),
        ("option uint.SUM = greater", "E0826", "`greater` does not fit behind `SUM` of `uint`: it takes 2 arguments"),
        ("option uint.+ = greater", "E0826", "`greater` does not fit behind `+` of `uint`: its result is bit"),
        ("option uint.<< = uint_shift_left", "E0826", "`uint_shift_left` needs `k` in brackets"),
    ],
)
def test_what_does_not_fit(text: str, code: str, message: str) -> None:
    with pytest.raises(tc0.Error) as caught:
        tc0.Session().run(text)
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.span is not None and caught.value.hint
    name, _, value = text.removeprefix("option ").partition(" = ")
    with pytest.raises(tc0.Error) as again:
        tc0.Session(options={name: value})
    assert again.value.code == code


def test_what_the_family_presumes_is_told_at_the_option() -> None:
    with pytest.raises(tc0.Error) as caught:
        tc0.Session().run("option uint.SUM = iterated_add_block\nSUM(uint(0)(0), uint(0)(0))")
    assert caught.value.code == "E0405" and caught.value.span is not None
    assert caught.value.span.text == "iterated_add_block"


def test_the_family_behind_an_operator_is_in_use() -> None:
    session = tc0.Session()
    session.run("family mine(x: bit[m, w]) -> bit[w + clog2(m)] = iterated_add(x)\noption uint.SUM = mine\n" + TOTAL)
    with pytest.raises(tc0.Error, match=r"`mine` is used by `uint.SUM`"):
        session.drop("mine")
    with pytest.raises(tc0.Error, match=r"the new `mine` does not fit `uint.SUM`"):
        session.run("family mine(x: bit[m]) -> bit = AND(x)")
    session.run("family mine(x: bit[m, w]) -> bit[w + clog2(m)] = iterated_add_tree(x)")
    assert sizes(session, "total") == [383]
    script = session.source_of()
    assert "option uint.SUM = mine" in script
    again = tc0.Session()
    again.run(script)
    assert sizes(again, "total") == [383] and list(again.definitions) == ["mine", "total"]

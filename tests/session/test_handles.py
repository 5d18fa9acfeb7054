"""Families and circuits as Python objects: section 12 of the contract."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import tc0
from tc0.dsl.base.errors import Error, UnknownName

PROGRAM = """
# Parity of n bits: 1 iff the number of ones is odd.
# Depth: 2
# Size: n // 2 + 1
# Source: Minnick 1961
family parity(x: bit[n]) -> bit = SUM(x) % 2
family exactly[k](x: bit[n]) -> bit = SUM(x) == k
family plus(a: uint(w), b: uint(w)) -> uint(w + 1) = a + b
alphabet Sigma = {"(", ")", "."}
family opens(w: Sigma[n]) -> bit[n] = [w[i] == "(" for i < n]
family swap(w: Sigma[n]) -> Sigma[n] = [w[n - 1 - i] for i < n]
family transpose(m: bit[a, b]) -> bit[b, a] = [m[j, i] for i < b, j < a]
family halves(x: bit[2 * n]) -> bit = x[0] & x[n]
let third = 1 / 3
"""


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    session.run(PROGRAM)
    return session


def code_of(call: Any, *arguments: object, **named: object) -> str:
    with pytest.raises(Error) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_eval_gives_plain_values(session: tc0.Session) -> None:
    assert session.eval('parity("10110")') == 1
    assert session.eval("third") == Fraction(1, 3)
    assert session.eval("1 < 2") is True
    assert session.eval("[1, 2]") == [1, 2]
    assert session.eval('swap("(.)")') == ").("
    assert session.eval("uint(8)(22)") == 22
    rows: Any = session.eval('transpose(["110", "010"])')
    assert rows.dtype == np.uint8 and rows.tolist() == [[1, 0], [1, 1], [0, 0]]


def test_eval_takes_one_expression(session: tc0.Session) -> None:
    for text in ["", "1\n2", "let a = 1", "check 1 == 1"]:
        assert code_of(session.eval, text) == "E0815"


def test_names(session: tc0.Session) -> None:
    family: Any = session["parity"]
    assert isinstance(family, tc0.Family)
    assert family.type == "(x: bit[n]) -> bit" and "Minnick" in family.doc and family.name == "parity"
    assert session["third"] == Fraction(1, 3)
    with pytest.raises(UnknownName) as caught:
        session["parityy"]
    assert isinstance(caught.value, KeyError) and "`parity`" in str(caught.value.hint)


def test_a_family_is_called(session: tc0.Session) -> None:
    parity: Any = session["parity"]
    for given in ["1101", [1, 1, 0, 1], np.array([1, 1, 0, 1]), np.array([True, True, False, True])]:
        assert parity(given) == 1
    exactly: Any = session["exactly"]
    assert exactly("0110", k=2) == 1
    assert exactly.fix(k=1)("0110") == 0
    plus: Any = session["plus"]
    assert plus(3, 9, w=4) == 12
    opens: Any = session["opens"]
    assert opens("(.)").tolist() == [1, 0, 0]
    assert code_of(opens, "(x)") and code_of(parity, "1", "1") and code_of(parity, "12") and code_of(parity, object())


def test_a_circuit(session: tc0.Session) -> None:
    parity: Any = session["parity"]
    circuit = parity.instantiate(n=8)
    assert (circuit.size, circuit.depth, circuit.fanin) == (5, 2, 12)
    assert circuit("10110000") == 1
    assert sum(circuit.by_kind.values()) == 5 and sum(circuit.by_level) == 5
    assert circuit.figures("free").negation == "free"
    assert circuit.optimize().size <= 5
    assert circuit.optimize()("10110000") == 1
    assert code_of(parity.instantiate) == "E0903"
    assert code_of(parity.instantiate, m=3) == "E0305"
    assert code_of(parity.instantiate, n=-1) == "E0407"


def test_inputs_of_a_circuit(session: tc0.Session) -> None:
    opens: Any = session["opens"]
    circuit = opens.instantiate(n=3)
    assert circuit("(.(").tolist() == [1, 0, 1]
    assert code_of(circuit, "((") == "E0706"
    assert code_of(circuit, "(x)") == "E0703"
    assert code_of(circuit) == "E0304"
    plus: Any = session["plus"]
    circuit = plus.instantiate(w=4)
    assert circuit(15, 1) == 16
    assert code_of(circuit, 16, 1) == "E0701"
    assert code_of(circuit, "1111", 1) == "E0706"


def test_batches(session: tc0.Session) -> None:
    parity: Any = session["parity"]
    batch = np.random.default_rng(1).random((130, 9)) < 0.5
    wanted = batch.sum(axis=1) % 2 == 1
    assert np.array_equal(parity.evaluate(batch)[:, 0], wanted)
    assert np.array_equal(parity.evaluate(batch, n=9)[:, 0], wanted)
    assert np.array_equal(parity.instantiate(n=9).evaluate(batch)[:, 0], wanted)
    assert parity.evaluate(np.zeros((0, 4))).shape == (0, 1)
    assert code_of(parity.evaluate, batch, n=8) == "E0707"
    assert code_of(parity.evaluate, batch[0]) == "E0707"
    assert code_of(parity.evaluate, batch * 2) == "E0707"
    halves: Any = session["halves"]
    assert halves.evaluate(np.ones((2, 6))).all()
    assert code_of(halves.evaluate, np.ones((2, 5))) == "E0707"
    assert code_of(session["transpose"].evaluate, np.ones((2, 6))) == "E0903"  # type: ignore[union-attr,attr-defined]


def test_negation_is_free_on_request(session: tc0.Session) -> None:
    session = tc0.Session(options={"negation": "free"})
    session.run("family f(a: bit, b: bit) -> bit = a ^ b")
    circuit: Any = session["f"].instantiate()  # type: ignore[union-attr,attr-defined]
    assert (circuit.size, circuit.depth) == (3, 2)
    assert circuit.figures("gate").size == 5


def test_documentation(session: tc0.Session) -> None:
    found = session.documentation("parity")
    assert found.summary == "Parity of n bits: 1 iff the number of ones is odd."
    assert found.entries == (("Depth", "2"), ("Size", "n // 2 + 1"), ("Source", "Minnick 1961"))


def test_a_described_family(session: tc0.Session) -> None:
    found = session.describe("parity")
    assert [(c.sizes, c.figures.size) for c in found.counted][:4] == [
        ((("n", 1),), 1),
        ((("n", 2),), 2),
        ((("n", 4),), 3),
        ((("n", 8),), 5),
    ]
    assert found.note is None and not found.library


def test_types(session: tc0.Session) -> None:
    assert session.type_of("parity") == "(x: bit[n]) -> bit"
    assert session.type_of('opens("((")') == "bit[2]"
    assert session.type_of("third") == "rational"


def test_names_for_completion(session: tc0.Session) -> None:
    names = dict(session.complete_names())
    assert names["parity"] == "family" and "MAJ" in names and "clog2" in names and "optimize" in names


def test_the_value_reading_is_kept_for_the_next_batch_of_the_same_circuit() -> None:
    session = tc0.Session()
    session.run("family f(x: bit[n]) -> bit = AND(1 - x[i] for i < n)\nfamily g[k](x: bit[n]) -> bit = SUM(x) >= k")
    batch = np.arange(1 << 5)[:, None] >> np.arange(5) & 1
    for _ in range(2):
        assert np.array_equal(session["f"].evaluate(batch)[:, 0], batch.sum(1) == 0)
        assert np.array_equal(session["f"].evaluate(batch[:3])[:, 0], batch[:3].sum(1) == 0)
        assert np.array_equal(session["g"].evaluate(batch, k=2)[:, 0], batch.sum(1) >= 2)
        assert np.array_equal(session["g"].evaluate(batch, k=3)[:, 0], batch.sum(1) >= 3)
        assert np.array_equal(session["f"].evaluate(batch[:, :4])[:, 0], batch[:, :4].sum(1) == 0)
    session.run("family f(x: bit[n]) -> bit = OR(x)")
    assert np.array_equal(session["f"].evaluate(batch)[:, 0], batch.sum(1) > 0)

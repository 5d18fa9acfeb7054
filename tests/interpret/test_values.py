"""The value reading of the walk against the reference, and against its own circuits."""

from __future__ import annotations

import random

import numpy as np
import pytest
from reference.reference import Reference
from reference.values import Mistake
from reference.words import WORDS

from interpret.corpus import CASES, TEXT
from interpret.programs import Program
from interpret.structure_of import gates_of, run
from tc0.dsl.base.errors import Error
from tc0.dsl.base.meter import Limits, Meter
from tc0.dsl.bitslice.planes import pack, patterns, unpack
from tc0.dsl.interpret.evaluate import Reading, evaluate, evaluate_expression
from tc0.dsl.interpret.instantiate import instantiate

PROGRAM = Program(TEXT + WORDS)
REFERENCE = Reference(TEXT)


@pytest.mark.parametrize(("name", "values"), CASES, ids=lambda v: str(v))
def test_same_values(name: str, values: dict[str, object]) -> None:
    applied = PROGRAM.fixed(name, **values)
    reading = Reading(applied, Meter())
    net = instantiate(applied, Meter())
    gates = gates_of(net)
    chance = random.Random(2)
    batch = [[chance.randrange(2) for _ in range(net.inputs)] for _ in range(70)]
    right, wanted = [], []
    for bits in batch:
        try:
            found = REFERENCE.evaluate(name, bits, **values) if len(right) < 8 else run(net, gates, bits)
        except Mistake:
            continue  # no valid code, or a declaration that does not hold
        right.append(bits)
        wanted.append(found)
    if not right:
        return
    planes = pack(np.array(right, bool).reshape(len(right), net.inputs))
    outcome = reading.run(planes, len(right))
    assert outcome.planes is not None
    assert unpack(outcome.planes, len(right)).astype(int).tolist() == wanted
    again = reading.run(planes[:, :1], min(64, len(right)))
    assert again.planes is not None
    assert (
        unpack(again.planes, min(64, len(right))) == np.array(wanted, bool)[:64].reshape(min(64, len(right)), -1)
    ).all()


def test_chunks_do_not_show() -> None:
    applied = PROGRAM.fixed("itadd", m=3, w=4)
    planes = patterns(12, 0, 4096)
    whole = evaluate(applied, planes, 4096, Meter()).planes
    small = evaluate(applied, planes, 4096, Meter(Limits(memory=40_000))).planes
    assert whole is not None and small is not None
    assert (whole == small).all()


def test_forms_as_values() -> None:
    program = Program(
        "family f(x: bit[n]) -> form(0, 100)[n] = [within(SUM(x[0..i]) * 2**i - i + 5, 0, 100) for i < n]"
    )
    outcome = evaluate(program.fixed("f", n=4), patterns(4, 0, 16), 16, Meter())
    assert outcome.planes is None and outcome.integers is not None
    wanted = [[bin(v & ((1 << i) - 1)).count("1") * 2**i - i + 5 for v in range(16)] for i in range(4)]
    assert outcome.integers.tolist() == wanted
    assert outcome.shape == (4,)


def test_declarations_are_verified() -> None:
    program = Program("family f(x: bit[n]) -> bit = bit(SUM(x) - 1)")
    reading = Reading(program.fixed("f", n=3), Meter())
    assert reading.run(np.array([[1], [1], [0]], np.uint64), 1).planes is not None
    with pytest.raises(Error) as caught:
        reading.run(np.array([[1], [1], [1]], np.uint64), 1)
    assert caught.value.code == "E0610" and "2 here, outside 0..1" in caught.value.message


def test_expressions() -> None:
    program = Program(TEXT + WORDS)
    outcome = evaluate_expression(program.expression('[parity("1101"), parity("11")]'), Meter())
    assert outcome.planes is not None and (outcome.planes[:, 0] & np.uint64(1)).tolist() == [1, 0]
    outcome = evaluate_expression(program.expression("uint(8)(200) + uint(8)(100)"), Meter())
    assert (outcome.shape, outcome.width) == ((), 9)
    outcome = evaluate_expression(program.expression('form_parameter(SUM("11011"))'), Meter())
    assert outcome.integers is not None and outcome.integers.tolist() == [[2]]

"""The circuit-value transformer on random circuits and on circuits that tc0 exports, against the netlist's own evaluation."""

from __future__ import annotations

import random
from io import StringIO
from itertools import product

import numpy as np
import pytest

import tc0
from tc0.dsl.base.meter import Meter
from tc0.dsl.circuit.evaluate import evaluate_batch
from tc0.dsl.export.serial import print_netlist
from tc0.dsl.export.serial_reader import read_serial
from tc0.dsl.session.report import Described

TOKENS = "X<>10&"


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    session = tc0.Session()
    alphabet = "{" + ", ".join(f'"{token}"' for token in TOKENS) + "}"
    for depth in (1, 2, 3, 4):
        session.run(f"family value_{depth}(w: {alphabet}[n]) -> bit where n >= 1 = circuit_value[{depth}](w)")
    return session


def random_circuit(seed: int, depth: int) -> str:
    """A text of a circuit of exactly this depth: every level has a gate that reads the level before it."""
    source = random.Random(seed)
    inputs = source.randint(1, 2)
    levels, nodes, text = [list(range(inputs))], inputs, "X" * inputs
    for level in range(depth):
        count = 1 if level == depth - 1 else source.randint(1, 2)
        for _ in range(count):
            others = source.choices(range(nodes - (nodes - sum(map(len, levels)))), k=source.randint(0, 2))
            arguments = [source.choice(levels[-1]), *others]
            source.shuffle(arguments)
            ones = source.randint(0, len(arguments))
            text += source.choice(["<=", ">="]) + "1" * ones + "0" * (len(arguments) - ones)
            text += "".join("&" + "1" * node for node in arguments)
        levels.append(list(range(nodes, nodes + count)))
        nodes += count
    return text


def expected(text: str, rows: np.ndarray) -> list[int]:
    return evaluate_batch(read_serial(text), rows, Meter())[:, 0].tolist()


def check(session: tc0.Session, text: str, depth: int) -> None:
    inputs = text.count("X")
    rows = np.array(list(product([0, 1], repeat=inputs)), bool).reshape(-1, inputs)
    short = text.replace("<=", "<").replace(">=", ">")
    words = [short + "".join(str(int(bit)) for bit in row) for row in rows]
    numbers = np.array([[TOKENS.index(token) for token in word] for word in words])
    bits = (numbers[:, :, None] >> np.arange(3) & 1).reshape(len(words), -1).astype(bool)
    found = session[f"value_{depth}"].evaluate(bits, n=len(words[0]))
    assert found[:, 0].tolist() == expected(text, rows), text


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_random_circuits(session: tc0.Session, depth: int, seed: int) -> None:
    check(session, random_circuit(seed, depth), depth)


@pytest.mark.parametrize(
    ("program", "sizes", "depth"),
    [
        ("MAJ(x)", {"n": 3}, 1),
        ("!x[0] | (x[1] & x[2])", {"n": 3}, 2),
    ],
)
def test_exported_circuits(session: tc0.Session, program: str, sizes: dict[str, int], depth: int) -> None:
    session.run(f"family exported(x: bit[n]) -> bit = {program}")
    out = StringIO()
    print_netlist(session["exported"].instantiate(**sizes).netlist, out)
    check(session, "".join(out.getvalue().split()), depth)


def test_more_layers_than_levels_change_nothing(session: tc0.Session) -> None:
    for seed in range(3):
        check(session, random_circuit(seed, 1), 3)


def test_layers(session: tc0.Session) -> None:
    """2 + 2 * d layers, where the statement of lemma 3 says 2 * d and its proof needs two before the first level."""
    described = session.run("circuit_value").replies[-1]
    assert isinstance(described, Described) and described.stacked is not None
    assert described.stacked.layers == "1 + 1 + 2 * d"

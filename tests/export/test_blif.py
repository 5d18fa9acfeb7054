"""BLIF as written, read again by an independent reader, and by ABC where it is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from circuit.random_netlists import PLACE, random_netlist, rows_of, slow

from tc0.dsl.circuit.optimize import optimize
from tc0.dsl.core.interface import Interface, Port
from tc0.dsl.export.blif import write_blif
from tc0.dsl.export.formats import FORMATS
from tc0.dsl.netlist import Block, Kind, Netlist


def written(netlist: Netlist) -> str:
    out = io.StringIO()
    inputs = [f"x[{i}]" for i in range(netlist.inputs)]
    write_blif(netlist, inputs, [f"y[{i}]" for i in range(len(netlist.outputs))], "f", out)
    return out.getvalue()


def read(text: str, vector: list[int]) -> list[int]:
    """The outputs of a BLIF model, evaluated table by table."""
    value: dict[str, int] = {}
    tables: list[tuple[list[str], list[str]]] = []
    outputs: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if words[0] == ".inputs":
            value = dict(zip(words[1:], vector, strict=True))
        elif words[0] == ".outputs":
            outputs = words[1:]
        elif words[0] == ".names":
            tables.append((words[1:], []))
        elif not line.startswith("."):
            tables[-1][1].append(line)
    for signals, lines in tables:
        *operands, result = signals
        assert len(set(operands)) == len(operands) and result not in value
        phases = {line.split()[-1] for line in lines}
        assert len(phases) <= 1
        hit = any(
            all(digit in ("-", str(value[operand])) for digit, operand in zip(line.split()[0], operands, strict=False))
            for line in lines
        )
        value[result] = int(hit) if phases != {"0"} else int(not hit)
    return [value[name] for name in outputs]


@pytest.mark.parametrize("seed", range(60))
def test_reads_as_it_was_written(seed: int) -> None:
    netlist = random_netlist(5000 + seed, blocks=4)
    text = written(netlist)
    if len(text) > 3_000_000:
        pytest.skip("a weight of thousands of digits")
    rng = np.random.default_rng(seed)
    for vector in rng.integers(0, 2, (6, netlist.inputs)).tolist():
        values = slow(netlist, vector)
        assert read(text, vector) == [values[wire] for wire in netlist.outputs.tolist()]


def test_the_smallest_circuits() -> None:
    assert read(written(Netlist(2, 0, (), (), np.array([3, 1, 0, 3], np.int64))), [0, 1]) == [1, 1, 0, 1]
    assert written(Netlist(0, 0, (), (), np.zeros(0, np.int64))).startswith(".model f\n.inputs \n.outputs \n")


def test_names_are_legal_and_told_apart() -> None:
    out = io.StringIO()
    write_blif(Netlist(2, 0, (), (), np.array([2, 3], np.int64)), ["a b", "a#b"], ["a_b", "g1"], "my model", out)
    lines = out.getvalue().splitlines()
    assert lines[:3] == [".model my_model", ".inputs a_b a_b_2", ".outputs a_b_3 g1"]


def test_ports_name_the_wires() -> None:
    ports = Interface((Port("x", "bit", (2,), 1), Port("w", "uint", (), 2)), Port("out", "bit", (), 1))
    text = FORMATS["blif"].write(Netlist(4, 0, (), (), np.array([2], np.int64)), ports, "f")
    assert text.splitlines()[1:3] == [".inputs x[0] x[1] w[0] w[1]", ".outputs out"]


def test_an_adder_network_is_linear_in_the_terms() -> None:
    sizes = []
    for n in (64, 128):
        rows = rows_of([[(2 + i, 1, 0) for i in range(n)]])
        sizes.append(
            written(Netlist(n, 1, (Block(Kind.MAJ, 0, 1, rows, PLACE),), (), np.array([2 + n], np.int64))).count(
                ".names"
            )
        )
    assert sizes[1] < 2.3 * sizes[0]


ABC = shutil.which("berkeley-abc") or shutil.which("abc")


@pytest.mark.skipif(ABC is None, reason="ABC is not installed")
@pytest.mark.parametrize("seed", range(12))
def test_abc_reads_it_and_finds_the_optimised_circuit_equal(seed: int, tmp_path: Path) -> None:
    netlist = random_netlist(7000 + seed, blocks=4)
    netlist = Netlist(netlist.inputs, netlist.gates, netlist.blocks, (), np.append(netlist.outputs, 1))
    texts = [written(netlist), written(optimize(netlist)[0])]
    if netlist.inputs == 0 or max(map(len, texts)) > 500_000:
        pytest.skip("ABC does not compare circuits without inputs, and large ones take long")
    for at, text in enumerate(texts):
        (tmp_path / f"{at}.blif").write_text(text)
    assert ABC is not None
    done = subprocess.run([ABC, "-c", "cec 0.blif 1.blif"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "Networks are equivalent" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(ABC is None, reason="ABC is not installed")
def test_abc_finds_majority_equal_to_its_sums_of_products(tmp_path: Path) -> None:
    rows = rows_of([[(2 + i, 1, 0) for i in range(5)]])
    maj = Netlist(5, 1, (Block(Kind.MAJ, 0, 1, rows, PLACE),), (), np.array([7], np.int64))
    (tmp_path / "maj.blif").write_text(written(maj))
    cubes = [bits for bits in (f"{number:05b}" for number in range(32)) if bits.count("1") == 3]
    table = "\n".join(bits.replace("0", "-") + " 1" for bits in cubes)
    names = " ".join(f"x[{i}]" for i in range(5))
    (tmp_path / "table.blif").write_text(
        f".model t\n.inputs {names}\n.outputs y[0]\n.names {names} y[0]\n{table}\n.end\n"
    )
    assert ABC is not None
    done = subprocess.run(
        [ABC, "-c", "cec maj.blif table.blif"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert "Networks are equivalent" in done.stdout, done.stdout + done.stderr

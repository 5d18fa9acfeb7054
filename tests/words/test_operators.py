"""Every operator on words: its library family against its meaning on integers, on all inputs of small widths, in the
value and in the circuit reading."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

import tc0
from tc0.dsl.ops.words import WORD_OPERATORS, Operands, WordRow

SESSION = tc0.Session()
ROWS = pytest.mark.parametrize("row", WORD_OPERATORS.values(), ids=lambda row: row.family)

Bits = npt.NDArray[np.bool_]


def numbers(bits: Bits, width: int, signed: bool) -> list[list[int]]:
    """Words of a width, one after the other in every row of bits, as integers."""
    rows = []
    for row in bits.astype(int):
        words = [row[at : at + width] for at in range(0, len(row), width)] if width else []
        rows.append([number(word.tolist(), signed) for word in words])
    return rows


def number(bits: list[int], signed: bool) -> int:
    value = sum(bit << at for at, bit in enumerate(bits))
    return value - (1 << len(bits)) if signed and bits and bits[-1] else value


def wrapped(value: int, width: int, signed: bool) -> int:
    """The word of this width that has the same lowest bits."""
    return number([value >> at & 1 for at in range(width)], signed)


def everything(wires: int) -> Bits:
    return (np.arange(1 << wires)[:, None] >> np.arange(wires) & 1).astype(bool)


def shapes(row: WordRow) -> list[tuple[dict[str, int], list[tuple[int, bool]]]]:
    """Sizes and static parameters, with the widths of the words that stand in a row of inputs."""
    kind = row.signed
    match row.operands:
        case Operands.ONE:
            return [({"w": w}, [(w, kind)]) for w in range(6)]
        case Operands.STATIC:
            return [({"w": w, "k": k}, [(w, kind)]) for w in range(5) for k in range(7)]
        case Operands.AMOUNT:
            return [({"w": w, "v": v}, [(w, kind), (v, False)]) for w in range(6) for v in range(4)]
        case Operands.TWO:
            return [({"v": v, "w": w}, [(v, kind), (w, kind)]) for v, w in product(range(5), repeat=2)]
        case Operands.ARRAY:
            least = 1 if row.operator in ("MAX", "MIN") else 0
            return [({"w": w, "m": m}, [(w, kind)] * m) for w in range(4) for m in range(least, 5) if w * m <= 12]


@ROWS
def test_family_means_its_integers(row: WordRow) -> None:
    family = SESSION[row.family]
    for sizes, words in shapes(row):
        circuit = family.instantiate(**sizes)
        batch = everything(sum(width for width, _ in words))
        values, gates = family.evaluate(batch, **sizes), circuit.evaluate(batch)
        assert np.array_equal(values, gates), sizes
        signed = "int" in str(family.type).rpartition("->")[2].replace("uint", "")
        for inputs, outputs in zip(batch.astype(int).tolist(), gates, strict=True):
            operands, rest = [], inputs
            for width, kind in words:
                operands.append(number(rest[:width], kind))
                rest = rest[width:]
            wanted = _meaning(row, operands, sizes)
            many = wanted if isinstance(wanted, list) else [wanted]
            width = len(outputs) // max(len(many), 1)
            found = [
                number(outputs[at * width : (at + 1) * width].astype(int).tolist(), signed) for at in range(len(many))
            ]
            fit = [wrapped(value, width, signed) for value in many]
            assert found == fit, (row.family, sizes, operands)
            assert row.operands is Operands.AMOUNT or fit == many, "the width of the result is too small"


def _meaning(row: WordRow, operands: list[int], sizes: dict[str, int]) -> int | list[int]:
    if row.operands is Operands.ARRAY:
        return row.meaning(operands)
    return row.meaning(*operands, sizes["k"]) if row.operands is Operands.STATIC else row.meaning(*operands)


@ROWS
def test_documentation_states_the_type(row: WordRow) -> None:
    result = str(SESSION[row.family].type).rpartition("-> ")[2].partition(" where")[0]
    written = row.doc.partition(" is ")[2]
    assert written.startswith(result), (result, row.doc)

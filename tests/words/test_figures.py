"""Arithmetic of the library against the figures of the literature's constructions, measured on builders that share no code
with it. NOT is free in these figures. Gates and depth are those of the library exactly; the figure beside them, and why it is
not reached where it is not."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import tc0

ZERO = "a // 0 is 0 by one gate"
FEW_BITS = "sums of logarithms pay where there are more residues than numbers of these few bits"
ABOVE = "thresholds that coincide above the highest column are not merged"
POWERS = "quotients in two layers split at powers of two"

# circuit, gates, depth, measured elsewhere (gates, depth), why more
FIGURES = [
    ("multiply[v = 8, w = 8]", 134, 3, (134, 3), ""),
    ("multiply[v = 16, w = 16]", 526, 3, (526, 3), ""),
    ("multiply[v = 32, w = 32]", 2078, 3, (2078, 3), ""),
    ("int_multiply[v = 16, w = 16]", 526, 3, None, ""),
    ("multiply_sqrt[v = 8, w = 8]", 116, 4, (116, 4), ""),
    ("multiply_sqrt[v = 16, w = 16]", 412, 4, (410, 4), POWERS),
    ("multiply_sqrt[v = 32, w = 32]", 1484, 4, (1476, 4), POWERS),
    ("multiply_block[v = 8, w = 8]", 186, 4, (216, 4), ""),
    ("multiply_block[v = 16, w = 16]", 869, 4, (880, 4), ""),
    ("multiply_block[v = 32, w = 32]", 3234, 4, (3544, 4), ""),
    ("multiply_block_sqrt[v = 8, w = 8]", 158, 5, (181, 5), ""),
    ("multiply_block_sqrt[v = 16, w = 16]", 652, 5, (634, 5), POWERS),
    ("multiply_block_sqrt[v = 32, w = 32]", 2054, 5, (2243, 5), ""),
    ("multiply_tree[v = 8, w = 8]", 193, 11, (217, 15), ""),
    ("multiply_tree[v = 16, w = 16]", 721, 15, (765, 23), ""),
    ("multiply_tree[v = 32, w = 32]", 2675, 17, (2769, 33), ""),
    ("square[n = 8]", 69, 3, (69, 3), ""),
    ("square[n = 16]", 269, 3, (269, 3), ""),
    ("matrix_product[n = 2, m = 2, k = 2, v = 2, w = 2]", 68, 3, (68, 3), ""),
    ("matrix_product[n = 4, m = 4, k = 4, v = 3, w = 3]", 1152, 3, (1152, 3), ""),
    ("matrix_product[n = 8, m = 8, k = 8, v = 4, w = 4]", 16064, 3, (16064, 3), ""),
    ("matrix_product_at_least[99, n = 8, m = 8, k = 8, v = 4, w = 4]", 8256, 2, (8256, 2), ""),
    ("solves[m = 3, n = 4, v = 2, w = 5]", 31, 3, (31, 3), ""),
    ("solves[m = 16, n = 16, v = 4, w = 9]", 1057, 3, (1057, 3), ""),
    ("uint_divide[v = 4, w = 4]", 19, 2, (18, 2), ZERO),
    ("uint_divide[v = 6, w = 6]", 69, 2, (68, 2), ZERO),
    ("uint_divide[v = 8, w = 8]", 263, 2, (262, 2), ZERO),
    ("divide_radix[1, v = 8, w = 8]", 37, 15, (64, 15), ""),
    ("divide_radix[2, v = 8, w = 8]", 38, 8, (88, 8), ""),
    ("divide_radix[4, v = 8, w = 8]", 47, 4, (156, 4), ""),
    ("divide_radix[1, v = 32, w = 32]", 529, 63, (1024, 63), ""),
    ("divide_radix[2, v = 32, w = 32]", 530, 32, (1504, 32), ""),
    ("divide_radix[4, v = 32, w = 32]", 551, 16, (3504, 16), ""),
    ("iterated_product[m = 4, w = 4]", 190, 5, (190, 5), ""),
    ("iterated_product[m = 8, w = 4]", 878, 7, (878, 7), ""),
    ("iterated_product[m = 8, w = 8]", 3550, 7, (3550, 7), ""),
    ("iterated_product_by_residues[m = 2, w = 3]", 96, 5, (131, 5), ""),
    ("iterated_product_by_residues[m = 3, w = 3]", 196, 5, (204, 5), ""),
    ("iterated_product_by_residues[m = 4, w = 3]", 325, 5, (336, 5), ""),
    ("iterated_product_by_residues[m = 4, w = 4]", 609, 5, (623, 5), ""),
    ("iterated_product_by_residues[m = 4, w = 8]", 2813, 5, (3246, 5), ""),
    ("power[3, n = 4]", 191, 4, (198, 4), ""),
    ("power[4, n = 4]", 274, 4, (291, 4), ""),
    ("power[3, n = 6]", 413, 4, (571, 4), ""),
    ("power[4, n = 8]", 1055, 4, (1262, 4), ""),
    ("power_rank_free[3, n = 4]", 10295, 3, (11207, 3), ""),
    ("power_rank_free[4, n = 4]", 16154, 3, (17590, 3), ""),
    ("iterated_product_rank_free[m = 2, w = 3]", 2883, 4, (3139, 4), ""),
    ("iterated_product_rank_free[m = 3, w = 3]", 4783, 4, (5207, 4), ""),
    ("iterated_product_rank_free[m = 4, w = 3]", 11136, 4, (12112, 4), ""),
    ("divide_by_residues[v = 3, w = 3]", 174, 5, (164, 5), FEW_BITS),
    ("divide_by_residues[v = 4, w = 4]", 339, 5, (719, 5), ""),
    ("divide_by_residues[v = 5, w = 5]", 580, 5, (2576, 5), ""),
    ("divide_by_residues[v = 6, w = 6]", 1246, 5, (7198, 5), ""),
    ("divide_by_residues[v = 8, w = 8]", 4475, 5, (31553, 5), ""),
    ("divide_rank_free[v = 3, w = 3]", 5075, 4, (5497, 4), ""),
    ("divide_rank_free[v = 4, w = 4]", 22886, 4, (24244, 4), ""),
    ("square_root[n = 6]", 9, 2, (9, 2), ""),
    ("square_root[n = 8]", 18, 2, (18, 2), ""),
    ("uint_sort[m = 8, w = 8]", 540, 3, (604, 3), ""),
    ("uint_sort[m = 16, w = 4]", 1144, 3, (1208, 3), ""),
    ("uint_sort[m = 16, w = 16]", 4216, 3, (4472, 3), ""),
    ("sort_by_counting[m = 16, w = 4]", 528, 3, (528, 3), ""),
    ("sort_by_counting[m = 64, w = 6]", 8384, 3, (8384, 3), ""),
    ("uint_max[m = 8, w = 8]", 100, 3, (100, 3), ""),
    ("uint_max[m = 16, w = 16]", 392, 3, (392, 3), ""),
    ("uint_max[m = 64, w = 6]", 2406, 3, (2406, 3), ""),
    ("max_blocks[m = 8, w = 8]", 184, 4, (268, 4), ""),
    ("max_blocks[m = 16, w = 16]", 1472, 4, (1472, 4), ""),
    ("sort_blocks[m = 8, w = 8]", 624, 4, (772, 4), ""),
    ("sort_blocks[m = 16, w = 16]", 5296, 4, (5552, 4), ""),
    ("sort_odd_even[greater, m = 8, w = 8]", 475, 18, (627, 18), ""),
    ("sort_odd_even[greater, m = 16, w = 16]", 3087, 30, (4095, 30), ""),
    ("sort_bitonic[greater, m = 16, w = 16]", 3920, 30, None, ""),
    ("iterated_add_block_weighted[m = 16, w = 16]", 458, 3, (453, 3), ABOVE),
    ("iterated_add_block_weighted[m = 32, w = 32]", 1684, 3, (1930, 3), ""),
    ("iterated_add_columns_sqrt[m = 16, w = 16]", 293, 6, (379, 6), ""),
    ("iterated_add_columns_sqrt[m = 64, w = 64]", 2479, 6, (3081, 6), ""),
    ("iterated_add_tree_three[m = 16, w = 16]", 490, 16, (573, 20), ""),
    ("iterated_add_tree_three[m = 64, w = 64]", 8108, 26, (8473, 32), ""),
    ("uint_arg_max[m = 16, w = 16]", 136, 2, (136, 2), ""),
    ("uint_arg_max[m = 64, w = 6]", 2080, 2, (2080, 2), ""),
    ("weighted_at_least[[7**i % 2**16 for i < 16], 2**17, n = 16]", 37, 3, (43, 3), ""),
    ("weighted_at_least[[7**i % 2**32 for i < 32], 2**34, n = 32]", 142, 3, (171, 3), ""),
]

SESSION = tc0.Session()


@pytest.mark.parametrize(
    ("circuit", "gates", "depth", "measured", "why"), FIGURES, ids=[circuit for circuit, *_ in FIGURES]
)
def test_figure(circuit: str, gates: int, depth: int, measured: tuple[int, int] | None, why: str) -> None:
    assert SESSION.eval(f"size({circuit}, negation = free)") == gates
    assert SESSION.eval(f"depth({circuit}, negation = free)") == depth
    assert SESSION.eval(f"size({circuit})") == gates, "no NOT gates"
    if measured is not None:
        assert depth <= measured[1]
        assert (gates <= measured[0]) != bool(why)


REFERENCES = {
    # On small words a table of the integer function is a reference that shares nothing with the circuit.
    "*": ("uint_multiply", {"v": 4, "w": 4}, 4, lambda a, b: a * b, 8),
    "//": ("uint_divide", {"v": 4, "w": 4}, 4, lambda a, b: a // b if b else 0, 4),
    "%": ("uint_remainder", {"v": 4, "w": 4}, 4, lambda a, b: a % b if b else a, 4),
}


@pytest.mark.parametrize("operator", REFERENCES)
def test_equivalence_checked_by_abc(operator: str, tmp_path: Path) -> None:
    abc = shutil.which("berkeley-abc") or shutil.which("abc")
    if abc is None:
        pytest.skip("berkeley-abc is not installed")
    family, sizes, width, meaning, outputs = REFERENCES[operator]
    circuit = SESSION[family].instantiate(**sizes)
    own, other = tmp_path / "circuit.blif", tmp_path / "reference.blif"
    own.write_text(circuit.export("blif"), encoding="utf-8")
    names = [
        line.split()[1:]
        for line in own.read_text().replace("\\\n", " ").splitlines()
        if line.startswith((".inputs", ".outputs"))
    ]
    lines = [".model reference", ".inputs " + " ".join(names[0]), ".outputs " + " ".join(names[1])]
    for at in range(outputs):
        lines.append(".names " + " ".join(names[0]) + " " + names[1][at])
        for row in range(1 << 2 * width):
            if meaning(row & (1 << width) - 1, row >> width) >> at & 1:
                lines.append("".join(str(row >> bit & 1) for bit in range(2 * width)) + " 1")
    other.write_text("\n".join([*lines, ".end"]) + "\n", encoding="utf-8")
    said = subprocess.run([abc, "-c", f"cec {own} {other}"], capture_output=True, text=True, check=True).stdout
    assert "are equivalent" in said, json.dumps(said)

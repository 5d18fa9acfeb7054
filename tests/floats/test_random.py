"""On random programs with floats and on random transformers the readings agree: values at many precisions, circuits at 4 and 6.

`TC0_PROGRAMS=2000 pytest tests/floats` tries that many with fresh seeds; the default is few and always the same.
"""

from __future__ import annotations

from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st
from programs.float_programs import float_program, transformer_program
from programs.test_agreement import profile
from reference.floats import OutOfReach

from floats.agreement import SMOOTH, readings_agree, values_agree

PRECISIONS = (4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 40, 48, 56, 62, 64)

seeds = st.integers(0, 2**32 - 1)


@profile
@given(seed=seeds, depth=st.integers(1, 4), p=st.sampled_from(PRECISIONS), nearest=st.booleans())
def test_values(seed: int, depth: int, p: int, nearest: bool) -> None:
    text = float_program(seed, depth, nearest, circuits=False, smooth=SMOOTH)
    try:
        values_agree(text, {"p": p, "n": Random(seed).randint(0, 3)}, 8)
    except OutOfReach:
        assume(False)


@profile
@given(seed=seeds, depth=st.integers(1, 2), p=st.sampled_from((4, 4, 6)), nearest=st.booleans())
def test_circuits(seed: int, depth: int, p: int, nearest: bool) -> None:
    text = float_program(seed, depth, nearest, circuits=True)
    assume(readings_agree(text, {"p": p, "n": Random(seed).randint(0, 2)}, 8, 20_000))


@profile
@given(seed=seeds, depth=st.integers(1, 3), p=st.sampled_from(PRECISIONS), nearest=st.booleans())
def test_values_of_transformers(seed: int, depth: int, p: int, nearest: bool) -> None:
    text = transformer_program(seed, depth, nearest, p, circuits=False, smooth=SMOOTH)
    try:
        values_agree(text, {"n": Random(seed).randint(1, 3)}, 8)
    except OutOfReach:
        assume(False)


@profile
@given(seed=seeds, depth=st.integers(1, 2), nearest=st.booleans())
def test_circuits_of_transformers(seed: int, depth: int, nearest: bool) -> None:
    text = transformer_program(seed, depth, nearest, 4, circuits=True)
    assume(readings_agree(text, {"n": Random(seed).randint(1, 2)}, 8, 20_000))

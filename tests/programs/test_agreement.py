"""On random programs all readings agree, with each other and with the reference; so do all figures, in both conventions.

`TC0_PROGRAMS=2000 pytest tests/programs` tries that many programs with fresh seeds; the default is few and always the same.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from programs.agreement import program_agrees
from programs.programs import Program, program
from programs.reduction import reduced

import tc0

LONG = int(os.environ.get("TC0_PROGRAMS", "0"))
EXHAUSTIVE, SAMPLE = (
    (10, 64) if LONG else (5, 10)
)  # bits up to which all inputs are tried; inputs that are tried beyond

profile = settings(
    max_examples=LONG or 50,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # a failing program is made smaller by `reduced`, which knows the language
    suppress_health_check=list(HealthCheck),
)


def failure(tried: Program) -> str | None:
    """What is wrong with a program: a reading that disagrees, or an error where the reference has none."""
    try:
        program_agrees(tried, EXHAUSTIVE, SAMPLE)
    except AssertionError as found:
        return f"disagreement: {str(found).partition(':')[0].partition(' at ')[0]}\n{found}"
    except tc0.Error as found:
        return f"{found.code}\n{found}"
    return None


@profile
@given(seed=st.integers(0, 2**32 - 1), helpers=st.integers(0, 3), depth=st.integers(1, 4))
def test_readings_agree(seed: int, helpers: int, depth: int) -> None:
    tried = program(seed, helpers, depth)
    found = failure(tried)
    if found is not None:
        kind = found.partition("\n")[0]
        sizes = next((s for s in tried.sizes if _kind(Program(tried.text, (s,))) == kind), tried.sizes[0])
        small = Program(reduced(tried.text, lambda text: _kind(Program(text, (sizes,))) == kind), (sizes,))
        raise AssertionError(f"{failure(small)}{small}\n# seed {seed}, {helpers} helpers, depth {depth}")


def _kind(tried: Program) -> str | None:
    found = failure(tried)
    return None if found is None else found.partition("\n")[0]

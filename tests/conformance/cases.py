"""The cases of cases.toml, read and compared."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

STAGE = 2  # cases of later stages of the language are not expected to hold yet

Case = dict[str, Any]


EARLY = ("8 floats", "9 transformers")  # of a later stage, and there already


def cases(stage: int = STAGE, early: tuple[str, ...] = ()) -> list[Case]:
    text = Path(__file__).with_name("cases.toml").read_text(encoding="utf-8")
    return [case for case in tomllib.loads(text)["case"] if case["issue"] <= stage or case["section"] in early]


def name(case: Case) -> str:
    return str(case["section"]).replace(" ", "-")


def wanted(value: object) -> object:
    """The value that a case names: "frac 1/3" is a rational."""
    if isinstance(value, str) and value.startswith("frac "):
        return Fraction(value[5:])
    return [wanted(v) for v in value] if isinstance(value, list) else value


def same(got: object, want: object) -> bool:
    """Equal, with bits as strings or as lists; where true is wanted, 1 is not."""
    if isinstance(want, list):
        if isinstance(got, str) and all(w in (0, 1) for w in want):
            got = [int(c) for c in got]
        return isinstance(got, list) and len(got) == len(want) and all(map(same, got, want))
    if isinstance(want, bool):
        return got is want
    return got == want

"""How much work the closed forms of a family are worth."""

from __future__ import annotations

from tc0.dsl.analysis.uniformity import families
from tc0.dsl.core.program import Family
from tc0.dsl.core.types import Float

LONG = 10


def patience(family: Family) -> int:
    """How many times the usual work a family is worth: transformers and families on floats are long programs."""
    return LONG if any(_long(f) for f in families(family)) else 1


def _long(family: Family) -> bool:
    types = (*(p.type for p in family.parameters), family.result)
    return family.stack is not None or any(isinstance(type.element, Float) for type in types)

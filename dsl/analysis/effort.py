"""How much work the closed forms of a family are worth, and what is derived within it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tc0.dsl.analysis.uniformity import families
from tc0.dsl.base.errors import Error
from tc0.dsl.core.program import Family
from tc0.dsl.core.types import Float
from tc0.dsl.symbolic.growth import Unknown
from tc0.dsl.symbolic.polynomial import NotClosed
from tc0.dsl.symbolic.work import allowance

LONG = 10
NOT_COVERED = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
Found = TypeVar("Found")


def patience(family: Family) -> int:
    """How many times the usual work a family is worth: transformers and families on floats are long programs."""
    return LONG if any(_long(f) for f in families(family)) else 1


def _long(family: Family) -> bool:
    types = (*(p.type for p in family.parameters), family.result)
    return family.stack is not None or any(isinstance(type.element, Float) for type in types)


def derived(make: Callable[[], Found], steps: int) -> tuple[Found | None, str | None]:
    """What is derived within some work; or None and the reason why there is no closed form."""
    try:
        with allowance(steps):
            return make(), None
    except NotClosed as e:
        return None, str(e)
    except Unknown as e:
        return None, f"a growth is not derived: {e}"
    except Error as e:
        return None, e.message
    except NOT_COVERED as e:
        return None, f"not covered by the analysis ({type(e).__name__})"

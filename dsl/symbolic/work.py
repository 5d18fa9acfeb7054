"""How much work a question may take, counted in steps of elimination, so that the answer does not depend on the machine.

`with allowance(steps):` bounds what is done inside, allowances inside of allowances included; `spend` raises NotClosed
when one is used up. Outside of any allowance nothing is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tc0.dsl.symbolic.polynomial import NotClosed


class UsedUp(NotClosed):
    """The work that a question may take is done."""


USED_UP = "the time for this closed form is over"


class _Allowance:
    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


_current: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def allowance(steps: int) -> Iterator[None]:
    """At most so many steps inside, and at most what an outer allowance has left."""
    outer = _current.get()
    granted = steps if outer is None else max(0, min(steps, outer.left))
    inner = _Allowance(granted)
    token = _current.set(inner)
    try:
        yield
    finally:
        _current.reset(token)
        if outer is not None:
            outer.left -= granted - inner.left


def spend(steps: int) -> None:
    """Counts work; raises NotClosed where the allowance is used up."""
    current = _current.get()
    if current is not None:
        current.left -= steps
        if current.left < 0:
            raise UsedUp(USED_UP)

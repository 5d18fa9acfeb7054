"""The rule that makes recursion end: a static argument gets smaller at every call.

A measure is one static integer argument, or all of them in lexicographic order. It decreases from one activation to
the next if it gets smaller without becoming negative. A chain of calls is founded as long as one measure has decreased
at every call of it.
"""

from __future__ import annotations

from collections.abc import Sequence

TUPLE = -1  # the measure that is all integer arguments, in lexicographic order


def measures(arguments: Sequence[object]) -> frozenset[int]:
    """All measures of a first activation."""
    found = {at for at, value in enumerate(arguments) if type(value) is int}
    return frozenset(found | {TUPLE}) if found else frozenset()


def surviving(before: Sequence[object], after: Sequence[object], alive: frozenset[int]) -> frozenset[int]:
    """The measures of `alive` that decrease from one activation to the next."""
    kept = set()
    for measure in alive:
        if measure == TUPLE:
            old = [value for value in before if type(value) is int]
            new = [value for value in after if type(value) is int]
            if len(old) == len(new) and new < old and all(value >= 0 for value in new):
                kept.add(measure)
        else:
            old_value, new_value = before[measure], after[measure]
            if type(old_value) is int and type(new_value) is int and 0 <= new_value < old_value:
                kept.add(measure)
    return frozenset(kept)

"""Near names for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, names: Iterable[str]) -> str | None:
    """The listed name that `name` was most probably meant to be, or None."""
    known = sorted(set(names))
    lower = {n.lower(): n for n in known}
    if name.lower() in lower:
        return lower[name.lower()]
    found = get_close_matches(name, known, n=1, cutoff=0.7)
    return found[0] if found else None

from typing import NamedTuple
from tc0.dsl.base.errors import Error
from tc0.dsl.base.source import Source, Span
class Trouble(NamedTuple):
    words: tuple
    at: int
    expected: frozenset
    end: int
def explain(source, t):
    w = t.words[t.at] if t.at < len(t.words) else None
    return Error("E0101", f"syntax {w} {sorted(t.expected)[:6]}", Span(source, w.start if w else t.end, w.end if w else t.end))

"""A slow, obvious interpreter of tc0: the living definition of the language, beside which the fast code is tested.

It works on the surface tree and shares no code with the typed program and its readings. Sections cited are those of
the language reference, docs/reference.md.
"""

from .netlist import RefCircuit, TooLarge
from .reference import Reference, given, plain
from .values import Mistake
from .words import WORDS

__all__ = ["WORDS", "Mistake", "RefCircuit", "Reference", "TooLarge", "given", "plain"]

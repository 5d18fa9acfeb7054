"""Planes of 64 vectors a word, and carry-save counters over them."""

from tc0.dsl.bitslice.planes import Planes, pack, patterns, unpack
from tc0.dsl.bitslice.sums import Counter, Numbers, Sums

__all__ = ["Counter", "Numbers", "Planes", "Sums", "pack", "patterns", "unpack"]

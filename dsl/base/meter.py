"""Limits on what a program may use, and the meter that enforces them while work goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import NoReturn

from tc0.dsl.base.errors import LimitReached
from tc0.dsl.base.source import Span

LARGE = 1 << 20  # bytes: smaller arrays are not worth a look at what the process holds


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement may use at the most. gates: a count. memory: bytes. seconds: wall time. recursion: nested calls."""

    gates: int = 1_000_000_000
    memory: int = 8 << 30
    seconds: float = 600.0
    recursion: int = 10_000


@dataclass(slots=True)
class Meter:
    """Counts what the work at hand uses; every long loop calls `tick`, every large array is announced to `reserve`.

    progress: called now and then with (what is being done, share done or None), at most ten times a second.
    """

    limits: Limits = field(default_factory=Limits)
    progress: Callable[[str, float | None], None] | None = None
    started: float = field(default_factory=monotonic)
    held: int = field(default_factory=lambda: _resident())
    gates: int = 0
    shown: float = 0.0
    looked: float = 0.0

    def tick(self, doing: str = "", share: float | None = None, span: Span | None = None) -> None:
        """Stops the work when its time is over; reports progress."""
        now = monotonic()
        if now - self.started > self.limits.seconds:
            raise LimitReached(
                "E0803",
                f"stopped after {self.limits.seconds:g} s",
                span,
                "allow more with `--set seconds=...` or `:set seconds ...`, or choose smaller sizes",
            )
        if now - self.looked > 0.1:
            self.looked = now
            self._room(0, span)
        if self.progress is not None and now - self.shown > 0.1:
            self.shown = now
            self.progress(doing, share)

    def spend(self, gates: int, span: Span | None = None) -> None:
        """Announces gates before they are built."""
        self.gates += gates
        if self.gates > self.limits.gates:
            raise LimitReached(
                "E0801",
                f"this needs at least {self.gates:,} gates; the limit is {self.limits.gates:,}",
                span,
                "allow more with `--set gates=...` or `:set gates ...`, or choose smaller sizes",
            )

    def reserve(self, size: int, span: Span | None = None) -> None:
        """Announces `size` bytes that are about to be allocated at once."""
        if size > self.limits.memory:
            self._too_much(f"about {size / 2**30:,.1f} GiB at once", span)
        if size > LARGE:
            self._room(size, span)

    def _room(self, size: int, span: Span | None) -> None:
        """Stops the work where what it holds, as the system counts it, and `size` bytes more are beyond the limit."""
        if _resident() - self.held + size > self.limits.memory:
            self._too_much("more memory than that", span)

    def _too_much(self, needs: str, span: Span | None) -> NoReturn:
        raise LimitReached(
            "E0802",
            f"the limit of memory is {self.limits.memory / 2**30:,.1f} GiB; this needs {needs}",
            span,
            "allow more with `--set memory=...` or `:set memory ...` (in MiB), or choose smaller sizes",
        )

    def deeper(self, depth: int, span: Span | None = None) -> None:
        """Announces a call that is nested `depth` calls deep."""
        if depth > self.limits.recursion:
            raise LimitReached(
                "E0804",
                f"calls are nested more than {self.limits.recursion:,} deep",
                span,
                "allow more with `--set recursion=...` or `:set recursion ...`, or recurse by halves",
            )


def _resident() -> int:
    """Bytes of memory that the process holds; 0 where the system does not tell cheaply (elsewhere than on Linux)."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0

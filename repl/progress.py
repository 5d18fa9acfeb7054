"""One line on standard error that says what long work is doing; it appears after a second and is gone with the work."""

from __future__ import annotations

from time import monotonic
from typing import TextIO

AFTER = 1.0  # seconds of silence before the line appears
WIDTH = 78


class ProgressLine:
    """Called by the session while it works. Draws only where `shown` is true: on a terminal."""

    def __init__(self, stream: TextIO, shown: bool) -> None:
        self._stream = stream
        self._shown = shown
        self._since = monotonic()
        self._drawn = False

    def begin(self) -> None:
        """Something new starts: the waiting time counts from here."""
        self.clear()
        self._since = monotonic()

    def clear(self) -> None:
        """Makes room for output."""
        if self._drawn:
            self._drawn = False
            self._write("\r" + " " * WIDTH + "\r")

    def __call__(self, doing: str, share: float | None) -> None:
        waited = monotonic() - self._since
        if not self._shown or waited < AFTER:
            return
        percent = f" {min(max(share, 0.0), 1.0):.0%}" if share is not None else ""
        text = f"{doing or 'working'}{percent}, {waited:.0f} s; Ctrl-C stops"
        self._drawn = True
        self._write("\r" + text[:WIDTH].ljust(WIDTH))

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._shown = False  # nobody looks any more

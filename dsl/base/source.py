"""Program text and places in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A text with a name to show: a path, `<input>`, or `stdlib/counting.tc`."""

    name: str
    text: str = field(repr=False)
    starts: tuple[int, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        starts = [0]
        for at, character in enumerate(self.text):
            if character == "\n":
                starts.append(at + 1)
        object.__setattr__(self, "starts", tuple(starts))

    def line_of(self, offset: int) -> int:
        """The line (from 1) that holds this character."""
        return bisect_right(self.starts, min(max(offset, 0), len(self.text)))

    def column_of(self, offset: int) -> int:
        """The column (from 1, in characters) of this character in its line."""
        return offset - self.starts[self.line_of(offset) - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        start = self.starts[number - 1]
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """The characters `start` to `end` (half-open) of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        return self.source.column_of(self.start)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

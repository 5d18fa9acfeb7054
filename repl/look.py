"""How text may look: colours or none, and characters beyond ASCII or not."""

from __future__ import annotations

from dataclasses import dataclass

_STYLES = {"good": "\x1b[32m", "bad": "\x1b[1;31m", "name": "\x1b[1m", "quiet": "\x1b[2m"}
_PLAIN = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """The default is what a pipe gets. Colours never carry a meaning that the words do not.

    width: where prose goes on in the next line; tables of figures are as wide as they are.
    """

    color: bool = False
    unicode: bool = True
    width: int = 100

    def paint(self, text: str, style: str) -> str:
        """style: "good", "bad", "name" or "quiet"."""
        return f"{_STYLES[style]}{text}{_PLAIN}" if self.color and text else text


PLAIN = Look()

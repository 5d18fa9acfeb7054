"""The comment of a definition, taken apart: a sentence, prose, and the lines that are parsed (`Depth:`, `Source:`)."""

from __future__ import annotations

import re

from tc0.dsl.session.report import Documentation

LABELS = ("Depth", "Size", "Wires", "Weights", "Source", "Best known", "Lower bound")
_ENTRY = re.compile(rf"^({'|'.join(LABELS)}):\s*(.*)$")


def read_documentation(doc: str) -> Documentation:
    """A line that begins with a label starts an entry; deeper indented lines continue it."""
    prose: list[str] = []
    entries: list[tuple[str, str]] = []
    for line in doc.splitlines():
        match = _ENTRY.match(line.strip())
        if match:
            entries.append((match[1], match[2].strip()))
        elif entries and line[:1] in (" ", "\t") and line.strip():
            label, text = entries[-1]
            entries[-1] = (label, f"{text} {line.strip()}")
        else:
            prose.append(line.rstrip())
    text = "\n".join(prose).strip()
    return Documentation(_sentence(text), text, tuple(entries))


def _sentence(text: str) -> str:
    """The first sentence; a full stop ends it where a space or the end follows."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    match = re.match(r"(.+?[.!?])(?=\s+[A-Z(`]|$)", paragraph)
    return match[1] if match else paragraph

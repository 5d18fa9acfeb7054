"""Documents that know where they may be broken, and the lines they become (after Wadler, "A prettier printer").

A document is a text or one of the classes below. A group is written on one line if it fits, else all of its own `Line`s
are newlines; groups within it decide for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Cat:
    """One after the other."""

    parts: tuple[Doc, ...]


@dataclass(frozen=True, slots=True)
class Nest:
    """Newlines within it are followed by one more step of indentation."""

    body: Doc


@dataclass(frozen=True, slots=True)
class Group:
    """broken: never on one line."""

    body: Doc
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A newline, or `flat` where the group is on one line."""

    flat: str = " "


@dataclass(frozen=True, slots=True)
class Hard:
    """Always a newline."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment behind what is on this line. Something that is always a newline follows it."""

    text: str


Doc: TypeAlias = str | Cat | Nest | Group | Line | Hard | Remark

STEP = 4


@dataclass(slots=True)
class Row:
    """A line: its text, and the comment behind it."""

    text: str = ""
    remark: str = ""


def cat(*parts: Doc) -> Doc:
    return Cat(parts)


def lines(document: Doc, width: int) -> list[Row]:
    """The lines of a document, of at most `width` columns where its groups allow that."""
    rows = [Row()]
    column = 0
    stack: list[tuple[int, bool, Doc]] = [(0, False, document)]  # indentation, whether on one line, what is to come
    parts: list[str] = []

    def newline(indentation: int) -> None:
        nonlocal column
        rows[-1].text = "".join(parts).rstrip()
        parts.clear()
        parts.append(" " * indentation)
        column = indentation
        rows.append(Row())

    while stack:
        indentation, flat, doc = stack.pop()
        match doc:
            case str():
                parts.append(doc)
                column += len(doc)
            case Cat():
                stack.extend((indentation, flat, part) for part in reversed(doc.parts))
            case Nest():
                stack.append((indentation + STEP, flat, doc.body))
            case Group():
                whole = flat or (not doc.broken and _fits(doc.body, width - column, stack))
                stack.append((indentation, whole, doc.body))
            case Line() if flat:
                parts.append(doc.flat)
                column += len(doc.flat)
            case Line() | Hard():
                newline(indentation)
            case Remark():
                if rows[-1].remark:
                    newline(indentation)
                    parts.append(doc.text)
                else:
                    rows[-1].remark = doc.text
    rows[-1].text = "".join(parts).rstrip()
    return rows


def _fits(body: Doc, room: int, behind: list[tuple[int, bool, Doc]]) -> bool:
    """Whether a body on one line, and what follows it up to the next newline, takes at most `room` columns."""
    waiting: list[tuple[bool, Doc]] = [(True, body)]
    rest = len(behind)
    while room >= 0:
        if not waiting:
            if rest == 0:
                return True
            rest -= 1
            waiting.append((behind[rest][1], behind[rest][2]))
            continue
        flat, doc = waiting.pop()
        match doc:
            case str():
                room -= len(doc)
            case Cat():
                waiting.extend((flat, part) for part in reversed(doc.parts))
            case Nest():
                waiting.append((flat, doc.body))
            case Group():
                if flat and doc.broken:
                    return False
                waiting.append((flat, doc.body))
            case Line():
                if not flat:
                    return True
                room -= len(doc.flat)
            case Hard():
                return not flat
            case Remark():
                pass
    return False


def written(rows: list[Row], width: int) -> str:
    """The text of lines; comments behind lines that follow each other stand in one column."""
    found: list[str] = []
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and rows[end].remark and rows[end].text:
            end += 1
        run = rows[at:end]
        column = max((len(row.text) for row in run), default=0) + 2
        aligned = all(column + len(row.remark) <= width for row in run)
        found += [f"{row.text:{column if aligned else len(row.text) + 2}}{row.remark}" for row in run]
        if end == at:
            found.append(rows[at].text + rows[at].remark)
            end += 1
        at = end
    return "\n".join(found)

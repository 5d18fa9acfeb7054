"""The standard library: name to file to definition, loaded when a name is first needed.

`python -m tc0.dsl.session.library` writes the index of names, `stdlib/index.py`; a test holds it against the files.
Files are parsed once per process (surface trees never change) and resolved once per session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tc0.dsl.base.errors import Fault
from tc0.dsl.base.source import Source
from tc0.dsl.core.program import Family
from tc0.dsl.core.scope import Meaning
from tc0.dsl.session.definition import Definition
from tc0.dsl.session.definitions import Below, Demand, EvaluateLet
from tc0.dsl.syntax import tree

FOLDER = Path(__file__).resolve().parents[2] / "stdlib"


def files() -> list[str]:
    """The library's files, without their ending."""
    return sorted(path.stem for path in FOLDER.glob("*.tc"))


def source(file: str) -> Source:
    """The text of a library file."""
    return Source(f"stdlib/{file}.tc", (FOLDER / f"{file}.tc").read_text(encoding="utf-8"))


@cache
def written(file: str) -> Mapping[str, Definition]:
    """The definitions of a library file."""
    from tc0.dsl.syntax.parse import parse

    found = {}
    for statement in parse(source(file)).statements:
        if isinstance(statement, tree.Definition):
            found[statement.name] = Definition(statement.name, statement, f"stdlib/{file}.tc")
    return MappingProxyType(found)


@cache
def index() -> Mapping[str, str]:
    """Every name of the library and its file."""
    from tc0.stdlib.index import FILES

    return MappingProxyType({name: file for file, names in FILES.items() for name in names})


class _Shelf(Mapping[str, Definition]):
    """All definitions of the library by name; a file is read when one of its names is asked for."""

    def __getitem__(self, name: str) -> Definition:
        return written(index()[name])[name]

    def __contains__(self, name: object) -> bool:
        return name in index()

    def __iter__(self) -> Iterator[str]:
        return iter(index())

    def __len__(self) -> int:
        return len(index())


class Library(Below):
    """The library of one session. It sees no definition of the user."""

    def __init__(self, evaluate: EvaluateLet) -> None:
        self._demand = Demand(_Shelf(), {}, _Operators(self), evaluate, library=True)

    def find(self, name: str) -> Meaning | None:
        return self._demand.find(name) if name in index() else None

    def family(self, name: str) -> Family:
        found = self.find(name)
        if not isinstance(found, Family):
            raise Fault("E9903", f"the standard library has no family `{name}`")
        return found

    def node(self, name: str) -> tree.Family:
        node = self.definition(name).node
        assert isinstance(node, tree.Family)
        return node

    def names(self) -> Iterable[str]:
        return index()

    def definition(self, name: str) -> Definition:
        return self._demand.written[name]


class _Operators(Below):
    """Behind the library's own names stand only the families behind operators, which are its own too."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def family(self, name: str) -> Family:
        return self._library.family(name)


def write_index() -> str:
    """The text of `stdlib/index.py`."""
    lines = [
        '"""Which file of the standard library defines which names: written by `python -m tc0.dsl.session.library`."""',
        "",
        "FILES: dict[str, tuple[str, ...]] = {",
    ]
    for file in files():
        names = sorted(written(file))
        if len(names) == 1:  # as the formatter lays it out
            lines.append(f'    "{file}": ("{names[0]}",),')
            continue
        lines.append(f'    "{file}": (')
        lines.extend(f'        "{name}",' for name in names)
        lines.append("    ),")
    return "\n".join([*lines, "}", ""])


def main() -> None:
    (FOLDER / "index.py").write_text(write_index(), encoding="utf-8")


if __name__ == "__main__":
    main()

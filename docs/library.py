"""Writes docs/library.md from the standard library itself: names, types, comments, places.

python docs/library.py            writes the page
python docs/library.py --print    prints it
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
if "tc0" not in sys.modules and (ROOT / "src" / "tc0").is_dir():
    sys.path.append(str(ROOT / "src"))  # behind an installed tc0, if there is one

INTRODUCTION = """\
# The standard library

Every family of the library, from its own text: what it computes, what it costs, where it comes from. It is always in scope; a definition of yours hides one
of the library's. `tc0 info NAME` and `?name` show the same, the former with closed forms. The checks in the library's files state what each family
computes and costs, and run in the tests. `NOT` counts as a gate here unless a line says "free negation".
"""


def page() -> str:
    import tc0
    from tc0.dsl.session.library import files, written

    session = tc0.Session()
    themes = [(file, _sections(session, file, written(file))) for file in files()]
    lines = [INTRODUCTION]
    for file, sections in themes:
        if sections:
            names = ", ".join(f"[`{name}`](#{name.lower()})" for name, _ in sections)
            lines.append(f"- **[{file}](#{_anchor(file)})**: {names}")
    for file, sections in themes:
        if sections:
            lines += ["", f"## {file.replace('_', ' ')}", "", *_head(file)]
            for _, text in sections:
                lines += ["", *text]
    return "\n".join(lines) + "\n"


def _anchor(file: str) -> str:
    return file.replace("_", "-")


def _head(file: str) -> list[str]:
    """The comment at the top of a file, which belongs to no definition."""
    from tc0.dsl.session.library import source

    top = re.match(r"((?:#[^\n]*\n)+)\n", source(file).text)
    where = f"[stdlib/{file}.tc](../stdlib/{file}.tc)"
    if not top:
        return [where]
    return [*(line[1:].strip() for line in top[1].splitlines()), "", where]


def _sections(session: object, file: str, definitions: object) -> list[tuple[str, list[str]]]:
    found = []
    for name, definition in definitions.items():  # type: ignore[attr-defined]
        documentation = session.documentation(name)  # type: ignore[attr-defined]
        if not documentation.summary:
            continue  # a helper without a comment is no part of the library's face
        kind = definition.node.span.text.lstrip().split()[0]
        typed = session.type_of(name)  # type: ignore[attr-defined]
        lines = [
            f"### {name}",
            "",
            f"`{name}{typed}`" if kind in ("family", "table") else f"`{kind} {name}`: `{typed}`",
            "",
        ]
        lines += documentation.text.splitlines()
        if documentation.entries:
            lines += ["", "| | |", "|---|---|"]
            lines += [f"| {label} | {_cell(text)} |" for label, text in documentation.entries]
        found.append((name, lines))
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    if "--print" in sys.argv[1:]:
        sys.stdout.write(page())
    else:
        (HERE / "library.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

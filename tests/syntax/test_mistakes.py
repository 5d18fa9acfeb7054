"""Each mistake and exactly what is said about it.

A file of `mistakes/` holds cases of one code, apart by a line of `=`: the program, a line of `-`, and the rendered errors.
`python -m syntax.test_mistakes` in `tests/` writes down what is said now.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tc0.dsl.base.codes import CODES
from tc0.dsl.base.render import render
from tc0.dsl.base.source import Source
from tc0.dsl.syntax.parse import parse_all

FOLDER = Path(__file__).parent / "mistakes"
NEXT, SAYS = "\n" + "=" * 20 + "\n", "\n" + "-" * 20 + "\n"
FILES = sorted(FOLDER.glob("*.txt"))


def cases(path: Path) -> list[tuple[str, str]]:
    found = []
    for case in path.read_text(encoding="utf-8").rstrip("\n").split(NEXT):
        program, _, said = case.partition(SAYS)
        found.append((program, said))
    return found


def said_about(program: str) -> str:
    return "\n\n".join(render(error) for error in parse_all(Source("a.tc", program))[1])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    for program, said in cases(path):
        assert said_about(program) == said
        assert said.startswith(f"error[{path.stem}]")


def test_every_code_of_syntax_has_its_cases() -> None:
    assert {path.stem for path in FILES} == {code for code in CODES if code.startswith("E01")}


def test_expected_lists_are_short() -> None:
    for path in FILES:
        for _, said in cases(path):
            for line in said.splitlines():
                if "expected " in line:
                    assert line.count(", ") + line.count(" or ") <= 3, line


@pytest.mark.parametrize("code", ["E0111", "E0118", "E0126"])
def test_what_is_advised_is_well_formed(code: str) -> None:
    for _, said in cases(FOLDER / f"{code}.txt"):
        for advice in re.findall(r"(?:write|or|on wires) `([^`]+)`", said):
            assert not parse_all(Source("a.tc", advice))[1], advice


def main() -> None:
    for path in FILES:
        path.write_text(
            NEXT.join(program + SAYS + said_about(program) for program, _ in cases(path)) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()

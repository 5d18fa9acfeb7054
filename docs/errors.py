"""Writes docs/errors.md from the table of codes, `tc0.dsl.base.codes`.

    python docs/errors.py            writes the page
    python docs/errors.py --print    prints it
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if "tc0" not in sys.modules and (HERE.parent / "src" / "tc0").is_dir():
    sys.path.append(str(HERE.parent / "src"))  # behind an installed tc0, if there is one

INTRODUCTION = """\
# Errors by code

Every error of tc0 has a code, a place in the text where there is one, and a hint where an edit or a command helps. Codes keep their meaning.
"""


def page() -> str:
    from tc0.dsl.base.codes import CODES, GROUPS

    lines = [INTRODUCTION]
    for prefix, title in GROUPS.items():
        found = {code: row for code, row in CODES.items() if code.startswith(prefix)}
        if found:
            lines += [f"## {title}", "", "| code | meaning |", "|---|---|"]
            lines += [f"| `{code}` | {row} |" for code, row in sorted(found.items())]
            lines.append("")
    return "\n".join(lines)


def main() -> None:
    if "--print" in sys.argv[1:]:
        sys.stdout.write(page())
    else:
        (HERE / "errors.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

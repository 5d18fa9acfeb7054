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

Every error of tc0 has a code, a place in the text where there is one, and a hint where an edit or a command helps. Codes keep their meaning;
`:explain E0401` in the REPL shows the same text.
"""


GROUPS = {
    "E01": "Syntax",
    "E02": "Names",
    "E03": "Types and levels",
    "E04": "Shapes and indexes",
    "E05": "Static arithmetic and recursion",
    "E06": "Forms and gates",
    "E07": "Words, letters and inputs",
    "E08": "Limits, files and the session",
    "E09": "Checks and figures",
    "E10": "Not available yet",
    "E99": "Faults of tc0",
}


def page() -> str:
    from tc0.dsl.base.codes import CODES

    lines = [INTRODUCTION]
    for group in sorted({code[:3] for code in CODES}):
        lines += [f"## {GROUPS[group]}", ""]
        for code, row in sorted(CODES.items()):
            if code.startswith(group):
                lines += [f"**`{code}` {row.title}.** {row.lesson}", ""]
    return "\n".join(lines)


def main() -> None:
    if "--print" in sys.argv[1:]:
        sys.stdout.write(page())
    else:
        (HERE / "errors.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

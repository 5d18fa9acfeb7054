"""Writes the pictures of the pages from the programs in examples/.

python docs/pictures.py                 writes docs/last_letter.svg
python docs/pictures.py --print NAME    prints it
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if "tc0" not in sys.modules and (HERE.parent / "src" / "tc0").is_dir():
    sys.path.append(str(HERE.parent / "src"))  # behind an installed tc0, if there is one

# Name of the picture: the transformer of examples/transformers.tc, and its input.
TRACES = {"last_letter": ("last_letter", "ab.ba.")}


def picture(name: str) -> str:
    """The heat map of a trace as SVG."""
    import tc0

    family, text = TRACES[name]
    session = tc0.Session(folder=HERE.parent)
    session.run('use "examples/transformers.tc"')
    transformer = session[family]
    assert isinstance(transformer, tc0.Family)
    return transformer.trace(text).svg()


def main() -> None:
    if sys.argv[1:2] == ["--print"]:
        sys.stdout.write(picture(sys.argv[2]))
        return
    for name in TRACES:
        (HERE / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()

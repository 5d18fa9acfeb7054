"""Lark's parser, from tables that are kept beside the grammar: building them takes longer than all else at the start.

`python -m tc0.dsl.syntax.tables` writes `grammar/tables.json` from `grammar/tc.lark`. Tables of another grammar, or of
another version of Lark, are not used: the parser is then built from the grammar, with the same result.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from tc0.dsl.syntax.layout import Layout

_PAIRS = "pairs"  # JSON's names are strings: a table with numbers for names is a list of pairs under this name


@cache
def grammar() -> Lark:
    """The parser, made when it is first needed."""
    return loaded() or built()


def built() -> Lark:
    """The parser, from the grammar."""
    return Lark(
        _text(),
        parser="lalr",
        lexer="basic",  # reserved words are reserved everywhere, and an editor sees the same tokens
        postlex=Layout(),
        start="script",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def loaded() -> Lark | None:
    """The parser, from the tables; None where they are missing or do not belong to this grammar and this Lark."""
    try:
        text = (files("tc0.grammar") / "tables.json").read_text(encoding="utf-8")
    except OSError:
        return None
    if not text.startswith(_head()):
        return None
    found = json.loads(text, object_hook=_decoded)
    parser: Lark = Lark._load_from_dict(found["data"], found["memo"], postlex=Layout())  # type: ignore[no-untyped-call]
    return parser


def written() -> str:
    """The text of `grammar/tables.json`."""
    data, memo = built().memo_serialize([TerminalDef, Rule])
    data["options"]["postlex"] = None
    data["parser"]["lexer_conf"].pop("postlex", None)
    return _head() + f'"data": {_json(data)},\n"memo": {_json(memo)}}}\n'


def _text() -> str:
    return (files("tc0.grammar") / "tc.lark").read_text(encoding="utf-8")


def _head() -> str:
    return f'{{"lark": "{lark.__version__}", "grammar": "{sha256(_text().encode()).hexdigest()}",\n'


def _json(value: object) -> str:
    return json.dumps(_encoded(value), separators=(",", ":"))


def _encoded(value: object) -> object:
    match value:
        case dict() if all(isinstance(name, str) for name in value):
            return {name: _encoded(part) for name, part in value.items()}
        case dict():
            return {_PAIRS: [[name, _encoded(part)] for name, part in value.items()]}
        case list() | tuple():
            return [_encoded(part) for part in value]
        case _:
            return value


def _decoded(value: dict[str, Any]) -> object:
    return dict(value[_PAIRS]) if _PAIRS in value else value


def main() -> None:
    folder = Path(str(files("tc0.grammar")))
    (folder / "tables.json").write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()

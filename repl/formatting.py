"""`tc0 fmt`: scripts in canonical layout."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tc0.dsl.base.errors import Error
from tc0.dsl.session.files import decode, read
from tc0.dsl.syntax.format import format_source
from tc0.repl.batch import read_input
from tc0.repl.files import write
from tc0.repl.output import Output
from tc0.repl.status import FAILED, FINE


def fmt(paths: Sequence[str], only_check: bool, output: Output) -> int:
    """Rewrites files that are laid out differently, or only names them."""
    changed = 0
    for path in paths:
        if path == "-":
            source = decode(read_input(), "<stdin>")
            text = format_source(source)
            changed += text != source.text
            if not only_check:
                output.raw(text)
            continue
        for file in _scripts(path):
            changed += _one(file, only_check, output)
    return FAILED if only_check and changed else FINE


def _one(file: str, only_check: bool, output: Output) -> bool:
    source = read(Path(file), file)
    text = format_source(source)
    if text == Path(file).read_bytes().decode("utf-8"):
        return False
    if only_check:
        output.result(f"{file}: another layout")
    else:
        write(file, text)
        output.result(f"{file}: laid out")
    return True


def _scripts(path: str) -> Iterator[str]:
    """The file, or all scripts below the folder."""
    if not os.path.isdir(path):
        yield path
        return
    found = sorted(
        str(file)
        for file in Path(path).rglob("*.tc")
        if not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not found:
        raise Error("E0812", f'there are no scripts below "{path}"')
    yield from found

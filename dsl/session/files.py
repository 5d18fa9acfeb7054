"""Files that a script may read: those below its own folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.base.source import Source, Span

LARGEST = 16 << 20  # bytes of a script


@dataclass(slots=True)
class Files:
    """root: the folder that bounds all reading, without symbolic links. seen: files that were read already."""

    root: Path
    seen: set[Path] = field(default_factory=set)

    def find(self, written: str, beside: Path, span: Span) -> Path:
        """The path of a file named in a script that lies in the folder `beside`; never one outside of the root."""
        try:
            path = (beside / written).resolve()
        except (OSError, ValueError, RuntimeError):
            raise missing(written, span) from None
        if not path.is_relative_to(self.root):
            raise Error(
                "E0811",
                f'"{written}" lies outside of the folder of this script',
                span,
                "a script reads only files below its own folder: copy the file there",
            )
        return path


def missing(written: str, span: Span | None) -> Error:
    return Error(
        "E0812",
        f'there is no file "{written}"',
        span,
        _near(written) if span is None else "paths start at the folder of the script",
    )


def _near(written: str) -> str | None:
    """A file of a similar name, beside the one that was asked for."""
    try:
        path = Path(written)
        close = near(path.name, (entry.name for entry in path.parent.iterdir() if entry.is_file()))
    except (OSError, ValueError):
        return None
    return f"a file with a similar name exists: {path.with_name(close)}" if close else None


def opened(path: Path, shown: str, span: Span | None) -> BinaryIO:
    """A plain file that can be read. shown: its name in messages. span: what names it, if anything does."""
    try:
        if path.is_dir():
            raise Error("E0812", f'"{shown}" is a folder', span, "name a file in it")
        if path.exists() and not path.is_file():
            raise Error("E0812", f'"{shown}" is not a plain file', span)
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise missing(shown, span) from None
    except OSError as e:
        raise unreadable(shown, e, span) from None


def unreadable(shown: str, error: OSError, span: Span | None) -> Error:
    return Error("E0812", f'"{shown}" cannot be read: {(error.strerror or "unknown reason").lower()}', span)


def read(path: Path, shown: str, span: Span | None = None) -> Source:
    """A script's text. shown: its name in messages. span: the `use` that names it, if any."""
    with opened(path, shown, span) as file:
        try:
            data = file.read(LARGEST + 1)
        except OSError as e:
            raise unreadable(shown, e, span) from None
    return decode(data, shown, span)


def decode(data: bytes, shown: str, span: Span | None = None) -> Source:
    """Bytes of a script as its text: UTF-8, not too large."""
    if len(data) > LARGEST:
        raise Error(
            "E0814",
            f'"{shown}" is larger than {LARGEST >> 20} MiB',
            span,
            "split it, and bring the parts together with `use`",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise Error(
            "E0813", f'"{shown}" is not UTF-8 text: byte {e.start} in line {line}', span, "save it as UTF-8"
        ) from None
    return Source(shown, text.replace("\r\n", "\n"))

"""Writes files that the user named; reading is the session's business."""

from __future__ import annotations

import os
from pathlib import Path

from tc0.dsl.base.errors import Error


def write(path: str, text: str) -> None:
    """The text as a file; an older one is replaced in one step, so that no half of a file is ever left."""
    target = Path(path)
    if target.is_dir():
        raise Error("E0833", f'"{path}" is a folder', None, "name a file in it")
    whole = target.resolve()  # through a link to the file it means
    beside = whole.with_name(f".{whole.name}.{os.getpid()}.new")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe
            target.write_text(text, encoding="utf-8", newline="\n")
            return
        beside.write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            os.chmod(beside, target.stat().st_mode & 0o777)
        os.replace(beside, whole)
    except (OSError, ValueError) as e:
        beside.unlink(missing_ok=True)
        reason = (getattr(e, "strerror", None) or str(e)).lower()
        raise Error("E0833", f'"{path}" cannot be written: {reason}', None, "choose another file") from None

"""Runs the user's editor: $VISUAL, else $EDITOR, else vi."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from tc0.dsl.base.errors import Error


def edit_file(path: str) -> None:
    """Opens a file and waits. An editor that fails is an error."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(command), path], check=False)
    except (OSError, ValueError):
        raise Error(
            "E0841", f"the editor `{command}` cannot be started", None, "name one in the variable EDITOR"
        ) from None
    if done.returncode:
        raise Error("E0841", f"the editor `{command}` ended with status {done.returncode}; nothing was run")


def edited(text: str) -> str:
    """The text after it went through the editor."""
    with tempfile.TemporaryDirectory(prefix="tc0-") as folder:
        path = Path(folder) / "input.tc"
        path.write_text(text, encoding="utf-8")
        edit_file(str(path))
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise Error("E0813", "what the editor left is not UTF-8 text") from None

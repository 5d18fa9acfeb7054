"""The folder and the files in which tc0 keeps what outlives a session: history and reports of crashes."""

from __future__ import annotations

import os
import time
import traceback
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def folder() -> Path:
    """`$XDG_STATE_HOME/tc0`, or `~/.local/state/tc0`."""
    home = os.environ.get("XDG_STATE_HOME")
    base = Path(home) if home and Path(home).is_absolute() else Path(os.path.expanduser("~")) / ".local" / "state"
    return base / "tc0"


def create(path: Path) -> None:
    """Makes a file that only its owner may read, and the folder for it, unless it exists. May raise OSError."""
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE_MODE))


def write_crash(error: BaseException) -> str:
    """Keeps the traceback of a fault of ours. Says where, as a sentence to show."""
    told = "".join(traceback.format_exception(error))
    path = folder() / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        create(path)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(told + "\n")
    except OSError:
        return f"please report this internal error:\n{told}"
    return f"please report this internal error with your program and the file {path}"

"""Where the files of the checkout are, for tests that read examples, documentation or golden files.

ROOT is `$TC0_ROOT` where that is set, else the folder above `tests/` if it is a checkout, else None. Tests that need it
carry `pytest.mark.checkout` and are skipped without it, so that the suite runs against an installed wheel anywhere.
"""

from __future__ import annotations

import os
from pathlib import Path

_ABOVE = Path(__file__).resolve().parents[1]


def _root() -> Path | None:
    named = os.environ.get("TC0_ROOT")
    if named:
        return Path(named).resolve()
    return _ABOVE if (_ABOVE / "src" / "tc0" / "__init__.py").is_file() else None


ROOT = _root()


def in_checkout(*parts: str) -> Path:
    """A path below the root; of a file that does not exist where there is no checkout."""
    return (ROOT or Path("/nonexistent")).joinpath(*parts)

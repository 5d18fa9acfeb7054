"""The command line answers as the golden files say."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.golden import GOLDEN, filled, prepare

NAMES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("NO_COLOR", "TC0_HISTORY", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".state"))
    prepare(tmp_path)
    wanted = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert filled(wanted, tmp_path) == wanted, f"run `python tests/cli/golden.py {name}` and read what it changed"

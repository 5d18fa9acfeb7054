"""The example of section 12 runs and says what it said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from checkout import in_checkout

GOLDEN = Path(__file__).parents[1] / "golden" / "embedding.txt"


@pytest.mark.checkout
def test_the_example_of_embedding() -> None:
    done = subprocess.run(
        [sys.executable, in_checkout("examples", "embedding.py")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == GOLDEN.read_text(encoding="utf-8")

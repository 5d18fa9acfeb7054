"""Shared by all tests: skips what needs a checkout where there is none; makes child processes find the same tc0."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from checkout import ROOT

_SRC = Path(__file__).resolve().parents[1] / "src"
if (_SRC / "tc0").is_dir():  # a bare clone need not be installed: `python -m tc0` in a child process finds it here
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_SRC), os.environ.get("PYTHONPATH", "")]))


# Long computations on the library and on floats: what is installed where makes no difference to them.
LONG = (
    "floats/",
    "transformers/",
    "stdlib/test_floats.py",
    "stdlib/test_library.py",
    "analysis/",
    "numbers/",
    "programs/",
    "symbolic/",
    "words/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(f"/tests/{part}" in item.path.as_posix() for part in LONG):
            item.add_marker(pytest.mark.slow)
    if ROOT is None:
        for item in items:
            if item.get_closest_marker("checkout"):
                item.add_marker(pytest.mark.skip(reason="needs a checkout: set TC0_ROOT"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    if ROOT is None:
        pytest.skip("needs a checkout: set TC0_ROOT")
    return ROOT

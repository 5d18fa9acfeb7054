"""What `tc0 --version` says."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import tc0


def versions() -> str:
    """tc0 and what it runs on, on one line."""
    return f"tc0 {tc0.__version__} (Python {platform.python_version()}, lark {_version('lark')}, numpy {_version('numpy')})"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"

"""tc0: uniform circuit families as programs.

The public face. Everything here is imported when it is first used, so that `import tc0` costs nothing.
"""

from pathlib import Path as _Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_here = _Path(__file__).resolve().parent
if not (_here / "dsl").is_dir():  # a source checkout: the sub-packages are the top-level folders
    __path__.append(str(_here.parents[1]))

if TYPE_CHECKING:
    from tc0.dsl.base.errors import Error, Fault, LimitReached, NotAvailable
    from tc0.dsl.base.meter import Limits
    from tc0.dsl.session.handles import Circuit, Family
    from tc0.dsl.session.report import Reply, Report
    from tc0.dsl.session.session import Session

_HOMES = {
    "Error": "tc0.dsl.base.errors",
    "Fault": "tc0.dsl.base.errors",
    "LimitReached": "tc0.dsl.base.errors",
    "NotAvailable": "tc0.dsl.base.errors",
    "Limits": "tc0.dsl.base.meter",
    "Circuit": "tc0.dsl.session.handles",
    "Family": "tc0.dsl.session.handles",
    "Reply": "tc0.dsl.session.report",
    "Report": "tc0.dsl.session.report",
    "Session": "tc0.dsl.session.session",
}

__all__ = [
    "Circuit",
    "Error",
    "Family",
    "Fault",
    "LimitReached",
    "Limits",
    "NotAvailable",
    "Reply",
    "Report",
    "Session",
    "__version__",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tc0' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

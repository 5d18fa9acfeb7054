"""The border of the package: nothing but `tc0.Error` leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tc0.dsl.base.errors import Error, Fault, Interrupted, LimitReached
from tc0.dsl.base.source import Span


@contextmanager
def guarded() -> Iterator[None]:
    """Turns whatever happens inside into an error with a code."""
    try:
        yield
    except Error:
        raise
    except KeyboardInterrupt:
        raise Interrupted("E0805", "interrupted; nothing was changed") from None
    except RecursionError:
        raise LimitReached(
            "E0804", "this is nested too deep", None, "recurse by halves, or split the expression with `let`s"
        ) from None
    except MemoryError:
        raise LimitReached("E0802", "out of memory", None, "choose smaller sizes") from None
    except Exception as e:
        raise Fault("E9901", f"a fault of tc0, please report it: {_told(e)}") from e


@contextmanager
def placed(span: Span) -> Iterator[None]:
    """Gives an error that has no place of its own the place of the statement that led to it."""
    try:
        with guarded():
            yield
    except Error as e:
        if e.span is None and not isinstance(e, Interrupted | Fault):
            e.span = span
        raise


def _told(error: Exception) -> str:
    """An exception of Python on one short line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= 200 else f"{text[:197]}..."

"""Records behave as frozen, slotted dataclasses do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace

import pytest

from tc0.dsl.base.record import record


@record
class Mine:
    """A record."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list, repr=False)
    d: object = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.a < 0:
            raise ValueError("negative")


@dataclass(frozen=True, slots=True)
class Theirs:
    """The same by the standard decorator."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list, repr=False)
    d: object = field(default=None, compare=False, repr=False)


@record
class Empty:
    """No fields."""


def test_fields_and_text() -> None:
    assert is_dataclass(Mine)
    assert [f.name for f in fields(Mine)] == [f.name for f in fields(Theirs)]
    assert repr(Mine(1, d=3)) == repr(Theirs(1, d=3)).replace("Theirs", "Mine")
    assert Mine.__match_args__ == Theirs.__match_args__
    assert not hasattr(Mine(1), "__dict__")


def test_equality() -> None:
    assert Mine(1, d=1) == Mine(1, d=2) != Mine(2)
    assert Mine(1) != Theirs(1)
    assert Empty() == Empty() and hash(Empty()) == hash(Empty())


@record
class Plain:
    x: int
    y: tuple[int, ...] = ()


def test_hash() -> None:
    assert {Plain(1): 2}[Plain(1)] == 2
    assert hash(Plain(1)) != hash(Plain(2))


def test_frozen() -> None:
    mine = Plain(1)
    with pytest.raises(FrozenInstanceError):
        mine.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del mine.x


def test_making() -> None:
    assert Mine(1).c is not Mine(1).c
    assert replace(Plain(1, (2,)), x=3) == Plain(3, (2,))
    with pytest.raises(TypeError):
        Plain()  # type: ignore[call-arg]
    with pytest.raises(ValueError):
        Mine(-1)


def test_copies() -> None:
    mine = Plain(1, (2,))
    assert copy.deepcopy(mine) == copy.copy(mine) == pickle.loads(pickle.dumps(mine)) == mine


def test_patterns() -> None:
    match Plain(1, (2,)):
        case Plain(x, y=(z,)):
            assert (x, z) == (1, 2)
        case _:
            raise AssertionError

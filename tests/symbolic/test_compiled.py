"""Compiled closed forms against their evaluation term by term."""

from __future__ import annotations

import random

from tc0.dsl.symbolic import atoms
from tc0.dsl.symbolic.compiled import PATIENCE, Evaluated
from tc0.dsl.symbolic.counting import Pieces, at, count
from tc0.dsl.symbolic.order import Assumptions
from tc0.dsl.symbolic.polynomial import Polynomial

P = Polynomial.of
N, M = P("n"), P("m")


def agree(pieces: Pieces) -> None:
    found = Evaluated(pieces)
    draw = random.Random(7)
    for _ in range(PATIENCE + 40):
        values = {"n": draw.randrange(60), "m": draw.randrange(60)}
        assert found(values) == at(pieces, values), values


def test_sums_of_domains() -> None:
    known = Assumptions((N, M))
    i, j = P("i"), P("j")
    for extra in ([], [N - 2 * i - 3 * j], [i - j], [M - i - j - 1]):
        agree(count(["i", "j"], [i, N - 1 - i, j, M - 1 - j, *extra], known))
    agree(count(["t", "i"], [P("t"), atoms.ceil_log(N) - 1 - P("t"), i, atoms.floor_div(N, 3) - i], known))


def test_atoms() -> None:
    every = [
        atoms.floor_div(N * N + M, 7),
        atoms.floor_div(N, M + 1),
        atoms.ceil_log(N) * M,
        atoms.power(atoms.ceil_log(N)),
        atoms.ones(N),
        atoms.isqrt_of(N),
        atoms.opaque("max", N, M),
    ]
    agree([((), sum(every[:-1], P(0))), ((N - M,), N * N), ((M - N - 1,), M)])


def test_what_does_not_fit_is_evaluated_as_it_is() -> None:
    agree([((N - 1,), atoms.floor_div(M, N, Assumptions((N - 1,)))), ((-N,), M)])
    agree([((), atoms.power(-N) * atoms.power(N) * M)])

"""Closed forms of every library family against circuits that are built and counted, at every small size."""

from __future__ import annotations

import itertools

import pytest

import tc0
from tc0.dsl.analysis.analyse import FIGURES, Open, analyse
from tc0.dsl.core.types import INTEGER
from tc0.dsl.session.library import index
from tests.analysis.counted import differences

UP_TO = {0: 1, 1: 10, 2: 6, 3: 4}  # sizes tried, by the number of parameters; 3 of four and more
MOST = 100  # circuits of one family


@pytest.fixture(scope="module")
def session() -> tc0.Session:
    return tc0.Session()


@pytest.mark.parametrize("name", sorted(index()))
def test_library_family(session: tc0.Session, name: str) -> None:
    try:
        family = session[name]
    except tc0.Error:
        pytest.skip("a static function")
    if not isinstance(family, tc0.Family):
        pytest.skip("a static value")
    if any(p.type != INTEGER for p in family._applied.family.statics):
        pytest.skip("has parameters that are no integers")
    costs = analyse(family._applied)
    if all(isinstance(costs.figure(f), Open) for f in FIGURES):
        pytest.skip("has no closed form")
    points = itertools.product(range(UP_TO.get(len(costs.names), 3)), repeat=len(costs.names))
    for point in itertools.islice(points, MOST):
        sizes = dict(zip(costs.names, point, strict=True))
        try:
            circuit = family.instantiate(**sizes)
            circuit.size  # noqa: B018 - builds it
        except tc0.Error:
            continue  # there is none
        assert not differences(costs, circuit, sizes)

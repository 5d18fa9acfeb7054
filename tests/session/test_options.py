"""Options: one table, read by texts, hosts and the command line alike."""

from __future__ import annotations

import pytest

import tc0
from tc0.dsl.base.errors import Error, UnknownName
from tc0.dsl.ops.options import OPTIONS
from tc0.dsl.session.report import OptionSet, Unbuilt


def test_a_text_sets_an_option() -> None:
    session = tc0.Session()
    reply = session.run("option negation = free").replies[0]
    assert reply == OptionSet("negation", "free", "gate")
    assert session.options["negation"] == "free"
    session.run("option seed = 2**5 + 1")
    assert session.options["seed"] == 33
    session.undo()
    assert session.options["seed"] == 0


def test_options_hold_from_where_they_stand() -> None:
    session = tc0.Session()
    session.run("family f(x: bit) -> bit = !x\nlet before = size(f)\noption negation = free\nlet after = size(f)")
    assert session.eval("before") == 1 and session.eval("after") == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("option sed = 1", "E0820"),
        ("option seed = -1", "E0821"),
        ("option seed = 1 / 2", "E0821"),
        ("option negation = 3", "E0821"),
        ("option negation = often", "E0821"),
        ("option samples = 0", "E0821"),
        ("option seconds = 10000", "E0822"),
        ("option gates = 10**15", "E0822"),
    ],
)
def test_bad_options(text: str, code: str) -> None:
    session = tc0.Session()
    with pytest.raises(Error) as caught:
        session.run(text)
    assert caught.value.code == code
    assert caught.value.span is not None


def test_a_near_name() -> None:
    with pytest.raises(UnknownName) as caught:
        tc0.Session(options={"negaton": "free"})
    assert caught.value.hint is not None and "`negation`" in caught.value.hint


def test_hosts_may_write_texts_and_raise_limits() -> None:
    session = tc0.Session(options={"seconds": "1.5", "gates": "10**6", "negation": "free"})
    assert session.options["seconds"] == 1.5 and session.options["gates"] == 10**6
    with pytest.raises(Error):
        session.run("option seconds = 2")
    session.set_option("seconds", "20")
    session.run("option seconds = 2")
    assert session.options["seconds"] == 2


def test_limits_of_the_host() -> None:
    session = tc0.Session(limits=tc0.Limits(gates=100, memory=64 << 20, seconds=5, recursion=50))
    assert session.options["memory"] == 64
    session.run("family f(x: bit[n]) -> bit[n, n] = [x[i] & x[j] for i < n, j < n]")
    assert session["f"].instantiate(n=10).size == 100  # type: ignore[union-attr,attr-defined]
    with pytest.raises(tc0.LimitReached):
        _ = session["f"].instantiate(n=11).size  # type: ignore[union-attr,attr-defined]
    (unbuilt,) = session.run("f[n = 11]").replies  # its closed forms are shown all the same
    assert isinstance(unbuilt, Unbuilt) and unbuilt.closed[0].text == "121"
    assert session.eval("1 + 1") == 2


def test_every_default_is_a_value_that_the_option_takes() -> None:
    for name, row in OPTIONS.items():
        assert tc0.Session(options={name: row.default}).options[name] == row.default

"""Messages about common slips: what was found, and what to do."""

from __future__ import annotations

import pytest

import tc0

SLIPS = [
    ("alphabet A = {}", "E0705", "this alphabet has no symbols", '`{"a", "b"}`'),
    ("family f(w: {}[n]) -> bit = 1", "E0705", "this alphabet has no symbols", '`{"a", "b"}`'),
    ("option", "E0204", "`option` stands without what it takes", "`option NAME = VALUE`"),
    (
        'parity(["10", "11"])',
        "E0308",
        "`x` of `parity` must be bit[2], but this is an array of 2 strings of bits",
        "one by one",
    ),
    ('THR[1, 2]("101")', "E0304", "`THR` has 1 parameter in brackets, but 2 are given", "`THR[k](xs)`"),
    ('MOD[1, 2, 3]("101")', "E0304", "`MOD` has 2 parameters in brackets, but 3 are given", "`MOD[m, r](xs)`"),
    ('THR("101")', "E0306", "`THR` needs its parameter in brackets", "`THR[k](xs)`"),
    ('-"10"', "E0302", "`-` takes a number, a form or a word, but this is a string", "`-int(4)("),
    ("compare(parity)", "E0304", "`compare` takes 2 or more arguments, but 1 is given", "compare(f, g)"),
    ("NOT(1, 0)", "E0304", "`NOT` takes 1 argument, but 2 are given", ""),
    ("NOT()", "E0304", "`NOT` takes 1 argument, but none are given", ""),
    ("option gates = -3", "E0821", "`gates` takes a whole number of at least 0, in gates, not -3", "the default"),
    ("family f(x: form(3, 0)) -> bit = x >= 1", "E0203", "no form has the range 3..0", "`form(0, 3)`"),
]


@pytest.mark.parametrize(("text", "code", "message", "hint"), SLIPS, ids=[text for text, *_ in SLIPS])
def test_a_slip(text: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(tc0.Error) as caught:
        tc0.Session().run(text)
    error = caught.value
    assert (error.code, error.message) == (code, message)
    assert error.span is not None and hint in (error.hint or "")


def test_an_option_set_by_the_host_has_a_hint_without_a_place() -> None:
    with pytest.raises(tc0.Error) as caught:
        tc0.Session().set_option("gates", "-3")
    assert caught.value.hint == "for example 1000000000, the default"


def test_the_words_of_statements_are_names_elsewhere() -> None:
    session = tc0.Session()
    session.run("let option = 3\nlet use = 4")
    assert session.eval("option + use") == 7

"""Text becomes the tree that it says, with a span for every node, or an error; never anything else."""

from __future__ import annotations

import dataclasses
import importlib.util
import random
import time
from collections.abc import Iterator
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from syntax.programs import Writer

from tc0.dsl.base.errors import Error
from tc0.dsl.base.render import render
from tc0.dsl.base.source import Source
from tc0.dsl.syntax import tree
from tc0.dsl.syntax.layout import Layout
from tc0.dsl.syntax.parse import accepts, parse, parse_all, status, tokens

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.tc"))


def script(text: str) -> tree.Script:
    return parse(Source("test.tc", text))


def shown(text: str) -> tree.Expression:
    """The one expression of a text."""
    (statement,) = script(text).statements
    assert isinstance(statement, tree.Show)
    return statement.value


def code(text: str) -> str:
    with pytest.raises(Error) as caught:
        script(text)
    return caught.value.code


def nodes(node: object) -> Iterator[object]:
    if dataclasses.is_dataclass(node):
        yield node
        for field in dataclasses.fields(node):
            if not field.name.endswith("span"):
                yield from nodes(getattr(node, field.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from nodes(part)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_of_the_language_page_parse(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert script(text).statements
    assert status(text) == "complete"


@pytest.mark.skipif(importlib.util.find_spec("interegular") is None, reason="strict mode needs interegular")
def test_the_grammar_has_no_conflicts() -> None:
    text = (files("tc0.grammar") / "tc.lark").read_text(encoding="utf-8")
    Lark(text, parser="lalr", lexer="basic", postlex=Layout(), start="script", strict=True)


# ---- what the phrases mean


def test_operators_bind_as_the_table_says() -> None:
    a, b, c = (shown(name) for name in "abc")
    assert shown("a - b + c") == tree.Chain(a, (("-", b), ("+", c)), None)
    assert shown("a + b * c") == tree.Chain(a, (("+", tree.Chain(b, (("*", c),), None)),), None)
    assert shown("a ** b ** c") == tree.Power(a, tree.Power(b, c, None), None)
    assert shown("-a ** b") == tree.Unary("-", tree.Power(a, b, None), None)
    assert shown("a & b & c") == tree.Combine("&", (a, b, c), None)
    assert shown("a & (b & c)") == tree.Combine("&", (a, tree.Combine("&", (b, c), None)), None)
    assert shown("not a == b") == tree.Unary("not", tree.Compare("==", a, b, None), None)
    assert shown("!a == b") == tree.Compare("==", tree.Unary("!", a, None), b, None)
    assert shown("a or b and c") == tree.Logic("or", (a, tree.Logic("and", (b, c), None)), None)
    assert shown("if a then b else c + a") == tree.If(a, b, shown("c + a"), None)
    assert shown("a.bits[0]") == tree.Index(tree.Field(a, "bits", None), (tree.Argument(None, shown("0"), None),), None)


def test_numbers_are_exact() -> None:
    assert shown("0.1") == tree.Number(Fraction(1, 10), "0.1", None)
    number = shown("9" * 50_000)
    assert isinstance(number, tree.Number)
    assert number.value == 10**50_000 - 1


def test_calls_take_comprehensions_and_names() -> None:
    call = shown("f(a, b for i < n, j in a..b if i == j)")
    assert isinstance(call, tree.Call) and call.clause is not None
    assert len(call.arguments) == 2
    assert [binder.operator for binder in call.clause.binders] == ["<", "in"]
    assert call.clause.guard == shown("i == j")
    named = shown("f(a, steps = 9)")
    assert isinstance(named, tree.Call)
    assert [argument.name for argument in named.arguments] == [None, "steps"]


def test_words_are_keywords_only_in_their_place() -> None:
    script("let layer = 2\nlet use = 3\nlet sampled = layer + use\ncheck f(sampled) sampled 3\noption + 1\nrepeat")
    assert code("let in = 3") == "E0102"
    assert code("let fold = 3") == "E0102"


def test_comments_directly_above_are_the_documentation() -> None:
    text = "# far\n\n# One.\n#  Two.\n#Three\nfamily f(x: bit) -> bit = x  # beside\n"
    (family,) = script(text).statements
    assert isinstance(family, tree.Family)
    assert family.doc == "One.\n Two.\nThree"
    (bare,) = script("x = y\n"[4:]).statements
    assert isinstance(bare, tree.Show)


# ---- where statements end


@pytest.mark.parametrize(
    "text",
    [
        "let a = b +\n c",
        "let a =\n\n# why\n\n b",
        "let a = f(b\n,\n c\n)",
        "let a = if b\nthen c\n# why\nelse d",
        "family f(x: bit[n]) ->\n bit\n where n >= 1 =\n x[0]",
        "family f(x:\n bit) -> bit = fold s = x for\n k < 3\n yield s",
        "check f(x) for\n x: bit[n],\n n in\n 1 ..\n 3",
        "let a = not\n b and\n c or\n !\n d",
        "let a = b\r\nlet c = d\rlet e = f\n",
        "family f(x: bit) -> bit {\n\n\n let a = 1 \n\n return a\n\n}",
        "family f(x: bit) -> bit { return x }",
        'alphabet S = {\n"a",\n"b",\n}',
    ],
)
def test_lines_that_go_on(text: str) -> None:
    statements = 3 if "\r" in text else 1
    assert len(script(text).statements) == statements


def test_a_line_does_not_go_on_before_an_operator() -> None:
    assert len(script("let a = b\n- c").statements) == 2
    assert code("let a = b\n+ c") == "E0121"


# ---- spans


def test_every_node_knows_its_text() -> None:
    text = (Path(__file__).parent / "samples" / "phrases.tc").read_text(encoding="utf-8")
    for node in nodes(script(text)):
        span = node.span  # type: ignore[attr-defined]
        assert 0 <= span.start <= span.end <= len(text)
        if isinstance(node, tree.Name):
            assert span.text == node.name
        if isinstance(node, tree.Text):
            assert span.text == f'"{node.value}"'
        if isinstance(node, tree.Expression):
            assert shown(span.text) == node, span.text
        if not isinstance(node, tree.Script):
            assert span.text == span.text.strip()


def test_spans_are_the_smallest_text() -> None:
    chain = shown("( a + b ) * c")
    assert isinstance(chain, tree.Chain)
    assert chain.span.text == "( a + b ) * c"
    assert chain.first.span.text == "a + b"
    (family,) = script("π = 1"[4:] + "\n\nfamily maj(x: bit[n]) -> bit = MAJ(x)  # no").statements[1:]
    assert isinstance(family, tree.Family)
    assert family.span.text == "family maj(x: bit[n]) -> bit = MAJ(x)"
    assert family.name_span.text == "maj"
    assert family.parameters[0].type.span.text == "bit[n]"


# ---- size


def test_long_chains_are_flat() -> None:
    chain = shown(" + ".join(["x"] * 20_000))
    assert isinstance(chain, tree.Chain)
    assert len(chain.rest) == 19_999


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "x" + ")" * 10_000,
        "[" * 10_000 + "x" + "]" * 10_000,
        "f(" * 10_000 + "x" + ")" * 10_000,
        "!" * 10_000 + "x",
        "not " * 10_000 + "x",
        "if a then b else " * 10_000 + "x",
        "a ** " * 10_000 + "b",
        "x" + "[0]" * 10_000,
    ],
    ids=["(", "[", "f(", "!", "not", "else if", "**", "[0]"],
)
def test_deep_nesting_is_an_error(text: str) -> None:
    assert code(text) == "E0108"


def test_moderate_nesting_is_not() -> None:
    script("if a then b else " * 200 + "x")
    script("(" * 250 + "x" + ")" * 250)
    script("f(" * 250 + "x" + ")" * 250)


def test_deep_unclosed_brackets_are_one_error() -> None:
    assert code("(" * 10_000) == "E0107"


@pytest.mark.slow
def test_five_thousand_lines_parse_in_seconds() -> None:
    block = (Path(__file__).parent / "samples" / "forms.tc").read_text(encoding="utf-8") + "\n"
    text = block * (5000 // block.count("\n"))
    start = time.process_time()
    script(text)
    assert time.process_time() - start < 10  # 1.2 s on a quiet machine


# ---- nothing but errors


def well_told(text: str) -> None:
    """Any text is a script or has errors that can be shown."""
    source = Source("fuzz.tc", text)
    _, errors = parse_all(source)
    for error in errors:
        assert error.code.startswith("E01")
        assert error.span is not None and 0 <= error.span.start <= error.span.end <= len(text)
        assert "\n" not in error.message
        assert render(error)
    try:
        parse(source)
    except Error as error:
        assert errors and str(error) == str(errors[0])
    else:
        assert not errors
    status(text)
    accepts(text)
    assert [t.start for t in tokens(text)] == sorted({t.start for t in tokens(text)})


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_garbage(text: str) -> None:
    well_told(text)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
def test_damaged_programs(seed: int) -> None:
    damage = random.Random(seed)
    text = Writer(seed % 5000).script()[:2000]
    for _ in range(damage.randint(1, 3)):
        at = damage.randrange(len(text) + 1)
        what = damage.choice(["", "(", "]", "}", '"', " = ", "\n", "let ", "if ", "family ", "&", "π", "\0", ":"])
        text = text[:at] + what + text[at + damage.randrange(6) :]
    well_told(text)


def test_independent_errors_are_all_reported() -> None:
    text = "let a = (1\nlet b = 2\nx = 3\nfamily f(x) -> bit = x\nfamily g(x: bit) -> bit = x\ncheck g(1) = 1\n"
    found, errors = parse_all(Source("test.tc", text))
    assert [error.code for error in errors] == ["E0107", "E0105", "E0113", "E0105"]
    assert [type(statement).__name__ for statement in found.statements] == ["Let", "Family"]
    assert len(parse_all(Source("test.tc", "x = 1\n" * 30))[1]) == 10

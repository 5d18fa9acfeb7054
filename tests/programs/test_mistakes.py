"""Programs with a mistake in them raise `tc0.Error` and nothing else, no fault of tc0, and the session goes on."""

from __future__ import annotations

import re
from random import Random

from conformance.cases import cases
from hypothesis import given
from hypothesis import strategies as st
from programs.programs import program
from programs.test_agreement import profile

import tc0

TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z_]\w*|\d+|\*\*|//|->|\.\.|[<>=!]=|\s+|.')
OTHERS = (
    "n",
    "x",
    "0",
    "1",
    "k",
    "SUM",
    "f",
    "-",
    "*",
    "//",
    "(",
    "]",
    "bit",
    "if",
    "then",
    "2",
    "&",
    '"1"',
    "len",
    "==",
    "form",
    "MAJ",
    "COUNT",
    "..",
)
LIMITS = tc0.Limits(gates=20_000, memory=1 << 26, seconds=10.0, recursion=200)


def mistaken(text: str, random: Random) -> str:
    """The text with one or two tokens left out, doubled, exchanged or replaced."""
    tokens = TOKEN.findall(text)
    for _ in range(random.randint(1, 2)):
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        match random.randrange(5):
            case 0:
                tokens[at] = ""
            case 1:
                tokens[at] *= 2
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = random.choice(OTHERS)
            case _:  # a name in place of another
                names = [i for i, token in enumerate(tokens) if token.isidentifier()]
                if names:
                    tokens[random.choice(names)] = tokens[random.choice(names)]
    return "".join(tokens)


@profile
@given(seed=st.integers(0, 2**32 - 1))
def test_mistakes_are_errors(seed: int) -> None:
    random = Random(seed)
    written = program(seed, random.randint(0, 2), random.randint(1, 3))
    text = random.choice([written.text, random.choice([case["program"] for case in cases() if "program" in case])])
    session = tc0.Session(limits=LIMITS)
    tried = mistaken(text, random)
    try:
        session.run(tried)
        family = session["f"]
        if isinstance(family, tc0.Family):
            assert family.instantiate(**written.sizes[0]).size >= 0
    except tc0.Fault as fault:
        raise AssertionError(f"a fault of tc0: {fault}\n{tried}") from fault
    except tc0.Error:
        pass
    assert session.eval("1 + 1") == 2

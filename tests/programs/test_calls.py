"""Calls with written arguments (bit strings, words, symbols) have one value on the reference and in a session."""

from __future__ import annotations

from random import Random

from conformance.test_cases import plain
from hypothesis import given
from hypothesis import strategies as st
from programs.agreement import library
from programs.programs import program
from programs.test_agreement import profile
from reference import Reference, TooLarge
from reference.values import Type

import tc0


def literal(type: Type, random: Random) -> str:
    """A value of this type as it is written in a program."""
    if type.shape:
        length, inner = type.shape[0] or 0, Type(type.kind, type.shape[1:], type.width, type.alphabet)
        parts = [literal(inner, random) for _ in range(length)]
        if not inner.shape and type.kind in ("bit", "symbol") and all(len(symbol) == 1 for symbol in type.alphabet):
            return '"' + "".join(part.strip('"') for part in parts) + '"'
        return f"[{', '.join(parts)}]"
    match type.kind:
        case "bit":
            return str(random.getrandbits(1))
        case "symbol":
            return f'"{random.choice(type.alphabet)}"'
        case "uint":
            return f"uint({type.width})({random.randrange(2 ** (type.width or 0))})"
        case _:
            half = 2 ** ((type.width or 0) - 1)
            return f"int({type.width})({random.randrange(-half, half)})"


def static(value: object) -> str:
    return str(value).lower()


@profile
@given(seed=st.integers(0, 2**32 - 1))
def test_calls_have_one_value(seed: int) -> None:
    random = Random(seed)
    tried = program(seed, 1, 2)
    reference = Reference(tried.text, library(), limit=4000)
    session = tc0.Session()
    session.run(tried.text)
    for sizes in tried.sizes:
        fixed = ", ".join(f"{name} = {static(value)}" for name, value in sizes.items())
        types = reference.interface("f", **sizes)[0]
        if any(len(type.shape) > 1 and 0 in type.shape for type in types):
            continue  # `[]` does not say how long its rows are
        arguments = [literal(type, random) for type in types]
        text = f"f[{fixed}]({', '.join(arguments)})"
        try:
            wanted = reference.expression(text)
        except TooLarge:
            continue
        assert plain(session.eval(text)) == wanted, f"{text}\n{tried}"

"""Names under which families behind operators are kept among the definitions: names that nothing else can have.

`uint.SUM` is what `option uint.SUM = f` chose for the session, `uint.SUM of FILE` what a file chose for its own
definitions. As the choice is a definition like others, what uses the operator is found and resolved again.
"""

from __future__ import annotations


def choice(option: str, origin: str | None) -> str:
    """The name under which the family behind an operator is kept."""
    return option if origin is None else f"{option} of {origin}"


def is_choice(name: str) -> bool:
    """Whether a name is that of a family behind an operator."""
    return "." in name


def option_of(name: str) -> str:
    """The option that a name belongs to, for messages; other names stay."""
    return name.partition(" of ")[0]

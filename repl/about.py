"""What is known about a name: a definition, a gate, a function, a word of the language, an option, a code."""

from __future__ import annotations

import re

from tc0.dsl.base.codes import CODES
from tc0.dsl.base.errors import Error
from tc0.dsl.base.near import near
from tc0.dsl.core.builtins import BUILTINS
from tc0.dsl.ops.functions import FUNCTIONS, FunctionRow
from tc0.dsl.ops.options import OPTIONS
from tc0.dsl.ops.verbs import VERBS
from tc0.dsl.session.options import show as show_option
from tc0.dsl.session.options import takes
from tc0.dsl.session.session import Session
from tc0.repl.look import PLAIN, Look
from tc0.repl.show import documentation, show
from tc0.repl.tables import wrapped
from tc0.repl.words import WORDS

_CODE = re.compile(r"[eE]\d{4}")


def about(session: Session, name: str, look: Look = PLAIN) -> str:
    """Signature, documentation, and an example where there is one. Unknown names are an error with a near one."""
    if _CODE.fullmatch(name):
        return explain(name)
    if name in session and name not in WORDS:
        return _definition(session, name, look)
    parts = [
        part for part in (_builtin(name), _function(name), _verb(name), _option(session, name), _word(name)) if part
    ]
    if not parts:
        raise unknown(session, name)
    return "\n".join(parts)


def full(session: Session, name: str, look: Look = PLAIN) -> str:
    """The same with a family's figures."""
    if name in session and session.kind_of(name)[0] == "family":
        return show(session.describe(name), look)
    return about(session, name, look)


def explain(code: str) -> str:
    """The lesson behind a code of an error."""
    row = CODES.get(code.upper())
    if row is None:
        close = near(code.upper(), CODES)
        raise Error(
            "E0838",
            f"no error has the code `{code}`",
            None,
            f"a similar code exists: `{close}`" if close else "codes are E and four digits: `E0401`",
        )
    return f"{code.upper()}: {row.title}\n\n" + "\n".join(wrapped(row.lesson, 78))


def unknown(session: Session, name: str) -> Error:
    known = [*dict(session.complete_names()), *BUILTINS, *WORDS, *OPTIONS, *VERBS]
    close = near(name, known)
    return Error(
        "E0839",
        f"nothing is known about `{name}`",
        None,
        f"a similar name exists: `{close}`" if close else "`:help` in the REPL lists what there is to ask",
    )


def _definition(session: Session, name: str, look: Look) -> str:
    _, type_, value = session.kind_of(name)
    said = documentation(session.documentation(name), look=look)
    head = f"{look.paint(name, 'name')}: {type_}" + (f" = {value}" if value is not None else "")
    return "\n".join(part for part in (head, said) if part)


def _builtin(name: str) -> str:
    row = BUILTINS.get(name)
    return f"{name}: {row.doc}" if row is not None else ""


def _function(name: str) -> str:
    row = FUNCTIONS.get(name)
    if row is None or row.operator or name in BUILTINS:
        return ""
    return f"{_signature(row)}: {row.doc}"


def _signature(row: FunctionRow) -> str:
    takes_ = [*row.takes, *(["..."] if row.many else [])]
    return f"{row.name}({', '.join(takes_)}) -> {row.gives}"


def _verb(name: str) -> str:
    row = VERBS.get(name)
    if row is None:
        return ""
    options = "".join(f", {option} = .." for option in row.options)
    return f"{name}(..{options}): {row.doc}"


def _option(session: Session, name: str) -> str:
    row = OPTIONS.get(name)
    if row is None:
        return ""
    return f"option {name} = {session.options[name]}: {row.doc}\n  takes {takes(row)}; the default is {show_option(row, row.default)}"


def _word(name: str) -> str:
    row = WORDS.get(name)
    if row is None:
        return ""
    example = "\n".join(f"  {line}" for line in row.example.splitlines())
    return f"{name}: {row.doc}\n\n{example}"

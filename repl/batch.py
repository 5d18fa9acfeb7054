"""Scripts and questions without a person: run, check, info, export, draw."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from tc0.dsl.base.errors import Error, NotAvailable
from tc0.dsl.session.files import LARGEST, decode
from tc0.dsl.session.handles import Circuit, Family
from tc0.dsl.session.report import Checked, Reply
from tc0.dsl.session.session import Session
from tc0.repl.files import write
from tc0.repl.numerals import count
from tc0.repl.output import Output
from tc0.repl.show import is_result, show
from tc0.repl.status import FAILED, FINE
from tc0.repl.subcommands import Settings, session


def run_text(text: str, name: str, settings: Settings, output: Output) -> int:
    """Prints the values and checks of a text."""
    report = session(settings, output).run(text, name, _printer(output))
    return _done(report.ok, output)


def run_file(path: str, settings: Settings, output: Output) -> int:
    """The same for a file; `-` is standard input."""
    if path == "-":
        source = decode(read_input(), "<stdin>")
        return run_text(source.text, source.name, settings, output)
    report = session(settings, output).load(path, _printer(output))
    return _done(report.ok, output)


def read_input() -> bytes:
    """Standard input, up to what a script may be long."""
    if sys.stdin is None:
        return b""
    buffer = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read(LARGEST + 1).encode() if buffer is None else buffer.read(LARGEST + 1)


def _printer(output: Output):  # type: ignore[no-untyped-def]
    def answer(reply: Reply) -> None:
        if is_result(reply):
            output.result(show(reply, output.look))

    output.progress.begin()
    return answer


def _done(ok: bool, output: Output) -> int:
    output.progress.clear()
    return FINE if ok else FAILED


def check_files(paths: Sequence[str], settings: Settings, output: Output) -> int:
    """The checks of each file in a session of its own, then one line of summary. An error ends it."""
    held = failed = 0
    for path in paths:

        def answer(reply: Reply, path: str = path) -> None:
            nonlocal held, failed
            if isinstance(reply, Checked):
                held, failed = held + reply.ok, failed + (not reply.ok)
                place = f"{reply.span}: " if not reply.ok and reply.span is not None else ""
                output.result(place + show(reply, output.look))
            elif is_result(reply):
                output.result(show(reply, output.look))

        session(settings, output).check(path, answer)
        output.progress.clear()
    checks = count(held + failed, "check")
    files = f" in {count(len(paths), 'file')}" if len(paths) > 1 else ""
    output.result(
        f"{checks}{files}: "
        + (f"{failed:,} failed, {held:,} held" if failed else "all held" if held else "nothing to check")
    )
    return FAILED if failed else FINE


def info(family: str, path: str | None, settings: Settings, output: Output) -> int:
    """What is known about a family, or about another name."""
    from tc0.repl.about import full

    here = _with_definitions(path, settings, output)
    if family.isidentifier():
        output.result(full(here, family, output.look))
        return FINE
    here.run(family, "<command line>", _printer(output))
    return FINE


def export(
    family: str, path: str | None, sizes: Sequence[str], to: str, target: str, settings: Settings, output: Output
) -> int:
    """Builds a circuit and writes it."""
    from tc0.dsl.export.formats import FORMATS

    if to not in FORMATS:
        raise Error("E0823", f"no export format is called `{to}`", None, f"formats are {', '.join(FORMATS)}")
    here = _with_definitions(path, settings, output)
    text = _circuit(here, family, sizes).export(to)
    output.progress.clear()
    if target == "-":
        output.raw(text if text.endswith("\n") else f"{text}\n")
    else:
        write(target, text if text.endswith("\n") else f"{text}\n")
    return FINE


def draw(
    family: str,
    path: str | None,
    sizes: Sequence[str],
    trace: str | None,
    target: str,
    settings: Settings,
    output: Output,
) -> int:
    """Writes a picture: the trace of a transformer on an input. Pictures of circuits come later."""
    if trace is None:
        hint = f"of a transformer: `tc0 draw {family} --trace abba -o OUT.svg`; `tc0 export` writes the circuit for other tools"
        raise NotAvailable("E1009", f"a picture of the circuit of `{family}` is not available yet", None, hint)
    here = _with_definitions(path, settings, output)
    text = _family(here, family, sizes).trace(trace).svg()
    output.progress.clear()
    if target == "-":
        output.raw(text)
    else:
        write(target, text)
    return FINE


def _with_definitions(path: str | None, settings: Settings, output: Output) -> Session:
    here = session(settings, output)
    if path is not None:
        here.define(path)
    return here


_NAMED = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*)\s*=(?!=)\s*(.+)", re.DOTALL)


def _circuit(here: Session, family: str, sizes: Sequence[str]) -> Circuit:
    """The family with everything fixed by `n=8`."""
    found = _fixed(here, family, sizes)
    if isinstance(found, Family):
        example = " ".join(f"--size {name}=8" for name in found.parameters)
        raise Error(
            "E0903", f"`{found.name}` leaves {', '.join(f'`{n}`' for n in found.parameters)} open", None, example
        )
    if not isinstance(found, Circuit):
        raise Error("E0815", f"`{family}` is no family")
    return found


def _family(here: Session, family: str, sizes: Sequence[str]) -> Family:
    """The family with its static parameters fixed by `k=3`."""
    found = _fixed(here, family, sizes)
    if not isinstance(found, Family):
        raise Error("E0815", f"`{family}` is no family whose input length is open")
    return found


def _fixed(here: Session, family: str, sizes: Sequence[str]) -> object:
    fixed = []
    for text in sizes:
        match = _NAMED.fullmatch(text)
        if match is None:
            raise Error("E0837", f"`--size {text}` fixes nothing", None, "--size n=8")
        fixed.append(f"{match[1]} = {match[2]}")
    return here.eval(f"{family}[{', '.join(fixed)}]" if fixed else family)

"""The commands, one table: what each answers and what each refuses."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import tc0
from tc0.dsl.base.codes import CODES
from tc0.dsl.core.builtins import BUILTINS, TYPE_NAMES
from tc0.dsl.ops.functions import FUNCTIONS
from tc0.dsl.ops.options import OPTIONS
from tc0.dsl.ops.verbs import VERBS
from tc0.dsl.syntax.parse import terminals
from tc0.repl import about
from tc0.repl.commands import COMMANDS, find
from tc0.repl.console import Console
from tc0.repl.look import Look
from tc0.repl.output import Output
from tc0.repl.words import WORDS


class Talk:
    """A console and what it answers."""

    def __init__(self, interactive: bool = True) -> None:
        self.out = io.StringIO()
        output = Output("never", self.out, self.out)
        output.look = Look(width=1000)  # nothing is wrapped
        self.console = Console(tc0.Session(), output, interactive)
        self.status = 0

    def __call__(self, text: str) -> str:
        start = len(self.out.getvalue())
        self.status = self.console.take(text)
        return self.out.getvalue()[start:].rstrip("\n")


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_help_lists_every_command(talk: Talk) -> None:
    text = talk(":help")
    assert all(row.usage in text and row.doc in text for row in COMMANDS.values())


def test_prefixes() -> None:
    assert find("lis").name == "list"
    assert find("t").name == "type" and find("ti").name == "time"
    assert find("h").name == "help" and find("q").name == "quit"
    for word in ("", "s", "xyz"):
        with pytest.raises(tc0.Error):
            find(word)


def test_shorts_are_different_and_begin_their_names() -> None:
    shorts = [row.short for row in COMMANDS.values() if row.short]
    assert len(set(shorts)) == len(shorts)
    assert all(row.name.startswith(row.short) for row in COMMANDS.values())


def test_arguments_are_looked_at(talk: Talk) -> None:
    assert "E0836" in talk(":drop") and "E0836" in talk(":undo 3")
    assert "E0835" in talk(":") and "E0835" in talk(":s") and "E0835" in talk(":loda x")
    assert talk.status == 2


EVERY_NAME = sorted(
    {
        *BUILTINS,
        *(n for n, row in FUNCTIONS.items() if not row.operator),
        *VERBS,
        *OPTIONS,
        *TYPE_NAMES,
        *terminals().keywords,
        *WORDS,
    }
)


@pytest.mark.parametrize("name", EVERY_NAME)
def test_everything_has_something_said_about_it(name: str) -> None:
    if name in terminals().soft and name not in WORDS:
        return
    assert about.about(tc0.Session(), name).startswith(("option ", name))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_examples_of_words_run(name: str) -> None:
    session = tc0.Session()
    session.run("1")
    assert session.run(WORDS[name].example).ok


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(code: str) -> None:
    assert CODES[code].title in about.explain(code)


def test_about_definitions(talk: Talk) -> None:
    talk("# Twice a number.\nlet double(a) = 2 * a")
    talk("# The limit.\nlet limit = 7")
    assert talk("?double") == "double: (a)\n  Twice a number."
    assert talk("? limit") == talk(":help limit") == "limit: integer = 7\n  The limit."
    assert "E0839" in talk("?doubel") and "`double`" in talk("?doubel")
    talk("family f(x: bit[n]) -> bit = MAJ(x)")
    assert talk(":info f").startswith("f: (x: bit[n]) -> bit\n")
    assert talk(":info f[n = 3]").startswith("f[n = 3]: ")
    assert talk(":info limit") == talk("?limit")


def test_types(talk: Talk) -> None:
    talk("let a = 7\nfamily f(x: bit[n]) -> bit = MAJ(x)")
    assert talk(":type a") == "integer"
    assert talk(":type f") == "(x: bit[n]) -> bit"
    assert talk(':t f("101")') == "bit"
    assert "E0201" in talk(":type nothing")


def test_list(talk: Talk) -> None:
    assert "nothing is defined" in talk(":list")
    talk('let a = 7\nlet b = a + 1\nlet g(x) = x\nfamily f(x: bit[n]) -> bit = MAJ(x)\nalphabet S = {"a", "b"}')
    assert talk(":list").splitlines() == [
        "value     a  integer = 7",
        "value     b  integer = 8",
        "function  g  (x)",
        "family    f  (x: bit[n]) -> bit",
        'alphabet  S  {"a", "b"}',
    ]
    assert talk(":list b") == "let a = 7\n\nlet b = a + 1"
    assert "E0201" in talk(":list c")


def test_redefinitions_are_told(talk: Talk) -> None:
    assert talk("let a = 1") == ""
    assert talk("let b = a") == ""
    assert talk("let a = 2") == "a redefined; checked again: b"
    assert talk("b") == "2"
    assert talk("family odd_one_out(x: bit) -> bit = x") == ""
    assert "E0" in talk("let a = 1 // 0") and talk("b") == "2"


def test_undo_and_drop(talk: Talk) -> None:
    talk("let a = 1")
    talk("let b = a")
    assert "E0209" in talk(":drop a")
    assert talk(":drop b") == "b dropped"
    assert talk(":undo") == "taken back: b"
    assert talk("b") == "1"
    assert "E0816" in Talk()(":undo")


def test_set(talk: Talk) -> None:
    assert all(name in talk(":set") for name in OPTIONS)
    assert talk(":set negation free") == talk(":set negation") == "negation = free"
    assert talk(":set seed = 5") == "seed = 5"
    assert "E0820" in talk(":set sead 5") and "E0821" in talk(":set negation maybe")
    assert talk("option seed = 9") == "seed = 9 (was 5)"


def test_load_reload_save(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "script.tc"
    script.write_text("let a = 1\na + 1\n")
    assert "E0840" in talk(":reload")
    assert talk(":load script.tc") == "2\nloaded script.tc: 1 new definition"
    talk("let mine = a")
    script.write_text("let a = 1 // 0\n")
    assert "E0501" in talk(":reload") and talk("a") == "1"  # nothing is lost
    script.write_text("let a = 5\n")
    assert talk(":reload") == "loaded script.tc: 0 new definitions"
    assert talk("mine") == "5"
    assert talk(":save out.tc") == "saved 2 definitions in out.tc"
    assert "E0834" in talk(":save out.tc")
    assert talk(":save out.tc !") == "saved 2 definitions in out.tc"
    other = Talk()
    other(":load out.tc")
    assert other("mine") == "5"
    assert "E0833" in talk(f":save {tmp_path} !") and "E0833" in talk(":save nowhere/out.tc")
    assert "E0812" in talk(":load nowhere.tc")
    assert "E0840" in Talk()(":save new.tc")
    script.write_text("let a = 6\n:list\n")
    assert talk.console.take(":reload") == 2


def test_time(talk: Talk) -> None:
    first, *_, last = talk(":time MOD[2](1, 1)").splitlines()
    assert first == "1" and (" ms" in last or " s" in last)
    talk("family f(x: bit[n]) -> bit = SUM(x) % 2")
    assert ", 5 gates built" in talk(":time f[n = 8]")
    assert "E0501" in talk(":time 1 // 0")
    talk(":time check 1 == 2")
    assert talk.status == 1


def test_a_pipe_has_no_editor_and_says_less() -> None:
    talk = Talk(interactive=False)
    assert "E0841" in talk(":edit")
    assert talk("option seed = 3") == ""
    assert talk("let a = 1") == "" and talk("let a = 2") == "a redefined"


def test_quit(talk: Talk) -> None:
    talk(":quit")
    assert talk.console.leaving


def test_a_fault_of_ours_is_kept_in_a_file(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> str:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr(talk.console.session, "type_of", broken)
    said = talk(":type 1")
    assert talk.status == 70
    assert "E9901" in said
    (file,) = (tmp_path / "state" / "tc0").glob("crash-*.txt")
    assert str(file) in said and "ZeroDivisionError: by us" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert talk("1 + 1") == "2"


def test_ctrl_c_keeps_everything(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk("let a = 1")

    def stopped(text: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(talk.console.session, "type_of", stopped)
    assert talk(":type 1") == "interrupted; everything is as it was before"
    assert talk.status == 130
    assert talk("a") == "1"

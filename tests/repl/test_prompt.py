"""What keys do at the prompt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli.typing_at import ALT_ENTER, BACKSPACE, CTRL_C, CTRL_D, ENTER, LEFT, TAB, UP, pasted, type_

import tc0

FAMILY = "family odd(x: bit[n]) -> bit {"


def test_a_line_runs() -> None:
    typed = type_("1 + 1", ENTER, "_ * 21", ENTER)
    assert typed.printed == "2\n42\n"


def test_enter_goes_on_while_the_text_is_incomplete_and_indents() -> None:
    typed = type_(FAMILY, ENTER, "let s = SUM(x)", ENTER, "return s % 2", ENTER, "}", ENTER, 'odd("111")', ENTER)
    assert typed.inputs[0] == FAMILY + "\n    let s = SUM(x)\n    return s % 2\n}"
    assert typed.printed == "1\n"


def test_enter_runs_complete_text_wherever_the_cursor_is() -> None:
    assert type_("40 + 2", LEFT * 3, ENTER).printed == "42\n"


def test_enter_shows_an_error_on_the_last_line() -> None:
    assert "E0122" in type_("1 2", ENTER).printed
    assert "E0201" in type_("nonsense", ENTER).printed


def test_enter_above_the_last_line_of_wrong_text_is_a_new_line() -> None:
    typed = type_(pasted("let a = (1\n2)"), UP, ENTER)
    assert typed.inputs == []


def test_two_blank_lines_give_up() -> None:
    typed = type_("family f(x: bit[n]) -> bit {", ENTER, "return (x[0]", ENTER, ENTER, ENTER, "1 + 1", ENTER)
    assert "E0107" in typed.printed
    assert typed.printed.endswith("2\n")
    assert typed.inputs[0].endswith("return (x[0]")


def test_alt_enter_is_always_a_new_line() -> None:
    assert type_("1 + 1", ALT_ENTER, "2 + 2", ENTER).printed == "2\n4\n"


def test_enter_typed_ahead_is_enter() -> None:
    """A terminal between two prompts turns Enter into Ctrl-J."""
    assert type_("1 + 1\n", "2 + 2\n").printed == "2\n4\n"


def test_a_comment_waits_for_its_definition() -> None:
    typed = type_("# Most are 1.", ENTER, "family f(x: bit[n]) -> bit = MAJ(x)", ENTER, "?f", ENTER)
    assert "Most are 1." in typed.printed


def test_tab_indents_at_the_start_of_a_line() -> None:
    typed = type_(FAMILY, ENTER, BACKSPACE, TAB, "let s = 1", ENTER, "return s", ENTER, "}", ENTER)
    assert typed.inputs == [FAMILY + "\n    let s = 1\n    return s\n}"]
    assert type_(TAB, "1 + 1", ENTER).printed == "2\n"


def test_tab_completes_the_only_candidate() -> None:
    session = tc0.Session()
    session.run("let unheard_of = 7")
    assert type_("unh", TAB, " + 1", ENTER, session=session).printed == "8\n"
    session.run("let unheard_or = 8")
    assert type_("unh", TAB, "r", ENTER, session=session).printed == "8\n"
    assert type_("nothing_like_it", TAB, ENTER, session=session).inputs == ["nothing_like_it"]


def test_tab_in_a_paste_is_text() -> None:
    typed = type_(pasted("[\n\t1,\n\tc"), pasted("log2(8)\n]"), ENTER)
    assert typed.printed == "[1, 3]\n"


def test_a_closing_brace_moves_to_its_line() -> None:
    typed = type_(FAMILY, ENTER, "return 1", ENTER, "}", ENTER)
    assert typed.inputs == [FAMILY + "\n    return 1\n}"]


def test_a_paste_runs_when_enter_is_pressed() -> None:
    text = "let a = 2\nlet b = 3\na * b"
    assert type_(pasted(text)).inputs == []
    assert type_(pasted(text), ENTER).printed == "6\n"


def test_a_long_paste_is_one_input() -> None:
    lines = "\n".join(f"let a{i} = {i}" for i in range(500))
    typed = type_(pasted(lines), ENTER, "a499", ENTER)
    assert typed.inputs[0].count("\n") == 499
    assert typed.printed == "499\n"


def test_a_pasted_transcript_is_taken_for_its_inputs() -> None:
    text = "tc0> let a = (2 +\n...> 3)\ntc0> a\n5\ntc0> a + 1\n6"
    assert type_(pasted(text), ENTER).printed == "5\n6\n"


def test_commands_among_pasted_statements() -> None:
    assert type_(pasted("let a = 1\n:type a\na + 1"), ENTER).printed == "integer\n2\n"


def test_ctrl_c_clears_the_input_and_twice_says_how_to_leave() -> None:
    typed = type_("let a =", ENTER, "(((", CTRL_C, "1 + 1", ENTER)
    assert typed.printed == "2\n"
    assert "Ctrl-D" not in type_(CTRL_C).printed.removesuffix("Ctrl-D or :quit leaves\n")
    assert type_(CTRL_C, CTRL_C, "5", ENTER).printed == "Ctrl-D or :quit leaves\n5\n"


def test_ctrl_d_leaves_an_empty_line_only() -> None:
    assert type_("12", LEFT, CTRL_D, ENTER).printed == "1\n"
    assert type_("1 + 1", ENTER, CTRL_D, "3", ENTER).printed == "2\n"


@pytest.mark.parametrize("word", ["quit", "exit", "quit()", ":quit", ":q"])
def test_ways_to_leave(word: str) -> None:
    assert type_(word, ENTER, "1 + 1", ENTER).printed == ""


def test_help_as_a_word() -> None:
    assert ":quit" in type_("help", ENTER).printed
    assert "1 iff" in type_("help(MAJ)", ENTER).printed


def test_words_may_be_names() -> None:
    assert type_("let help = 3", ENTER, "help + 1", ENTER, "help", ENTER).printed == "4\n3\n"


def test_a_semicolon_silences() -> None:
    assert type_("6 * 7;", ENTER, "_ + 1", ENTER).printed == "43\n"
    assert type_("let a = (1 +", ENTER, "2);", ENTER, "a", ENTER).printed == "3\n"
    assert "FAILED" in type_("check 1 == 2;", ENTER).printed


def test_errors_lose_nothing() -> None:
    typed = type_("let a = 1", ENTER, "let a = 1 // 0", ENTER, "a", ENTER)
    assert typed.printed.endswith("\n1\n")


def test_history_is_written_before_the_input_runs(tmp_path: Path) -> None:
    type_("1 + 1", ENTER, FAMILY, ENTER, "return 1", ENTER, "}", ENTER)
    path = tmp_path / "state" / "tc0" / "history"
    text = path.read_text(encoding="utf-8")
    assert "+1 + 1\n" in text and "+    return 1\n" in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_history_comes_back_and_is_searched_by_prefix() -> None:
    type_("let abc = 5", ENTER, "abc + 1", ENTER, "2 + 2", ENTER)
    assert type_("abc", UP, ENTER, session=_with("let abc = 5")).printed == "6\n"


def test_history_is_listed() -> None:
    assert type_("1 + 1", ENTER, "2 + 2", ENTER, ":history 2 +", ENTER).printed.startswith("2\n4\n2 + 2\n")


def test_history_elsewhere_or_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TC0_HISTORY", str(tmp_path / "mine"))
    type_("1 + 1", ENTER)
    assert "+1 + 1" in (tmp_path / "mine").read_text()
    monkeypatch.setenv("TC0_HISTORY", "")
    type_("3 + 3", ENTER)
    assert not (tmp_path / "state").exists()
    monkeypatch.setenv("TC0_HISTORY", "/dev/null/nowhere")
    assert type_("4 + 4", ENTER).printed == "8\n"


@pytest.mark.skipif(os.name != "posix", reason="a shell script as an editor")
def test_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/MAJ/OR/ "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    typed = type_("family f(x: bit[n]) -> bit = MAJ(x)", ENTER, ":edit f", ENTER, 'f("100")', ENTER)
    assert typed.printed == "f redefined\n1\n"
    monkeypatch.setenv("EDITOR", "/nonexistent/editor")
    assert "E0841" in type_(":edit", ENTER).printed


def _with(text: str) -> tc0.Session:
    session = tc0.Session()
    session.run(text)
    return session

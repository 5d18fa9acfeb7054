"""The REPL in a real terminal, by tmux: several lines, a paste, Ctrl-C during long work, history after a kill, resizing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")

PATIENCE = 30.0  # seconds; only a broken REPL takes them
LONG = "family slow(x: bit[n]) -> bit = OR(x[i] & x[j] & x[k] for i < n, j < n, k < n)"


class Terminal:
    """One tmux server of its own, 80 columns wide, with a REPL in it."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self._folder = folder
        self._starts = 0

    def start(self, *arguments: str) -> None:
        self._starts += 1
        environment = [
            f"-e{name}={os.environ[name]}" for name in ("PYTHONPATH", "XDG_STATE_HOME") if name in os.environ
        ]
        command = [sys.executable, "-m", "tc0", *arguments]
        self.tmux(
            "-f/dev/null", "new-session", "-d", "-s", f"s{self._starts}", "-x80", "-y30", *environment, "--", *command
        )
        self.tmux("set-option", "-g", "remain-on-exit", "on")
        self.wait("tc0>")

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words], capture_output=True, encoding="utf-8", timeout=30, cwd=self._folder
        )
        return done.stdout

    @property
    def _pane(self) -> str:
        return f"s{self._starts}"

    def keys(self, *keys: str) -> None:
        self.tmux("send-keys", "-t", self._pane, *keys)

    def line(self, text: str) -> None:
        self.tmux("send-keys", "-t", self._pane, "-l", text)
        self.keys("Enter")

    def paste(self, text: str) -> None:
        self.tmux("set-buffer", text)
        self.tmux("paste-buffer", "-p", "-t", self._pane)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p", "-t", self._pane).rstrip()

    def wait(self, text: str) -> str:
        """The screen, once the text is on it and nothing changes any more: keys that follow then are not typed ahead."""
        end, before = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            screen = self.screen()
            if text in screen and screen == before:
                return screen
            before = screen
            time.sleep(0.2)
        raise AssertionError(f"{text!r} never came:\n{self.screen()}")

    def wait_for_end(self) -> None:
        """Until the process has ended; what tmux draws then depends on the moment."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.tmux("list-panes", "-t", self._pane, "-F", "#{pane_dead}").strip() == "1":
                return
            time.sleep(0.1)
        raise AssertionError(f"it never ended:\n{self.screen()}")

    def pid(self) -> int:
        return int(self.tmux("display-message", "-p", "-t", self._pane, "#{pane_pid}"))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    try:
        yield found
    finally:
        found.tmux("kill-server")


def test_several_lines(terminal: Terminal) -> None:
    terminal.start()
    for line in ("family odd(x: bit[n]) -> bit {", "let s = SUM(x)", "return s % 2", "}"):
        terminal.line(line)
    terminal.wait("...> }\ntc0>")  # what is typed while the definition is carried out is echoed by the terminal itself
    terminal.line('odd("10110")')
    screen = terminal.wait('odd("10110")\n1\n')
    assert (
        "tc0> family odd(x: bit[n]) -> bit {\n...>     let s = SUM(x)\n...>     return s % 2\n...> }\ntc0> odd"
        in screen
    )


def test_a_paste_does_not_run_early(terminal: Terminal) -> None:
    terminal.start()
    terminal.paste("family f(x: bit[n]) -> bit {\n\tlet a = 1\n    return a\n}\nlet b = 20\nb + 22")
    screen = terminal.wait("b + 22")
    assert "\n42" not in screen
    terminal.keys("Enter")
    terminal.wait("\n42\n")


def test_ctrl_c_stops_long_work_and_keeps_everything(terminal: Terminal) -> None:
    terminal.start()
    terminal.line("let a = 41")
    terminal.line(LONG)
    terminal.line("check slow(x) == OR(x) for x: bit[n], n in 40..60 sampled 10000000")
    terminal.wait("Ctrl-C stops")
    terminal.keys("C-c")
    screen = terminal.wait("interrupted; everything is as it was before")
    assert "Traceback" not in screen and "Ctrl-C stops" not in screen
    terminal.line("a + 1")
    terminal.wait("\n42\n")


def test_typing_ahead(terminal: Terminal) -> None:
    terminal.start()
    terminal.line("check MAJ(x) == MAJ(x) for x: bit[n], n in 20..40 sampled 50000")
    terminal.line("let a = 41")
    terminal.line("a + 1")
    terminal.wait("\n42\n")


def test_ctrl_c_and_ctrl_d_at_the_prompt(terminal: Terminal) -> None:
    terminal.start()
    terminal.keys("(", "C-c")
    terminal.wait("tc0> (\ntc0>")
    terminal.keys("C-c")
    terminal.wait("tc0> (\ntc0>\ntc0>")
    terminal.keys("C-c")
    terminal.wait("Ctrl-D or :quit leaves\ntc0>")
    terminal.keys("C-d")
    terminal.wait_for_end()


def test_history_survives_a_kill(terminal: Terminal, tmp_path: Path) -> None:
    terminal.start()
    terminal.line("20 + 22")
    terminal.wait("\n42\n")
    os.kill(terminal.pid(), signal.SIGKILL)
    terminal.start()
    terminal.keys("Up", "Enter")
    terminal.wait("tc0> 20 + 22\n42\n")


def test_resizing(terminal: Terminal) -> None:
    terminal.start()
    text = "let long_name = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]"
    terminal.tmux("send-keys", "-t", "s1", "-l", text)
    terminal.wait("15]")
    for width in ("40", "100", "60"):
        terminal.tmux("resize-window", "-t", "s1", "-x", width, "-y", "20")
        time.sleep(0.3)
    terminal.keys("Enter")
    terminal.line("SUM(long_name)")
    terminal.wait("\n120\n")


def test_tab(terminal: Terminal) -> None:
    terminal.start()
    terminal.line("let unheard_of = 41")
    terminal.keys("unh", "Tab")
    terminal.wait("tc0> unheard_of")
    terminal.tmux("send-keys", "-t", "s1", "-l", " + 1")
    terminal.keys("Enter")
    terminal.wait("\n42\n")
    terminal.keys(":lis", "Tab")
    terminal.wait("tc0> :list")


def test_a_suggestion_is_taken_with_the_right_arrow(terminal: Terminal) -> None:
    terminal.start()
    terminal.line("20 + 22")
    terminal.wait("\n42\n")
    terminal.keys("20")
    terminal.wait("tc0> 20 + 22\n42\ntc0> 20 + 22")
    terminal.keys("Right", "Enter")
    terminal.wait("42\ntc0> 20 + 22\n42")


def test_a_script_and_then_the_prompt(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "script.tc").write_text("let a = 6\na * 7\n")
    terminal.start("-i", "script.tc")
    assert "42\nloaded script.tc: 1 new definition\n" in terminal.screen()
    terminal.line("a")
    terminal.wait("tc0> a\n6\n")


def test_a_script_that_is_wrong_and_then_the_prompt(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "script.tc").write_text("let a = 1 // 0\n")
    terminal.start("-i", "script.tc")
    assert "E0501" in terminal.screen()
    (tmp_path / "script.tc").write_text("let a = 42\n")
    terminal.line(":reload")
    terminal.line("a")
    terminal.wait("tc0> a\n42\n")


def test_no_color(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.start("--color", "never")
    terminal.line("1 // 0")
    terminal.wait("E0501")
    assert "\x1b[3" not in terminal.tmux("capture-pane", "-p", "-e", "-t", "s1")

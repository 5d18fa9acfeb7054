"""What only a process of its own shows: signals, closed streams, what is loaded, colours, encodings, broken state folders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TC0 = [sys.executable, "-m", "tc0"]
LONG = "check OR(x[i] & x[j] for i < n, j < n) == OR(x) for x: bit[n], n in 40..90 sampled 100000000"


def run(*words: str, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TC0, *words],
        input=text if text is not None else "",
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, **environment},
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of Unix")
@pytest.mark.parametrize("words", [("-c", LONG), ("run", "-"), ()])
def test_ctrl_c_ends_with_130(words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [*TC0, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as child:
        assert child.stdin is not None and child.stderr is not None
        child.stdin.write(LONG + "\n")
        child.stdin.close()
        time.sleep(2.0)  # past the start, into the work
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 130
        said = child.stderr.read()
    assert said.startswith("interrupted") and "Traceback" not in said


@pytest.mark.skipif(os.name != "posix", reason="a shell")
def test_closed_streams() -> None:
    for redirection in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        done = subprocess.run(
            f'"{sys.executable}" -m tc0 -c "1 + 1" {redirection}',
            shell=True,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == 0 and done.stderr == "", (redirection, done)
    done = subprocess.run(
        f'"{sys.executable}" -m tc0 <&-', shell=True, capture_output=True, encoding="utf-8", timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_color_in_pipes_and_color_on_demand() -> None:
    assert "\x1b" not in run("-c", "check 1 == 1").stdout
    assert "\x1b" in run("-c", "check 1 == 1", "--color=always", NO_COLOR="1").stdout
    assert "\x1b" in run("--color", "always", "-c", "1 // 0").stderr


def test_other_encodings() -> None:
    done = run("-c", '"10"', PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.stdout == "10\n"
    done = run("info", "negation", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    done = run("-c", "# \N{GREEK SMALL LETTER ALPHA}\n1 // 0", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2 and "E0501" in done.stderr and "Traceback" not in done.stderr
    table = run(text=":set\n", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "\n-----" in table.stdout


def test_lines_end_alike_everywhere() -> None:
    done = subprocess.run([*TC0], input=b"1 + 1\r\nlet a = (2\r\n + 1)\r\na\r\n", capture_output=True, timeout=60)
    assert done.stdout == b"2\n3\n".replace(b"\n", os.linesep.encode())


def test_a_pipe_answers_at_once() -> None:
    with subprocess.Popen(TC0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", bufsize=1) as child:
        assert child.stdin is not None and child.stdout is not None
        for number in (1, 2, 3):
            child.stdin.write(f"{number} * 2\n")
            child.stdin.flush()
            assert child.stdout.readline() == f"{number * 2}\n"
        child.stdin.close()
        assert child.wait(30) == 0


@pytest.mark.parametrize(
    ("words", "text"),
    [(("-c", "1 + 1"), ""), (("run", "-"), "let N = 8\nN * N\n"), (("explain", "E0401"), ""), (("--version",), "")],
)
def test_the_start_is_light(words: tuple[str, ...], text: str) -> None:
    code = "import sys, runpy\nsys.argv = ['tc0', *sys.argv[1:]]\n"
    code += "try:\n    runpy.run_module('tc0', run_name='__main__')\nexcept SystemExit:\n    pass\n"
    code += "print(*sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'prompt_toolkit', 'pygments'}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], input=text, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.stderr == "\n"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_crash_report_without_a_folder_is_printed(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert run("-c", "1 + 1", XDG_STATE_HOME=str(tmp_path)).stdout == "2\n"


def test_a_fault_ends_with_70(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom tc0.dsl.session.session import Session\nfrom tc0.repl.cli import main\n"
        "def broken(*_): raise ZeroDivisionError('by us')\nSession.run = broken\nsys.exit(main(['-c', '1']))"
    )
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, env=environment
    )
    assert done.returncode == 70 and "E9901" in done.stderr and "Traceback" not in done.stderr
    (file,) = (tmp_path / "tc0").glob("crash-*.txt")
    assert str(file) in done.stderr and "by us" in file.read_text()
    environment["XDG_STATE_HOME"] = "/dev/null/nowhere"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, env=environment
    )
    assert done.returncode == 70 and "ZeroDivisionError: by us" in done.stderr


def test_a_script_from_a_process_substitution(tmp_path: Path) -> None:
    if not os.path.exists("/dev/fd"):
        pytest.skip("needs /dev/fd")
    reader, writer = os.pipe()
    os.write(writer, b"6 * 7\n")
    os.close(writer)
    done = subprocess.run(
        [*TC0, "run", f"/dev/fd/{reader}"], capture_output=True, encoding="utf-8", timeout=60, pass_fds=[reader]
    )
    os.close(reader)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr

"""What a session does not load: numpy before there are wires, the terminal's libraries at all."""

from __future__ import annotations

import subprocess
import sys


def loaded(program: str) -> set[str]:
    """The top-level modules after a program in a fresh interpreter."""
    code = f"import sys\nimport tc0\n{program}\nprint(' '.join({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_static_work_needs_no_numpy() -> None:
    program = (
        "session = tc0.Session()\n"
        "session.run('let f(a) = a * a\\nlet N = f(4)\\nfamily g(x: bit[N]) -> bit = MAJ(x)\\n"
        "check f(k) >= k for k in 1..9\\noption seed = 3')\n"
        "assert session.eval('SUM(i for i < N)') == 120\n"
        "assert session.type_of('g') == '(x: bit[N]) -> bit' or session.type_of('g') == '(x: bit[16]) -> bit'"
    )
    assert not loaded(program) & {"numpy", "prompt_toolkit", "pygments"}


def test_the_face_loads_nothing() -> None:
    assert not loaded("assert 'Session' in dir(tc0)") & {"numpy", "lark", "prompt_toolkit", "pygments"}

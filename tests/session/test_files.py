"""Scripts, `use`, and what they may read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import tc0
from tc0.dsl.base.errors import Error
from tc0.dsl.session.report import Defined, Used


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "scripts"
    (inner / "sub").mkdir(parents=True)
    (tmp_path / "outside.tc").write_text("let secret = 1\n")
    (inner / "numbers.tc").write_text("let a = 2\nlet b = a + 1\na\n")
    return inner


def code_of(session: tc0.Session, text: str) -> str:
    with pytest.raises(Error) as caught:
        session.run(text)
    assert session.eval("1 + 1") == 2
    return caught.value.code


def test_use_brings_definitions_only(folder: Path) -> None:
    session = tc0.Session(folder=folder)
    report = session.run('use "numbers.tc"\nb')
    assert isinstance(report.replies[0], Used) and report.replies[0].names == ("a", "b")
    assert len(report.replies) == 2
    assert session.eval("b") == 3


def test_files_that_use_one_another(folder: Path) -> None:
    (folder / "one.tc").write_text('use "sub/two.tc"\nlet one = 1\n')
    (folder / "sub" / "two.tc").write_text('use "../one.tc"\nlet two = one + 1\n')
    session = tc0.Session()
    session.load(folder / "one.tc")
    assert session.eval("two") == 2


@pytest.mark.parametrize("path", ["../outside.tc", "sub/../../outside.tc", "/etc/passwd", "link.tc", "away/outside.tc"])
def test_outside(folder: Path, path: str) -> None:
    (folder / "link.tc").symlink_to(folder.parent / "outside.tc")
    (folder / "away").symlink_to(folder.parent)
    assert code_of(tc0.Session(folder=folder), f'use "{path}"') == "E0811"


def test_missing_and_no_file(folder: Path) -> None:
    session = tc0.Session(folder=folder)
    assert code_of(session, 'use "missing.tc"') == "E0812"
    assert code_of(session, 'use "sub"') == "E0812"
    assert code_of(session, 'use "numbers.tc/inner"') == "E0812"
    os.mkfifo(folder / "pipe.tc")
    assert code_of(session, 'use "pipe.tc"') == "E0812"


def test_no_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = tc0.Session(folder=folder)
    (folder / "binary.tc").write_bytes(b"let a = 1\n\xff\xfe\x00")
    assert code_of(session, 'use "binary.tc"') == "E0813"
    monkeypatch.setattr("tc0.dsl.session.files.LARGEST", 4)
    assert code_of(session, 'use "numbers.tc"') == "E0814"


def test_a_name_in_two_files(folder: Path) -> None:
    (folder / "again.tc").write_text("let a = 5\n")
    assert code_of(tc0.Session(folder=folder), 'use "numbers.tc"\nuse "again.tc"') == "E0206"


def test_load_and_load_again(folder: Path) -> None:
    script = folder / "script.tc"
    script.write_text("option seed = 3\nlet a = 1\nlet gone = 2\n")
    session = tc0.Session()
    session.run("let mine = 5")
    session.load(script)
    assert session.options["seed"] == 0, "options of a file end with it"
    script.write_text("let a = 7\n")
    report = session.load(script)
    assert isinstance(report.replies[0], Defined) and report.replies[0].redefined
    assert list(session.definitions) == ["mine", "a"]
    script.write_text("let a = 1 // 0\n")
    with pytest.raises(tc0.Error):
        session.load(script)
    assert session.eval("a + mine") == 12


def test_only_checks(folder: Path) -> None:
    script = folder / "script.tc"
    script.write_text("1 // 0\ncheck 1 + 1 == 2\nlet a = 3\n")
    session = tc0.Session()
    report = session.check(script)
    assert report.ok and session.eval("a") == 3


def test_windows_line_ends(folder: Path) -> None:
    script = folder / "script.tc"
    script.write_bytes(b"\xef\xbb\xbflet a = 3\r\nlet b = 4\r\n")
    session = tc0.Session()
    session.load(script)
    assert session.eval("a + b") == 7


def test_a_missing_script() -> None:
    with pytest.raises(Error) as caught:
        tc0.Session().load("no such file.tc")
    assert caught.value.code == "E0812"

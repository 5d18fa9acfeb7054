"""Arrays from files: every value exact, every broken file refused, rounding to floats as one number at a time does it."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checkout import in_checkout
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tc0
from tc0.dsl.base.errors import Error, Fault, LimitReached
from tc0.dsl.numbers import floats
from tc0.dsl.session import npz, rounding
from tc0.dsl.session.report import Defined, Shown, Tensors, Truncated

CODES = {"f2": "F16", "f4": "F32", "f8": "F64", "b1": "BOOL"} | {
    f"{k}{b}": f"{k.upper()}{8 * b}" for k in "iu" for b in (1, 2, 4, 8)
}


def packed(entries: Mapping[str, object], data: bytes, pad: int = 0) -> bytes:
    """A safetensors file with this header and these bytes."""
    header = json.dumps(entries).encode() + b" " * pad
    return struct.pack("<Q", len(header)) + header + data


def safetensors(arrays: Mapping[str, np.ndarray], pad: int = 0) -> bytes:
    """Arrays as a safetensors file, written from the format's description."""
    entries: dict[str, object] = {"__metadata__": {"format": "np"}}
    data = b""
    for name, array in arrays.items():
        raw = array.astype(array.dtype.newbyteorder("<")).tobytes()
        dtype = CODES[f"{array.dtype.kind}{array.dtype.itemsize}"]
        entries[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    return packed(entries, data, pad)


def nested(array: np.ndarray) -> object:
    """What `eval` gives for an array: lists of exact numbers."""
    make = Fraction if array.dtype.kind == "f" else int

    def each(value: object) -> object:
        return [each(v) for v in value] if isinstance(value, list) else make(value)

    return each(array.tolist())


def session_in(folder: Path) -> tc0.Session:
    return tc0.Session(folder=folder)


def refused(session: tc0.Session, text: str) -> Error:
    """The error of a text; the session goes on as before."""
    with pytest.raises(Error) as caught:
        session.run(text)
    assert not isinstance(caught.value, Fault), caught.value
    assert caught.value.span is not None
    assert session.eval("1 + 1") == 2
    return caught.value


ARRAYS = {
    "half": np.array([[0.1, -2.5], [65504.0, 6e-8]], np.float16),
    "single": np.array([0.1, 3.4e38, 1e-45, -0.0], np.float32),
    "double": np.array([[[0.1, 5e-324, 1.7e308]]], np.float64),
    "small": np.array([-128, 127], np.int8),
    "large": np.array([[2**64 - 1], [0]], np.uint64),
    "flags": np.array([True, False, True]),
    "one": np.array(2.5),
    "none": np.zeros((0, 3), np.float32),
    "rows": np.zeros((2, 0), np.int32),
}


@pytest.mark.parametrize("kind", ["safetensors", "npz"])
def test_every_value_is_exact(tmp_path: Path, kind: str) -> None:
    if kind == "npz":
        np.savez(tmp_path / "m.npz", **ARRAYS)
    else:
        (tmp_path / "m.safetensors").write_bytes(safetensors(ARRAYS, pad=3))
    session = session_in(tmp_path)
    session.run(f'weights W = "m.{kind}"')
    for name, array in ARRAYS.items():
        assert session.eval(f"W.{name}") == nested(array), name
        assert session.eval(f'W["{name}"]') == nested(array)
    assert session.type_of("W.single") == "a static array of rationals"
    assert session.type_of("W.flags") == "a static array of integers"
    assert session.type_of("W.none") == "a static array of rationals with 2 dimensions"
    assert session.eval("W.half[1, 0]") == 65504
    assert session.eval("len(W.half)") == 2


def test_bfloat16(tmp_path: Path) -> None:
    numbers = np.array([1.0, -3.140625, 2.0**-126, 3.3895313892515355e38], np.float32)
    raw = (numbers.view(np.uint32) >> 16).astype("<u2").tobytes()
    entries = {"w": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}
    (tmp_path / "m.safetensors").write_bytes(packed(entries, raw))
    session = session_in(tmp_path)
    session.run('weights W = "m.safetensors"')
    assert session.eval("W.w") == nested(numbers.reshape(2, 2))


def test_npz_of_other_writers(tmp_path: Path) -> None:
    """Big-endian, the first index fastest, deflated, later versions of the header."""
    array = np.arange(6.0).reshape(2, 3)
    np.savez_compressed(tmp_path / "m.npz", a=np.asfortranarray(array), b=array.astype(">f4"), c=array.astype(">i2"))
    with zipfile.ZipFile(tmp_path / "m.npz", "a") as archive:
        for version in ((2, 0), (3, 0)):
            stream = io.BytesIO()
            np.lib.format.write_array(stream, array, version=version)
            archive.writestr(f"v{version[0]}.npy", stream.getvalue())
    session = session_in(tmp_path)
    session.run('weights W = "m.npz"')
    for name in ("a", "b", "c", "v2", "v3"):
        assert session.eval(f"W.{name}") == nested(array if name != "c" else array.astype(int)), name


FINITE = {
    "<f2": st.floats(width=16, allow_nan=False, allow_infinity=False),
    "<f4": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "<f8": st.floats(allow_nan=False, allow_infinity=False),
    "<i8": st.integers(-(2**63), 2**63 - 1),
    "<u2": st.integers(0, 2**16 - 1),
    "|b1": st.booleans(),
}


@st.composite
def files(draw: st.DrawFn) -> dict[str, np.ndarray]:
    names = draw(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), unique=True, max_size=4))
    found = {}
    for name in names:
        if name == "__metadata__":
            continue
        dtype = draw(st.sampled_from(sorted(FINITE)))
        shape = draw(st.lists(st.integers(0, 3), max_size=3))
        numbers = draw(st.lists(FINITE[dtype], min_size=math.prod(shape), max_size=math.prod(shape)))
        found[name] = np.array(numbers, dtype).reshape(shape)
    return found


MANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(files(), st.integers(0, 9))
def test_round_trips(tmp_path: Path, arrays: dict[str, np.ndarray], pad: int) -> None:
    (tmp_path / "m.safetensors").write_bytes(safetensors(arrays, pad))
    session = session_in(tmp_path)
    session.run('weights W = "m.safetensors"')
    found = session["W"]
    assert set(found) == set(arrays) and found.shapes == {name: a.shape for name, a in arrays.items()}
    for name, array in arrays.items():
        assert found[name] == nested(array)


# ---- broken files


def tensor(dtype: str = "F32", shape: object = (2,), offsets: object = (0, 8), **more: object) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets, **more}


EIGHT = b"\0" * 8
LONG = "9" * 30
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it has 0 bytes"),
    "no header": (struct.pack("<Q", 40), "only 0 follow"),
    "huge header": (struct.pack("<Q", 2**63), "at most 16,777,216"),
    "no object": (struct.pack("<Q", 2) + b"[]", "does not begin with `{`"),
    "no text": (struct.pack("<Q", 2) + b"{\xff", "not UTF-8: byte 1"),
    "no JSON": (struct.pack("<Q", 9) + b'{"a": 1,}', "not JSON"),
    "deep": (struct.pack("<Q", 200_005) + b'{"a":' + b"[" * 200_000, "nested too deep"),
    "twice": (struct.pack("<Q", 16) + b'{"a": 1, "a": 2}', 'the key "a" twice'),
    "float": (struct.pack("<Q", 10) + b'{"a": 1.5}', "no integer"),
    "NaN": (struct.pack("<Q", 10) + b'{"a": NaN}', "no integer"),
    "long number": (struct.pack("<Q", 37) + b'{"a": ' + LONG.encode() + b"}", "has 30 digits"),
    "metadata": (packed({"__metadata__": {"a": 1}}, b""), "`__metadata__`"),
    "no entry": (packed({"a": 1}, b""), "exactly a dtype"),
    "more": (packed({"a": tensor(why="x")}, EIGHT), "exactly a dtype"),
    "dtype": (packed({"a": tensor("F99")}, EIGHT), 'the dtype "F99"'),
    "dtype of another kind": (packed({"a": tensor(dtype=[1])}, EIGHT), "the dtype"),  # type: ignore[arg-type]
    "shape": (packed({"a": tensor(shape=[-2])}, EIGHT), "no list of integers"),
    "shape true": (packed({"a": tensor(shape=[True])}, EIGHT), "no list of integers"),
    "dimensions": (packed({"a": tensor(shape=[1] * 17, offsets=[0, 4])}, b"\0" * 4), "17 dimensions"),
    "offsets": (packed({"a": tensor(offsets=[8, 0])}, EIGHT), "no pair [begin, end]"),
    "three offsets": (packed({"a": tensor(offsets=[0, 8, 8])}, EIGHT), "no pair [begin, end]"),
    "bytes": (packed({"a": tensor(shape=[3])}, EIGHT), "12 bytes of float32"),
    "outside": (packed({"a": tensor(offsets=[8, 16])}, EIGHT), "ends at byte"),
    "overlap": (packed({"a": tensor(), "b": tensor(offsets=[4, 12])}, b"\0" * 12), '"a" and "b" overlap'),
    "gap": (packed({"a": tensor(offsets=[4, 12])}, b"\0" * 12), '4 bytes before the tensor "a"'),
    "rest": (packed({"a": tensor()}, b"\0" * 11), "3 bytes at its end"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_headers(tmp_path: Path, name: str) -> None:
    data, said = BROKEN[name]
    (tmp_path / "m.safetensors").write_bytes(data)
    error = refused(session_in(tmp_path), 'weights W = "m.safetensors"')
    assert error.code == "E0818" and said in error.message and error.hint


def npy(header: bytes, data: bytes = b"", start: bytes = b"\x93NUMPY\x01\x00") -> bytes:
    return start + struct.pack("<H", len(header)) + header + data


def header(descr: object = "<f4", shape: object = (2,), order: object = False) -> bytes:
    return repr({"descr": descr, "fortran_order": order, "shape": shape}).encode()


def zipped(members: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


ARCHIVES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no zip archive"),
    "no archive": (b"PK" * 100, "no zip archive"),
    "another member": (zipped([("a.txt", b"")]), 'its member "a.txt"'),
    "method": (zipped([("a.npy", npy(header(), EIGHT))], zipfile.ZIP_BZIP2), "otherwise than by deflate"),
    "no npy": (zipped([("a.npy", b"hello, world")]), "does not begin"),
    "short npy": (zipped([("a.npy", b"\x93NUMPY")]), "does not begin"),
    "version": (zipped([("a.npy", npy(header(), EIGHT, b"\x93NUMPY\x09\x00"))]), "version 9.0"),
    "long header": (zipped([("a.npy", npy(header() + b" " * 20_000, EIGHT))]), "at most 10,000"),
    "short header": (zipped([("a.npy", npy(header(), EIGHT)[:40])]), "ends too early"),
    "no literal": (zipped([("a.npy", npy(b"__import__('os')", EIGHT))]), "no literal"),
    "deep header": (zipped([("a.npy", npy(b"(" * 9000, EIGHT))]), "nested too deep"),
    "signs": (zipped([("a.npy", npy(b"-" * 9000 + b"1", EIGHT))]), "nested too deep"),
    "no dictionary": (zipped([("a.npy", npy(b"[1, 2]", EIGHT))]), "exactly descr"),
    "keys": (zipped([("a.npy", npy(b"{'descr': '<f4'}", EIGHT))]), "exactly descr"),
    "order": (zipped([("a.npy", npy(header(order=1), EIGHT))]), "fortran_order"),
    "shape": (zipped([("a.npy", npy(header(shape=(-2,)), EIGHT))]), "no tuple"),
    "shape of another kind": (zipped([("a.npy", npy(header(shape=[2]), EIGHT))]), "no tuple"),
    "dimensions": (zipped([("a.npy", npy(header(shape=(1,) * 17), b"\0" * 4))]), "17 dimensions"),
    "bytes": (zipped([("a.npy", npy(header(shape=(3,)), EIGHT))]), "12 bytes, but 8"),
    "a bomb": (zipped([("a.npy", npy(header(), b"\0" * 10**7))], zipfile.ZIP_DEFLATED), "8 bytes, but 10,000,000"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_broken_archives(tmp_path: Path, name: str) -> None:
    data, said = ARCHIVES[name]
    (tmp_path / "m.npz").write_bytes(data)
    error = refused(session_in(tmp_path), 'weights W = "m.npz"')
    assert error.code == "E0818" and said in error.message and error.hint


def test_two_members_of_one_name(tmp_path: Path) -> None:
    with pytest.warns(UserWarning):
        data = zipped([("a.npy", npy(header(), EIGHT)), ("a.npy", npy(header(), EIGHT))])
    (tmp_path / "m.npz").write_bytes(data)
    assert 'the array "a" twice' in refused(session_in(tmp_path), 'weights W = "m.npz"').message


def test_an_archive_that_is_all_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz, "MOST_CONTENTS", 1000)
    np.savez(tmp_path / "m.npz", **{f"a{i}": np.zeros(1) for i in range(100)})
    assert "its table of contents" in refused(session_in(tmp_path), 'weights W = "m.npz"').message


def test_a_size_that_lies(tmp_path: Path) -> None:
    """The archive declares what the header says, and unpacks to something else."""
    data = bytearray(zipped([("a.npy", npy(header(shape=(1000,)), b"\0" * 4000))], zipfile.ZIP_DEFLATED))
    short = zipped([("a.npy", npy(header(shape=(1000,)), b"\0" * 400))], zipfile.ZIP_DEFLATED)
    small = bytearray(short)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # where both directories hold the real size
        at, other = data.find(mark), small.find(mark)
        small[other + place : other + place + 4] = data[at + place : at + place + 4]
    (tmp_path / "m.npz").write_bytes(small)
    session = session_in(tmp_path)
    session.run('weights W = "m.npz"')
    assert refused(session, "W.a").code == "E0818"


def test_bytes_that_changed(tmp_path: Path) -> None:
    data = zipped([("a.npy", npy(header(shape=(9000,)), b"\1" * 36_000))])
    (tmp_path / "m.npz").write_bytes(data.replace(b"\1" * 36_000, b"\2" * 36_000))
    session = session_in(tmp_path)
    session.run('weights W = "m.npz"')
    assert "CRC" in refused(session, "W.a").message


GOOD = {
    "safetensors": safetensors({"a": np.arange(6.0).reshape(2, 3), "b": np.ones((2,), np.float16)}),
    "npz": zipped(
        [("a.npy", npy(header(shape=(2, 3)), b"\0" * 24)), ("b.npy", npy(header("<i8"), b"\1" * 16))],
        zipfile.ZIP_DEFLATED,
    ),
}


@settings(MANY, max_examples=300)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_nothing_but_errors(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    """Files with some bytes changed, cut or doubled are read, or refused by name."""
    raw = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)))
        match data.draw(st.sampled_from(["set", "cut", "insert", "double"])):
            case "set" if raw:
                raw[at] = data.draw(st.integers(0, 255))
            case "cut":
                del raw[at : at + data.draw(st.integers(1, 30))]
            case "insert":
                raw[at:at] = data.draw(st.binary(max_size=5))
            case _:
                raw[at:at] = raw[at : at + 20]
    (tmp_path / f"m.{kind}").write_bytes(raw)
    session = tc0.Session(folder=tmp_path, limits=tc0.Limits(memory=64 << 20))
    try:
        session.run(f'weights W = "m.{kind}"')
        for name in session["W"]:  # type: ignore[union-attr]
            session["W"][name]  # type: ignore[index]
    except Error as e:
        assert not isinstance(e, Fault), e


@MANY
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda x: st.lists(x, max_size=3)))
def test_headers_of_any_kind(tmp_path: Path, value: object) -> None:
    for entries in ({"a": value}, {"a": {**tensor(), "shape": value}}, {"a": {**tensor(), "data_offsets": value}}):
        (tmp_path / "m.safetensors").write_bytes(packed(entries, EIGHT))
        try:
            session_in(tmp_path).run('weights W = "m.safetensors"')
        except Error as e:
            assert e.code == "E0818"


# ---- places, names, limits


def test_only_files_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.npz").write_bytes(GOOD["npz"])
    (tmp_path / "in" / "link.npz").symlink_to(tmp_path / "out.npz")
    (tmp_path / "in" / "folder.npz").mkdir()
    (tmp_path / "in" / "m.pickle").write_bytes(b"")
    os.mkfifo(tmp_path / "in" / "pipe.npz")
    session = session_in(tmp_path / "in")
    for path, code in {
        "../out.npz": "E0811",
        "link.npz": "E0811",
        str(tmp_path / "out.npz"): "E0811",
        "missing.npz": "E0812",
        "folder.npz": "E0812",
        "pipe.npz": "E0812",
        "m.pickle": "E0817",
    }.items():
        assert refused(session, f'weights W = "{path}"').code == code, path


def test_the_folder_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "m.npz").write_bytes(GOOD["npz"])
    (tmp_path / "sub" / "library.tc").write_text('weights W = "m.npz"\nlet first = W.b[0]\n')
    (tmp_path / "main.tc").write_text('use "sub/library.tc"\nW.a\n')
    session = tc0.Session()
    (_, *_, shown) = session.load(tmp_path / "main.tc").replies
    assert isinstance(shown, Shown) and shown.value == [[0] * 3] * 2
    assert session.eval("first") == 0x0101010101010101


@pytest.fixture
def session(tmp_path: Path) -> tc0.Session:
    arrays = {
        "h.0.attn.weight": np.array([[0.5, -1.25], [3, 0]], np.float32),
        "bias": np.array([0.1, 100.0, -1e-9], np.float32),
        "counts": np.array([[1, 2, 3]], np.int16),
        "bad\n\x1b[31m": np.array([1.0, np.nan]),
        "grid": np.array([[1.0, 2.0], [3.0, -np.inf]]),
    }
    (tmp_path / "m.safetensors").write_bytes(safetensors(arrays))
    found = session_in(tmp_path)
    found.run('# From a test.\nweights W = "m.safetensors"')
    return found


def test_names(session: tc0.Session) -> None:
    assert session.eval('W["h.0.attn.weight"][0, 1]') == Fraction(-5, 4)
    for text, hint in {
        "W.bais": "`W.bias`",
        "W.h": '`W["h.0.attn.weight"]`',
        "W.weight": '`W["h.0.attn.weight"]`',
        "W.zzz": '`W["h.0.attn.weight"]`, `W.bias`, `W.counts`',
    }.items():
        error = refused(session, text)
        assert error.code == "E0819" and hint in (error.hint or ""), text
        assert "\x1b" not in str(error) + (error.hint or "")
    for text, code in {
        "W + 1": "E0204",
        "let V = W": "E0204",
        "W[0]": "E0302",
        'W["bias", 0]': "E0302",
        "W.bias.bits": "E0205",
        "W.bias()": "E0204",
        "W(1)": "E0204",
        "W.bias[3]": "E0401",
    }.items():
        assert refused(session, text).code == code, text


def test_numbers_without_a_value(session: tc0.Session) -> None:
    error = refused(session, "W.grid")
    assert error.code == "E0827" and "element [1, 1] is infinite" in error.message
    assert refused(session, "truncation(W.grid, 8)").code == "E0827"


def test_elements_that_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "m.safetensors").write_bytes(
        packed({"a": tensor("C64", (1,)), "b": tensor("F32", (0,), (8, 8))}, EIGHT)
    )
    np.savez(tmp_path / "m.npz", a=np.array([{}], object), b=np.array(["x"]), c=np.zeros(2, complex), d=np.ones(2))
    session = session_in(tmp_path)
    session.run('weights S = "m.safetensors"\nweights N = "m.npz"')
    for text in ("S.a", "N.a", "N.b", "N.c"):
        assert refused(session, text).code == "E0828", text
    assert "objects of Python" in refused(session, "N.a").message
    assert session.eval("N.d") == [1, 1] and session.eval("S.b") == []


def test_a_file_that_changes(session: tc0.Session, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    assert session.eval("len(W.bias)") == 3
    path.write_bytes(safetensors({"bias": np.zeros(2)}))
    assert session.eval("len(W.bias)") == 3, "what was read stays"
    assert refused(session, "W.counts").code == "E0829"
    (reply,) = session.run('# From a test.\nweights W = "m.safetensors"').replies
    assert isinstance(reply, Defined) and reply.redefined
    assert session.eval("len(W.bias)") == 2
    session.undo()
    assert session.eval("len(W.bias)") == 3


def test_definitions(session: tc0.Session, tmp_path: Path) -> None:
    session.run("let first = W.bias[0]\nfamily f(x: bit[n]) -> bit = SUM(W.counts[0, i] * x[i] for i < n) >= 3")
    assert session.eval('f("110")') == 1 and session.eval('f("01")') == 0
    assert session.kind_of("W")[:2] == ("weights", "5 arrays of 16 numbers")
    assert session.documentation("W").summary == "From a test."
    saved = session.source_of()
    assert '# From a test.\nweights W = "m.safetensors"\n' in saved
    other = session_in(tmp_path)
    other.run(saved)
    assert other.eval("first") == session.eval("first") == Fraction(float(np.float32(0.1)))
    (tmp_path / "n.npz").write_bytes(zipped([("bias.npy", npy(header(shape=(1,)), b"\0" * 4))]))
    error = refused(session, 'weights W = "n.npz"')
    assert error.code == "E0208" and "`f`" in error.message
    assert refused(session, 'weights W = "m.safetensors"\nweights W = "m.safetensors"').code == "E0206"


def test_arrays_for_families(session: tc0.Session) -> None:
    session.run(
        "family map[W: rational[m, n]](x: bit[n]) -> bit[m] = [SUM(floor(4 * W[i, j]) * x[j] for j < n) > 0 for i < m]\n"
        "family counts[W: integer[m, n]](x: bit[n]) -> bit = SUM(W[0, j] * x[j] for j < n) >= 3\n"
        "family square[W: rational[n, n]](x: bit[n]) -> bit = SUM(floor(W[0, j]) * x[j] for j < n) >= 3"
    )
    assert session.eval('map[W = W["h.0.attn.weight"]]("11")').tolist() == [0, 1]  # type: ignore[attr-defined]
    assert session.eval('map[W = W.counts]("001")').tolist() == [1]  # type: ignore[attr-defined]
    assert session.eval('counts[W.counts]("110")') == 1
    for text, code, hint in [
        ("map[W = W.bias]", "E0313", "its shape is [3]"),
        ('counts[W = W["h.0.attn.weight"]]', "E0313", "`floor(..)`"),
        ('square[W = W.counts]("111")', "E0404", "the shape [n, n]"),
    ]:
        error = refused(session, text)
        assert error.code == code and hint in (error.hint or ""), text
    assert refused(session, 'map[W = W["h.0.attn.weight"]]("111")').code == "E0404"
    text = str(session.run("map[W = W.counts]").replies[0])
    assert "W = W.counts" in text


def test_memory(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=np.zeros((300, 300)))
    huge = {"a": tensor(shape=[10**13, 0], offsets=[0, 0])}
    (tmp_path / "m.safetensors").write_bytes(packed(huge, b""))
    session = tc0.Session(folder=tmp_path, limits=tc0.Limits(memory=8 << 20))
    session.run('weights W = "m.npz"\nweights H = "m.safetensors"')
    for text in ("W.a", "H.a"):
        error = refused(session, text)
        assert isinstance(error, LimitReached) and error.code == "E0802" and 'array "a"' in error.message
    assert tc0.Session(folder=tmp_path).run('weights W = "m.npz"\nW.a[0, 0]').ok


# ---- rounding


def one_by_one(array: np.ndarray, format: floats.Format) -> list[floats.Float]:
    return [
        floats.from_number(format, Fraction(v) if array.dtype.kind == "f" else int(v)) for v in array.ravel().tolist()
    ]


@MANY
@given(
    st.sampled_from(sorted(FINITE)).flatmap(lambda t: st.tuples(st.just(t), st.lists(FINITE[t], max_size=12))),
    st.sampled_from([4, 6, 8, 10, 12, 24, 32, 62, 64]),
    st.booleans(),
)
def test_rounding_all_at_once(numbers: tuple[str, list[Any]], precision: int, nearest: bool) -> None:
    array = np.array(numbers[1], numbers[0])
    format = floats.Format(precision, nearest)
    assert rounding.rounded(array, format, lambda: None) == one_by_one(array, format)
    exact = [Fraction(v) if array.dtype.kind == "f" else int(v) for v in array.tolist()]
    assert rounding.loss(array, format, lambda: None) == rounding.loss_of(exact, format)


@pytest.mark.parametrize("precision", [4, 6, 8])
@pytest.mark.parametrize("nearest", [False, True])
def test_rounding_at_every_border(precision: int, nearest: bool) -> None:
    """All floats of a format, what lies half-way between two of them, and just beside that."""
    format = floats.Format(precision, nearest)
    known = [float(x.fraction()) for x in floats.values(format)]
    middles = [(a + b) / 2 for a, b in zip(known, known[1:], strict=False)]
    top = known[-1]
    array = np.array([*known, *middles, *np.nextafter(middles, 9e9), *np.nextafter(middles, -9e9), 2 * top, 1.06 * top])
    assert rounding.rounded(array, format, lambda: None) == one_by_one(array, format)
    assert rounding.loss(array, format, lambda: None) == rounding.loss_of(map(Fraction, array.tolist()), format)


def test_losses_in_the_open() -> None:
    """Errors, saturation and underflow from their definitions, with no float type at all: float(4) is 0, 1/2, 1, 2."""
    found = rounding.loss_of([Fraction(3, 4), Fraction(1, 4), 3, 100, 0, 2], floats.Format(4))
    assert (found.count, found.saturated, found.vanished) == (6, 1, 1)
    assert found.absolute == 98 and found.relative == 1


def test_floats_of_arrays(session: tc0.Session) -> None:
    assert session.eval("float(8)(W.bias)") == session.eval("[float(8)(W.bias[i]) for i < 3]")
    assert session.eval("float(8, nearest)(W.bias)") == session.eval("[float(8, nearest)(W.bias[i]) for i < 3]")
    assert session.eval("float(8)(W.counts)[0, 2]") == 3
    assert session.eval('float(8)(W["h.0.attn.weight"]) * float(8)(2)')[0] == [1, Fraction(-5, 2)]  # type: ignore[index]
    session.run("family g[p](x: bit[n]) -> bit = SUM((if float(p)(W.bias)[i] > 0 then 1 else 0) * x[i] for i < n) >= 2")
    session.run(
        "family same[p](x: bit[n]) -> bit = if [float(p, nearest)(W.bias[i]) for i < 3] == float(p, nearest)(W.bias) then OR(x) else 0"
    )
    assert session.eval('same[p = 8]("1")') == 1
    assert refused(session, 'same[p = 7]("1")').code == "E0713"
    assert session.eval('g[p = 8]("110")') == 1 and session.eval('g[p = 8]("101")') == 0


def test_truncation(session: tc0.Session) -> None:
    (reply,) = session.run("truncation(W, 8)").replies
    assert isinstance(reply, Truncated) and reply.of == "W" and reply.format == "float(8)"
    rows = {row.name: row for row in reply.rows}
    bias = rows["bias"]
    tenth = Fraction(float(np.float32(0.1)))
    assert bias.vanished == 1 and bias.saturated == 0 and bias.relative == 1
    assert bias.absolute == 100 - 96 and rows["counts"].absolute == 0
    assert rows["h.0.attn.weight"].absolute == 0
    assert "infinite" in (rows["grid"].problem or "")
    (one,) = session.run("truncation(W.bias, 8, nearest)").replies[0].rows  # type: ignore[union-attr]
    assert one.absolute == 4 and one.name == "W.bias"
    (plain,) = session.run("truncation([1 / 3, 0.1], 12)").replies[0].rows  # type: ignore[union-attr]
    assert 0 < plain.absolute < Fraction(1, 64) and plain.shape == (2,)
    assert session["W"].truncation(8) == reply  # type: ignore[union-attr]
    assert abs(tenth - Fraction(3, 32)) < bias.absolute
    for text, code in {
        "truncation(W, 7)": "E0713",
        "truncation(W)": "E0304",
        "truncation(W, 8, 9)": "E0203",
        "truncation(MAJ, 8)": "E0204",
        'truncation("1", 8)': "E0302",
        "truncation(true, 8)": "E0302",
        "1 + truncation(W, 8)": "E0302",
        "family f(x: bit) -> bit = truncation(W, 8)": "E0312",
    }.items():
        assert refused(session, text).code == code, text


def test_the_table(session: tc0.Session) -> None:
    (reply,) = session.run("W").replies
    assert isinstance(reply, Tensors)
    assert reply.rows[0] == ("h.0.attn.weight", (2, 2), "float32")
    assert all(row[0].isprintable() for row in reply.rows)
    found = session.eval("W")
    assert list(found)[:2] == ["h.0.attn.weight", "bias"]  # type: ignore[call-overload]
    with pytest.raises(KeyError):
        found["none"]  # type: ignore[index]


# ---- the shipped model


@pytest.mark.checkout
def test_the_shipped_model_is_the_one_that_is_trained(tmp_path: Path) -> None:
    """Trained again elsewhere, the numbers may differ in their last digits, the answers not."""
    shutil.copy(in_checkout("examples", "train_majority.py"), tmp_path)
    done = subprocess.run([sys.executable, tmp_path / "train_majority.py"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("at most 16 letters: 100.0000% right") == 3
    shutil.copy(in_checkout("examples", "majority.safetensors"), tmp_path / "shipped.safetensors")
    session = session_in(tmp_path)
    session.run('weights A = "majority.safetensors"\nweights B = "shipped.safetensors"')
    trained, shipped = session["A"], session["B"]
    assert trained.shapes == shipped.shapes  # type: ignore[union-attr]
    for name in trained:  # type: ignore[union-attr]
        np.testing.assert_allclose(*(np.array(w[name], float) for w in (trained, shipped)), atol=0.01)  # type: ignore[index]


@pytest.mark.checkout
def test_the_shipped_model_in_floats(root: Path) -> None:
    """The lengths at which it first fails, from floats of Python's own objects in the order of the example."""
    session = tc0.Session(folder=root)
    session.run('weights W = "examples/majority.safetensors"')
    w = {name: np.array(session.eval(f"W.{name}"), object) for name in session["W"]}  # type: ignore[union-attr]
    for precision, longest in {8: 30, 12: 18}.items():
        format = floats.Format(precision)
        cells = {name: np.vectorize(partial(floats.from_number, format), otypes=[object])(v) for name, v in w.items()}
        wrong = [n for n in range(1, longest + 2) for a in range(n + 1) if more_a(cells, format, a, n) != (2 * a > n)]
        assert wrong == [longest + 1] * len(wrong) and wrong, precision


def more_a(w: Mapping[str, np.ndarray], format: floats.Format, a: int, n: int) -> bool:
    one = floats.from_number(format, 1)
    share = floats.divide(one, floats.total([one] * n, format))

    def sum_of(pairs: Sequence[tuple[floats.Float, floats.Float]]) -> floats.Float:
        return floats.total([floats.multiply(x, y) for x, y in pairs], format)

    m = [sum_of([(share, w["embed"][0, c])] * a + [(share, w["embed"][1, c])] * (n - a)) for c in range(2)]
    h = [floats.relu(floats.add(sum_of(list(zip(w["w1"][r], m, strict=True))), w["b1"][r])) for r in range(3)]
    y = [floats.add(m[o], floats.add(sum_of(list(zip(w["w2"][o], h, strict=True))), w["b2"][o])) for o in range(2)]
    return floats.compared(y[0], y[1]) > 0

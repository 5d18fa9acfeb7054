"""Random programs with floats: helper families, and a family `f` over floats of precision p, bits and symbols."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .float_writer import FloatWriter
from .scenery import Helper, Index, Row, Scenery


def float_program(seed: int, depth: int, nearest: bool, circuits: bool, smooth: bool = True) -> str:
    """A program whose family `f` has the sizes p and n. circuits: without what has a large circuit. smooth: with `exp` and
    `sqrt`."""
    real = "float(p, nearest)" if nearest else "float(p)"
    write = FloatWriter(Random(f"{seed} {depth} {nearest} {circuits}"), real, smooth=smooth and not circuits)
    texts: list[str] = []
    known: tuple[Helper, ...] = ()
    for at in range(write.number(0, 2)):
        text, helper = _helper(write, f"h{at}", known, depth - 1, circuits)
        texts.append(text)
        known = (*known, helper)
    return "\n".join([*texts, _main(write, known, depth)])


def _helper(write: FloatWriter, name: str, known: tuple[Helper, ...], depth: int, circuits: bool) -> tuple[str, Helper]:
    real = write.real_type
    row, one = Row("x", "n", "float"), ("y",)
    match write.number(0, 4 if circuits else 3):
        case 0:
            at = Scenery(floats=one, bits=("b",), lengths=("1", "2"), helpers=known)
            body = write.real(at, depth)
            return f"family {name}(y: {real}, b: bit) -> {real} = {body}", Helper(name, ("float", "bit"), "float")
        case 1:
            at = Scenery(rows=(row,), floats=one, lengths=("n", "1"), helpers=known)
            body = write.real(at, depth)
            return f"family {name}(y: {real}, x: {real}[n]) -> {real} = {body}", Helper(
                name, ("float", "float[]"), "float"
            )
        case 2:
            at = Scenery(floats=one, indices=(Index("k", "3"),), lengths=("1", "2"), helpers=known)
            rest = f"{name}[k - 1]({write.real(at, depth - 1)})"
            body = write.real(replace(at, floats=("y", rest)), depth)
            text = f"family {name}[k](y: {real}) -> {real} = if k <= 0 then {write.real(at, 0)} else {body}"
            return text, Helper(name, ("float",), "float", ("small",) if not circuits else ("one",))
        case 3:
            at = Scenery(rows=(Row("b", "n"), row), lengths=("n", "1"), helpers=known)
            body = write.bit(at, depth)
            return f"family {name}(x: {real}[n], b: bit[n]) -> bit = {body}", Helper(name, ("float[]", "bit[]"), "bit")
        case _:
            at = Scenery(floats=one, bits=("b",), lengths=("1", "2"), helpers=known)
            body = write.real(at, depth)
            return f"table family {name}(y: {real}, b: bit) -> {real} = {body}", Helper(name, ("float", "bit"), "float")


def _main(write: FloatWriter, known: tuple[Helper, ...], depth: int) -> str:
    real = write.real_type
    rows = (Row("x", "n", "float"), Row("b", "n"), Row("s", "n", '{"a", "b"}'))
    at = Scenery(rows=rows, floats=("y", "z"), lengths=("n", "n", "1", "2"), helpers=known)
    lets = []
    for _ in range(write.number(0, 2)):
        name, i = write.fresh("v"), write.fresh("i")
        match write.number(0, 2):
            case 0:
                lets.append(f"    let {name} = {write.real(at, depth - 1)}\n")
                at = replace(at, floats=(*at.floats, name))
            case 1:
                lets.append(f"    let {name} = {write.wires(at, depth - 1)}\n")
                at = replace(at, bits=(*at.bits, name))
            case _:
                body = write.real(at.with_index(Index(i, "n")), depth - 1)
                lets.append(f"    let {name}[{i} < n] = {body}\n")
                at = replace(at, rows=(*at.rows, Row(name, "n", "float")))
    i = write.fresh("i")
    result, body = write.pick(
        [
            (real, write.real(at, depth)),
            (real, write.real(at, depth)),
            (f"{real}[n]", write.reals(at, "n", depth)),
            ("bit", write.bit(at, depth)),
            ("bit[n]", f"[{write.bit(at.with_index(Index(i, 'n')), depth)} for {i} < n]"),
        ]
    )
    head = f'family f(x: {real}[n], y: {real}, z: {real}, b: bit[n], s: {{"a", "b"}}[n]) -> {result}'
    return f"{head} {{\n{''.join(lets)}    return {body}\n}}"


def transformer_program(
    seed: int, depth: int, nearest: bool, precision: int, circuits: bool, smooth: bool = True
) -> str:
    """A transformer `f` over n symbols and n bits."""
    real = "float(p, nearest)" if nearest else "float(p)"
    write = FloatWriter(Random(f"transformer {seed} {depth}"), real, smooth=smooth and not circuits)
    rows = (Row("s", "n", '{"a", "b"}'), Row("b", "n"))
    at = Scenery(rows=rows, lengths=("n", "1", "2"))
    i, j = write.fresh("i"), write.fresh("j")
    inside = at.with_index(Index(i, "n"))
    numbers = [f"if {write.wires(inside, depth - 1)} then {write.static(at)} else {write.static(at)}" for _ in range(2)]
    steps = [
        f"precision p = {precision}{', nearest' if nearest else ''}",
        f"embed x[{i} < n] = [{', '.join(numbers)}]",
    ]
    for _ in range(write.number(0, 1 if circuits else 2)):
        repeat = write.pick(["", "", f"repeat {write.length(at)} "])
        u, v, head = write.fresh("u"), write.fresh("v"), write.fresh("h")
        lets = [f"let {u}[{i} < n] = x[{i}, 0]", f"let {v}[{i} < n] = x[{i}][1]"]
        layer = replace(at, rows=(*rows, Row(u, "n", "float"), Row(v, "n", "float")))
        mask = write.pick(["", "", f" if {j} <= {i}", f" if {j} < {i}"])
        if nearest or circuits:
            lets.append(f"let {head}[{i} < n] = MAX({write.real(layer.with_index(Index(i, 'n')), depth - 1)}, 0)")
        else:
            power = f"exp({v}[{j}])" if smooth else f"{v}[{j}]"
            score = write.pick(["1", f"{u}[{j}] * {u}[{i}]", power, f"if s[{j}] == s[{i}] then 1 else 0"])
            lets.append(f"let {head}[{i} < n] = attend({score}, x[{j}] for {j} < n{mask})[{write.number(0, 1)}]")
        layer = replace(layer, rows=(*layer.rows, Row(head, "n", "float"))).with_index(Index(i, "n"))
        outputs = [write.real(layer, depth - 1), write.real(layer, depth - 1)]
        steps.append(f"{repeat}layer {{\n        " + "\n        ".join(lets))
        steps.append(f"    x[{i} < n] = [{outputs[0]}, {outputs[1]}]\n    }}")
    result, returned = write.pick(
        [
            ("bit", "x[n - 1, 0] > x[0, 1]"),
            ("bit[n]", f"[x[{i}, 0] >= x[{i}, 1] for {i} < n]"),
            ('{"a", "b"}[n]', f'[if x[{i}, 0] > 0 then "a" else s[{i}] for {i} < n]'),
            (f"{real.replace('p', str(precision), 1)}[n, 2]", "x"),
        ]
    )
    lines = "\n    ".join([*steps, f"return {returned}"])
    return f'transformer f(s: {{"a", "b"}}[n], b: bit[n]) -> {result} {{\n    {lines}\n}}'

"""The formats in which a circuit is written, as one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import product
from types import MappingProxyType
from typing import TextIO

from tc0.dsl.core.interface import Interface, Port
from tc0.dsl.export.blif import write_blif
from tc0.dsl.export.serial import write_serial
from tc0.dsl.netlist import Netlist

Writer = Callable[[Netlist, Sequence[str], Sequence[str], str, TextIO], None]


@dataclass(frozen=True, slots=True)
class Format:
    """name: as in `--to`. suffix: of its files. doc: one sentence.

    writer: takes a netlist, the names of its inputs and outputs, the name of the model, and where to write.
    """

    name: str
    suffix: str
    doc: str
    writer: Writer

    def write(self, netlist: Netlist, ports: Interface, model: str) -> str:
        """The circuit as text, its inputs and outputs named after the parameters and the result: `x[2]`, `w[1][0]`."""
        inputs = [name for port in ports.inputs for name in wire_names(port)]
        outputs = wire_names(ports.output)
        text = StringIO()
        self.writer(netlist, inputs, outputs, model, text)
        return text.getvalue()


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        row.name: row
        for row in (
            Format(
                "blif",
                ".blif",
                "Berkeley logic interchange format, read by ABC, yosys and others: gates of unbounded fan-in as one cover, "
                "thresholds as networks of adders.",
                write_blif,
            ),
            Format(
                "serial",
                ".txt",
                "The serialisation of threshold circuits of Merrill and Sabharwal (2023): one output, no MOD, weights as repeated "
                "arguments.",
                write_serial,
            ),
        )
    }
)


def wire_names(port: Port) -> list[str]:
    """A name for each wire: indices of the element, then of the bit where an element has several (bit 0 lowest)."""
    bits = [f"[{bit}]" for bit in range(port.width)] if port.kind != "bit" else [""]
    elements = ("".join(f"[{i}]" for i in index) for index in product(*(range(length) for length in port.shape)))
    return [port.name + element + bit for element in elements for bit in bits]

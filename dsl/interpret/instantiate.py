"""Typed program with every size fixed, to the netlist of `C_n`."""

from __future__ import annotations

from tc0.dsl.base.meter import Meter
from tc0.dsl.core.program import Applied
from tc0.dsl.netlist import Netlist


def instantiate(applied: Applied, meter: Meter) -> Netlist:
    """The circuit of a family whose static parameters and sizes are all in `applied.values`.

    Inputs are the parameters in order, row-major, bit 0 first; outputs the result likewise. A family with parameters or
    results of type `form` has no circuit of its own (E0601). Cost: time and memory in proportion to the stored terms.
    """
    raise NotImplementedError

"""Typed program with every size fixed, to the netlist of `C_n`."""

from __future__ import annotations

from tc0.dsl.base.depth import deep
from tc0.dsl.base.meter import Meter
from tc0.dsl.core.program import Applied
from tc0.dsl.interpret.contexts import Context
from tc0.dsl.interpret.gates_algebra import Gates
from tc0.dsl.interpret.reading import tabulate
from tc0.dsl.interpret.root import bind_inputs, frame_of, inputs_of, refuse_forms, result_of, run_body
from tc0.dsl.interpret.walk import new_walk
from tc0.dsl.netlist import Netlist


def instantiate(applied: Applied, meter: Meter) -> Netlist:
    """The circuit of a family whose static parameters and sizes are all in `applied.values`.

    Inputs are the parameters in order, row-major, bit 0 first; outputs the result likewise. A family with parameters or
    results of type `form` has no circuit of its own (E0601). Cost: time and memory in proportion to the stored terms.
    """
    family = applied.family
    refuse_forms(family, results=True)
    with deep():
        algebra = Gates(0, meter)
        walk = new_walk(algebra, meter, tabulate)
        context = Context()
        frame = frame_of(walk, applied, context, {})
        inputs = inputs_of(walk, family, frame, context)
        algebra.inputs, algebra.next = inputs.count, 2 + inputs.count
        bind_inputs(inputs, frame, context)
        value = run_body(walk, family, frame, context, as_table=True)
        result = result_of(walk, value, context, family.span)
        return algebra.netlist(result.wires)

"""The circuit of one n: arrays of gates and wires, with no object per gate."""

from tc0.dsl.netlist.netlist import KINDS, Block, Claim, Kind, Netlist, Place, Rows

__all__ = ["KINDS", "Block", "Claim", "Kind", "Netlist", "Place", "Rows"]

"""Circuits in the formats of other tools."""

"""Families and circuits as Python objects."""

from __future__ import annotations


class Family:
    """A family with some of its parameters fixed."""


class Circuit:
    """`C_n`: a family with everything fixed."""

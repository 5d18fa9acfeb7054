"""Exact semantics of numbers that are not integers: real expressions, and (later) log-precision floats."""

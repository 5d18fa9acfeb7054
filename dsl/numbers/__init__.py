"""Exact semantics of numbers that are not integers: real expressions, and log-precision floats."""

"""A circuit evaluated, measured, optimised."""

"""Closed forms: integers that are symbolic in the size parameters."""

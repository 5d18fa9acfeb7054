"""Checks: claims decided on every input, on a sample, or by counting."""

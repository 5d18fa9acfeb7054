"""The language tc0: one sub-package a phase, from text (`syntax`) to circuits (`circuit`)."""

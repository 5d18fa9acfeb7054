"""Text to surface tree: what was written, with a place on every node. The only floor that knows the parser."""

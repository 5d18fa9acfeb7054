"""The typed program: what a text means. Names are looked up, levels and types decided, conversions written out."""

"""The walk over the typed program: circuits (gates) and values (planes of bits) from one reading of the text."""

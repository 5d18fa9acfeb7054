"""What a static function says where it has no value."""

from __future__ import annotations


class Undefined(Exception):
    """A static function has no value here: division by zero, `flog2(0)`, `inverse_mod(2, 4)`."""

    def __init__(self, message: str, code: str = "E0501") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

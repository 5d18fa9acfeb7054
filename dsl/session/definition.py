"""What was written for one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tc0.dsl.syntax import tree

if TYPE_CHECKING:
    from tc0.dsl.session.tensors import TensorFile


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """What was written. origin: the file it came from (resolved path), or None for text that is no file.

    An option that puts a family behind an operator is one too, under a name of its own (`choices`).
    archive: the file of arrays that `weights` names.
    """

    name: str
    node: tree.Definition | tree.Option
    origin: str | None
    archive: TensorFile | None = None

    @property
    def text(self) -> str:
        """The source of the definition, with its comment."""
        doc = "" if isinstance(self.node, tree.Option) else self.node.doc
        comment = "".join(f"# {line}".rstrip() + "\n" for line in doc.splitlines())
        return comment + self.node.span.text.strip()

    def same(self, other: Definition) -> bool:
        if self.archive is not None and other.archive is not None and self.archive.stamp != other.archive.stamp:
            return False
        return self.text == other.text

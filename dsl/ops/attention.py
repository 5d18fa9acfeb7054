"""The library's attention families, as a transformer's report counts them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tc0.dsl.base.record import record


@record
class AttentionRow:
    """family: of the library. heads: the parameter in brackets that says how many heads a call has; one where None."""

    family: str
    heads: str | None = None


def _rows(*rows: AttentionRow) -> Mapping[str, AttentionRow]:
    return MappingProxyType({row.family: row for row in rows})


ATTENTION: Mapping[str, AttentionRow] = _rows(
    AttentionRow("attend"),
    AttentionRow("average"),
    AttentionRow("saturated"),
    AttentionRow("hard_left"),
    AttentionRow("hard_right"),
    AttentionRow("softmax_attention"),
    AttentionRow("causal_attention"),
    AttentionRow("strict_attention"),
    AttentionRow("multi_head", "h"),
    AttentionRow("causal_multi_head", "h"),
    AttentionRow("strict_multi_head", "h"),
)

"""What a transformer reports of itself: layers, heads, width, precision, and the depth after each layer."""

from __future__ import annotations

from tc0.dsl.core.probes import until
from tc0.dsl.core.program import Applied, Constant, Expr, Stage
from tc0.dsl.core.show import show_dim
from tc0.dsl.session.report import Closed, Stacked
from tc0.dsl.session.workbench import Workbench


def stacked(applied: Applied, bench: Workbench) -> Stacked | None:
    """Of a transformer; None of other families."""
    from tc0.dsl.analysis.analyse import Open

    family = applied.family
    if family.stack is None:
        return None
    stack = family.stack()
    depths = []
    for at in range(len(stack.stages) + 1):
        figure = bench.costs(Applied(until(family, at), applied.values)).figure("depth")
        label = "embedding" if at == 0 else f"layer {at}{_repeated(stack.stages[at - 1].times)}"
        found = (figure.reason, "none") if isinstance(figure, Open) else (str(figure), figure.evidence.value)
        depths.append(Closed(label, *found))
    return Stacked(
        layers=" + ".join(show_dim(stage.times) for stage in stack.stages) or "0",
        heads=_heads(stack.stages),
        width=show_dim(stack.width),
        precision=f"{show_dim(stack.precision)} bits, {'rounded to nearest' if stack.nearest else 'truncated'}",
        depths=tuple(depths),
    )


def _repeated(times: Expr) -> str:
    return "" if isinstance(times, Constant) and times.value == 1 else f" ({show_dim(times)} times)"


def _heads(stages: tuple[Stage, ...]) -> str:
    """Attention calls of a position, layer by layer: `1 (attend)`."""
    found = []
    for stage in stages:
        names = ", ".join(dict.fromkeys(head.family for head in stage.heads))
        known = [h.count.value for h in stage.heads if isinstance(h.count, Constant)]
        counted = len(known) == len(stage.heads)
        count = str(sum(known)) if counted else " + ".join(show_dim(h.count) for h in stage.heads)  # type: ignore[arg-type]
        found.append(f"{count} ({names})" if names else "0")
    if len(set(found)) <= 1:
        return found[0] if found else "0"
    return "; ".join(f"layer {at}: {text}" for at, text in enumerate(found, 1))

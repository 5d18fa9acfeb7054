"""Which file of the standard library defines which names: written by `python -m tc0.dsl.session.library`."""

FILES: dict[str, tuple[str, ...]] = {
}

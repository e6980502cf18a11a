"""Our block beside the field's own forms of it: networks, counters of FLOP and bytes, and the comparison."""

__all__: list[str] = []

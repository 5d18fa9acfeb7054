"""Batches of input vectors: numpy arrays of bits to planes of 64 vectors a word, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tc0.dsl.base.errors import Error

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def as_planes(batch: npt.ArrayLike) -> tuple[npt.NDArray[np.uint64], int, int]:
    """batch: [B, inputs] of booleans or of 0 and 1. Planes uint64 [inputs, words], B, inputs."""
    import numpy as np

    from tc0.dsl.bitslice.planes import pack

    try:
        array = np.asarray(batch)
    except ValueError:
        raise Error("E0707", "a batch is an array of vectors of equal length") from None
    if array.ndim != 2:
        shape = "a single vector: write batch[None, :]" if array.ndim == 1 else f"{array.ndim} dimensions"
        raise Error("E0707", f"a batch has two dimensions [vectors, inputs], not {shape}")
    if array.dtype.kind not in "buif" or (
        array.dtype.kind != "b" and array.size and not ((array == 0) | (array == 1)).all()
    ):
        if array.size:
            raise Error("E0707", "a batch holds booleans, or 0 and 1")
    return pack(array.astype(bool)), array.shape[0], array.shape[1]


def from_planes(planes: npt.NDArray[np.uint64], count: int) -> npt.NDArray[np.bool_]:
    """bool [count, outputs]."""
    from tc0.dsl.bitslice.planes import unpack

    return unpack(planes, count)

"""Matrices as 8-bit integers, so that sums of products are exact on every processor."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]

# Processors with AVX2 but without VNNI add two products of a byte (0 to 255) and a weight in 16 bits before
# anything else. 255 times 128 fits, so two neighbouring weights of one sign may come to 128: 127 before rounding.
_PAIR = 127
_SINGLE = 127
_USUAL = 2  # times the median channel's range: what is larger is brought down to it


def quantised_columns(weights: Floats) -> tuple[Bytes, Floats]:
    """A matrix (inputs, outputs) as integers and a scale for each output, shape (outputs,).

    Bounding pairs of weights, not each weight by 64 as is usual, leaves nearly a bit more for each.
    """
    padded = np.pad(weights, ((0, weights.shape[0] % 2), (0, 0)))
    pairs = padded.reshape(-1, 2, weights.shape[1])
    positive, negative = (np.maximum(sign * pairs, 0).sum(axis=1).max(axis=0) / _PAIR for sign in (1, -1))
    single = np.abs(weights).max(axis=0) / _SINGLE
    scales = np.maximum.reduce([positive, negative, single, np.full_like(single, 1e-12)]).astype(np.float32)
    return np.round(weights / scales).astype(np.int8), scales


def quantised_rows(table: Floats) -> tuple[Bytes, Floats]:
    """A table to look rows up in, as integers and a scale for each row, shape (rows, 1)."""
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / _SINGLE, np.float32(1e-12))
    return np.round(table / scales).astype(np.int8), scales.astype(np.float32)


def smoothing_factors(ranges: Floats) -> Floats:
    """By how much each channel is divided before it is rounded, shape (channels,), at least 1.

    All channels of an input share one scale, so a few large ones would leave the others a handful of steps.
    They are divided and their weights multiplied instead (SmoothQuant, Xiao et al. 2023).

    Args:
        ranges: The largest absolute value seen in each channel.
    """
    usual = _USUAL * max(float(np.median(ranges)), 1e-12)
    eighths = np.round(8 * ranges / usual) / 8  # coarse, so that it is the same whatever machine measured the ranges
    return np.asarray(np.maximum(1, eighths), dtype=np.float32)

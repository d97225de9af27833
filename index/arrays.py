"""Arrays in files: plain `.npy`, never pickled, opened by mapping."""

from __future__ import annotations

import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Row numbers: of posts (from 1), of chunks or of sentences (from 0), in the order of the corpus."""

# numpy reads a header with `ast`, which in CPython 3.11 fails now and then in two threads at once (SystemError).
_ONE_READS_HEADERS = Lock()


def save_arrays(folder: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by the names of their files; one of objects is refused, for it would have to be pickled."""
    for name, values in arrays.items():
        np.save(folder / name, values, allow_pickle=False)


def new_array(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> np.memmap[Any, Any]:
    """A file of an array to be filled in by mapping it; its room is taken at once.

    Raises:
        OSError: There is not enough; a write into a mapped file could not say so but by killing the process.
    """
    values = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    with path.open("r+b") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error
    return values


def map_array(path: Path, *, scattered: bool = False) -> npt.NDArray[Any]:
    """Open an array without reading it, as a plain view on its mapped file.

    Args:
        scattered: Rows here and there will be read: the system must not read on behind each of them.
    """
    with _ONE_READS_HEADERS:
        if path.stat().st_size <= _header(path):
            return np.asarray(np.load(path, allow_pickle=False))
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if scattered:
        mapped._mmap.madvise(mmap.MADV_RANDOM)
    return np.asarray(mapped)


def highest(scores: npt.NDArray[np.floating], k: int) -> Rows:
    """Positions of the k highest scores, best first; equal ones by position, but for those at the end."""
    kept = np.sort(np.argpartition(-scores, k - 1)[:k]) if k < len(scores) else np.arange(len(scores))
    return np.asarray(kept[np.argsort(-scores[kept], kind="stable")], dtype=np.int64)


def _header(path: Path) -> int:
    """Bytes before the values: a file with no values cannot be mapped."""
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        read(file)
        return file.tell()

"""An index that follows its folder: a new generation is picked up between questions, without a failed one."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from index.errors import PostqaError
from index.layout import LAYOUT
from index.reader import Index
from index.settings import default_index_path

Stamp = tuple[int, int, int]
T = TypeVar("T")


class LiveIndex(Generic[T]):
    """Gives what answers from the current generation; a question that began with an older one ends with it.

    An older generation closes when its last reader drops it. A new one that cannot be opened or fitted leaves the
    old one serving, with one warning.

    Args:
        index: A folder, or None for the default one; an opened index is never exchanged.
        fit: Makes of an opened index what answers from it; an error of ours refuses that index.

    Raises:
        IndexMissing: There is no index.
        IndexCorrupt: The index is not as it was published.
        PostqaError: Whatever `fit` raises.
    """

    def __init__(self, index: Index | str | Path | None, fit: Callable[[Index], T]) -> None:
        self._follows = not isinstance(index, Index)
        self._root = index.root if isinstance(index, Index) else Path(index) if index else default_index_path()
        self._fit = fit
        self.fault: str | None = None
        """Why a newer generation does not answer; None where none is waiting."""
        self._lock = Lock()
        self._stamp = self._look()
        self._index = index if isinstance(index, Index) else Index.open(self._root)
        self._serving = fit(self._index)

    def current(self) -> T:
        """What answers now.

        Raises:
            IndexClosed: The index was closed.
        """
        self._index.require_open()
        if self._follows and self._look() != self._stamp:
            with self._lock:
                self._follow()
        return self._serving

    def close(self) -> None:
        """Close the index; closing again does nothing."""
        self._index.close()

    def _follow(self) -> None:
        stamp = self._look()
        if stamp == self._stamp:
            return  # another thread was here first
        self._stamp = stamp
        try:
            index = Index.open(self._root)
            serving = self._fit(index)
        except PostqaError as fault:
            number = self._index.manifest.generation
            self.fault = f"generation {number} goes on serving: {fault}"
            warnings.warn(self.fault, stacklevel=3)
        else:
            self._index, self._serving, self.fault = index, serving, None
            _release_memory()

    def _look(self) -> Stamp | None:
        """What a builder changes when it publishes."""
        try:
            status = (self._root / LAYOUT.current).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def _release_memory() -> None:
    """Return freed memory to the system: glibc keeps what the generation before took, a fifth of a server's."""
    with suppress(OSError, AttributeError):  # another C library has no such call
        ctypes.CDLL(None).malloc_trim(0)

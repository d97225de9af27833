"""Locks between processes: one builder at a time, and no generation removed while somebody reads it.

`flock` locks vanish with the process that holds them, however it ends: a killed builder leaves nothing to clean.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexBusy

WRITE = "write.lock"
IN_USE = ".inuse"


@contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the lock of an index folder's one builder.

    Raises:
        IndexBusy: Another process holds it; names it, at once.
    """
    handle = os.open(root / WRITE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise IndexBusy(
                f"locked by pid {holder}: another build is at work", where=root, remedy="Wait for it, or stop it."
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


class Reading:
    """A shared lock on a generation, held until it is closed or forgotten."""

    def __init__(self, folder: Path) -> None:
        self._handle = -1
        with suppress(OSError):  # a copy without the file is read without a lock: nobody collects copies
            self._handle = os.open(folder / IN_USE, os.O_RDONLY)
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __del__(self) -> None:
        self.close()


def is_read(folder: Path) -> bool:
    """Whether some process reads a generation at this moment."""
    try:
        handle = os.open(folder / IN_USE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False

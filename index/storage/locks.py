"""Locks between processes: one builder at a time, and no generation removed while somebody reads it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from index.errors import IndexBusy
from index.files import locked

WRITE = "write.lock"
IN_USE = ".inuse"


@contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the lock of an index folder's one builder.

    Raises:
        IndexBusy: Another process holds it; names it, at once.
    """
    with ExitStack() as stack:
        try:
            descriptor = stack.enter_context(locked(root / WRITE, wait=False))
        except BlockingIOError as error:
            holder = (root / WRITE).read_bytes()[:32].decode("ascii", "replace").strip() or "unknown"
            raise IndexBusy(
                f"locked by pid {holder}: another build is at work", where=root, remedy="Wait for it, or stop it."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        yield


class ReaderLock:
    """A shared lock on a generation, held until it is closed or garbage collected."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = -1
        with suppress(OSError):  # a copy without the file is read without a lock: nobody collects copies
            self._descriptor = os.open(folder / IN_USE, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        """Release the lock."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.close()


def is_read(folder: Path) -> bool:
    """Whether some process reads a generation at this moment."""
    if not (folder / IN_USE).exists():
        return False
    try:
        with locked(folder / IN_USE, wait=False):
            return False
    except BlockingIOError:
        return True

"""Files that must last: written in one step, locked, hashed; and the user's own folders."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident

import platformdirs

from index.errors import IndexUnwritten


def cache_folder() -> Path:
    """Where what can be made again is kept: `QA_CACHE`, else the user's cache folder."""
    named = os.environ.get("QA_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("postqa")


def data_folder() -> Path:
    """Where what a user has made or chosen is kept: `QA_DATA`, else the user's data folder."""
    named = os.environ.get("QA_DATA")
    return Path(named) if named else platformdirs.user_data_path("postqa")


def sync(path: Path) -> None:
    """Return when a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, content: bytes, *, replace: bool = True, mode: int = 0o666) -> None:
    """Give a file its content in one step: a reader finds the old one or the new one, also after a power cut.

    Args:
        replace: Whether a file that is there is replaced.
        mode: Permissions, less the process's umask.

    Raises:
        FileExistsError: The file is there and not to be replaced.
    """
    pending = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.tmp")
    try:
        with open(pending, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        place_file(pending, path, replace=replace)
    finally:
        pending.unlink(missing_ok=True)


def place_file(pending: Path, path: Path, *, replace: bool = True) -> None:
    """Give a finished file its name in one step, and return when that is on the disk; as `write_file` does."""
    sync(pending)
    if replace:
        pending.replace(path)
    else:
        os.link(pending, path)
    sync(path.parent)


def replace_folder(new: Path, place: Path) -> None:
    """Rename a folder into place once its files are on the disk; what is there is moved to `before`, beside `new`."""
    for path in (*new.rglob("*"), new):
        sync(path)
    if place.exists():
        place.rename(new.with_name("before"))
    new.rename(place)
    sync(place.parent)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[int]:
    """Hold the lock of a file, which is made where it is missing; gives its descriptor.

    The system releases the lock (`flock`) with the process, however that ends: there is nothing to clean up.

    Raises:
        BlockingIOError: Somebody else holds it, and this does not wait.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def written_under(root: Path) -> Iterator[None]:
    """Say what could not be written, and how much room there is.

    Raises:
        IndexUnwritten: Something inside the block could not write.
    """
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        there = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
        raise IndexUnwritten(
            "the index cannot be written",
            where=getattr(error, "filename", None) or root,
            seen=f"{error}; {shutil.disk_usage(there).free:,} bytes free",
            remedy="Make room, or name another folder with --index; what was published before is still served.",
        ) from error


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remembered_sha256(path: Path) -> str:
    """SHA-256 of a large file, read again only when its size or its times of change have changed."""
    path = path.resolve()
    state = path.stat()
    seen = f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"
    note = cache_folder() / "weights" / hashlib.sha256(seen.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    with suppress(OSError, UnicodeDecodeError):
        known = note.read_text(encoding="ascii")
        if re.fullmatch("[0-9a-f]{64}", known):
            return known
    sha256 = file_sha256(path)
    with suppress(OSError):  # a cache that cannot be written costs a tenth of a second each time, no more
        note.parent.mkdir(parents=True, exist_ok=True)
        write_file(note, sha256.encode("ascii"))
    return sha256

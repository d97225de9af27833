"""Which generation to read: the one that CURRENT names, verified; else the newest sound one, with a warning."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexCorrupt
from index.storage.generation import current_pointer, generation_folders, read_pointer, readable_pointer
from index.storage.locks import ReaderLock
from index.storage.manifest import Manifest, verified_manifest

_TRIES = 5  # a builder may replace CURRENT between two looks at it, but hardly five times running


@dataclass(frozen=True)
class OpenedGeneration:
    """A generation whose every file was compared with its record, locked against removal.

    Attributes:
        degraded: Why it is not the one that CURRENT names; None where it is.
    """

    folder: Path
    manifest: Manifest
    lock: ReaderLock
    degraded: str | None = None


def open_generation(root: Path) -> OpenedGeneration:
    """The generation to read.

    Raises:
        IndexMissing: There is none in the folder.
        IndexCorrupt: None is sound; names what is wrong with the one that CURRENT names.
    """
    try:
        return _current(root)
    except IndexCorrupt as fault:
        older = _newest_sound(root, fault)
        if older is None:
            raise
        warnings.warn(older.degraded or "", stacklevel=2)
        return older


def _current(root: Path) -> OpenedGeneration:
    for _ in range(_TRIES):
        pointer = current_pointer(root)
        folder = pointer.folder(root)
        lock = ReaderLock(folder)
        try:
            if pointer == read_pointer(root):
                return OpenedGeneration(folder, verified_manifest(folder, pointer.manifest), lock)
        except IndexCorrupt:
            if pointer == read_pointer(root):
                lock.close()
                raise
        lock.close()  # CURRENT moved on while this one was being looked at
    raise IndexCorrupt("CURRENT keeps changing", where=root, remedy="Stop the builds that replace it.")


def _newest_sound(root: Path, fault: IndexCorrupt) -> OpenedGeneration | None:
    pointer = readable_pointer(root)
    for number, folder in generation_folders(root).items():
        lock = ReaderLock(folder)
        # Of the generation that CURRENT names the manifest's hash is known, and must not be passed over.
        sha256 = pointer.manifest if pointer and pointer.number == number else None
        try:
            manifest = verified_manifest(folder, sha256)
        except IndexCorrupt:
            lock.close()
            continue
        degraded = f"serving {folder.name}, for the newest generation is damaged: {fault}"
        return OpenedGeneration(folder, manifest, lock, degraded)
    return None

"""Which generation to read: the one that CURRENT names, verified; else the newest sound one, and that is said."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexCorrupt
from index.storage.generation import (
    Manifest,
    Pointer,
    current_folder,
    generation_folders,
    pointer,
    read_manifest,
    verify,
)
from index.storage.locks import ReaderLock

_TRIES = 5  # a builder may replace CURRENT between two looks at it, but hardly five times running


@dataclass(frozen=True)
class Sound:
    """A generation whose every file was compared with its record, locked against removal.

    Attributes:
        degraded: Why it is not the one that CURRENT names; None where it is.
    """

    folder: Path
    manifest: Manifest
    lock: ReaderLock
    degraded: str | None = None


def sound_generation(root: Path) -> Sound:
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


def _current(root: Path) -> Sound:
    for _ in range(_TRIES):
        folder = current_folder(root)
        lock = ReaderLock(folder)
        named = pointer(root)
        if named is not None and folder == named.folder(root):
            try:
                return Sound(folder, _verified(folder, named), lock)
            except IndexCorrupt:
                if pointer(root) == named:
                    raise
        lock.close()  # CURRENT moved on while this one was being looked at
    raise IndexCorrupt("CURRENT does not stand still", where=root, remedy="Stop the builds that replace it.")


def _newest_sound(root: Path, fault: IndexCorrupt) -> Sound | None:
    named = _readable_pointer(root)
    for folder in generation_folders(root):
        lock = ReaderLock(folder)
        try:
            # Of the generation that CURRENT names the manifest's hash is known, and must not be passed over.
            manifest = _verified(folder, named if named and folder == named.folder(root) else None)
        except IndexCorrupt:
            lock.close()
            continue
        return Sound(folder, manifest, lock, f"serving {folder.name}, for the newest generation is damaged: {fault}")
    return None


def _readable_pointer(root: Path) -> Pointer | None:
    try:
        return pointer(root)
    except IndexCorrupt:
        return None


def _verified(folder: Path, named: Pointer | None) -> Manifest:
    manifest = read_manifest(folder, named)
    verify(folder, manifest)
    return manifest

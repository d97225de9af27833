"""The generations of an index folder: which there are, whether they are sound, and the way back."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.errors import IndexCorrupt, IndexMissing
from index.layout import LAYOUT
from index.records import Record
from index.storage.generation import (
    Pointer,
    current_folder,
    generation_folders,
    parent_number,
    point_to,
    read_manifest,
    verify,
)
from index.storage.locks import building


class Generation(Record):
    """A generation as it is found.

    Attributes:
        fault: What is wrong with it; None where it is sound.
    """

    number: int
    current: bool
    posts: int = 0
    chunks: int = 0
    encoder: str = ""
    fault: str | None = None


def generations(root: Path, *, thorough: bool = True) -> list[Generation]:
    """Every generation of a folder, the newest first, each compared with its manifest.

    Raises:
        IndexMissing: There is none.
    """
    folders = generation_folders(root)
    if not folders:
        raise IndexMissing("there is no index", where=root, remedy=f"Make one: qa build PATH --index {root}")
    current = parent_number(root)
    return [_found(folder, current, thorough) for folder in folders]


def _found(folder: Path, current: int | None, thorough: bool) -> Generation:
    number = int(folder.name.removeprefix("gen-"))
    try:
        manifest = read_manifest(folder)
        verify(folder, manifest, thorough=thorough)
    except IndexCorrupt as fault:
        return Generation(number=number, current=number == current, fault=str(fault))
    return Generation(
        number=number,
        current=number == current,
        posts=manifest.posts,
        chunks=manifest.chunks,
        encoder=manifest.encoder.name,
    )


def pointer_fault(root: Path) -> str | None:
    """What is wrong with CURRENT; None where it names a generation that is there."""
    try:
        current_folder(root)
    except (IndexCorrupt, IndexMissing) as fault:
        return str(fault)
    return None


def rollback(root: Path) -> int:
    """Make the newest sound generation before the current one the current one; returns its number.

    Raises:
        IndexBusy: A build is at work.
        IndexMissing: There is no sound generation to go back to.
    """
    with building(root):
        current = parent_number(root)
        for folder in generation_folders(root):
            number = int(folder.name.removeprefix("gen-"))
            if (current is None or number < current) and _found(folder, current, thorough=True).fault is None:
                told = (folder / LAYOUT.manifest).read_bytes()
                point_to(root, Pointer(number, hashlib.sha256(told).hexdigest()))
                return number
    raise IndexMissing("there is no sound generation to go back to", where=root, remedy="Build the index again.")

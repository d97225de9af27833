"""The generations of an index folder: which there are, whether they are sound, and the way back."""

from __future__ import annotations

from pathlib import Path

from index.errors import IndexCorrupt, IndexMissing
from index.files import file_sha256
from index.layout import LAYOUT
from index.records import Record
from index.storage.generation import Pointer, current_folder, current_number, generation_folders, point_to
from index.storage.locks import building
from index.storage.manifest import verified_manifest


class Generation(Record):
    """A generation as it lies in the folder.

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
    current = current_number(root)
    return [_examined(number, folder, current, thorough) for number, folder in folders.items()]


def _examined(number: int, folder: Path, current: int | None, thorough: bool) -> Generation:
    is_current = number == current
    try:
        manifest = verified_manifest(folder, thorough=thorough)
    except IndexCorrupt as fault:
        return Generation(number=number, current=is_current, fault=str(fault))
    size = {"posts": manifest.posts, "chunks": manifest.chunks}
    return Generation(number=number, current=is_current, encoder=manifest.encoder.name, **size)


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
        current = current_number(root)
        for number, folder in generation_folders(root).items():
            is_older = current is None or number < current
            if is_older and _examined(number, folder, current, thorough=True).fault is None:
                point_to(root, Pointer(number, file_sha256(folder / LAYOUT.manifest)))
                return number
    raise IndexMissing("there is no sound generation to go back to", where=root, remedy="Build the index again.")

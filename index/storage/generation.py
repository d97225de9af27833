"""Generations in an index folder, and the one step that publishes.

A build writes into a folder of its own and renames it when it is whole; then the file CURRENT is replaced
in one atomic step. A reader finds the old generation or the new one, never a mixture.
"""

from __future__ import annotations

import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexCorrupt, IndexMissing
from index.files import file_sha256, sync, write_file
from index.layout import LAYOUT
from index.storage.locks import IN_USE, is_read
from index.storage.manifest import Manifest, verify


@dataclass(frozen=True)
class Pointer:
    """What CURRENT says: a generation's number, and the hash of its manifest."""

    number: int
    manifest: str

    def folder(self, root: Path) -> Path:
        """The generation's folder."""
        return root / LAYOUT.generation.format(number=self.number)


def read_pointer(root: Path) -> Pointer | None:
    """What CURRENT says; None in a folder without one.

    Raises:
        IndexCorrupt: CURRENT holds something else than a generation's number and a hash.
    """
    path = root / LAYOUT.current
    if not path.is_file():
        return None
    text = path.read_bytes()[:128].decode("ascii", "replace").strip()
    match = re.fullmatch("([0-9]+) ([0-9a-f]{64})", text)
    if match is None:
        raise IndexCorrupt("CURRENT does not name a generation", where=path, seen=text)
    return Pointer(int(match[1]), match[2])


def readable_pointer(root: Path) -> Pointer | None:
    """What CURRENT says; None also where it is damaged, so that building again repairs the folder."""
    try:
        return read_pointer(root)
    except IndexCorrupt:
        return None


def current_number(root: Path) -> int | None:
    """The generation that CURRENT names; None where it names none."""
    pointer = readable_pointer(root)
    return pointer.number if pointer else None


def current_folder(root: Path) -> Path:
    """The folder of the published generation.

    Raises:
        IndexMissing: There is no index in the folder, or no folder.
        IndexCorrupt: CURRENT names a generation that is not there.
    """
    return current_pointer(root).folder(root)


def current_pointer(root: Path) -> Pointer:
    """What CURRENT says, where that generation is there; raises as `current_folder` does."""
    pointer = read_pointer(root)
    if pointer is None:
        what = "this folder is not an index" if root.exists() else "there is no index yet"
        raise IndexMissing(what, where=root, remedy=f"Make one: qa build PATH --index {root}")
    if not pointer.folder(root).is_dir():
        raise IndexCorrupt("the generation that CURRENT names is missing", where=pointer.folder(root))
    return pointer


def generation_folders(root: Path) -> dict[int, Path]:
    """The folders of all generations by their numbers, the newest first."""
    numbers = (path.name.removeprefix("gen-") for path in root.glob("gen-*"))
    newest_first = sorted((int(number) for number in numbers if number.isdecimal()), reverse=True)
    return {number: root / LAYOUT.generation.format(number=number) for number in newest_first}


def next_number(root: Path) -> int:
    """One above every number in use, so that the number of a crashed build is never used again."""
    return max(generation_folders(root), default=0) + 1


def make_root(root: Path) -> bool:
    """Make an index folder; whether there was none.

    Raises:
        IndexMissing: The path is a file.
    """
    if root.exists() and not root.is_dir():
        raise IndexMissing("the index path is a file", where=root, remedy="Name a folder with --index.")
    is_new = not root.exists()
    root.mkdir(parents=True, exist_ok=True)
    return is_new


def new_folder(root: Path) -> Path:
    """A fresh folder to build in, inside the index folder so that a rename can publish it."""
    folder = root / f"tmp-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def publish(root: Path, folder: Path, manifest: Manifest) -> None:
    """Make a finished folder the current generation, in one step that either happens or does not.

    Every file is synced, read back and compared before the folder gets its name; replacing CURRENT is the one
    commit point. Older generations than the parent go, unless somebody reads them. To be called with the
    builder's lock held.

    Raises:
        IndexCorrupt: A file did not come back from the disk as it was written.
    """
    (folder / IN_USE).touch()
    (folder / LAYOUT.manifest).write_bytes(manifest.model_dump_json(indent=1).encode())
    for path in (*folder.rglob("*"), folder):
        sync(path)
    verify(folder, manifest, thorough=True)
    pointer = Pointer(manifest.generation, file_sha256(folder / LAYOUT.manifest))
    folder.rename(pointer.folder(root))
    sync(root)
    point_to(root, pointer)
    collect(root, {manifest.generation, manifest.parent})


def point_to(root: Path, pointer: Pointer) -> None:
    """Replace CURRENT in one step."""
    write_file(root / LAYOUT.current, f"{pointer.number} {pointer.manifest}\n".encode("ascii"))


def collect(root: Path, keep: set[int | None]) -> None:
    """Remove generations but those to keep and those that somebody reads."""
    for number, folder in generation_folders(root).items():
        if number not in keep and not is_read(folder):
            shutil.rmtree(folder, ignore_errors=True)


def remove_stale(root: Path) -> None:
    """Remove what killed builds left. To be called with the builder's lock held."""
    for folder in root.glob("tmp-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in root.glob(f".{LAYOUT.current}.*.tmp"):
        file.unlink(missing_ok=True)

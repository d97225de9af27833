"""The index folder on disk: its layout as data, the manifest, and the one step that publishes.

A build writes into a folder of its own and renames it when it is whole; then the file CURRENT is replaced
in one atomic step. A reader finds the old generation or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from index.encoders.protocol import EncoderIdentity
from index.errors import IndexCorrupt, IndexMissing
from index.files import file_sha256, remembered_sha256, sync, write_file
from index.layout import FORMAT, LAYOUT
from index.records import Record
from index.search.probes import Probe
from index.settings import BuildSettings
from index.storage.locks import IN_USE, is_read

_LARGE = 64 * 2**20  # bytes from which a hash is remembered


class FileRecord(Record):
    """Size in bytes and SHA-256 of a file as it was published."""

    size: int
    sha256: str


class Manifest(Record):
    """What a generation holds and was made with.

    Attributes:
        languages: Those of its posts, commonest first.
        code: Fingerprint of the code that cut and read it; the next build reuses only what the same code made.
        sources: The files and folders it was built from, as absolute paths of the machine that built it; empty
            where one of them cannot be written down.
    """

    format: int
    generation: int
    parent: int | None
    posts: int
    chunks: int
    sentences: int
    languages: tuple[str, ...]
    encoder: EncoderIdentity
    settings: BuildSettings
    code: str
    probes: tuple[Probe, ...]
    files: dict[str, FileRecord]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pointer:
    """What CURRENT says: a generation's number, and the hash of its manifest."""

    number: int
    manifest: str

    def folder(self, root: Path) -> Path:
        """The generation's folder."""
        return root / LAYOUT.generation.format(number=self.number)


def pointer(root: Path) -> Pointer | None:
    """What CURRENT says; None in a folder without one.

    Raises:
        IndexCorrupt: CURRENT holds something else than a generation's number and a hash.
    """
    path = root / LAYOUT.current
    if not path.is_file():
        return None
    text = path.read_bytes()[:128].decode("ascii", "replace")
    number, _, manifest = text.strip().partition(" ")
    if not (number.isdecimal() and re.fullmatch("[0-9a-f]{64}", manifest)):
        raise IndexCorrupt(
            "CURRENT does not name a generation",
            where=path,
            seen=text.strip(),
            remedy="Build the index again: qa build.",
        )
    return Pointer(int(number), manifest)


def current_number(root: Path) -> int | None:
    """The generation that CURRENT names; None in a folder without one.

    Raises:
        IndexCorrupt: CURRENT holds something else.
    """
    found = pointer(root)
    return None if found is None else found.number


def parent_number(root: Path) -> int | None:
    """The generation that a build replaces; None where CURRENT names none, so that building again mends it."""
    try:
        return current_number(root)
    except IndexCorrupt:
        return None


def current_folder(root: Path) -> Path:
    """The folder of the published generation.

    Raises:
        IndexMissing: There is no index in the folder, or no folder.
        IndexCorrupt: CURRENT names a generation that is not there.
    """
    found = pointer(root)
    if found is None:
        what = "this folder is not an index" if root.exists() else "there is no index yet"
        raise IndexMissing(what, where=root, remedy=f"Make one: qa build PATH --index {root}")
    folder = found.folder(root)
    if not folder.is_dir():
        raise IndexCorrupt(
            "the generation that CURRENT names is missing",
            where=folder,
            remedy="Build the index again: qa build.",
        )
    return folder


def generation_folders(root: Path) -> list[Path]:
    """The folders of all generations, the newest first."""
    return [root / LAYOUT.generation.format(number=number) for number in sorted(_numbers(root), reverse=True)]


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


def publish(root: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a finished folder the current generation, in one step that either happens or does not.

    Every file is synced, read back and compared before the folder gets its name; replacing CURRENT is the one
    commit point. Older generations than the parent go, unless somebody reads them. To be called with the
    builder's lock held.

    Returns:
        The generation's folder.

    Raises:
        IndexCorrupt: A file did not come back from the disk as it was written.
    """
    (folder / IN_USE).touch()
    content = manifest.model_dump_json(indent=1).encode()
    (folder / LAYOUT.manifest).write_bytes(content)
    for path in (*folder.rglob("*"), folder):
        sync(path)
    verify(folder, manifest, thorough=True)
    target = root / LAYOUT.generation.format(number=manifest.generation)
    folder.rename(target)
    sync(root)
    point_to(root, Pointer(manifest.generation, hashlib.sha256(content).hexdigest()))
    collect(root, {manifest.generation, manifest.parent})
    return target


def point_to(root: Path, generation: Pointer) -> None:
    """Replace CURRENT in one step."""
    write_file(root / LAYOUT.current, f"{generation.number} {generation.manifest}\n".encode("ascii"))


def collect(root: Path, keep: set[int | None]) -> None:
    """Remove generations but those to keep and those that somebody reads."""
    for number in _numbers(root):
        folder = root / LAYOUT.generation.format(number=number)
        if number not in keep and not is_read(folder):
            shutil.rmtree(folder, ignore_errors=True)


def remove_stale(root: Path) -> None:
    """Remove what killed builds left. To be called with the builder's lock held."""
    for folder in root.glob("tmp-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in root.glob(f".{LAYOUT.current}.*.tmp"):
        file.unlink(missing_ok=True)


def next_number(root: Path) -> int:
    """One above every number in use, so that the number of a crashed build is never used again."""
    return max(_numbers(root), default=0) + 1


def file_records(folder: Path) -> dict[str, FileRecord]:
    """Size and hash of every file of a generation but its manifest, by its path inside."""
    paths = (path for path in _files(folder) if path.name not in {LAYOUT.manifest, IN_USE})
    return {path.relative_to(folder).as_posix(): _record(path) for path in paths}


def read_manifest(folder: Path, named: Pointer | None = None) -> Manifest:
    """Read and check a generation's manifest.

    Args:
        named: What CURRENT says of it; None compares no hash.

    Raises:
        IndexCorrupt: The manifest is missing or malformed, of a newer format, or not the one that CURRENT names.
    """
    path = folder / LAYOUT.manifest
    try:
        told = path.read_bytes()
        _require_format(told, path)
        manifest = Manifest.model_validate_json(told)
    except (OSError, ValidationError, ValueError) as error:
        raise IndexCorrupt(
            "the manifest cannot be read", where=path, seen=error, remedy="Build the index again: qa build."
        ) from error
    if named is not None and hashlib.sha256(told).hexdigest() != named.manifest:
        raise IndexCorrupt(
            "the manifest is not the one that was published", where=path, remedy="Build the index again: qa build."
        )
    return manifest


def _require_format(told: bytes, path: Path) -> None:
    """Another format is named before anything else is asked of a manifest: it may have other fields."""
    content = json.loads(told)
    found = content.get("format") if isinstance(content, dict) else None
    if isinstance(found, int) and found != FORMAT:
        raise IndexCorrupt(
            f"the index has format {found}, this program reads {FORMAT}",
            where=path,
            remedy="Build it again with this version: qa build.",
        )


def verify(folder: Path, manifest: Manifest, *, thorough: bool = False) -> None:
    """Compare every file with its record, before anything opens it.

    Hashing gigabytes takes seconds. A file of 64 MB and more is hashed when this machine first opens it and
    whenever its size or times have changed since: whoever writes to a file changes these. A medium that loses a
    bit by itself does not, and only `thorough` finds that in a large file.

    Raises:
        IndexCorrupt: Names the first file that is missing or changed.
    """
    for name, record in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexCorrupt("a file is missing", where=path, remedy="Build the index again: qa build.")
        if path.stat().st_size != record.size or _sha256(path, thorough=thorough) != record.sha256:
            raise IndexCorrupt(
                "a file is not as it was published", where=path, remedy="Build the index again: qa build."
            )


def _sha256(path: Path, *, thorough: bool) -> str:
    is_large = path.stat().st_size >= _LARGE
    return remembered_sha256(path) if is_large and not thorough else file_sha256(path)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _record(path: Path) -> FileRecord:
    return FileRecord(size=path.stat().st_size, sha256=file_sha256(path))


def _numbers(root: Path) -> list[int]:
    names = (path.name.removeprefix("gen-") for path in root.glob("gen-*"))
    return [int(name) for name in names if name.isdecimal()]

"""The index folder on disk: its layout as data, the manifest, and the one step that publishes.

A build writes into a folder of its own and renames it when it is whole; then the file CURRENT is replaced
in one atomic step. A reader finds the old generation or the new one, never a mixture.
"""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from index.encoders.cache import file_sha256, remembered_sha256
from index.encoders.protocol import EncoderIdentity
from index.errors import IndexCorrupt, IndexMissing
from index.records import Record
from index.settings import BuildSettings

FORMAT = 3
_LARGE = 64 * 2**20  # bytes from which a hash is remembered


@dataclass(frozen=True)
class Layout:
    """Names inside an index folder and inside one of its generations."""

    current: str = "CURRENT"
    generation: str = "gen-{number:06d}"
    manifest: str = "manifest.json"
    store: str = "posts.sqlite"
    vectors: str = "passages.faiss"
    sentence_vectors: str = "sentences.faiss"
    passage_table: str = "passages.npy"
    sentence_table: str = "sentences.npy"
    chunk_posts: str = "chunk-posts.npy"
    chunk_sentences: str = "chunk-sentences.npy"
    chunk_keys: str = "chunk-keys.npy"
    lexical: str = "lexical"


LAYOUT = Layout()


class FileRecord(Record):
    """Size in bytes and SHA-256 of a file as it was published."""

    size: int
    sha256: str


class Manifest(Record):
    """What a generation holds and was made with.

    Attributes:
        languages: Those of its posts, commonest first.
        code: Fingerprint of the code that cut and read it; the next build reuses only what the same code made.
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
    files: dict[str, FileRecord]


def current_number(root: Path) -> int | None:
    """The generation that CURRENT names; None in a folder without one.

    Raises:
        IndexCorrupt: CURRENT holds something else than a generation's number.
    """
    path = root / LAYOUT.current
    if not path.is_file():
        return None
    text = path.read_bytes()[:64].decode("ascii", "replace").strip()
    if not text.isdecimal():
        raise IndexCorrupt(
            "CURRENT does not name a generation",
            where=path,
            seen=text,
            remedy="Build the index again: qa build.",
        )
    return int(text)


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
    number = current_number(root)
    if number is None:
        what = "this folder is not an index" if root.exists() else "there is no index yet"
        raise IndexMissing(what, where=root, remedy=f"Make one: qa build PATH --index {root}")
    folder = root / LAYOUT.generation.format(number=number)
    if not folder.is_dir():
        raise IndexCorrupt(
            "the generation that CURRENT names is missing",
            where=folder,
            remedy="Build the index again: qa build.",
        )
    return folder


def new_folder(root: Path) -> Path:
    """A fresh folder to build in, inside the index folder so that a rename can publish it."""
    if root.exists() and not root.is_dir():
        raise IndexMissing("the index path is a file", where=root, remedy="Name a folder with --index.")
    folder = root / f"tmp-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def publish(root: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a finished folder the current generation; older ones than its parent are removed.

    Returns:
        The generation's folder.
    """
    (folder / LAYOUT.manifest).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    for path in _files(folder):
        _sync(path)
    target = root / LAYOUT.generation.format(number=manifest.generation)
    folder.rename(target)
    _sync(root)
    pending = root / f"{LAYOUT.current}.tmp"
    pending.write_text(f"{manifest.generation}\n", encoding="ascii")
    _sync(pending)
    pending.replace(root / LAYOUT.current)
    _sync(root)
    _remove_others(root, {manifest.generation, manifest.parent})
    return target


def next_number(root: Path) -> int:
    """One above every number in use, so that the number of a crashed build is never used again."""
    return max(_numbers(root), default=0) + 1


def file_records(folder: Path) -> dict[str, FileRecord]:
    """Size and hash of every file of a generation but its manifest, by its path inside."""
    paths = (path for path in _files(folder) if path.name != LAYOUT.manifest)
    return {path.relative_to(folder).as_posix(): _record(path) for path in paths}


def read_manifest(folder: Path) -> Manifest:
    """Read and check a generation's manifest and that every file is there at its size.

    Raises:
        IndexCorrupt: The manifest is missing or malformed, of a newer format, or a file is not as published.
    """
    path = folder / LAYOUT.manifest
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        raise IndexCorrupt(
            "the manifest cannot be read", where=path, seen=error, remedy="Build the index again: qa build."
        ) from error
    if manifest.format != FORMAT:
        raise IndexCorrupt(
            f"the index has format {manifest.format}, this program reads {FORMAT}",
            where=path,
            remedy="Build it again with this version: qa build.",
        )
    return manifest


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


def _remove_others(root: Path, keep: set[int | None]) -> None:
    for number in _numbers(root):
        if number not in keep:
            shutil.rmtree(root / LAYOUT.generation.format(number=number), ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

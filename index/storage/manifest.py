"""The manifest of a generation: what it holds, what it was made with, and the hash of every file."""

from __future__ import annotations

import json
from pathlib import Path

from index.encoders.protocol import EncoderIdentity
from index.errors import IndexCorrupt
from index.files import file_sha256, remembered_sha256
from index.layout import FORMAT, LAYOUT
from index.records import Record
from index.settings import BuildSettings
from index.storage.locks import IN_USE

_LARGE = 64 * 2**20  # bytes from which a hash is remembered


class FileRecord(Record):
    """Size in bytes and SHA-256 of a file as it was published."""

    size: int
    sha256: str


class Manifest(Record):
    """What a generation holds and was made with.

    Attributes:
        languages: Those of its posts, commonest first.
        code: Fingerprint of the code that chunked and read it; the next build reuses only what the same code made.
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
    files: dict[str, FileRecord]
    sources: tuple[str, ...] = ()


def file_records(folder: Path) -> dict[str, FileRecord]:
    """Size and hash of every file of a generation but its manifest, by its path inside."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): FileRecord(size=path.stat().st_size, sha256=file_sha256(path))
        for path in files
        if path.name not in {LAYOUT.manifest, IN_USE}
    }


def verified_manifest(folder: Path, sha256: str | None = None, *, thorough: bool = False) -> Manifest:
    """The manifest of a generation whose every file is as it was published.

    Args:
        sha256: Of the manifest, where it is known.
        thorough: As for `verify`.

    Raises:
        IndexCorrupt: The manifest is missing, malformed, of another format or not the one published, or names the
            first file that is missing or changed.
    """
    manifest = read_manifest(folder, sha256)
    verify(folder, manifest, thorough=thorough)
    return manifest


def read_manifest(folder: Path, sha256: str | None = None) -> Manifest:
    """The manifest of a generation, whatever its files are.

    Raises:
        IndexCorrupt: It is missing, malformed, of another format, or not the one published.
    """
    path = folder / LAYOUT.manifest
    try:
        content = path.read_bytes()
        _require_format(content, path)
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValueError) as error:
        raise IndexCorrupt("the manifest cannot be read", where=path, seen=error) from error
    if sha256 not in (None, file_sha256(path)):
        raise IndexCorrupt("the manifest is not the one that was published", where=path)
    return manifest


def _require_format(content: bytes, path: Path) -> None:
    """Another format is named before anything else is asked of a manifest: it may have other fields."""
    fields = json.loads(content)
    version = fields.get("format") if isinstance(fields, dict) else None
    if isinstance(version, int) and version != FORMAT:
        raise IndexCorrupt(
            f"the index has format {version}, this program reads {FORMAT}",
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
            raise IndexCorrupt("a file is missing", where=path)
        size = path.stat().st_size
        sha256_of = remembered_sha256 if size >= _LARGE and not thorough else file_sha256
        if size != record.size or sha256_of(path) != record.sha256:
            raise IndexCorrupt("a file is not as it was published", where=path)

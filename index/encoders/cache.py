"""Exported models in the user's cache folder: whole or not there, and checked before they are opened."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from index.encoders.exported import MODEL_FILE
from index.encoders.said import say_once
from index.records import Record

_SEAL_FILE = "sha256.json"

Make = Callable[[Path], None]
"""Writes the files of an entry into an empty folder."""


class Seal(Record):
    """SHA-256 of every file of an entry."""

    files: dict[str, str]


class _Known(Record):
    """A file's SHA-256 with what tells that the file is still the same."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str


def cache_folder() -> Path:
    """Where exported models are kept: `QA_CACHE`, else the user's cache folder."""
    named = os.environ.get("QA_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("postqa")


@contextmanager
def entry(key: str, make: Make) -> Iterator[Path]:
    """The folder of an entry, made where it is missing or damaged; to be read within the context.

    Several processes may make the same entry at once: the first whole one stays. Where the cache cannot be
    written, the entry is made in a temporary folder and forgotten.
    """
    folder = cache_folder() / "encoders" / key
    if not is_sound(folder):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _publish(folder, make)
        except OSError as error:
            say_once(f"the fast encoder is made anew for this process only, its cache cannot be written: {error}")
            with tempfile.TemporaryDirectory(prefix="postqa-") as passing:
                make(Path(passing))
                yield Path(passing)
            return
    yield folder


def is_sound(folder: Path) -> bool:
    """Whether an entry is whole and unchanged."""
    try:
        seal = Seal.model_validate_json((folder / _SEAL_FILE).read_bytes())
        return MODEL_FILE in seal.files and seal == _sealed(folder, seal.files)
    except (OSError, ValidationError):
        return False


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remembered_sha256(path: Path) -> str:
    """SHA-256 of a large file, read again only when its size or its times of change have changed."""
    path = path.resolve()
    at = path.stat()
    seen = {"path": str(path), "size": at.st_size, "mtime_ns": at.st_mtime_ns, "ctime_ns": at.st_ctime_ns}
    note = cache_folder() / "weights" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValidationError):
        known = _Known.model_validate_json(note.read_bytes())
        if known.model_dump(exclude={"sha256"}) == seen:
            return known.sha256
    found = _Known.model_validate({**seen, "sha256": file_sha256(path)})
    with suppress(OSError):  # a cache that cannot be written costs a tenth of a second each time, no more
        note.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=note.parent, delete=False, encoding="utf-8") as pending:
            pending.write(found.model_dump_json())
        Path(pending.name).replace(note)
    return found.sha256


def _publish(folder: Path, make: Make) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        make(scratch)
        files = {path.name: "" for path in sorted(scratch.iterdir())}
        (scratch / _SEAL_FILE).write_text(_sealed(scratch, files).model_dump_json(indent=1), encoding="utf-8")
        for path in (*scratch.iterdir(), scratch):
            _sync(path)
        _put(scratch, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _put(scratch: Path, folder: Path) -> None:
    """Rename into place, unless a sound one came first; a damaged one is moved away."""
    from filelock import FileLock  # noqa: PLC0415  # only where something is written

    with FileLock(folder.with_name(".lock")):
        if is_sound(folder):
            return
        if folder.exists():
            folder.rename(scratch.with_name(f"{scratch.name}-damaged"))
            shutil.rmtree(scratch.with_name(f"{scratch.name}-damaged"), ignore_errors=True)
        scratch.rename(folder)


def _sealed(folder: Path, names: dict[str, str]) -> Seal:
    return Seal(files={name: file_sha256(folder / name) for name in names})


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Exported models in the user's cache folder: whole or not there, and checked before they are opened."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from index.encoders.onnx.export_format import MODEL_FILE
from index.encoders.warn_once import say_once
from index.files import cache_folder, file_sha256, sync
from index.records import Record

_SEAL_FILE = "sha256.json"

Make = Callable[[Path], None]
"""Writes the files of an entry into an empty folder."""


class Seal(Record):
    """SHA-256 of every file of an entry."""

    files: dict[str, str]


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


def _publish(folder: Path, make: Make) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        make(scratch)
        files = {path.name: "" for path in sorted(scratch.iterdir())}
        (scratch / _SEAL_FILE).write_text(_sealed(scratch, files).model_dump_json(indent=1), encoding="utf-8")
        for path in (*scratch.iterdir(), scratch):
            sync(path)
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

"""Exported models in the user's cache folder: complete or absent, and checked before they are opened."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from index.encoders.onnx.export_format import MODEL_FILE
from index.encoders.warn_once import warn_once
from index.files import cache_folder, file_sha256, locked, replace_folder
from index.records import Record

_CHECKSUMS_FILE = "sha256.json"


class Checksums(Record):
    """SHA-256 of every file of an export."""

    files: dict[str, str]


@contextmanager
def cached_export(key: str, export: Callable[[Path], object]) -> Iterator[Path]:
    """The folder of an export, made where it is missing or damaged; to be read within the context.

    Several processes may make the same export at once: the first complete one stays. Where the cache cannot be
    written, it is made in a temporary folder.

    Args:
        key: Names what is exported (`export_format.export_key`).
        export: Writes the files into an empty folder.
    """
    folder = cache_folder() / "encoders" / key
    if not is_intact(folder):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _publish(folder, export)
        except OSError as error:
            warn_once(f"the 8-bit encoder is exported for this process only, its cache cannot be written: {error}")
            with tempfile.TemporaryDirectory(prefix="postqa-") as temporary:
                export(Path(temporary))
                yield Path(temporary)
            return
    yield folder


def is_intact(folder: Path) -> bool:
    """Whether an export is complete and unchanged."""
    try:
        expected = Checksums.model_validate_json((folder / _CHECKSUMS_FILE).read_bytes())
        return MODEL_FILE in expected.files and expected == _checksums(folder, expected.files)
    except (OSError, ValidationError):
        return False


def _publish(folder: Path, export: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        files = Path(scratch) / "files"
        files.mkdir()
        export(files)
        checksums = _checksums(files, sorted(path.name for path in files.iterdir()))
        (files / _CHECKSUMS_FILE).write_text(checksums.model_dump_json(indent=1), encoding="utf-8")
        with locked(folder.with_name(".lock")):
            if not is_intact(folder):
                replace_folder(files, folder)


def _checksums(folder: Path, names: Iterable[str]) -> Checksums:
    return Checksums(files={name: file_sha256(folder / name) for name in names})

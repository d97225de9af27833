"""Which encoders are on this machine: for `qa encoder list`, and the choice for later builds."""

from __future__ import annotations

import json
from pathlib import Path

from index.encoders.installed.catalog import ADDABLE, added_source
from index.encoders.installed.loading import encoder_folder
from index.encoders.onnx.model_config import read_model_folder
from index.errors import EncoderError, EncoderUnsupported
from index.records import Record
from index.settings import DEFAULT_ENCODER, chosen_encoder, remember_encoder


class Known(Record):
    """An encoder, whether on this machine or not yet.

    Attributes:
        where: Its folder; None where it has not been added, or is there no more.
        origin: What it was made of, where that is known.
        dimension: None where it has not been added, or its folder is of an unknown kind; so with `token_limit`.
        in_use: Later builds use it unless told otherwise.
    """

    name: str
    where: Path | None
    origin: str
    dimension: int | None
    token_limit: int | None
    in_use: bool


def known_encoders() -> list[Known]:
    """The default one, those that can be added, and the one chosen where it is none of these."""
    chosen = chosen_encoder()
    return [_known(name, name == chosen) for name in dict.fromkeys((DEFAULT_ENCODER, *ADDABLE, chosen))]


def use_encoder(name: str) -> None:
    """Make an encoder the one for later builds.

    Raises:
        EncoderError: It is not on this machine.
    """
    folder = encoder_folder(name)
    remember_encoder(name if name in (DEFAULT_ENCODER, *ADDABLE) else str(folder.absolute()))


def _known(name: str, in_use: bool) -> Known:
    try:
        folder = encoder_folder(name)
        source = added_source(name) if name in ADDABLE else None
    except EncoderError:
        return Known(name=name, where=None, origin="", dimension=None, token_limit=None, in_use=in_use)
    dimension, limit = _sizes(folder)
    return Known(
        name=name,
        where=folder,
        origin=source.origin if source else "",
        dimension=dimension,
        token_limit=limit,
        in_use=in_use,
    )


def _sizes(folder: Path) -> tuple[int | None, int | None]:
    try:
        model = read_model_folder(folder)
        return int(json.loads((model.path / "config.json").read_bytes())["hidden_size"]), model.token_limit
    except (EncoderUnsupported, OSError, ValueError, KeyError):
        return None, None

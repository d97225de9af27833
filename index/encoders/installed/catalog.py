"""Encoders that a user adds by name: where they lie, where they come from, and whether they are as they were added."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from index.errors import EncoderError
from index.files import data_folder
from index.records import Record

MULTILINGUAL = "multilingual"
ADDABLE = (MULTILINGUAL,)
SOURCE_FILE = "source.json"


class Source(Record):
    """Where an added encoder comes from, kept in its folder.

    Attributes:
        origin: A package with its version, a hub's repository with its revision, or a folder.
        file: What was read there.
        file_sha256: SHA-256 of that file; of several, of the weights.
        licence: As the origin states it.
        weights: SHA-256 of the weights as they lie in the folder.
        least_cosine: The least agreement, over sentences in many scripts, with the engine it was compared with;
            None where there was none.
    """

    name: str
    origin: str
    file: str
    file_sha256: str
    licence: str
    weights: str
    least_cosine: float | None


def added_folder(name: str) -> Path:
    """Where an encoder of a name is put; it need not be there."""
    return data_folder() / "encoders" / name


def added_source(name: str) -> Source | None:
    """Where an encoder comes from; None where it was not added."""
    try:
        return Source.model_validate_json((added_folder(name) / SOURCE_FILE).read_bytes())
    except OSError:
        return None
    except ValidationError as error:
        raise _changed(name, error) from error


def added_model_folder(name: str) -> Path:
    """The folder of an encoder that was added.

    Raises:
        EncoderError: It was not; names the command that adds it.
    """
    if added_source(name) is None:
        raise EncoderError(
            f"the encoder {name!r} has not been added yet",
            where=added_folder(name),
            remedy=f"Add it: qa encoder add {name}",
        )
    return added_folder(name)


def check_added(name: str, weights: str) -> None:
    """Make sure that the weights are those that were added.

    Raises:
        EncoderError: They are not.
    """
    source = added_source(name)
    if source is None or source.weights != weights:
        raise _changed(name, weights)


def _changed(name: str, seen: object) -> EncoderError:
    return EncoderError(
        f"the encoder {name!r} is not as it was added",
        where=added_folder(name),
        seen=seen,
        remedy=f"Add it again: qa encoder add {name}",
    )

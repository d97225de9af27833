"""Reading files of gold questions, with errors that name the file and the line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from index.errors import GoldError

Model = TypeVar("Model", bound=BaseModel)


_SPACE = "␠"  # stands for white space in an id
_A_GOLD_FILE = "Name a gold file in UTF-8 (JSON Lines or SQuAD's JSON) or a BEIR folder."


def text_of(path: Path, remedy: str = _A_GOLD_FILE) -> str:
    """The file's text.

    Raises:
        GoldError: It cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GoldError("the file cannot be read", where=path, seen=error.strerror, remedy=remedy) from error
    except UnicodeDecodeError as error:
        raise GoldError("the file is not UTF-8", where=path, seen=error.reason, remedy=remedy) from error


def json_objects(text: str, path: Path) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Each line's number, its place for error texts and its object without `null` values; blank lines are skipped.

    Raises:
        GoldError: A line is not JSON, or no object.
    """
    # split("\n"), not splitlines(): a JSON string may hold U+2028 as it is.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            remedy = 'Give one JSON object per line, or SQuAD\'s {"data": …} as one document.'
            raise GoldError("a line is not JSON", where=where, seen=line.strip(), remedy=remedy) from error
        if not isinstance(row, dict):
            remedy = "Give one JSON object per line."
            raise GoldError("a line is no JSON object", where=where, seen=line.strip(), remedy=remedy)
        yield number, where, {key: value for key, value in row.items() if value is not None}


def validated(
    model: type[Model],
    data: object,
    where: object,
    remedy: str = "Give the keys of the gold format as the docs show, each with a value of its type.",
) -> Model:
    """The data as a record.

    Raises:
        GoldError: A field is missing or cannot be used; names the place, the key and the value.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        fault = first["msg"].removeprefix("Value error, ")
        what = f"`{key}` cannot be used: {fault}" if key else fault
        raise GoldError(what, where=where, seen=repr(first["input"]), remedy=remedy) from error


def trec_field(text: str) -> str:
    """An id as it stands in TREC's formats, whose fields are separated by white space."""
    return re.sub(r"\s", _SPACE, text)


def trec_id(field: str) -> str:
    """The id that `trec_field` wrote."""
    return field.replace(_SPACE, " ")

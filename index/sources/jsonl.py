"""JSON Lines: one post on each line, read line by line, so that memory stays bounded."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.errors import SourceError
from index.records import Document, NotPublished, SetAside
from index.settings import SourceSettings
from index.sources.decoding import decode, open_document, path_text
from index.sources.draft_post import DraftPost
from index.sources.fields import first_words, headline
from index.sources.front_matter import Fields
from index.sources.parse_errors import set_aside
from index.sources.publication import why_not_published

_STATES = ("draft", "status", "visibility", "private", "unlisted")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
# Not strict: a raw control character in a string is cleaned away later, as in any other format.
_DECODER = json.JSONDecoder(strict=False)


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
    """Drafts of a JSON Lines file; a bad line is set aside and the next one read.

    Keys: `text` (required); `id` or `_id`, `title`, `url`, `authors`, `published`, `publisher`, `language`; `markup`
    where the text is `markdown`, or has the `marks` of pages (`index.text.marked_text`); `draft`, `status`,
    `visibility`, `private`, `unlisted` and `published: false` as in front matter; others are ignored.

    Raises:
        SourceError: The file cannot be read, is UTF-16 or UTF-32, or changed while it was read.
    """
    with open_document(document) as file:
        for number, offset, line in _lines(file, settings.max_line_bytes):
            place = f"#L{number}"
            if number == 1 and line.startswith(_WIDE_MARKS):
                raise SourceError(
                    "JSON Lines must be UTF-8",
                    where=path_text(document.path),
                    seen=f"a byte order mark of another encoding, 0x{line[:2].hex()}",
                    remedy="Save it as UTF-8.",
                )
            try:
                if len(line) > settings.max_line_bytes:
                    raise SourceError(
                        f"line longer than {settings.max_line_bytes:,} bytes",
                        remedy="Split the text, or raise sources.max_line_bytes.",
                    )
                if line.strip():
                    record = _record(line, offset)
                    reason = None if settings.drafts else _why_not_published(record)
                    yield (
                        NotPublished(origin=f"{path_text(document.path)}{place}", reason=reason)
                        if reason
                        else _draft(record, place)
                    )
            except SourceError as error:
                yield set_aside(f"{document.path}{place}", error.what, seen=error.seen or None, remedy=error.remedy)


def _lines(file: BinaryIO, limit: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, byte offset and bytes of each line; of one over the limit, only the first `limit + 1`."""
    number = offset = 0
    while line := file.readline(limit + 1):
        number += 1
        if number == 1 and line.startswith(codecs.BOM_UTF8):
            line = line[len(codecs.BOM_UTF8) :]
            offset = len(codecs.BOM_UTF8)
        yield number, offset, line.removesuffix(b"\n") if len(line) <= limit else line
        offset += len(line)
        while not line.endswith(b"\n") and (line := file.readline(2**16)):
            offset += len(line)


def _record(line: bytes, offset: int) -> dict[str, Any]:
    text = decode(line, "utf-8", None, offset=offset)
    try:
        record = _DECODER.decode(text.strip())
    except ValueError as error:
        raise SourceError("not JSON", seen=error, remedy="Write one JSON object on each line.") from error
    except RecursionError as error:
        raise SourceError("JSON nested too deeply", remedy="Write one flat JSON object on each line.") from error
    if not isinstance(record, dict):
        raise SourceError("not a JSON object", seen=text, remedy='Write one object on each line: {"text": "…"}.')
    return record


def _draft(record: dict[str, Any], place: str) -> DraftPost:
    text = _string(record, "text")
    if text is None:
        raise SourceError('no "text"', seen=f"keys {', '.join(record)}", remedy='Add a string "text".')
    published = record.get("published")  # NaN, or a number of seconds since when? Not stated at all.
    return DraftPost(
        title=headline(_string(record, "title"), first_words(text)),
        body=text,
        id=_id(record),
        authors=_authors(record),
        published=published if isinstance(published, str) else None,
        publisher=_string(record, "publisher"),
        url=_string(record, "url"),
        language=_string(record, "language"),
        place=place,
        is_markdown=record.get("markup") == "markdown",
        has_marks=record.get("markup") == "marks",
        link_share=share if isinstance(share := record.get("link_share"), float) and 0 <= share <= 1 else 0.0,
    )


def _why_not_published(record: dict[str, Any]) -> str | None:
    """Why an exported post is not published; dates hold none back, for what they mean is the exporter's matter."""
    stated = {key: record[key] for key in _STATES if isinstance(record.get(key), bool | str)}
    if isinstance(record.get("published"), bool):
        stated["published"] = record["published"]
    return why_not_published(Fields(stated), "", None)


def _string(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is None or isinstance(value, str):
        return value
    raise SourceError(f'"{key}" is not a string', seen=_typed(value), remedy="Make it a string.")


def _id(record: dict[str, Any]) -> str | None:
    key = "id" if record.get("id") is not None else "_id"
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _string(record, key)


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    value = record.get("authors")
    several = [value] if isinstance(value, str) else (value or [])
    if not isinstance(several, list) or not all(isinstance(name, str) for name in several):
        raise SourceError('"authors" is not a list of strings', seen=_typed(value), remedy='Write ["A. B.", "C. D."].')
    return tuple(several)


def _typed(value: object) -> str:
    return f"{type(value).__name__} {value!r}"

"""Markdown with or without front matter, YAML or TOML; the body stays Markdown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

import yaml

from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import headline
from index.sources.parse_errors import parse_errors

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"# +(?P<title>.*?)(?: +#+)? *")
_FRONT_MATTER = re.compile(
    r"(?:-{3,}[ \t]*\n(?P<yaml>.*?)^-{3,}|\+{3}[ \t]*\n(?P<toml>.*?)^\+{3})[ \t]*(?:\n|\Z)(?P<body>.*)", re.S | re.M
)
_BLANK = {"", "~", "null", "Null", "NULL"}


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """The one draft of a Markdown file.

    Raises:
        SourceError: The file cannot be read as text, or its front matter is neither YAML nor TOML.
    """
    text = read_text(document, settings)
    fields, body = _split(text, path_text(document.path))
    title = _string(fields, "title")
    if title is None:
        title, body = _heading_and_rest(body)
    yield DraftPost(
        title=headline(title, document.path.stem),
        body=body,
        id=_string(fields, "id"),
        authors=_authors(fields),
        published=_string(fields, "published", "date"),
        publisher=_string(fields, "publisher"),
        url=_string(fields, "canonical_url", "url", "link"),
        language=_string(fields, "language", "lang"),
    )


def _split(text: str, where: str) -> tuple[Mapping[object, object], str]:
    """Fields of the front matter, dates and numbers as strings, and the body.

    Raises:
        SourceError: What is between the markers is neither YAML nor TOML, as they say it is.
    """
    match = _FRONT_MATTER.match(text.lstrip("\n"))
    if match is None:
        return {}, text
    source = "\n" + (match["yaml"] or match["toml"] or "")  # so that errors name the line of the file
    kind, marker = ("YAML", "---") if match["toml"] is None else ("TOML", "+++")
    remedy = f"Correct what is between the {marker} lines."
    with parse_errors(where, yaml.YAMLError, what=f"front matter is not {kind}", remedy=remedy):
        # BaseLoader: all scalars stay strings ("1984", "no", 2024-13-45), nothing is constructed, and
        # deep nesting ends in RecursionError where the default, libyaml's loader, ends in a segfault.
        fields = tomllib.loads(source) if kind == "TOML" else yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    if isinstance(fields, dict):
        return {k: v if isinstance(v, list | dict) else str(v) for k, v in fields.items()}, match["body"]
    return {}, text if source.strip() else match["body"]  # a text between two rules, or nothing between them


def _string(fields: Mapping[object, object], *names: str) -> str | None:
    """The first of the names that states a string."""
    values = (fields.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip() not in _BLANK), None)


def _authors(fields: Mapping[object, object]) -> tuple[str, ...]:
    stated = fields.get("authors") or fields.get("author")
    several = stated if isinstance(stated, list) else [stated]
    return tuple(name for name in several if isinstance(name, str) and name.strip() not in _BLANK)


def _heading_and_rest(body: str) -> tuple[str | None, str]:
    """The first level-one heading and the body without it; not a "# " inside a code fence."""
    lines = body.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        if marker := _FENCE.match(line):
            fence = _fence_after(fence, marker[1])
        elif not fence and (heading := _HEADING.fullmatch(line)) and heading["title"].strip():
            return heading["title"], "\n".join(lines[:number] + lines[number + 1 :])
    return None, body


def _fence_after(fence: str, marker: str) -> str:
    """The fence that is open after a line with this marker: only one of the same kind, as long, closes it."""
    if not fence:
        return marker
    return "" if marker[0] == fence[0] and len(marker) >= len(fence) else fence

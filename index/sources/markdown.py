"""Markdown with or without front matter, YAML or TOML; the body stays Markdown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import read_text, shown
from index.sources.draft_post import Draft
from index.sources.fields import headline
from index.sources.parse_errors import parser_faults

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"# +(?P<title>.*?)(?: +#+)? *")
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(?P<facts>.*?)^\+\+\+[ \t]*(?:\n|\Z)(?P<body>.*)", re.S | re.M)
_NOTHING = {"", "~", "null", "Null", "NULL"}


def read(document: Document, settings: SourceSettings) -> Iterator[Draft]:
    """The one draft of a Markdown file.

    Raises:
        SourceError: The file cannot be read as text, or its front matter is no YAML and no TOML.
    """
    text = read_text(document, settings)
    facts, body = _split(text, shown(document.path))
    title = _stated(facts, "title")
    if title is None:
        title, body = _heading_and_rest(body)
    yield Draft(
        title=headline(title, document.path.stem),
        body=body,
        id=_stated(facts, "id"),
        authors=_authors(facts),
        published=_stated(facts, "published", "date"),
        publisher=_stated(facts, "publisher"),
        url=_stated(facts, "canonical_url", "url", "link"),
        language=_stated(facts, "language", "lang"),
    )


def _split(text: str, where: str) -> tuple[Mapping[object, object], str]:
    """Front matter and body.

    Raises:
        SourceError: What stands between the marks is not what the marks announce.
    """
    toml = _TOML.match(text.lstrip("\n"))
    kind, mark = ("TOML", "+++") if toml else ("YAML", "---")
    remedy = f"Mend what is between the {mark} lines."
    with parser_faults(where, yaml.YAMLError, what=f"front matter is not {kind}", remedy=remedy):
        return _toml(toml) if toml else _yaml(text)


def _toml(found: re.Match[str]) -> tuple[Mapping[object, object], str]:
    """Facts and body; dates and numbers become the words they were written as, near enough."""
    stated = tomllib.loads(found["facts"])
    facts: dict[object, object] = {
        name: value if isinstance(value, list | dict) else str(value) for name, value in stated.items()
    }
    return facts, found["body"]


def _yaml(text: str) -> tuple[Mapping[object, object], str]:
    """Facts and body; no facts where a text merely begins with a rule ("---")."""
    handler = YAMLHandler()
    text = text.lstrip("\n")
    if not handler.detect(text):
        return {}, text
    try:
        source, body = handler.split(text)
    except ValueError:
        return {}, text  # one rule and no second: a text that begins with a line
    # BaseLoader: all scalars stay strings ("1984", "no", 2024-13-45), nothing is constructed, and
    # deep nesting ends in RecursionError where the default, libyaml's loader, ends in a segfault.
    facts = handler.load(source, Loader=yaml.BaseLoader)
    if isinstance(facts, dict):
        return facts, body
    return {}, text if source.strip() else body


def _stated(facts: Mapping[object, object], *names: str) -> str | None:
    """The first of the names that states a string."""
    values = (facts.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value.strip() not in _NOTHING), None)


def _authors(facts: Mapping[object, object]) -> tuple[str, ...]:
    stated = facts.get("authors") or facts.get("author")
    several = stated if isinstance(stated, list) else [stated]
    return tuple(name for name in several if isinstance(name, str) and name.strip() not in _NOTHING)


def _heading_and_rest(body: str) -> tuple[str | None, str]:
    """The first level-one heading and the body without it; "# " inside a code fence is none."""
    lines = body.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark:
            fence = _fence_after(fence, mark[1])
        elif not fence and (heading := _HEADING.fullmatch(line)) and heading["title"].strip():
            return heading["title"], "\n".join(lines[:number] + lines[number + 1 :])
    return None, body


def _fence_after(fence: str, mark: str) -> str:
    """The fence that is open after a line with this mark: only its own kind, as long, closes it."""
    if not fence:
        return mark
    return "" if mark[0] == fence[0] and len(mark) >= len(fence) else fence

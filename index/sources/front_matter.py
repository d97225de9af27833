"""The facts on top of a Markdown file, in whichever form its site generator takes them, apart from the body."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import yaml

from index.sources.dates import iso_date

_FENCED = re.compile(
    r"(?:-{3,}[ \t]*(?P<form>yaml|toml|json5?|js|javascript)?[ \t]*\n(?P<dashes>.*?)^(?:-{3,}|\.{3})"
    r"|\+{3}[ \t]*\n(?P<pluses>.*?)^\+{3}|;{3}[ \t]*\n(?P<semicolons>.*?)^;{3})"
    r"[ \t]*(?:\n|\Z)(?P<body>.*)",
    re.S | re.M,
)
_KEY_LINE = re.compile(
    r"(?P<quote>[\"']?)(?P<key>[^\W\d][\w .-]{0,60}?)(?P=quote)[ \t]*(?P<sign>::?|=)(?:[ \t]+|$)(?P<value>.*)"
)
_FURTHER_LINE = re.compile(r"[ \t]+\S|-[ \t]|-$|#|[\]}],?[ \t]*$")
_BRACES = re.compile(r"(?P<source>\{\s*\".*?^[ \t]*\}|\"\w+\"[ \t]*:.*?(?=^;;;))[ \t;]*(?P<rest>.*)", re.S | re.M)
_PERCENTS = re.compile(
    r"%[ \t]+(?P<title>[^\n]+)\n%[ \t]*(?P<author>[^\n]*)\n(?:%[ \t]*(?P<date>[^\n]*)(?:\n|\Z))?(?P<body>.*)", re.S
)
_NIKOLA = re.compile(r"\s*(?:<!--[ \t]*\n)?(?P<lines>(?:\.\. [\w-]+:.*\n)+)(?:[ \t]*-->[ \t]*(?:\n|\Z))?")
_PROPERTIES = re.compile(r"\s*\n(?P<lines>(?:[A-Za-z][\w /-]{0,40}:[ \t].*(?:\n|\Z))+)(?=\s*\n|\Z)")
KNOWN = frozenset(
    "title date author authors slug category categories tags tag summary modified status lang language layout "
    "permalink published updated description created subtitle keywords comments id url draft toc excerpt template "
    "saveas pubdate publishdate publishedat lastmod lastmodified image cover type series".split()
)
"""Names that state something of a post, without blanks, hyphens and underscores."""
_NOTION = frozenset("createdtime createdby lastedited lasteditedtime lasteditedby".split())
_GROUPS = ("taxonomies", "extra", "params", "meta", "metadata", "build")
_MOST_LINES = 200  # of front matter without an opening rule


class Fields:
    """What a front matter states, by name without regard to case, hyphens, underscores and blanks.

    Args:
        stated: The parsed front matter; maps inside it such as TOML's `[extra]` count after its own names.
    """

    def __init__(self, stated: Mapping[Any, Any]) -> None:
        self._maps = [_by_name(stated)]
        self._maps += [_by_name(group) for name in _GROUPS if isinstance(group := self._maps[0].get(name), dict)]

    def __bool__(self) -> bool:
        """Whether anything is stated."""
        return any(self._maps)

    def __contains__(self, name: str) -> bool:
        """Whether a name is stated, at the top or inside a map."""
        return any(name in fields for fields in self._maps)

    def values(self, *names: str) -> Iterator[Any]:
        """The values of names, in the order of the names, those at the top first."""
        yield from (fields[name] for name in names for fields in self._maps if name in fields)

    def strings(self, *names: str) -> Iterator[str]:
        """The values of names that are words, a number or a date."""
        scalars = (value for value in self.values(*names) if not isinstance(value, dict | list))
        yield from (text for value in scalars if (text := str(value).strip()).lower() not in {"", "~", "null", "none"})

    def dates(self, *names: str) -> Iterator[str]:
        """The values of names that are dates, in ISO 8601; of a map such as MkDocs' `date`, that of its creation."""
        for value in self.values(*names):
            if isinstance(value, dict):
                yield from Fields(value).dates("created", "published", "date")
            elif date := iso_date(str(value)):
                yield date

    def first(self, *names: str) -> str | None:
        """The first of the names that states a string."""
        return next(self.strings(*names), None)


def split_front_matter(text: str) -> tuple[Fields, str]:
    """What stands on top of a Markdown text, and the body without it.

    Reads YAML, TOML and JSON between rules or braces, Hexo's forms without an opening rule, the header lines of
    Pelican and MultiMarkdown, Pandoc's title block, and Nikola's comments. What a parser refuses (an unquoted colon)
    is read line by line.
    """
    text = text.lstrip("\ufeff\n")
    for form in (_fenced, _json, _nikola, _pandoc, _header_lines):
        if (parts := form(text)) is not None:
            return Fields(parts[0]), parts[1]
    return Fields({}), text


def split_properties(body: str) -> tuple[Fields, str]:
    """The lines "Created: …" that Notion writes under a title, and the body without them."""
    match = _PROPERTIES.match(f"\n{body}")
    if match is None:
        return Fields({}), body
    stated = _line_by_line(match["lines"], parse_yaml)
    names = set(_by_name(stated))
    is_notion = names & _NOTION or (names <= KNOWN and names & {"created", "tags", "status", "date", "author"})
    return (Fields(stated), f"\n{body}"[match.end() :]) if is_notion else (Fields({}), body)


def _fenced(text: str) -> tuple[Mapping[Any, Any], str] | None:
    match = _FENCED.match(text)
    if match is None:
        return None
    source = next(match[name] for name in ("dashes", "pluses", "semicolons") if match[name] is not None)
    is_toml = match["pluses"] is not None or match["form"] == "toml"
    isparse_yaml = match["dashes"] is not None and match["form"] in (None, "yaml")
    fields = _parsed(source, tomllib.loads if is_toml else parse_yaml if isparse_yaml else _object)
    if not fields and source.strip():
        return None  # a text between two rules
    return fields, match["body"]


def _json(text: str) -> tuple[Mapping[Any, Any], str] | None:
    with suppress(yaml.YAMLError, ValueError, RecursionError):
        fields, rest = _braces(text)
        if set(_by_name(fields)) & KNOWN and rest[:1] in {"", "\n"}:
            return fields, rest
    return None


def _braces(text: str) -> tuple[Any, str]:
    """The object on top of a text, and the rest of its last line with the text below.

    Raises:
        ValueError, yaml.YAMLError: There is none.
    """
    if text.startswith("{"):
        with suppress(ValueError):
            fields, end = json.JSONDecoder(strict=False).raw_decode(text)
            return fields, text[end:].lstrip(" \t;")
    match = _BRACES.match(text)
    if match is None:
        raise ValueError(text[:20])
    source = match["source"] if text.startswith("{") else f"{{{match['source']}}}"
    return _object(source), match["rest"]


def _pandoc(text: str) -> tuple[Mapping[Any, Any], str] | None:
    match = _PERCENTS.match(text)
    if match is None:
        return None
    return {name: match[name] for name in ("title", "author", "date") if match[name]}, match["body"]


def _nikola(text: str) -> tuple[Mapping[Any, Any], str] | None:
    match = _NIKOLA.match(text)
    if match is None:
        return None
    return _line_by_line(re.sub(r"^\.\. ", "", match["lines"], flags=re.M), parse_yaml), text[match.end() :]


def _header_lines(text: str) -> tuple[Mapping[Any, Any], str] | None:
    """Lines "Key: value" that end with a rule, or with a blank line where they can be nothing else."""
    lines = text.removeprefix("---\n").split("\n", _MOST_LINES)
    end = next(
        (at for at, line in enumerate(lines) if not (_KEY_LINE.match(line) or (at and _FURTHER_LINE.match(line)))), None
    )
    if not end:
        return None
    has_rule, has_end = re.fullmatch(r"-{3,}\s*", lines[end]), not lines[end].strip()
    fields = _parsed("\n".join(lines[:end]), parse_yaml)
    names = set(_by_name(fields))
    is_header = "title" in names or (len(names & KNOWN) > 1 and (bool(has_rule) or names <= KNOWN))
    if not is_header or not (has_rule or has_end):
        return None
    return fields, "\n".join(lines[end + 1 :])


def _parsed(source: str, parse: Callable[[str], Any]) -> Mapping[Any, Any]:
    with suppress(yaml.YAMLError, ValueError, RecursionError, TypeError):
        fields = parse(source)
        return fields if isinstance(fields, dict) else {}
    return _line_by_line(source, parse)


def _line_by_line(source: str, parse: Callable[[str], Any]) -> Mapping[str, Any]:
    """Each key with the lines below it parsed alone; what the parser refuses is taken to the letter."""
    blocks: list[tuple[str, str, list[str]]] = []
    for line in source.split("\n"):
        if match := _KEY_LINE.match(line):
            blocks.append((match["key"], match["value"], [line]))
        elif blocks:
            blocks[-1][2].append(line)
    fields: dict[str, Any] = {}
    for key, value, lines in blocks:
        fields[key] = value.strip().strip("\"'")
        with suppress(yaml.YAMLError, ValueError, RecursionError, TypeError):
            parsed = parse("\n".join(lines))
            fields[key] = parsed.get(key, fields[key]) if isinstance(parsed, dict) else fields[key]
    return fields


def parse_yaml(source: str) -> Any:
    """What a text in YAML states, all scalars as the words written.

    Raises:
        yaml.YAMLError, RecursionError: It is no YAML, or nested too deeply.
    """
    # BaseLoader: nothing is converted ("1984", "no", 2024-13-45) or constructed, and
    # deep nesting ends in RecursionError where the default, libyaml's loader, ends in a segfault.
    return yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506


def _object(source: str) -> Any:
    """An object of JSON, or one of JavaScript as far as that is YAML: names without quotes, a comma at the end."""
    with suppress(ValueError):
        return json.loads(source, strict=False)
    return parse_yaml(source.replace("\t", " "))


def _by_name(stated: object) -> dict[str, Any]:
    if not isinstance(stated, dict):
        return {}
    return {re.sub(r"[\s_-]", "", str(key)).lower(): value for key, value in stated.items()}

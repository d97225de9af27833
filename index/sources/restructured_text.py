"""reStructuredText, by way of HTML; directives and roles of Sphinx give the text in them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree
from docutils.parsers.rst import Parser, states
from docutils.utils import SystemMessage
from docutils.writers.html5_polyglot import Writer

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import one_line
from index.sources.front_matter import KNOWN, Fields, split_front_matter
from index.sources.html import html_to_text
from index.sources.markdown import markdown_post
from index.sources.parse_errors import parse_errors

_SETTINGS = {
    "_disable_config": True,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "initial_header_level": 2,
    "line_length_limit": 1_000_000,
    "math_output": "LaTeX",
    "raw_enabled": False,
    "report_level": 1,  # messages are where unknown directives are kept
    "stylesheet_path": "",
    "syntax_highlight": "none",
    "warning_stream": False,
}
_FRONT_MATTER = re.compile(r"\s*(?:---\s*\n|\.\. (?:title|slug|date):)")
_NIKOLA = re.compile(r"^\.\. [\w-]+:(?!:).*\n", re.M)
_TARGET = re.compile(r"\s*<[^<>]*>$")
_DIRECTIVE = re.compile(r"\.\. (?P<name>[\w:+.-]+)::[ \t]*(?P<argument>[^\n]*)\n?(?P<rest>.*)", re.S)
_OPTIONS = re.compile(r"\s*(?:^[ \t]*:(?P<name>[\w-]+):(?P<value>.*)\n?)+", re.M)
_OPTION = re.compile(r"^[ \t]*:([\w-]+):(.*)$", re.M)
_UNSEEN = re.compile(r"(?:auto\w+|toctree|index|currentmodule|include|literalinclude|raw|tags|meta|py:module)$")
_CODE = re.compile(r"(?:source)?code|ipython|prompt|doctest|testcode|parsed-literal|highlight|math$")
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}
_DEEPEST = 5  # directives inside each other


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of a file, unless it is not published.

    Raises:
        SourceError: The file cannot be read as text, or is nested too deeply.
    """
    text, where = read_text(document, settings), path_text(document.path)
    stated: dict[str, Any] = {}
    front_matter = Fields({})
    if _FRONT_MATTER.match(text):
        front_matter, text = split_front_matter(text)
    with parse_errors(where, SystemMessage, what="reStructuredText cannot be read", remedy="Save it as Markdown."):
        tree = _parsed(text, stated, _DEEPEST)
        title = tree.get("title") or None
        writer = Writer()
        publish_from_doctree(tree, writer=writer, settings_overrides={**_SETTINGS, "report_level": 5})
        parts = writer.parts
    fields = front_matter if front_matter else Fields({"title": title, **_docinfo(tree), **stated})
    subtitle = f"<h2>{parts['subtitle']}</h2>" if parts["subtitle"] else ""
    body = html_to_text(subtitle + _shown_fields(tree) + parts["fragment"], where, settings)
    post = markdown_post(fields, body, document, settings)
    yield post.model_copy(update={"is_markdown": False, "has_marks": True}) if isinstance(post, DraftPost) else post


def _parsed(text: str, stated: dict[str, Any], depth: int) -> Any:
    """The tree of a text, in which the contents of unknown directives stand for these."""
    tree = publish_doctree(text, parser=Parser(inliner=_inliner()), settings_overrides=_SETTINGS)
    for message in list(tree.findall(nodes.system_message)):
        source = message.next_node(nodes.literal_block)
        inside: list[Any] = []
        if depth and source is not None:
            inside = _inside(source.astext(), stated, depth - 1)
        if message.parent is not None:
            message.parent.replace(message, inside)
    tree.parse_messages = tree.transform_messages = []
    for footnote in tree.findall(nodes.footnote):
        footnote.children = [child for child in footnote.children if not isinstance(child, nodes.label)]
    for problem in list(tree.findall(nodes.problematic)):
        problem.parent.replace(problem, nodes.Text(problem.astext().strip("`_|")))
    return tree


def _inliner() -> states.Inliner:
    """Docutils' reader of lines, to which roles that it does not know give their text."""
    inliner = states.Inliner()
    known = inliner.interpreted

    def interpreted(raw: str, text: str, role: str, line: int) -> tuple[list[Any], list[Any]]:
        made, messages = known(raw, text, role, line)
        if messages:
            return [nodes.Text(_TARGET.sub("", nodes.unescape(text)).lstrip("~!"))], []
        return made, messages

    inliner.interpreted = interpreted
    return inliner


def _inside(source: str, stated: dict[str, Any], depth: int) -> list[Any]:
    match = _DIRECTIVE.match(source)
    if match is None or _UNSEEN.match(match["name"]):
        return []
    rest = textwrap.dedent(match["rest"])
    options = _OPTIONS.match(rest)
    argument = one_line(match["argument"])
    if match["name"] == "post":  # ablog's date and facts
        stated |= {"date": argument, **dict(_OPTION.findall(rest))}
        argument = ""
    content = rest[options.end() :] if options else rest
    if _CODE.match(match["name"]):
        return [nodes.literal_block(content, content.strip("\n"))]
    if match["name"] in _VERSIONS:
        argument, content = "", f"{_VERSIONS[match['name']]} {argument}: {content.strip()}".rstrip(": ")
    return [child for child in _parsed(f"{argument}\n\n{content}", stated, depth).children if argument or content]


def _shown_fields(tree: Any) -> str:
    """The fields below the title that state nothing of the post itself, which a page shows: ":Height: 55 metres"."""
    fields = (
        field for info in tree.findall(nodes.docinfo) for field in info.children if isinstance(field, nodes.field)
    )
    pairs = [(field.children[0].astext(), field.children[1].astext()) for field in fields]
    shown = [pair for pair in pairs if pair[0][:1].isupper() and re.sub(r"[\s_-]", "", pair[0]).lower() not in KNOWN]
    items = "".join(f"<li>{escape(name)}: {escape(value)}</li>" for name, value in shown)
    return f"<ul>{items}</ul>" if items else ""


def _docinfo(tree: Any) -> dict[str, Any]:
    """The fields below the title: author, date, status and the like."""
    facts: dict[str, Any] = {}
    for field in (field for info in tree.findall(nodes.docinfo) for field in info.children):
        if isinstance(field, nodes.field):
            name, value = field.children[0].astext(), field.children[1].astext()
        elif isinstance(field, nodes.authors):
            name, value = "authors", [author.astext() for author in field.children]
        else:
            name, value = field.tagname, field.astext()
        facts[name] = value
    return facts

"""HTML files: pages as they were saved, and the sources of site generators, with front matter on top."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources import html
from index.sources.decoding import open_document, path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.front_matter import split_front_matter
from index.sources.markdown import markdown_post

_RULES = (b"---", b"+++", b"\xef\xbb\xbf---", b"\xef\xbb\xbf+++")
_TEMPLATE = re.compile(r"\{%-?\s*comment\b.*?endcomment\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.S)


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of an HTML file, unless its front matter says that it is not published.

    Raises:
        SourceError: The file cannot be read as text, is nested too deeply, or cannot be parsed.
    """
    with open_document(document) as file:
        has_rule = file.read(6).startswith(_RULES)
    if not has_rule:
        yield from html.read(document, settings)
        return
    fields, page = split_front_matter(read_text(document, settings))
    body = html.html_to_text(_TEMPLATE.sub("", page), path_text(document.path), settings)
    post = markdown_post(fields, body, document, settings)
    yield post.model_copy(update={"is_markdown": False, "has_marks": True}) if isinstance(post, DraftPost) else post

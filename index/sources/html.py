"""HTML pages and fragments to text and metadata; nothing in them is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml import html as lxml_html

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import clean, path_text, read_bytes, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line
from index.sources.html_cleaning import clean_tree, text_of
from index.sources.html_content import content_of, drop_boxes
from index.sources.html_facts import page_facts
from index.sources.html_tree import to_markdown
from index.sources.names import title_of
from index.sources.parse_errors import parse_errors
from index.text.link_share import line_link_share

_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,200}(?:charset|encoding)\s*=\s*["']?([\w.-]{1,30})""", re.I)
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.I)
_PAGE_BYTES = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.I)
_HEAD = 2_048  # bytes
_REMEDY = "Save the page again, or its text as Markdown."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """The one draft of a page: its main content, without menus and footers.

    Raises:
        SourceError: The file cannot be read as text, is nested too deeply, or cannot be parsed.
    """
    where = path_text(document.path)
    source = _page_text(document, settings)
    tree = _parsed(source, where, settings)
    facts = page_facts(tree)
    links = {one_line("".join(link.itertext())) for link in tree.iter("a")} - {""}
    body = _without_title(_main_text(tree, where) if _PAGE.search(source) else _whole_text(tree, where), facts.title)
    yield DraftPost(
        title=headline(facts.title, title_of(document.path)),
        body=body,
        authors=facts.authors,
        published=facts.published,
        publisher=facts.publisher,
        url=facts.url,
        language=facts.language,
        link_share=line_link_share(body, links),
        has_marks=True,
    )


def html_to_text(fragment: str, where: str, settings: SourceSettings) -> str:
    """Text of a piece of HTML that is content as a whole, such as a feed's entry.

    Raises:
        SourceError: It is nested too deeply, or cannot be parsed.
    """
    return _whole_text(_parsed(f"<html><body><article>{fragment}</article></body></html>", where, settings), where)


def html_to_line(fragment: str, where: str, settings: SourceSettings) -> str:
    """The words of a line of HTML, such as a feed's title, without any markup.

    Raises:
        SourceError: It is nested too deeply, or cannot be parsed.
    """
    tree = _parsed(f"<html><body><p>{fragment}</p></body></html>", where, settings)
    clean_tree(tree)
    return one_line(text_of(tree))


def _page_text(document: Document, settings: SourceSettings) -> str:
    """A page's text; bytes that are wrong in its encoding are read as browsers show them, if it is a page at all."""
    try:
        return read_text(document, settings, _DECLARED)
    except SourceError:
        data = read_bytes(document, settings)
        if not _PAGE_BYTES.search(data[:_HEAD]):
            raise
        text = data.decode(errors="replace")
        is_utf_8 = any(letter > "\x7f" and letter != "\ufffd" for letter in text)
        text = text if is_utf_8 else data.decode("cp1252", errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(source: str, where: str, settings: SourceSettings) -> etree._Element:
    # huge_tree lifts libxml2's own limit on depth (256) to 2,048, so that ours is the one that counts.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    text = clean(source)  # libxml2 ends a document at its first NUL
    with parse_errors(where, etree.LxmlError, what="not HTML", remedy=_REMEDY):
        tree = lxml_html.document_fromstring(text.encode() if text.strip() else b"<html/>", parser=parser)
    cut_short = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    if cut_short or _depth(tree) > settings.max_html_depth:
        raise SourceError(
            f"HTML nested deeper than {settings.max_html_depth}",
            where=where,
            remedy="Flatten it, or save its text as Markdown.",
        )
    return tree


def _depth(tree: etree._Element) -> int:
    """Elements from the root to the deepest one, counted without recursion."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _whole_text(tree: etree._Element, where: str) -> str:
    with parse_errors(where, etree.LxmlError, what="HTML cannot be read", remedy=_REMEDY):
        clean_tree(tree)
        drop_boxes(tree)
        return to_markdown(tree)


def _main_text(tree: etree._Element, where: str) -> str:
    """Text of the main content; of everything where there is none."""
    with parse_errors(where, etree.LxmlError, what="HTML cannot be read", remedy=_REMEDY):
        clean_tree(tree)
        extracted = _extracted(tree)
        bodies = (to_markdown(content_of(deepcopy(tree), text)) for text in dict.fromkeys((extracted, "")))
        return next(filter(str.strip, bodies), None) or to_markdown(tree)


def _extracted(tree: etree._Element) -> str:
    """What trafilatura takes for the content of a page."""
    from trafilatura import bare_extraction  # noqa: PLC0415  # 0.2 s that only HTML should pay

    result = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True)
    return "" if result is None or isinstance(result, dict) else " ".join(result.body.itertext())


def _without_title(body: str, title: str | None) -> str:
    """A body without the headings on top that only repeat the title."""
    while title and body.startswith("#"):
        first, _, rest = body.partition("\n")
        if one_line(first.lstrip("# ")) != one_line(title):
            break
        body = rest.lstrip("\n")
    return body

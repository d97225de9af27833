"""HTML pages and fragments to text and metadata; nothing in them is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from lxml import html as lxml_html

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings
from index.sources.decoding import clean, path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.fields import headline, one_line, split_names
from index.sources.html_tree import to_markdown
from index.sources.parse_errors import parse_errors

_NEVER_TEXT = ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas")
_INLINE_MARKUP = ("b", "strong", "i", "em", "u", "s", "ins", "mark", "sub", "sup", "small", "big", "font", "span")
_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,200}(?:charset|encoding)\s*=\s*["']?([\w.-]{1,30})""", re.I)
_REMEDY = "Save the page again, or its text as Markdown."


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost]:
    """The one draft of a page: its main content, without menus and footers.

    Raises:
        SourceError: The file cannot be read as text, is nested too deeply, or cannot be parsed.
    """
    where = path_text(document.path)
    tree = _parsed(read_text(document, settings, _DECLARED), where, settings)
    metadata = _metadata(tree, where)
    yield DraftPost(
        title=headline(metadata.title, document.path.stem),
        body=_without_title(_main_text(tree, where), metadata.title),
        authors=split_names(metadata.author),
        published=metadata.date,
        publisher=metadata.sitename,
        url=metadata.url,
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
    )


def html_to_text(fragment: str, where: str, settings: SourceSettings) -> str:
    """Text of a piece of HTML that is content as a whole, such as a feed's entry.

    Raises:
        SourceError: It is nested too deeply, or cannot be parsed.
    """
    page = f"<html><body><article>{fragment}</article></body></html>"
    return _main_text(_parsed(page, where, settings), where, whole=True)


def html_to_line(fragment: str, where: str, settings: SourceSettings) -> str:
    """The words of a line of HTML, such as a feed's title, without any markup.

    Raises:
        SourceError: It is nested too deeply, or cannot be parsed.
    """
    tree = _parsed(f"<html><body><p>{fragment}</p></body></html>", where, settings)
    _drop_scripts(tree)
    return one_line("".join(tree.itertext()))


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


def _metadata(tree: etree._Element, where: str) -> Any:
    """Trafilatura's record of what a page states of itself."""
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415  # 0.2 s that only HTML should pay

    with parse_errors(where, etree.LxmlError, what="HTML metadata cannot be read", remedy=_REMEDY):
        # Not extensive: a date somewhere in the text is not a statement of when the page appeared.
        return extract_metadata(tree, date_config={"original_date": True}, extensive=False)


def _main_text(tree: etree._Element, where: str, *, whole: bool = False) -> str:
    """Text of the main content; of everything when asked for, or where there is no main content."""
    from trafilatura import bare_extraction  # noqa: PLC0415  # 0.2 s that only HTML should pay

    _drop_scripts(tree)
    _simplify(tree)
    everything = one_line(" ".join(tree.itertext()))
    with parse_errors(where, etree.LxmlError, what="HTML cannot be read", remedy=_REMEDY):
        extracted = bare_extraction(
            tree, include_comments=False, include_tables=True, include_formatting=False, favor_recall=whole
        )
        text = "" if extracted is None or isinstance(extracted, dict) else to_markdown(extracted.body)
    return text or everything


def _drop_scripts(tree: etree._Element) -> None:
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)


def _simplify(tree: etree._Element) -> None:
    """Strip inline markup, and make each `pre` one `code`, which trafilatura keeps verbatim."""
    for pre in list(tree.iter("pre")):
        for line_break in pre.iter("br"):
            line_break.text = "\n"
        code, tail = "".join(pre.itertext()), pre.tail
        pre.clear()
        pre.tail = tail
        etree.SubElement(pre, "code").text = code
    etree.strip_tags(tree, *_INLINE_MARKUP)


def _without_title(body: str, title: str | None) -> str:
    first, _, rest = body.partition("\n")
    if title and first.startswith("#") and one_line(first.lstrip("# ")) == one_line(title):
        return rest
    return body

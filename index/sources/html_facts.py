"""What an HTML page states of itself: title, authors, publisher, address, language, and when it was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.records import Record
from index.sources.authors import author_names
from index.sources.fields import one_line
from index.sources.html_cleaning import text_of
from index.sources.html_dates import publication_date
from index.sources.html_head import ArticleHead

_ARTICLE = re.compile(
    r"(?:article|posting|report|howto|recipe|creativework|webpage|question|faqpage|book|review)$", re.I
)
_PLACE_TYPES = ("webpage", "faqpage", "report")  # what says more of the page than of the text on it
_BROKEN_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_MOST_NODES = 2_000  # of JSON-LD
_MOST_JSON = 2_000_000  # characters
_AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "citation_author", "dc.creator", "dc:creator", "dcterms.creator",
    "parsely-author", "sailthru.author", "byl",
)  # fmt: skip
_PUBLISHER_METAS = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "application-name")
_TITLE_METAS = ("og:title", "citation_title", "dc.title", "dcterms.title", "parsely-title", "twitter:title")
_SEPARATOR = re.compile(r"\s+[|–—·•»«:-]\s+|\s+::\s+")
_AUTHOR_CLASS = re.compile(r"(?:^|\s)(?:p-author|author|author-name|entry-author|post-author|byline|by-author)(?:\s|$)")
_LONGEST_NAME = 60  # characters


class PageFacts(Record):
    """What is None, or empty, is not stated."""

    title: str | None
    authors: tuple[str, ...]
    published: str | None
    publisher: str | None
    url: str | None
    language: str | None


def page_facts(tree: etree._Element) -> PageFacts:
    """What a page that is not cleaned yet states of itself."""
    page = _Page(tree)
    publisher = page.publisher()
    return PageFacts(
        title=page.title(publisher),
        authors=page.authors(publisher),
        published=page.published(),
        publisher=publisher,
        url=page.url(),
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or page.meta("language"),
    )


class _Page:
    """One page's statements, read once."""

    def __init__(self, tree: etree._Element) -> None:
        self._tree = tree
        self._metas: dict[str, list[str]] = {}
        for meta in tree.iter("meta"):
            name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
            content = one_line(meta.get("content") or "")
            if name and content:
                self._metas.setdefault(name, []).append(content)
        self._nodes = list(islice(_json_nodes(tree), _MOST_NODES))
        self._articles = [node for node in self._nodes if _ARTICLE.search(_type_of(node))]
        self._articles.sort(key=lambda node: _type_of(node).lower() in _PLACE_TYPES)
        self._head = ArticleHead(tree, self.title(self.publisher()))

    def meta(self, *names: str) -> str | None:
        """The first of the names that a meta element states."""
        return next((self._metas[name][0] for name in names if name in self._metas), None)

    def title(self, publisher: str | None) -> str | None:
        """The text's own title, without the name of the site."""
        headings = [words for heading in self._tree.iter("h1") if (words := one_line(text_of(heading)))]
        named = next(self._tree.iter("title"), None)
        shown = one_line(text_of(named)) if named is not None else ""
        stated = [_string(node.get("headline")) for node in self._articles]
        candidates = [self.meta(*_TITLE_METAS), *stated, *(headings if len(headings) == 1 else ()), shown, *headings]
        site = {name.casefold() for name in (publisher, self.meta("og:site_name"), *self._site_names()) if name}
        for candidate in filter(None, map(one_line, filter(None, candidates))):
            title = _without_site(candidate, site, headings)
            if title.casefold() not in site:
                return title
        return headings[0] if headings else shown or None

    def _site_names(self) -> Iterator[str]:
        for node in self._nodes:
            if _type_of(node).lower() in ("website", "organization", "newsmediaorganization"):
                yield _string(node.get("name")) or ""

    def authors(self, publisher: str | None) -> tuple[str, ...]:
        """Names of the authors, from JSON-LD, meta elements, links and bylines, whichever states them first."""
        known = {str(node["@id"]): node for node in self._nodes if isinstance(node.get("@id"), str)}
        sources = chain(
            (self._names(node.get("author") or node.get("creator"), known) for node in self._articles),
            (author_names(self._metas.get(name, [])) for name in _AUTHOR_METAS),
            self._bylines(),
        )
        for names in sources:
            people = tuple(name for name in names if _is_name(name) and name != publisher)
            if people:
                return people
        return ()

    def _names(self, stated: object, known: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
        several = stated if isinstance(stated, list) else [stated]
        resolved = [
            known.get(str(one.get("@id")), one) if isinstance(one, dict) and "name" not in one else one
            for one in several
        ]
        return author_names([_string(one.get("name")) if isinstance(one, Mapping) else one for one in resolved])

    def _bylines(self) -> Iterator[tuple[str, ...]]:
        links = [e for e in self._tree.iter("a", "span", "div", "p", "address", "link") if _names_author(e)]
        links.sort(key=lambda e: e.get("rel") != "author" and "author" not in (e.get("itemprop") or ""))
        for element in links:
            if not self._head.is_elsewhere(element):
                name = next((e for e in element.iterdescendants() if "name" in (e.get("itemprop") or "")), element)
                yield author_names(one_line(text_of(name)))

    def publisher(self) -> str | None:
        """Who publishes the page."""
        for node in self._articles:
            publisher = node.get("publisher")
            if isinstance(publisher, dict) and (name := _string(publisher.get("name"))):
                return name
        return self.meta(*_PUBLISHER_METAS) or next(filter(None, self._site_names()), None)

    def url(self) -> str | None:
        """The page's own address."""
        base = (
            next((b.get("href") for b in self._tree.iter("base") if b.get("href")), None) or self.meta("og:url") or ""
        )
        for link in self._tree.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
                with suppress(ValueError):
                    return str(urljoin(base, link.get("href").strip()))
        return self.meta("og:url")

    def published(self) -> str | None:
        """When the page says that it was published."""
        return publication_date(self._tree, self._head, self._articles, self._metas, self.url())


def _json_nodes(tree: etree._Element) -> Iterator[Mapping[str, object]]:
    """Objects of a page's JSON-LD, those of lists and graphs one by one."""
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "") or len(text) > _MOST_JSON:
            continue
        try:
            text = re.sub(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]|--)>\s*$", "", text)
            pending = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            dates = _BROKEN_DATE.findall(text)  # a stray comma or quotation mark elsewhere
            pending = [{"@type": "Article", "datePublished": dates[0]}] if len(set(dates)) == 1 else []
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending[:0] = node[:_MOST_NODES]
            elif isinstance(node, dict):
                yield node
                pending[:0] = [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _type_of(node: Mapping[str, object]) -> str:
    stated = node.get("@type")
    kinds = stated if isinstance(stated, list) else [stated]
    return next((kind for kind in kinds if isinstance(kind, str)), "")


def _string(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return one_line(value) if isinstance(value, str) and value.strip() else None


def _without_site(title: str, site: set[str], headings: list[str]) -> str:
    """A title without the parts, first or last, that name the site; a heading says where the title ends."""
    for heading in headings:
        if title != heading and re.fullmatch(rf"{re.escape(heading)}\s*[|–—·•»:-].*", title):
            return heading
    parts = _SEPARATOR.split(title)
    if len(parts) > 1 and parts[-1].casefold() in site:
        return title[: title.rfind(parts[-1])].rstrip(" |–—·•»«:-")
    if len(parts) > 1 and parts[0].casefold() in site:
        return title[len(parts[0]) :].lstrip(" |–—·•»«:-")
    return title


def _names_author(element: etree._Element) -> bool:
    return (
        "author" in (element.get("rel") or "").split()
        or "author" in (element.get("itemprop") or "").split()
        or bool(_AUTHOR_CLASS.search(element.get("class") or ""))
    )


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= _LONGEST_NAME
        and "://" not in name
        and not name.startswith("@")
        and any(map(str.isalpha, name))
    )

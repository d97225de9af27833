"""What an HTML page states of itself: title, authors, publisher, address, language, and when it was published.

A date is taken only from where pages state it for machines (JSON-LD, meta elements, `time` in the article's head, the
address), never from running text: no date is better than a wrong one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain, islice
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.records import Record
from index.sources.authors import author_names
from index.sources.dates import iso_date, path_date
from index.sources.fields import one_line
from index.sources.html_cleaning import names_of, text_of

_ARTICLE = re.compile(
    r"(?:article|posting|report|howto|recipe|creativework|webpage|question|faqpage|book|review)$", re.I
)
_PLACE_TYPES = ("webpage", "faqpage", "report")  # what says more of the page than of the text on it
_BROKEN_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_MOST_NODES = 2_000  # of JSON-LD, and `time` elements
_MOST_JSON = 2_000_000  # characters
_DATE_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "article.published", "datepublished", "citation_online_date", "citation_publication_date", "citation_date",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dcterms.created", "dcterms.issued",
    "dc.date.issued", "dc.date.created", "dcterms.date", "dc.date", "dc:date", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "published", "published_date", "published_time",
    "date_published", "article_date_original", "originalpublicationdate", "rnews:datepublished", "pub_date", "date",
)  # fmt: skip
_AUTHOR_METAS = (
    "author", "article:author", "og:article:author", "citation_author", "dc.creator", "dc:creator", "dcterms.creator",
    "parsely-author", "sailthru.author", "byl",
)  # fmt: skip
_PUBLISHER_METAS = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "application-name")
_TITLE_METAS = ("og:title", "citation_title", "dc.title", "dcterms.title", "parsely-title", "twitter:title")
_SEPARATOR = re.compile(r"\s+[|–—·•»«:-]\s+|\s+::\s+")
_MOST_DATES = 20
_WESTERNMOST, _EASTERNMOST = timedelta(hours=10), timedelta(hours=13)  # zones in which pages are written
_PUBLISHED_NAMES = re.compile(r"publish|entry-date|post-date|pub-?date", re.I)
_CHANGED_NAMES = re.compile(r"updated|modified|changed", re.I)
_DATELINE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:date|datum|fecha|(?:_?publish(?:ing|ed)?|post|entry|article|pub|news)[-_]?date|posted-on|dateline)"
    r"(?:$|[\s_-])",
    re.I,
)
_DATELINE_LABEL = re.compile(
    r"^(?:published|posted|written|veröffentlicht|publié|publicado|erstellt|vom|on|le|el|am|date|datum|stand|:|\s)+",
    re.I,
)
_HEAD_LEVELS = 4
_MOST_PARTS = 4  # elements in a dateline
_ARCHIVE = re.compile(r"^/web/\d+[a-z_]*/https?:/+[^/]*")
_AUTHOR_CLASS = re.compile(r"(?:^|\s)(?:p-author|author|author-name|entry-author|post-author|byline|by-author)(?:\s|$)")
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|teaser|widget|recommend|popular|latest|card|promo|listing|archive", re.I
)
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
            if not _is_elsewhere(element):
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
        """The date on which the page says it was published; the address's day where it differs by a zone only."""
        stated = chain(
            (_string(node.get("datePublished")) for node in self._articles),
            (self.meta(name) for name in _DATE_METAS),
            self._times(),
        )
        moments = [moment for one in islice(filter(None, stated), _MOST_DATES) if (moment := _precise(one))]
        day = self._address_date()
        if not moments:
            return day or self._dateline()
        return _local(moments[0], moments[1:], day)

    def _address_date(self) -> str | None:
        with suppress(ValueError):
            return _precise(path_date(_ARCHIVE.sub("", urlsplit(self.url() or "").path)) or "")
        return None

    def _times(self) -> Iterator[str | None]:
        """Dates of `time` elements: those said to be of publication, then the first in the article's head."""
        times = [time for time in islice(self._tree.iter("time"), _MOST_NODES) if not _is_elsewhere(time)]
        times = [time for time in times if not _CHANGED_NAMES.search(_names_around(time))]
        for time in times:
            if time.get("pubdate") is not None or _PUBLISHED_NAMES.search(_names_around(time)):
                yield time.get("datetime") or text_of(time)
        for element in self._tree.iter("span", "div", "p", "abbr"):
            if (element.get("itemprop") or "").lower() == "datepublished":
                yield element.get("content") or element.get("title") or text_of(element)
        own = [time for time in times if any(e.tag in ("article", "main", "header") for e in time.iterancestors())]
        if own and len({(time.get("datetime") or "")[:10] for time in own[:2]}) == 1:
            yield own[0].get("datetime")

    def _dateline(self) -> str | None:
        """The date of what is named as one near the title and holds nothing else, where there is only one."""
        days = set()
        title = next(self._tree.iter("h1"), None)
        head = [] if title is None else list(islice(title.iterancestors(), _HEAD_LEVELS))
        near = next((box for box in reversed(head) if box.tag not in ("body", "html")), None)
        for element in (
            () if near is None else near.iter("span", "div", "p", "li", "em", "small", "td", "abbr", "time", "a")
        ):
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            if _DATELINE_NAMES.search(names) and not _CHANGED_NAMES.search(names) and not _is_elsewhere(element):
                words = _DATELINE_LABEL.sub("", one_line(text_of(element))) if len(element) < _MOST_PARTS else ""
                days.add((_precise(words) or "")[:10])
        days.discard("")
        return days.pop() if len(days) == 1 else None


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


def _precise(stated: str) -> str | None:
    """A date with its day; a year or a month alone says too little."""
    day = iso_date(stated) or iso_date(stated[:10])
    return day if day and len(day) >= len("2024-03-02") and "1990" <= day[:4] <= "2100" else None


def _local(moment: str, others: list[str], day: str | None) -> str:
    """A moment in UTC as the day that the page's readers see: as another statement of it, or the address, has it."""
    if not moment.endswith("+00:00"):
        return moment
    instant = datetime.fromisoformat(moment)
    for other in others:
        zoned = datetime.fromisoformat(other)
        if zoned.tzinfo is not None and zoned == instant and zoned.utcoffset():
            return other
    if day and (instant - _WESTERNMOST).date() <= date.fromisoformat(day) <= (instant + _EASTERNMOST).date():
        return moment if moment.startswith(day) else day
    return moment


def _names_around(time: etree._Element) -> str:
    """Class names of a `time` element and of what holds nothing but it."""
    names = [names_of(time), time.get("itemprop") or ""]
    while time.getnext() is None and time.getprevious() is None and (box := time.getparent()) is not None:
        if box.tag in ("body", "article", "main"):
            break
        names.append(names_of(box))
        time = box
    return " ".join(names)


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


def _is_elsewhere(element: etree._Element) -> bool:
    """Whether an element belongs to a comment, a teaser or the margin."""
    return any(e.tag in ("aside", "nav") or _ELSEWHERE.search(names_of(e)) for e in islice(_boxes(element), 6))


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    return (box for box in element.iterancestors() if box.tag not in ("html", "body", "main"))


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= _LONGEST_NAME
        and "://" not in name
        and not name.startswith("@")
        and any(map(str.isalpha, name))
    )

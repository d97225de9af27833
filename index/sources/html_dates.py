"""When a page says that it was published.

A date is taken only from where pages state it for machines (JSON-LD, meta elements, `time`, the address) or mark it as
one beside the title, never from running text: no date is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.dates import iso_date, path_date
from index.sources.fields import one_line
from index.sources.html_cleaning import names_of, text_of
from index.sources.html_head import ArticleHead, names_other_part

_OPEN_GRAPH = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "article.published",
)  # fmt: skip
_PUBLICATION_METAS = (
    "datepublished", "citation_online_date", "citation_publication_date", "citation_date", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "dcterms.issued", "dc.date.issued", "pubdate", "publishdate",
    "publish-date", "publish_date", "publication_date", "published", "published_date", "published_time",
    "date_published", "article_date_original", "originalpublicationdate", "rnews:datepublished", "pub_date",
)  # fmt: skip
_DATE_METAS = ("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "dc:date")
"""They do not say that they are of publication; with some systems they are of the first draft or the last change.

A mere "date" is none of them: on half of the measured pages that state nothing else it is of the last change.
"""
_MOST_DATES = 20
_MOST_TIMES = 2_000
_DAY = len("2024-03-02")
_WESTERNMOST, _EASTERNMOST = timedelta(hours=10), timedelta(hours=13)  # zones in which pages are written
_QUARTER = timedelta(minutes=15)
_ONE_DAY = timedelta(days=1)  # within it two dates may be one moment in different zones
_PUBLISHED_NAMES = re.compile(r"publi(?:sh|cation|cado|é)|entry-?date|post-?date|pub-?date|posted-?on|created", re.I)
_OTHER_NAMES = re.compile(r"update|modif|change|edited|event|birth|start|end-?date|expir|deadline", re.I)
_DATE_NAMES = re.compile(r"date|datum|fecha|publi(?:sh|cation|cado)|posted|created|timestamp", re.I)
_NEAR = 20  # elements between a title and its date
_LABELS = (
    r"published|posted|written|created|veröffentlicht|publiziert|erstellt|publié|mis en ligne|publicado|pubblicato|"
    r"gepubliceerd|geplaatst|opublikowano|publication date|(?:erscheinungs|publikations)datum"
)
_PREPOSITIONS = r"[:\s]*(?:\b(?:on|am|vom|le|el|em|il|op)\b)?[:\s]*"
_LABEL = re.compile(rf"^\W*(?:{_LABELS})\b{_PREPOSITIONS}", re.I)
_LABEL_ONLY = re.compile(rf"^\W*(?:{_LABELS})\b{_PREPOSITIONS}$", re.I)
_INTRODUCTION = re.compile(rf"^\W*(?:{_LABELS}|date|datum|fecha|data)?{_PREPOSITIONS}", re.I)
_CHANGES = (
    r"updated|modified|edited|changed|revised|aktualisiert|geändert|bearbeitet|stand|mis à jour|modifié|"
    r"actualizado|modificado|aggiornato|modificato|gewijzigd|bijgewerkt"
)
_CHANGED_LABEL = re.compile(rf"\b(?:{_CHANGES})\b(?:\W+(?:on|at|am|le|el|il|op))?\W*$", re.I)
_EITHER_LABEL = re.compile(rf"^\W*(?:last |zuletzt )?(?:{_LABELS}|{_CHANGES})\b{_PREPOSITIONS}", re.I)
_SEGMENTS = re.compile(r"\s+[|•·/–—-]+\s+|[|•·]")
_STATEMENTS = re.compile(rf"{_SEGMENTS.pattern}|(?<=\d)(?=[A-Z][^\W\d]+:)")
_LONGEST_DATELINE = 100  # characters
_WIKI = re.compile(r"MediaWiki|DokuWiki|Foswiki|TWiki|XWiki", re.I)
_ARCHIVE = re.compile(r"^/web/\d+[a-z_]*/https?:/+[^/]*")

Metas = Mapping[str, Sequence[str]]


def publication_date(
    tree: etree._Element,
    head: ArticleHead,
    articles: Iterable[Mapping[str, object]],
    metas: Metas,
    url: str | None,
) -> str | None:
    """The day, or the moment, on which a page says that it was published, in the zone in which its readers saw it.

    None where it contradicts itself, and of a page of a wiki, whose text is of many days.

    Args:
        articles: The page's JSON-LD objects that are articles.
        metas: Contents of the page's meta elements by name in lower case.
    """
    if any(map(_WIKI.match, metas.get("generator", ()))):
        return None
    times = _article_times(tree, head)
    stated = chain(
        _contents(metas, _OPEN_GRAPH),
        chain.from_iterable(_strings(node.get("datePublished")) for node in articles),
        _contents(metas, _PUBLICATION_METAS),
        _microdata(tree),
    )
    shown, address = _dates_beside_title(head), list(filter(None, [_address_date(url)]))
    marked = list(filter(None, map(_shown_date, filter(_is_of_publication, times))))
    moments = [*_precise_ones(stated), *shown]
    if not moments and len({moment[:_DAY] for moment in marked}) > 1:
        return None
    moments += marked
    if moments and _contradicts(moments[0], shown, address):
        return None
    if moments:
        return _in_page_zone(moments[0], moments, [day[:_DAY] for day in (*shown, *address) if not _is_utc(day)])
    return next(chain(_only_date(times), address, _precise_ones(_contents(metas, _DATE_METAS))), None)


def _contradicts(moment: str, shown: Iterable[str], address: Iterable[str]) -> bool:
    """Whether readers are shown a later day than is stated for machines, or the page's address holds an earlier one.

    The text was changed then, or moved. An earlier day beside the title is often of something else, such as an event.
    """
    day = date.fromisoformat(moment[:_DAY])
    is_later = any(date.fromisoformat(other[:_DAY]) - day > _ONE_DAY for other in shown)
    return is_later or any(day - date.fromisoformat(other) > _ONE_DAY for other in address)


def is_dateline(line: str) -> bool:
    """Whether a line only says when a text was published or changed, or is only a date."""
    statements = [_EITHER_LABEL.sub("", part).strip(" .") for part in _STATEMENTS.split(line) if part.strip()]
    return bool(statements) and all(map(_precise, statements))


def states_publication(line: str) -> bool:
    """Whether a line begins by saying that something was published or changed."""
    return bool(_EITHER_LABEL.match(line))


def _strings(stated: object) -> Iterator[str]:
    for value in stated if isinstance(stated, list) else [stated]:
        if isinstance(value, str):
            yield value


def _contents(metas: Metas, names: Iterable[str]) -> Iterator[str]:
    return (content for name in names for content in metas.get(name, ()))


def _precise_ones(stated: Iterable[str]) -> list[str]:
    return [moment for value in islice(stated, _MOST_DATES) if (moment := _precise(value))]


def _precise(stated: str) -> str | None:
    """A date with its day; a year or a month alone says too little."""
    stated = one_line(stated)
    day = iso_date(stated) or iso_date(stated[:_DAY])
    return day if day and len(day) >= _DAY and "1990" <= day[:4] <= "2100" else None


def _in_page_zone(moment: str, others: Iterable[str], days: Sequence[str]) -> str:
    """A moment in UTC as the page states it elsewhere: with another zone, without one, or as the day alone.

    Args:
        days: Shown beside the title, or in the address.
    """
    if not _is_utc(moment):
        return moment
    instant = datetime.fromisoformat(moment)
    for other in others:
        stated = datetime.fromisoformat(other)
        shift = stated.replace(tzinfo=UTC) - instant
        is_zone = -_WESTERNMOST <= shift <= _EASTERNMOST and shift % _QUARTER == timedelta()
        if shift and is_zone and len(other) > _DAY and stated.utcoffset() in (None, shift):
            return other
    if moment[:_DAY] not in days:
        first, last = (instant - _WESTERNMOST).date(), (instant + _EASTERNMOST).date()
        return next((day for day in days if first <= date.fromisoformat(day) <= last), moment)
    return moment


def _is_utc(moment: str) -> bool:
    return moment.endswith("+00:00")


def _address_date(url: str | None) -> str | None:
    with suppress(ValueError):
        return _precise(path_date(_ARCHIVE.sub("", urlsplit(url or "").path)) or "")
    return None


def _article_times(tree: etree._Element, head: ArticleHead) -> list[etree._Element]:
    """The page's `time` elements, without those of changes, events, comments, teasers and the margin."""
    times = islice(tree.iter("time"), _MOST_TIMES)
    return [time for time in times if not _is_of_other(_names_around(time)) and not head.is_elsewhere(time)]


def _is_of_publication(time: etree._Element) -> bool:
    return time.get("pubdate") is not None or bool(_PUBLISHED_NAMES.search(_names_around(time)))


def _is_of_other(names: str) -> bool:
    """Whether an element is named as the date of a change or an event and not, as in microformats, of the entry too."""
    return bool(_OTHER_NAMES.search(names)) and not _PUBLISHED_NAMES.search(names)


def _shown_date(time: etree._Element) -> str | None:
    """The date of a `time` element: the one for machines, unless its readers are shown another day."""
    shown = _precise(_INTRODUCTION.sub("", one_line(text_of(time))))
    stated = _precise(time.get("datetime") or time.get("content") or time.get("title") or "")
    return stated if stated and (shown is None or shown[:_DAY] == stated[:_DAY]) else shown


def _microdata(tree: etree._Element) -> Iterator[str]:
    for element in tree.iter("span", "div", "p", "abbr", "time"):
        if (element.get("itemprop") or "").lower() == "datepublished":
            yield element.get("content") or _shown_date(element) or ""


def _only_date(times: list[etree._Element]) -> Iterator[str]:
    """The date of the first `time` of the article, where the second says the same."""
    own = [time for time in times if any(e.tag in ("article", "main", "header") for e in time.iterancestors())]
    dates = [_shown_date(time) or "" for time in own[:2]]
    if len({day[:_DAY] for day in dates}) == 1:
        yield from filter(None, dates[:1])


def _dates_beside_title(head: ArticleHead) -> list[str]:
    """What is marked as a date nearest to the title, in all its forms, where it is one day."""
    known: dict[etree._Element, list[str]] = {}
    for box in head.boxes():
        elements = list(islice(box.iter("*"), _MOST_TIMES))
        known |= {element: _marked_dates(element, head) for element in elements if element not in known}
        dates = [(at, known[element]) for at, element in enumerate(elements) if known[element]]
        title = next((at for at, e in enumerate(elements) if e is head.heading), 0)
        near = [values for at, values in dates if abs(at - title) <= _NEAR] or [values for _, values in dates]
        if near:
            return [value for values in near for value in values] if len({v[-1][:_DAY] for v in near}) == 1 else []
    return []


def _marked_dates(element: etree._Element, head: ArticleHead) -> list[str]:
    """The date of an element that is one by its tag, its names, or a label before it, and holds little else."""
    names = f"{names_of(element)} {element.get('itemprop') or ''}"
    if not (element.tag == "time" or _DATE_NAMES.search(names) or _LABEL.match(element.text or "")):
        return []
    if _is_of_other(names) or _CHANGED_LABEL.search(_words_before(element)):
        return []
    if names_other_part(names) or head.is_elsewhere(element):
        return []
    if element.tag == "time":
        return list(filter(None, [_shown_date(element), _precise(text_of(element))]))
    words = one_line(text_of(element))
    if _LABEL_ONLY.match(words):
        following = element.getnext()
        words = one_line(element.tail or "") or ("" if following is None else one_line(text_of(following)))
    if len(words) > _LONGEST_DATELINE:
        return []
    parts = (_INTRODUCTION.sub("", part) for part in _SEGMENTS.split(words))
    return _precise_ones((element.get("title") or "", words, *parts))


def _words_before(element: etree._Element) -> str:
    previous = element.getprevious()
    return (previous.tail if previous is not None else element.getparent().text) or ""


def _names_around(time: etree._Element) -> str:
    """Class names of a `time` element and of what holds nothing but it."""
    names = [names_of(time), time.get("itemprop") or ""]
    while time.getnext() is None and time.getprevious() is None and (box := time.getparent()) is not None:
        if box.tag in ("body", "article", "main"):
            break
        names.append(names_of(box))
        time = box
    return " ".join(names)

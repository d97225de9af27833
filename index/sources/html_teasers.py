"""Boxes side by side, and lists, that only lead to other texts of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_cleaning import text_of
from index.sources.html_lines import HEADINGS, link_share

_LEAST_BOXES = 3
_LONGEST_BOX = 600  # characters
_LEVELS = 5  # from a heading to its box
_LINKED = 0.8  # of the letters
_RELATIVE = "/"
_SHORTEST_TITLE = 4  # words, on average over a list; shorter links name products and people


def teaser_groups(body: etree._Element) -> Iterator[list[etree._Element]]:
    """Boxes of one kind side by side, each short and with a heading that is a link; the list that they are items of."""
    groups: dict[tuple[etree._Element, str, str | None], dict[etree._Element, None]] = defaultdict(dict)
    for heading in body.iter(*HEADINGS):
        if link_share(heading) < _LINKED:
            continue
        for box in islice(heading.iterancestors(), _LEVELS):
            parent = box.getparent()
            if box is body or parent is None or len(text_of(box)) > _LONGEST_BOX:
                break
            groups[parent, box.tag, box.get("class")][box] = None
    for (parent, _, _), boxes in groups.items():
        if len(boxes) >= _LEAST_BOXES:
            yield [parent] if parent.tag in ("ul", "ol") else list(boxes)


def lists_titles(unit: etree._Element, words: int) -> bool:
    """Whether a unit is a list of nothing but titles that are links within the site."""
    if unit.tag not in ("ul", "ol") or link_share(unit) < _LINKED:
        return False
    if words < _SHORTEST_TITLE * sum(1 for _ in unit.iterchildren("li")):
        return False
    own = _own_site(unit.getroottree().getroot())
    return all(_site(link.get("href")) in (_RELATIVE, own) for link in unit.iter("a"))


def _own_site(page: etree._Element) -> str:
    """The host that a page states as its own."""
    stated = [link.get("href") for link in page.iter("link") if link.get("rel") == "canonical"]
    stated += [meta.get("content") for meta in page.iter("meta") if meta.get("property") == "og:url"]
    return next(filter(None, map(_site, stated)), _RELATIVE)


def _site(address: str | None) -> str:
    """The host of an address; empty for none and for a place on the page itself."""
    address = (address or "").strip()
    if not address or address.startswith("#"):
        return ""
    with suppress(ValueError):
        return urlsplit(address).netloc or _RELATIVE
    return ""

"""Sitemaps: the addresses that they name (sitemaps.org)."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from index.errors import FetchError

_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.I)
_HEAD = 4_096  # bytes within which the first element stands


def is_sitemap(content: bytes) -> bool:
    """Whether an answer is a sitemap or an index of sitemaps."""
    return _SITEMAP.search(content[:_HEAD]) is not None


def named_pages(content: bytes, where: str) -> list[str]:
    """The addresses in a sitemap or an index of sitemaps, each once.

    Raises:
        FetchError: It cannot be parsed, or may hold entities.
    """
    if _DOCTYPE.search(content):
        raise FetchError("the sitemap declares a document type, which can hold bombs", where=where)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # without a document type there are no entities to expand
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FetchError("the sitemap cannot be parsed", where=where, seen=error) from error
    places = (
        element.text.strip() for element in root.iter() if element.tag.rpartition("}")[2] == "loc" and element.text
    )
    return list(dict.fromkeys(filter(None, places)))

"""Whether a post's owner has published it, as site generators decide that.

An unlisted page can be read by whoever has its address, and generators keep it out of lists, sitemaps and searches;
so it is kept out of an index, too.
"""

from __future__ import annotations

from datetime import datetime

from index.sources.dates import is_later, path_date
from index.sources.front_matter import Fields

_YES, _NO = {"true", "t", "yes", "on", "1"}, {"false", "no", "off", "0", "never"}
_TRUE_MEANS_NO = ("draft", "isdraft", "private", "hidden", "unlisted", "headless", "wip", "trash", "trashed")
_FALSE_MEANS_NO = ("published", "ispublished", "publish", "public", "permalink", "render", "list")
_DUE = "publishdate pubdate pubdatetime published publishedat publishedon publisheddate datepublished date".split()
_UNPUBLISHED = frozenset(
    "draft drafts private pending trash trashed hidden unlisted unpublished scheduled future auto-draft inherit "
    "members paid restricted protected".split()
)


def unpublished_status(status: str | None) -> bool:
    """Whether a status ("draft", "private", "trash", …) says that a post is not published."""
    return (status or "").strip().lower() in _UNPUBLISHED


def why_not_published(fields: Fields, name: str, clock: datetime | None) -> str | None:
    """Why a generator would leave a post out; None where it would not.

    Args:
        name: The document's path relative to its source: Jekyll and Hexo keep drafts in `_drafts`.
        clock: The moment that dates are compared with; None means now.
    """
    if "_drafts" in name.split("/")[:-1]:
        return "in _drafts"
    for field in _TRUE_MEANS_NO:
        if (fields.first(field) or "").lower() in _YES:
            return f"{field}: true"
    for field in _FALSE_MEANS_NO:
        if (fields.first(field) or "").lower() in _NO:
            return f"{field}: false"
    for field in ("status", "visibility", "access", "poststatus", "published", "publish"):
        if unpublished_status(status := fields.first(field)):
            return f"{field}: {status}"
    if fields.first("password"):
        return "protected by a password"
    return _not_now(fields, name, clock)


def _not_now(fields: Fields, name: str, clock: datetime | None) -> str | None:
    due = next(fields.dates(*_DUE), path_date(name.rsplit("/", 1)[-1]) if fields else None)
    if due and is_later(due, clock):
        return f"due on {due}"
    expiry = next(fields.dates("expirydate", "unpublishdate"), None)
    if expiry and len(expiry) > len("2024-03") and not is_later(expiry, clock):
        return f"expired on {expiry}"
    return None

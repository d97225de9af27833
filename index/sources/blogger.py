"""What a Blogger export, an Atom feed, says of an entry: what it is, and whether it is published.

The export of a whole blog holds its settings, its template and its readers' comments, too; a draft is marked as the
Atom Publishing Protocol has it (RFC 5023, 13.1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KIND = "http://schemas.google.com/g/2005#kind"
POSTS = ("post", "page")


def kind(entry: Mapping[str, Any]) -> str:
    """What an entry is: "post", "page", "comment", "settings", …; "post" where nothing says it."""
    if stated := entry.get("blogger_type"):
        return str(stated).strip().lower()
    terms = (str(tag.get("term")) for tag in entry.get("tags", ()) if tag.get("scheme") == _KIND)
    return next((term.rpartition("#")[2] for term in terms), "post")


def why_not_published(entry: Mapping[str, Any]) -> str | None:
    """Why an entry is not shown to everybody; None where it is."""
    if str(entry.get("app_draft")).strip().lower() == "yes":
        return "app:draft: yes"
    status = str(entry.get("blogger_status", "LIVE")).strip()
    return None if status.upper() == "LIVE" else f"status: {status}"

"""What a WordPress export says beyond a feed: whether an item is a published post, and its text as WordPress shows it.

An export (WXR) is RSS with elements in WordPress's own namespace, which feedparser gives as `wp_status` and so on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

_LONGEST_HEAD = 1_000_000  # bytes in which the authors stand
_NAMESPACE = "wordpress.org/export"
_TYPES = {"post", "page"}
_NO_POSTS = "attachment nav_menu_item revision custom_css customize_changeset oembed_cache wp_global_styles".split()
_AUTHOR = re.compile(rb"<wp:author>.*?</wp:author>", re.S)
_FIELD = re.compile(r"<wp:author_(login|display_name)>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</wp:author_\1>", re.S)
_BLOCK_MARKS = re.compile(r"<!--\s*(?:/?wp:|more|nextpage).{0,5000}?-->", re.S)
_CODE = re.compile(r"\[(code|sourcecode|source)\b[^\]]*\](.{0,10000}?)\[/\1\]", re.S)
_CAPTION = re.compile(r"\[(?:wp_)?caption\b[^\]]{0,1000}\](.{0,3000}?)\[/(?:wp_)?caption\]", re.S)
_SHORTCODE = re.compile(
    r"\[/?(?:gallery|embed|audio|video|playlist|more|youtube|vimeo|contact-form-7)(?:\s[^\]]*)?\]"
    r"|\[[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\"\]]*\"|'[^'\]]*'|[^\s\]]+))+\s*/?\]|\[/[a-z][\w-]*\]",
    re.I,
)
_KEPT_LINES = re.compile(r"(<pre\b.{0,20000}?</pre>)", re.S | re.I)
_BLOCK = re.compile(r"\s*</?(?:p|div|h[1-6]|ul|ol|li|dl|table|blockquote|figure|pre|section|hr|form|iframe)\b", re.I)


def is_export(namespaces: Mapping[str, str]) -> bool:
    """Whether a feed that declares these namespaces is a WordPress export."""
    return any(_NAMESPACE in address for address in namespaces.values())


def display_names(data: bytes) -> dict[str, str]:
    """The names that an export's authors are shown by, by their login."""
    names: dict[str, str] = {}
    for author in _AUTHOR.findall(data[: data.find(b"<item")][:_LONGEST_HEAD]):
        fields = dict(_FIELD.findall(author.decode(errors="replace")))
        if fields.get("login") and fields.get("display_name"):
            names[fields["login"]] = html.unescape(fields["display_name"])
    return names


def is_post(entry: Mapping[str, Any]) -> bool:
    """Whether an item is a text at all: not an attachment, a menu item, a revision."""
    return entry.get("wp_post_type", "post") not in _NO_POSTS


def why_not_published(entry: Mapping[str, Any]) -> str | None:
    """Why WordPress does not show an item to everybody; None where it does."""
    if entry.get("wp_post_type", "post") not in _TYPES:
        return f"of type {entry['wp_post_type']}, neither post nor page"
    if entry.get("wp_status") != "publish":
        return f"status: {entry.get('wp_status') or 'none'}"
    return "protected by a password" if entry.get("wp_post_password") else None


def shown_html(content: str) -> str:
    """The HTML that WordPress makes of an item's content: paragraphs where the classic editor left blank lines."""
    text = _BLOCK_MARKS.sub("", content)
    text = _CODE.sub(lambda match: f"\n\n<pre>{html.escape(html.unescape(match[2]))}</pre>\n\n", text)
    text = _SHORTCODE.sub("", _CAPTION.sub(r"\n\n\1\n\n", text))
    return "".join(part if number % 2 else _paragraphs(part) for number, part in enumerate(_KEPT_LINES.split(text)))


def _paragraphs(text: str) -> str:
    chunks = [chunk for chunk in re.split(r"\n[ \t\r]*\n", text) if chunk.strip()]
    return "\n".join(chunk if _BLOCK.match(chunk) else f"<p>{_line_breaks(chunk.strip())}</p>" for chunk in chunks)


def _line_breaks(chunk: str) -> str:
    return re.sub(r"\r?\n", "<br>", chunk)

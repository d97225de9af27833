"""A title as its reader sees it: without the markup of Markdown and HTML, entities as the characters they name."""

from __future__ import annotations

import re
from html import unescape

from index.text.markdown import markdown_structure
from index.text.raw_html import ENTITY
from index.text.superscripts import subscript, superscript
from index.visible import VisibleText

_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.S)
_FORMAT = re.compile(r"</?(?:a|abbr|b|br|code|em|i|kbd|mark|s|small|span|strong|u|wbr)(?:\s[^<>]*)?/?>", re.I)
_RAISED = re.compile(r"<su(?P<kind>[bp])>([^<>]*)</su(?P=kind)>", re.I)
_ENTITY = re.compile(ENTITY)
_MARKUP = re.compile(r"[*`\[\]<&\\~=^{]")
_NO_WORDS = re.compile(r"\[[#¶§]\]\([^()]*\)\s*$|\[\^[^\]]*\]")  # a link to the heading itself, a note's mark
_UNDERSCORE = "\ue010"  # stands in for one: names as __init__ are commoner in titles than emphasis is


def stated_title(stated: str | None) -> str | None:
    """A title out of front matter, which no generator reads as Markdown; None where nothing is shown of it."""
    shown = _RAISED.sub(_on_line, _FORMAT.sub("", _TEMPLATE.sub("", stated or "")))
    return _ENTITY.sub(lambda match: unescape(match[0]), shown).strip() or None


def heading_title(heading: str, constants: str = "") -> str:
    """The words of a Markdown heading; empty where it shows none, as one of pictures does.

    Args:
        constants: The lines in which a page of MDX states what it may name in a heading.
    """
    if not _MARKUP.search(heading):
        return heading
    head = f"{constants}\n\n# " if constants else "# "
    source = head + _NO_WORDS.sub("", heading).replace("\\_", "_").replace("_", _UNDERSCORE)
    return VisibleText(source, markdown_structure(source).pieces).text.replace(_UNDERSCORE, "_").strip()


def _on_line(match: re.Match[str]) -> str:
    before = match.string[: match.start()]
    return subscript(before, match[2]) if match["kind"] in "bB" else superscript(before, match[2], links=False)

"""A piece of a post without its Markdown: what the reader sees of it."""

from __future__ import annotations

import html
import re

from index.records import SentenceKind

_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^)]*)?\)|\[[^\]]*\])"
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*\S+.*$", re.M)
_ADDRESS = re.compile(r"<?(?:https?://|www\.)([^\s/<>()?#]+)([^\s<>()?#]*)[^\s<>()]*>?")
_LIQUID = re.compile(r"\{%-?.*?-?%\}", re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.S)
_MARKS = re.compile(r"\*\*+|__+|~~|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_LINE_START = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-*+•][ \t]+)?", re.M)
_FENCE = re.compile(r"^ {0,3}(?:```+|~~~+).*$", re.M)
_TABLE_RULE = re.compile(r"^[ \t|:+=-]+$", re.M)
_BAR = re.compile(r"[ \t]*\|[ \t]*")
_LONGEST_PATH = 40  # characters of an address behind its host: what tells something, without a query of a kilobyte


def plain_text(text: str, kind: SentenceKind = SentenceKind.SENTENCE) -> str:
    """Text without link targets, emphasis, backticks, list marks and table bars, in one line.

    Images go with their alternative text. Code keeps its characters but for the fence. Nothing may be left.
    """
    if kind is SentenceKind.CODE:
        return " ".join(_FENCE.sub("", text).split())
    text = _DEFINITION.sub("", _LIQUID.sub("", _IMAGE.sub("", text)))
    text = _ADDRESS.sub(_short_address, _LINK.sub(r"\1", text))
    text = _TABLE_RULE.sub("", _FENCE.sub("", _TAG.sub(" ", text)))
    text = _MARKS.sub("", _LINE_START.sub("", text))
    if kind is SentenceKind.ROW:
        text = _BAR.sub(", ", text.strip().strip("|"))
    words = " ".join(html.unescape(text).split())
    return words.strip(" ,") if kind is SentenceKind.ROW else words


def _short_address(match: re.Match[str]) -> str:
    path = match[2].rstrip("/")
    return match[1] + (path if len(path) <= _LONGEST_PATH else "")

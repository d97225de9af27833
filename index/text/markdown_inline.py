"""The visible pieces of a run of Markdown text: what is left without its marks, link targets, images and tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.text.hidden import NOTE_TITLE, PLACEHOLDER
from index.text.raw_html import breaks_line, hidden_end, plain_pieces
from index.text.soft_breaks import with_soft_breaks
from index.text.superscripts import subscript, superscript
from index.visible import Piece, Pieces, trimmed

if TYPE_CHECKING:
    from markdown_it.token import Token

_RAISED = re.compile(r"<(?P<tag>su[pb])\b[^>]*>(?P<text>.{0,200}?)</(?P=tag)\s*>", re.I | re.S)
_NO_WORDS = re.compile(r"<[^<>]*>|(?<=\])\([^()]*\)")  # tags, and targets of links
_WIKI_LINK = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_BRACKET = re.compile(r"\\.|[\[\]]", re.S)
_IN_TARGET = re.compile(
    r"\\.|<[^<>\n]*>|\"(?:\\.|[^\"\\])*\"(?=\s*\))|'(?:\\.|[^'\\])*'(?=\s*\))|[()]",  # angle brackets and titles
    re.S,
)
_SHOWN = re.compile(f"[^{PLACEHOLDER}{NOTE_TITLE}]+")


def inline_pieces(source: str, token: Token, start: int, end: int) -> Pieces:
    """What is visible of a paragraph, heading or cell.

    Args:
        source: The whole text that was parsed.
        token: The parser's `inline` token.
        start, end: Where in the source it lies, at least.
    """
    first_line = token.content.split("\n", 1)[0].rstrip()
    return _InlineReader(source, max(start, source.find(first_line, start, end)), end).read(token)


def shown_code(source: str, start: int, end: int) -> list[Piece]:
    """A stretch of code without the placeholders in it."""
    return [Piece(*match.span()) for match in _SHOWN.finditer(source, start, end)]


class _InlineReader:
    """Moves through a run of text along with the parser's tokens, which do not tell their places."""

    def __init__(self, source: str, at: int, end: int) -> None:
        self._source = source
        self._at = at
        self._end = end
        self._hidden_until = at
        self._soft: set[int] = set()

    def read(self, token: Token) -> Pieces:
        """The pieces of the whole run."""
        pieces = [piece for child in token.children or () for piece in self._child(child)]
        return with_soft_breaks(trimmed(pieces, self._source), self._source, self._soft)

    def _child(self, token: Token) -> list[Piece]:
        match token.type:
            case "text":
                return self._text(token.content)
            case "text_special":
                return [Piece(*self._take(token.markup), token.content)]
            case "softbreak" | "hardbreak":
                return self._line_break(token.type)
            case "code_inline":
                return self._code(token.markup)
            case "html_inline":
                return self._tag(token.content)
            case _:
                self._skip(token)
                return []

    def _skip(self, token: Token) -> None:
        """Move behind what is not visible."""
        if token.type == "image":
            start = self._take("![")[1]
            self._at = self._target_end(self._label_end(start))
        elif token.type == "link_open":
            self._take("<" if token.markup == "autolink" else "[")
        elif token.type == "link_close" and token.markup == "autolink":
            self._take(">")
        elif token.type == "link_close":
            self._at = self._target_end(max(self._at, self._source.find("]", self._at, self._end)))
        else:
            self._take("]" if token.type == "footnote_ref" else token.markup)

    def _take(self, text: str) -> tuple[int, int]:
        """Move behind the next such text; gives its place, an empty one where it is not there."""
        start = self._source.find(text, self._at, self._end) if text else -1
        if start < 0:
            return self._at, self._at
        self._at = start + len(text)
        return min(max(start, self._hidden_until), self._at), self._at

    def _comes_first(self, text: str, other: str) -> bool:
        """Whether a text is found ahead, and before another one."""
        at, beside = (self._source.find(one, self._at, self._end) for one in (text, other))
        return at >= 0 and not 0 <= beside < at

    def _text(self, content: str) -> list[Piece]:
        """Plain text; wiki links show their words, what is embedded is not there."""
        if "|" in content and self._comes_first(escaped := content.replace("|", "\\|"), content):
            return [Piece(*self._take(escaped), content)]  # in a cell the parser takes the backslash off
        start, end = self._take(content)
        pieces, at = [], start
        for link in _WIKI_LINK.finditer(self._source, start, end):
            pieces += plain_pieces(self._source, at, link.start())
            if not link[0].startswith("!"):
                pieces.append(Piece(*link.span(1)))
            at = link.end()
        return [*pieces, *plain_pieces(self._source, at, end)]

    def _line_break(self, kind: str) -> list[Piece]:
        at = self._source.find("\n", self._at, self._end)
        if at < 0:
            return []
        self._at = at + 1
        if kind == "softbreak":
            self._soft.add(at)
        return [Piece(at, at + 1, "\n")]

    def _code(self, marks: str) -> list[Piece]:
        """What stands inside a code span, without the one space that may pad it (CommonMark 6.1)."""
        start = self._take(marks)[1]
        is_hidden = start < self._hidden_until
        closing = re.compile(f"(?<!`){marks}(?!`)").search(self._source, start, self._end)
        stop, self._at = closing.span() if closing else (self._end, self._end)
        if is_hidden:
            return []
        inside = self._source[start:stop]
        is_padded = len(inside) > 2 and inside[0] in " \n" and inside[-1] in " \n" and inside.strip()
        return shown_code(self._source, start + 1, stop - 1) if is_padded else shown_code(self._source, start, stop)

    def _tag(self, tag: str) -> list[Piece]:
        start, end = self._take(tag)
        if start == end:
            return []
        if (hidden := hidden_end(self._source, start, self._end)) > start:
            self._hidden_until = hidden
            return []
        if raised := _RAISED.match(self._source, start):
            return self._raised(raised, end)
        return [Piece(start, end, "\n")] if breaks_line(tag) else []

    def _raised(self, raised: re.Match[str], end: int) -> list[Piece]:
        """What stands in place of the tag that opens a superscript or subscript; the mark of a note is hidden whole."""
        text, before = _NO_WORDS.sub("", raised["text"]), self._source[max(raised.start() - 40, 0) : raised.start()]
        if raised["tag"].lower() == "sub":
            written = subscript(before, text)
        else:
            written = superscript(before, text, links=text != raised["text"])
        if not written:
            self._hidden_until = raised.end()
        return [Piece(raised.start(), end, written[0])] if written[:1] in ("^", "_") else []

    def _label_end(self, start: int) -> int:
        """The place of the bracket that closes a label; brackets inside come in pairs."""
        depth = 1
        for match in _BRACKET.finditer(self._source, start, self._end):
            depth += {"[": 1, "]": -1}.get(match[0], 0)
            if depth == 0:
                return match.start()
        return self._end - 1

    def _target_end(self, at: int) -> int:
        """Behind the target of a link or image whose label closes at a place."""
        following = self._source[at + 1 : at + 2]
        if following == "(":
            return self._parenthesis_end(at + 1)
        if following == "[" and (stop := self._source.find("]", at + 2, self._end)) >= 0:
            return stop + 1
        return at + 1

    def _parenthesis_end(self, start: int) -> int:
        """Behind the parenthesis that closes the one at a place; those in titles and pairs do not count."""
        depth = 0
        for match in _IN_TARGET.finditer(self._source, start, self._end):
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            if depth == 0:
                return match.end()
        return self._end

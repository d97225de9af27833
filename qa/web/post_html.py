"""A stretch of a post as HTML: its tables, lists, code and links, each character inert and from its place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.records import Post
from index.sources.links import web_address
from index.text.blocks import Block, BlockKind
from index.text.list_markers import LIST_MARKER
from index.text.structure import visible_blocks
from qa.web.safe import safe

_MARKER = re.compile(LIST_MARKER)
_MARKER_BELOW = re.compile(r"\n(?:[-*+]|\d{1,9}[.)])\Z")
_PIPE = re.compile(r"(?<!\\)\|")
_LABELLED = re.compile(
    r"(?<!!)\[(?P<label>(?:[^\[\]]|\[[^\[\]]{0,100}\]){1,300})\]"
    r"\(\s*<?(?P<target>https?://(?:[^\s()<>]|\([^\s()<>]*\))+)>?(?:\s+[\"'(][^\"'()]*[\"')])?\s*\)"
)
_BARE = re.compile(r"(?<!\]\()(?P<label>(?P<target>https?://[^\s<>\"'`|()\[\]]*[^\s<>\"'`|()\[\].,;:!?]))")


@dataclass(frozen=True)
class Wrap:
    """A stretch of a post's visible text that stands in an element of its own."""

    start: int
    end: int
    opening: str
    closing: str


def wrap(post: Post, start: int, end: int, tag: str, attributes: str = "") -> Wrap:
    """An element around what is visible of `post.body[start:end]`."""
    first, last = post.visible.span(start, end)
    return Wrap(first, last, f"<{tag}{attributes and f' {attributes}'}>", f"</{tag}>")


def stretch_html(post: Post, start: int, end: int, layers: Sequence[Sequence[Wrap]] = ()) -> str:
    """What is visible of `post.body[start:end]`, block by block; a row of a table comes with the table's header.

    Args:
        layers: Elements around parts of it, the outermost layer first; those of a layer are in order and apart.
    """
    first, last = post.visible.span(start, end)
    return _Stretch(post, first, last, (*layers, _links(post, first, last))).html()


class _Stretch:
    """The blocks of a stretch of visible text, and what is wrapped in it."""

    def __init__(self, post: Post, start: int, end: int, layers: Sequence[Sequence[Wrap]]) -> None:
        self._post = post
        self._text = post.visible.text
        self._start, self._end = start, end
        self._layers = layers
        self._blocks = visible_blocks(post)

    def html(self) -> str:
        first = bisect_right(self._blocks, self._start, key=lambda block: block.end)
        stop = bisect_left(self._blocks, self._end, key=lambda block: block.start)
        parts, at = [], first
        while at < stop:
            ends = next((n for n in range(at + 1, stop) if not self._continues(n)), stop)
            parts.append(self._group(at, ends))
            at = ends
        return "".join(parts)

    def _continues(self, number: int) -> bool:
        """Whether a block belongs to the same list or table as the one before."""
        before, kind = self._blocks[number - 1].kind, self._blocks[number].kind
        if kind is BlockKind.ROW:
            return before in (BlockKind.ROW, BlockKind.HEADER)
        return kind is before is BlockKind.ITEM

    def _group(self, first: int, stop: int) -> str:
        match self._blocks[first].kind:
            case BlockKind.ITEM:
                items = [self._item(number) for number in range(first, stop)]
                if len(items) == 1 and items[0] == self._block(first) and not _MARKER.match(self._shown(first)):
                    return f'<p class="pq-line">{items[0]}</p>'
                rows = "".join(f'<li class="pq-item">{item}</li>' for item in items)
                return f'<ul class="pq-list">{rows}</ul>'
            case BlockKind.HEADER | BlockKind.ROW:
                return self._table(first, stop)
            case BlockKind.CODE:
                return f'<pre class="pq-code">{self._block(first)}</pre>'
            case BlockKind.HEADING:
                return f'<p class="pq-heading">{self._block(first)}</p>'
            case _:
                return f'<p class="pq-line">{self._block(first)}</p>'

    def _block(self, number: int) -> str:
        block = self._blocks[number]
        return self._inline(max(block.start, self._start), min(self._end_of(block), self._end))

    def _shown(self, number: int) -> str:
        return self._text[max(self._blocks[number].start, self._start) : self._blocks[number].end]

    def _end_of(self, block: Block) -> int:
        """A block's end; where it ends with hidden markup, its place lies behind the marker of the item below."""
        below = _MARKER_BELOW.search(self._text, block.start, block.end)
        return below.start() if below and block.kind is not BlockKind.CODE else block.end

    def _item(self, number: int) -> str:
        """An item with the marker that stands before it, where the stretch begins early enough."""
        floor = max(self._start, self._end_of(self._blocks[number - 1]) if number else 0)
        between = self._text[floor : self._blocks[number].start].lstrip()
        return (safe(between) if _MARKER.fullmatch(between) else "") + self._block(number)

    def _table(self, first: int, stop: int) -> str:
        rows = [(self._blocks[number].kind, list(self._cells(self._blocks[number]))) for number in range(first, stop)]
        if all(len(cells) < 2 for _, cells in rows):
            return "".join(f'<p class="pq-line">{self._block(number)}</p>' for number in range(first, stop))
        if rows[0][0] is BlockKind.ROW and (header := self._header_above(first)):
            rows.insert(0, (BlockKind.HEADER, list(self._cells(header))))
        head = "".join(_row("th", cells) for kind, cells in rows if kind is BlockKind.HEADER)
        body = "".join(_row("td", cells) for kind, cells in rows if kind is BlockKind.ROW)
        return f'<table class="pq-table">{head and f"<thead>{head}</thead>"}<tbody>{body}</tbody></table>'

    def _header_above(self, number: int) -> Block | None:
        while number and self._blocks[number].kind is BlockKind.ROW:
            number -= 1
        return self._blocks[number] if self._blocks[number].kind is BlockKind.HEADER else None

    def _cells(self, block: Block) -> Iterator[str]:
        """The cells of a row, empty ones too: they are divided where its line in the source is."""
        body, visible = self._post.body, self._post.visible
        first, _ = visible.source(block.start, block.end)
        start = body.rfind("\n", 0, first) + 1
        stop = body.find("\n", first)
        line = body[start : len(body) if stop < 0 else stop].rstrip()
        bars = [match.start() for match in _PIPE.finditer(line)]
        edges = [*([] if line.lstrip().startswith("|") else [-1]), *bars, *([] if line.endswith("|") else [len(line)])]
        for before, after in pairwise(edges):
            if not line[before + 1 : after].strip():
                yield ""
                continue
            begin, end = visible.span(start + before + 1, start + after)
            end = begin + len(self._text[begin : min(end, self._end_of(block))].rstrip(" |"))
            yield self._inline(begin, end)

    def _inline(self, start: int, end: int, depth: int = 0) -> str:
        if depth == len(self._layers):
            return safe(self._text[start:end])
        parts, at = [], start
        for one in self._layers[depth]:
            first, last = max(one.start, at), min(one.end, end)
            if first < last:
                inside = self._inline(first, last, depth + 1)
                parts += [self._inline(at, first, depth + 1), one.opening, inside, one.closing]
                at = last
        return "".join([*parts, self._inline(at, end, depth + 1)]) if at < end else "".join(parts)


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def _links(post: Post, start: int, end: int) -> list[Wrap]:
    """The links to the web in a stretch of a Markdown post's visible text; those written in code are none."""
    if post.visible.is_whole or start == end:
        return []
    first, last = post.visible.source(start, end)
    code = [block for block in visible_blocks(post) if block.kind is BlockKind.CODE]
    found = sorted(
        link
        for pattern in (_LABELLED, _BARE)
        for match in pattern.finditer(post.body, first, last)
        if (link := _link(post, match, is_hidden=pattern is _LABELLED))
    )
    return [
        Wrap(
            begin,
            stop,
            f'<a class="pq-web" href="{safe(url)}" target="_blank" rel="noopener noreferrer nofollow">',
            "</a>",
        )
        for begin, stop, url in found
        if not any(block.start < stop and begin < block.end for block in code)
    ]


def _link(post: Post, match: re.Match[str], *, is_hidden: bool) -> tuple[int, int, str] | None:
    """Where a link's words are visible, and its address; None where Markdown takes it for something else."""
    visible, address = post.visible, web_address(match["target"])
    begin, stop = visible.span(*match.span("label"))
    target = visible.place(match.start("target")), visible.place(match.end("target"))
    is_link = address is not None and begin < stop and (not is_hidden or target[0] == target[1])
    return (begin, stop, address) if is_link and address else None

"""Posts to chunks: along headings, paragraphs, items, rows and sentences, under the encoder's token limit."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from index.records import Chunk, Post, Sentence, SentenceKind
from index.text.blocks import Block, BlockKind, blocks
from index.text.sentences import sentence_spans

TokenSpans = Callable[[str], Sequence[tuple[int, int]]]
"""Character offsets of each token of a text, without special tokens: `encoder.token_spans`."""

_LONGEST_ITEM = 320  # characters: a longer item is quoted by its sentences
_LONGEST_PIECE = 2_000  # characters: one token can stand for any number of them
_KINDS = {
    BlockKind.HEADING: SentenceKind.HEADING,
    BlockKind.ITEM: SentenceKind.ITEM,
    BlockKind.ROW: SentenceKind.ROW,
    BlockKind.CODE: SentenceKind.CODE,
    BlockKind.PARAGRAPH: SentenceKind.SENTENCE,
}


@dataclass(frozen=True)
class _Unit:
    """A sentence with what the packing needs to know of it."""

    sentence: Sentence
    tokens: int
    headings: tuple[str, ...]
    opens_block: bool
    continues_list: bool


@dataclass
class _Path:
    """The headings above the place reached, outermost first, with their levels."""

    levels: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def enter(self, level: int, title: str) -> None:
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
            self.titles.pop()
        self.levels.append(level)
        self.titles.append(title)


def chunk_post(post: Post, token_spans: TokenSpans, max_tokens: int) -> list[Chunk]:
    """Cut a post into chunks of at most `max_tokens` of its encoder's tokens.

    A heading opens a chunk and stays with what it stands over; chunks fall between blocks where they can,
    between sentences where they must, and inside a sentence only where it alone is too long. Together they
    hold every character of the body that is not blank.
    """
    starts = [start for start, _ in token_spans(post.body)]
    units = list(_units(post.body, starts, token_spans, max_tokens))
    return [_chunk(post, packed) for packed in _packed(units, max_tokens)]


def _units(body: str, starts: Sequence[int], token_spans: TokenSpans, max_tokens: int) -> Iterator[_Unit]:
    path = _Path()
    header = ""
    announced = False  # the last paragraph ended in a colon: a list that follows belongs to it
    for block in blocks(body):
        if block.kind is BlockKind.HEADING:
            path.enter(block.level, heading_title(body[block.start : block.end]))
        header = _table_header(body, block, header)
        above = (*path.titles, header) if header and block.kind is BlockKind.ROW else tuple(path.titles)
        listed = block.kind in (BlockKind.ITEM, BlockKind.ROW, BlockKind.CODE)
        pieces = (
            piece for span in _spans(body, block) for piece in _pieces(body, span, starts, token_spans, max_tokens)
        )
        for place, (start, end, tokens) in enumerate(pieces):
            sentence = Sentence(start=start, end=end, kind=_sentence_kind(body, block))
            yield _Unit(sentence, tokens, above, place == 0, listed and announced and place == 0)
        announced = body[block.start : block.end].rstrip().endswith(":") or (listed and announced)


def _sentence_kind(body: str, block: Block) -> SentenceKind:
    """A table's header says of what the rows are, and by itself nothing: it is a heading."""
    return SentenceKind.HEADING if _is_header(body, block) else _KINDS[block.kind]


def _is_header(body: str, block: Block) -> bool:
    return block.kind is BlockKind.ROW and "\n" in body[block.start : block.end]


def _table_header(body: str, block: Block, before: str) -> str:
    """The names of the columns that a row stands under, in one line; nothing outside a table."""
    if block.kind is not BlockKind.ROW:
        return ""
    if _is_header(body, block):
        cells = body[block.start : block.end].split("\n", maxsplit=1)[0].strip().strip("|").split("|")
        return ", ".join(cell.strip() for cell in cells)
    return before


def heading_title(text: str) -> str:
    """A heading's words without its Markdown marks."""
    return " ".join(text.split("\n", maxsplit=1)[0].strip().strip("#").split())


def _spans(body: str, block: Block) -> list[tuple[int, int]]:
    """The quotable pieces of a block: a row, a heading, code or a short item whole, else sentences."""
    whole = block.kind in (BlockKind.HEADING, BlockKind.ROW, BlockKind.CODE)
    if whole or (block.kind is BlockKind.ITEM and block.end - block.start <= _LONGEST_ITEM):
        return [(block.start, block.end)]
    return sentence_spans(body, block.start, block.end)


def _pieces(
    body: str, span: tuple[int, int], starts: Sequence[int], token_spans: TokenSpans, max_tokens: int
) -> Iterator[tuple[int, int, int]]:
    """A span with its tokens, cut between words where it holds too many tokens or characters for one chunk."""
    start, end = span
    while start < end:
        first = bisect_left(starts, start)
        limit = starts[first + max_tokens] if first + max_tokens < len(starts) else len(body)
        limit = min(limit, start + _LONGEST_PIECE)
        if start == span[0] and end <= limit:
            yield start, end, bisect_left(starts, end) - first
            return
        cut = end if end <= limit else _cut_at(body, start, limit)
        own = token_spans(body[start:cut])
        while len(own) > max_tokens and cut > start + 1:  # half a word can be more tokens than the whole
            cut = _cut_at(body, start, max(start + 1, start + own[max_tokens][0]))
            own = token_spans(body[start:cut])
        yield start, start + len(body[start:cut].rstrip()), len(own)
        start = cut
        while start < end and body[start].isspace():
            start += 1


def _cut_at(body: str, start: int, limit: int) -> int:
    """The last place up to `limit` that parts words, or at least no character from its marks."""
    for wanted in ("\n", " "):
        at = body.rfind(wanted, start + 1, limit + 1)
        if at > start + (limit - start) // 2:
            return at
    at = limit
    while at > start + 1 and _is_joined(body, start, at):
        at -= 1
    return at if at > start + 1 else limit


def _is_joined(body: str, start: int, at: int) -> bool:
    """Whether the character at a place makes one with that before it: marks, joiners, skin tones, flags."""
    before, after = body[at - 1], body[at]
    joiner = "\u200d"
    if joiner in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if not _is_flag_letter(after):
        return False
    first = at
    while first > start and _is_flag_letter(body[first - 1]):
        first -= 1
    return (at - first) % 2 == 1  # flags are pairs of letters: an odd place is inside one


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _packed(units: Sequence[_Unit], max_tokens: int) -> Iterator[list[_Unit]]:
    """Fill chunks from the left; close one at a heading, or when the next block would not fit."""
    current: list[_Unit] = []
    for at, unit in enumerate(units):
        if current and _closes_before(unit, units, at, current, max_tokens):
            yield current
            current = []
        current.append(unit)
    if current:
        yield current


def _closes_before(unit: _Unit, units: Sequence[_Unit], at: int, current: list[_Unit], max_tokens: int) -> bool:
    held = sum(one.tokens for one in current)
    if held + unit.tokens > max_tokens or current[-1].sentence.kind is SentenceKind.ROW:
        return True
    only_headings = all(one.sentence.kind is SentenceKind.HEADING for one in current)
    if unit.sentence.kind is SentenceKind.HEADING:
        return not only_headings
    if only_headings or not unit.opens_block or unit.continues_list:
        return False
    if unit.sentence.kind is SentenceKind.ROW:
        return True
    return held + _block_tokens(units, at) > max_tokens


def _block_tokens(units: Sequence[_Unit], at: int) -> int:
    following = (units[place] for place in range(at + 1, len(units)))
    return units[at].tokens + sum(unit.tokens for unit in takewhile(lambda unit: not unit.opens_block, following))


def _chunk(post: Post, packed: Sequence[_Unit]) -> Chunk:
    sentences = tuple(unit.sentence for unit in packed)
    return Chunk.cut(post, sentences[0].start, sentences[-1].end, packed[-1].headings, sentences)

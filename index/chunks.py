"""Posts to chunks: along headings, paragraphs, items, rows and sentences, under the encoder's token limit."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from index.blocks import Block, BlockKind, blocks
from index.records import Chunk, Post, Sentence, SentenceKind
from index.sentences import sentence_spans

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
    units = list(_units(post.body, starts, max_tokens))
    return [_chunk(post, packed) for packed in _packed(units, max_tokens)]


def _units(body: str, starts: Sequence[int], max_tokens: int) -> Iterator[_Unit]:
    path = _Path()
    announced = False  # the last paragraph ended in a colon: a list that follows belongs to it
    for block in blocks(body):
        if block.kind is BlockKind.HEADING:
            path.enter(block.level, heading_title(body[block.start : block.end]))
        listed = block.kind in (BlockKind.ITEM, BlockKind.ROW, BlockKind.CODE)
        pieces = (piece for span in _spans(body, block) for piece in _pieces(body, span, starts, max_tokens))
        for place, (start, end) in enumerate(pieces):
            sentence = Sentence(start=start, end=end, kind=_KINDS[block.kind])
            tokens = bisect_left(starts, end) - bisect_left(starts, start)
            yield _Unit(sentence, tokens, tuple(path.titles), place == 0, listed and announced and place == 0)
        announced = body[block.start : block.end].rstrip().endswith(":") or (listed and announced)


def heading_title(text: str) -> str:
    """A heading's words without its Markdown marks."""
    return " ".join(text.split("\n", maxsplit=1)[0].strip().strip("#").split())


def _spans(body: str, block: Block) -> list[tuple[int, int]]:
    """The quotable pieces of a block: a row, a heading, code or a short item whole, else sentences."""
    whole = block.kind in (BlockKind.HEADING, BlockKind.ROW, BlockKind.CODE)
    if whole or (block.kind is BlockKind.ITEM and block.end - block.start <= _LONGEST_ITEM):
        return [(block.start, block.end)]
    return sentence_spans(body, block.start, block.end)


def _pieces(body: str, span: tuple[int, int], starts: Sequence[int], max_tokens: int) -> Iterator[tuple[int, int]]:
    """A span, cut between words where it holds too many tokens or characters for one chunk."""
    start, end = span
    while True:
        first = bisect_left(starts, start)
        limit = starts[first + max_tokens] if first + max_tokens < len(starts) else len(body)
        limit = min(limit, start + _LONGEST_PIECE)
        if end <= limit:
            yield start, end
            return
        cut = _cut_at(body, start, limit)
        yield start, start + len(body[start:cut].rstrip())
        start = cut + len(body[cut:end]) - len(body[cut:end].lstrip())


def _cut_at(body: str, start: int, limit: int) -> int:
    """The last place up to `limit` that parts words, or at least no character from its marks."""
    for wanted in ("\n", " "):
        at = body.rfind(wanted, start + 1, limit + 1)
        if at > start + (limit - start) // 2:
            return at
    at = limit
    while at > start + 1 and _is_joined(body[at - 1], body[at]):
        at -= 1
    return at if at > start + 1 else limit


def _is_joined(before: str, after: str) -> bool:
    """Whether two characters make one for the reader: combining marks, joiners, modifiers, flags."""
    joiner = "\u200d"
    if joiner in (before, after) or unicodedata.combining(after):
        return True
    is_modifier = "\U0001f3fb" <= after <= "\U0001f3ff" or "\ufe00" <= after <= "\ufe0f"
    both_flags = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, after))
    return is_modifier or both_flags


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
    total = units[at].tokens
    for unit in units[at + 1 :]:
        if unit.opens_block:
            break
        total += unit.tokens
    return total


def _chunk(post: Post, packed: Sequence[_Unit]) -> Chunk:
    sentences = tuple(unit.sentence for unit in packed)
    return Chunk.cut(post, sentences[0].start, sentences[-1].end, packed[-1].headings, sentences)

"""Posts to chunks: along headings, paragraphs, items, rows and sentences, under the encoder's token limit."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from index.records import Chunk, Post, Sentence, SentenceKind
from index.text.blocks import Block, BlockKind
from index.text.labelled_lines import label_end, labelled_spans
from index.text.questions import is_attribution, only_asks
from index.text.sentences import sentence_spans
from index.text.structure import visible_blocks
from index.visible import VisibleText

TokenSpans = Callable[[str], Sequence[tuple[int, int]]]
"""Character offsets of each token of a text, without special tokens: `encoder.token_spans`."""

_LONGEST_ITEM = 320  # characters: a longer item is quoted by its sentences
_LONGEST_SPAN = 2_000  # characters: one token can stand for any number of them
_LISTED = (BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW, BlockKind.CODE)
_TABLE = (BlockKind.HEADER, BlockKind.ROW)
_OPENING = (SentenceKind.HEADING, SentenceKind.QUESTION)  # never parted from what follows where both fit


@dataclass(frozen=True)
class _Unit:
    """A sentence with what packing needs to know of it."""

    sentence: Sentence
    tokens: int
    headings: tuple[str, ...]
    opens_block: bool
    continues_list: bool


def chunk_post(post: Post, token_spans: TokenSpans, max_tokens: int) -> list[Chunk]:
    """Split a post into chunks of at most `max_tokens` of its encoder's tokens.

    A heading opens a chunk and stays with the text below it; chunks end between blocks where they can,
    between sentences where they must, and inside a sentence only where it alone is too long. Together they
    hold every visible character of the body that is not white space.
    """
    text = post.visible.text
    starts = [start for start, _ in token_spans(text)]
    units = list(_units(text, visible_blocks(post), starts, token_spans, max_tokens))
    return [_chunk(post, packed) for packed in _packed(units, max_tokens)]


def _units(
    body: str, blocks: Sequence[Block], starts: Sequence[int], token_spans: TokenSpans, max_tokens: int
) -> Iterator[_Unit]:
    path: list[tuple[int, str]] = []  # levels and titles of the headings above, outermost first
    header = ""
    announced = False  # the last paragraph ended in a colon: a list that follows belongs to it
    asked = False  # the last sentence was a question: what follows is its answer
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            path = [heading for heading in path if heading[0] < block.level]
            path.append((block.level, heading_title(body[block.start : block.end])))
        header = _table_header(body, block, header)
        headings = tuple(title for _, title in path) + ((header,) if header else ())
        listed = block.kind in _LISTED
        fitted = (fit for span in _spans(body, block) for fit in _fitted(body, span, starts, token_spans, max_tokens))
        for number, (start, end, tokens) in enumerate(fitted):
            sentence = Sentence(start=start, end=end, kind=_sentence_kind(block.kind, body[start:end]))
            opens_block = number == 0 and not asked and not is_attribution(body[start:end])
            yield _Unit(sentence, tokens, headings, opens_block, listed and announced and number == 0)
            asked = sentence.kind is SentenceKind.QUESTION
        announced = body[block.start : block.end].rstrip().endswith(":") or (listed and announced)


def _sentence_kind(kind: BlockKind, text: str) -> SentenceKind:
    """A table's header names the columns of its rows and states nothing by itself: it is a heading."""
    if kind is BlockKind.HEADER:
        return SentenceKind.HEADING
    if (
        kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        and only_asks(text)
        and len(sentence_spans(text, label_end(text))) == 1
    ):
        return SentenceKind.QUESTION
    return SentenceKind.SENTENCE if kind is BlockKind.PARAGRAPH else SentenceKind(kind.value)


def _table_header(body: str, block: Block, before: str) -> str:
    """The names of the columns of a row, in one line; empty outside a table."""
    if block.kind is BlockKind.HEADER:
        cells = body[block.start : block.end].split("\n", maxsplit=1)[0].strip().strip("|").split("|")
        return ", ".join(cell.strip() for cell in cells)
    return before if block.kind is BlockKind.ROW else ""


def heading_title(text: str) -> str:
    """A heading's words without its Markdown markers."""
    return " ".join(text.split("\n", maxsplit=1)[0].strip().strip("#").split())


def _spans(body: str, block: Block) -> list[tuple[int, int]]:
    """The quotable spans of a block: a row, a heading, code or a short item whole, else sentences."""
    whole = block.kind in (BlockKind.HEADING, *_TABLE, BlockKind.CODE)
    if whole or (block.kind is BlockKind.ITEM and block.end - block.start <= _LONGEST_ITEM):
        return [(block.start, block.end)]
    return [span for part in labelled_spans(body, block.start, block.end) for span in _labelled_sentences(body, *part)]


def _labelled_sentences(body: str, start: int, behind_label: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a part of a paragraph, the first with the label before it."""
    (_, first), *others = sentence_spans(body, behind_label, end)
    return [(start, first), *others]


def _fitted(
    body: str, span: tuple[int, int], starts: Sequence[int], token_spans: TokenSpans, max_tokens: int
) -> Iterator[tuple[int, int, int]]:
    """A span and its number of tokens, split between words where it is too long for one chunk."""
    start, end = span
    while start < end:
        first = bisect_left(starts, start)
        limit = starts[first + max_tokens] if first + max_tokens < len(starts) else len(body)
        limit = min(limit, start + _LONGEST_SPAN)
        if start == span[0] and end <= limit:
            yield start, end, bisect_left(starts, end) - first
            return
        stop = end if end <= limit else _last_break(body, start, limit)
        tokens = token_spans(body[start:stop])
        while len(tokens) > max_tokens and stop > start + 1:  # half a word can be more tokens than the whole
            stop = _last_break(body, start, max(start + 1, start + tokens[max_tokens][0]))
            tokens = token_spans(body[start:stop])
        yield start, start + len(body[start:stop].rstrip()), len(tokens)
        start = stop
        while start < end and body[start].isspace():
            start += 1


def _last_break(body: str, start: int, limit: int) -> int:
    """The last offset up to `limit` between words, or at least not between a character and its marks."""
    for space in ("\n", " "):
        at = body.rfind(space, start + 1, limit + 1)
        if at > start + (limit - start) // 2:
            return at
    at = limit
    while at > start + 1 and _is_joined(body, start, at):
        at -= 1
    return at if at > start + 1 else limit


def _is_joined(body: str, start: int, at: int) -> bool:
    """Whether the character at an offset forms one with that before it: marks, joiners, skin tones, flags."""
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
    return (at - first) % 2 == 1  # flags are pairs of letters: an odd offset is inside one


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
    tokens = sum(previous.tokens for previous in current)
    if tokens + unit.tokens > max_tokens or current[-1].sentence.kind is SentenceKind.ROW:
        return True
    only_headings = all(previous.sentence.kind in _OPENING for previous in current)
    if not only_headings and tokens + _with_answer(units, at) > max_tokens:
        return True
    if unit.sentence.kind is SentenceKind.HEADING:
        return not only_headings
    if only_headings or not unit.opens_block or unit.continues_list:
        return False
    if unit.sentence.kind is SentenceKind.ROW:
        return True
    return tokens + _block_tokens(units, at) > max_tokens


def _with_answer(units: Sequence[_Unit], at: int) -> int:
    """The tokens of a sentence, with those of the next one where it is a question."""
    is_question = units[at].sentence.kind is SentenceKind.QUESTION
    return sum(unit.tokens for unit in units[at : at + 1 + is_question])


def _block_tokens(units: Sequence[_Unit], at: int) -> int:
    following = (units[place] for place in range(at + 1, len(units)))
    return units[at].tokens + sum(unit.tokens for unit in takewhile(lambda unit: not unit.opens_block, following))


def _chunk(post: Post, packed: Sequence[_Unit]) -> Chunk:
    visible = post.visible
    sentences = tuple(unit.sentence for unit in packed)
    if not visible.is_whole:
        sentences = tuple(_in_body(visible, sentence) for sentence in sentences)
    start, end = sentences[0].start, sentences[-1].end
    return Chunk.cut(post, start, end, packed[-1].headings, sentences, visible.pieces_between(start, end))


def _in_body(visible: VisibleText, sentence: Sentence) -> Sentence:
    """A sentence of the visible text where it stands in the body."""
    start, end = visible.source(sentence.start, sentence.end)
    return Sentence(start=start, end=end, kind=sentence.kind)

"""Passages to quotes: the sentences that answer, complete and best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.records import Post, SentenceKind
from index.text.blocks import Block, BlockKind
from index.text.labelled_lines import label_end
from index.text.questions import is_attribution, only_asks, premise
from index.text.sentences import sentence_spans
from index.text.structure import blocks_between, visible_blocks
from index.text.tokenize import terms
from qa.answering.citations import Quote
from qa.answering.features import refers_back
from qa.answering.stretches import answering_unit, stretch
from qa.question.query import Query
from qa.question.question_types import QuestionType
from qa.records import Evidence, Passage
from qa.settings import AskSettings

_LONGEST_LIST = 1_500  # characters: a list is quoted up to the last item that fits
_LONGEST_REACH = 700  # characters of a quote together with the sentences it refers back to
_LONGEST_TABLE = 400  # characters of a row together with its header and the rows between
_MAX_ANTECEDENTS = 2
_LISTED = (BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW, BlockKind.CODE)
_ENDS = ".!?…:;,)\"'”’"  # how a paragraph of sentences ends; a byline or a caption does not
_ANNOUNCING = re.compile(r"\b(?:following|as follows|like this|like so|below|siguientes?|así)\b", re.IGNORECASE)
_LIST_MARKS = " \n\t-*+•0123456789.)"
_SAME_WORDS = 0.8  # share of terms from which two quotes say the same


class ScoredSentence(NamedTuple):
    """A sentence with its passage."""

    passage: Passage
    evidence: Evidence


def ranked_sentences(passages: Sequence[Passage]) -> list[ScoredSentence]:
    """All scored sentences that state something, best first; headings last, for they answer nothing by themselves."""
    sentences = [
        ScoredSentence(passage, evidence)
        for passage in passages
        for evidence in passage.evidence
        if evidence.kind is not SentenceKind.QUESTION and not _is_heading_that_asks(evidence)
    ]
    return sorted(sentences, key=lambda one: (one.evidence.kind is SentenceKind.HEADING, -one.evidence.score))


def choose_quotes(query: Query, passages: Sequence[Passage], settings: AskSettings, margin: float) -> list[Quote]:
    """At most `settings.quotes` quotes, the best first.

    A quote includes what its first word refers back to, and a list the line that introduces it; a row is complete.

    Args:
        margin: How far below the best a sentence's score may lie for it to be quoted as well.
    """
    ranked = ranked_sentences(passages)
    chosen: list[Quote] = []
    has_read = bool(ranked) and ranked[0].evidence.reader is not None
    most = (5 if has_read else 2) * settings.quotes  # joined quotes are one, so sentences are counted too
    most_quotes = settings.quotes + has_read  # sentences further down may belong to the first quotes
    for one in ranked[:most]:
        is_enough = len(chosen) == most_quotes or (chosen and one.evidence.kind is SentenceKind.HEADING)
        if is_enough or one.evidence.score < ranked[0].evidence.score - margin:
            break
        _add(_whole(query, one), chosen)
    return chosen[: settings.quotes]


def _is_heading_that_asks(evidence: Evidence) -> bool:
    return evidence.kind is SentenceKind.HEADING and only_asks(evidence.text)


def _add(quote: Quote, chosen: list[Quote]) -> None:
    """Add a quote unless it is there already; it is joined with all that it overlaps or touches."""
    together = [other for other in chosen if _belong_together(one=quote, other=other)]
    if together:
        place = chosen.index(together[0])
        for other in together:
            chosen.remove(other)
            quote = _joined(other, quote)
        chosen.insert(place, quote)
    elif not any(_says_the_same(quote, other) for other in chosen):
        chosen.append(quote)


def _belong_together(one: Quote, other: Quote) -> bool:
    """Whether two quotes overlap, or are adjacent and short enough for one."""
    if one.post.id != other.post.id:
        return False
    if one.start < other.end and other.start < one.end:
        return True
    first, second = sorted((one, other), key=lambda quote: quote.start)
    touching = not one.post.visible.between(first.end, second.start).strip() and not _opens_with_question(second)
    return touching and second.end - first.start <= _LONGEST_REACH


def _opens_with_question(quote: Quote) -> bool:
    first_line = quote.shown.split("\n", 1)[0]
    return any(only_asks(first_line[start:end]) for start, end in sentence_spans(first_line)[:1])


def _joined(one: Quote, other: Quote) -> Quote:
    better = max(one, other, key=lambda quote: quote.score)
    return Quote(one.post, min(one.start, other.start), max(one.end, other.end), better.score, better.focus)


def _says_the_same(one: Quote, other: Quote) -> bool:
    ours, theirs = (_terms_of(quote.shown, quote.post.language) for quote in (one, other))
    smaller = min(len(ours), len(theirs))
    return smaller > 0 and len(ours & theirs) >= _SAME_WORDS * max(len(ours), len(theirs))


@lru_cache(maxsize=1_024)
def _terms_of(text: str, language: str) -> frozenset[str]:
    return frozenset(terms(text, language))


def _whole(query: Query, one: ScoredSentence) -> Quote:
    """The evidence with what it cannot be understood without."""
    post, evidence = one.passage.post, one.evidence
    start, end = post.visible.span(evidence.start, evidence.end)
    listed = _list_end(post, end) if _announces(post, evidence.text, end) else end
    if listed > end:
        end = listed
    elif evidence.kind is SentenceKind.ITEM and query.type in (QuestionType.STEPS, QuestionType.MEMBERS):
        start, end = _whole_list(post, start, end)
    elif evidence.reader is not None:
        start, end = post.visible.span(*stretch(one.passage, evidence))
    if evidence.kind is SentenceKind.SENTENCE and refers_back(post.visible.text[start:end], post.language):
        start = _antecedent(post, start, end)
    start, end = _with_attribution(one, *_with_premise(query, one, *_with_header(one, start, end)))
    begin, stop = post.visible.source(start, end)
    unit = answering_unit(one.passage, evidence, stop)
    focus = post.visible.source(*post.visible.span(unit.start, unit.end))
    return Quote(post, begin, stop, evidence.score, focus)


def _with_premise(query: Query, one: ScoredSentence, start: int, end: int) -> tuple[int, int]:
    """From the question that a sentence answers, or from the words whose speaker it names, if these are near."""
    sentences = sorted(one.passage.evidence, key=lambda evidence: evidence.start)
    place = premise([(evidence.kind, evidence.text) for evidence in sentences], sentences.index(one.evidence))
    if place is None or not _is_needed(query, one, sentences[place]):
        return start, end
    begin, _ = one.passage.post.visible.span(sentences[place].start, sentences[place].end)
    return (min(begin, start), end) if end - begin <= _LONGEST_REACH else (start, end)


def _is_needed(query: Query, one: ScoredSentence, premise: Evidence) -> bool:
    """Whether what a sentence rests on has to do with the query; a heading may ask for more than one sentence tells."""
    if not only_asks(premise.text) or label_end(premise.text):
        return True
    language = one.passage.post.language
    sought = query.terms_in(language).names
    return bool(sought & _terms_of(premise.text, language)) or not sought & _terms_of(one.evidence.text, language)


def _with_attribution(one: ScoredSentence, start: int, end: int) -> tuple[int, int]:
    """Up to the line right below that names the speaker."""
    following = [evidence for evidence in one.passage.evidence if evidence.start >= one.evidence.end]
    below = min(following, key=lambda evidence: evidence.start, default=None)
    if below is None or one.evidence.kind is not SentenceKind.SENTENCE or not is_attribution(below.text):
        return start, end
    return start, max(end, one.passage.post.visible.span(below.start, below.end)[1])


def _with_header(one: ScoredSentence, start: int, end: int) -> tuple[int, int]:
    """From the header of the table that a row stands in, if that is near."""
    if one.evidence.kind is not SentenceKind.ROW:
        return start, end
    for block in reversed(_blocks_before(one.passage.post, start)):
        if block.kind is BlockKind.HEADER and end - block.start <= _LONGEST_TABLE:
            return block.start, end
        if block.kind is not BlockKind.ROW:
            break
    return start, end


def _announces(post: Post, sentence: str, end: int) -> bool:
    """Whether a sentence announces what stands directly under it: by its colon, or in words.

    Args:
        end: Where it ends in the post's visible text.
    """
    if sentence.rstrip().endswith(":"):
        return True
    following = blocks_between(post, end, end + 2 * _LONGEST_LIST)[:1] if _ANNOUNCING.search(sentence) else []
    return any(not post.visible.text[end : block.start].strip(_LIST_MARKS) for block in following)


def _list_end(post: Post, start: int) -> int:
    """The end of the items, rows or code that follow a place directly; the place itself if none do.

    Items may hold code; code that comes first is alone.
    """
    end = start
    kinds: tuple[BlockKind, ...] = _LISTED
    for block in blocks_between(post, start, start + 2 * _LONGEST_LIST):
        if block.kind not in kinds or block.end > start + _LONGEST_LIST:
            break
        end, kinds = block.end, (BlockKind.CODE,) if end == start and block.kind is BlockKind.CODE else kinds
    return end


def _blocks_before(post: Post, end: int) -> list[Block]:
    """The blocks before a place of a post's visible text, its own cut there."""
    if not post.block_places:
        return blocks_between(post, max(0, end - 4 * _LONGEST_REACH), end)
    text = post.visible.text
    cut = (
        Block(block.kind, block.start, block.start + len(text[block.start : min(block.end, end)].rstrip()), block.level)
        for block in visible_blocks(post)
        if block.start < end
    )
    return [block for block in cut if block.start < block.end]


def _whole_list(post: Post, start: int, end: int) -> tuple[int, int]:
    """From the sentence that introduces an item's list to the list's end."""
    body, blocks = post.visible.text, visible_blocks(post)
    at = next((n for n, block in enumerate(blocks) if block.start <= start < block.end), None)
    if at is None:
        return start, end
    first = at
    while first > 0 and blocks[first - 1].kind is BlockKind.ITEM:
        first -= 1
    lead = blocks[first - 1] if first else None
    if lead is None or lead.kind is not BlockKind.PARAGRAPH or not body[lead.start : lead.end].endswith(":"):
        return start, end
    begin = sentence_spans(body, lead.start, lead.end)[-1][0]
    stop = _list_end(post, lead.end)
    return (begin, stop) if stop >= end else (start, end)


def _antecedent(post: Post, start: int, end: int) -> int:
    """Where a quote must begin so that what its first word refers to is inside it."""
    body = post.visible.text
    for begin in _sentences_before(post, start):
        # A quotation does not say who "they" are: look one sentence further.
        is_open = refers_back(body[start:end], post.language) or body[start] in '“"«'
        if not is_open or end - begin > _LONGEST_REACH:
            break
        start = begin
    return start


def _sentences_before(post: Post, start: int) -> Iterator[int]:
    """Starts of the sentences before a place, nearest first, not beyond the paragraph before it."""
    body, before = post.visible.text, list[int]()
    for block in reversed(_blocks_before(post, start)[-2:]):
        if block.kind is not BlockKind.PARAGRAPH or body[block.end - 1] not in _ENDS:
            break  # "this" does not refer to a byline, nor to what is above a heading or a list
        before += [begin for begin, _ in reversed(sentence_spans(body, block.start, block.end))]
    return iter(before[:_MAX_ANTECEDENTS])

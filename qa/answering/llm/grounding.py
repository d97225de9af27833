"""The text of a language model made an answer: every sentence with proven quotes for it, or flagged as unsupported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.errors import WriterError
from index.sources.decoding import clean
from index.text.sentences import sentence_spans
from index.text.tokenize import folded, words
from qa.answer import Answer
from qa.answering.citations import MARKER, Quote, cite, known_markers_only, statement_segments
from qa.answering.llm.support import Source, Support, sentence_terms, support
from qa.messages import ENGLISH
from qa.records import Citation, Passage, Segment, Statement

_SEVERAL = re.compile(r"[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_UNRELATED = 0.25  # share of a sentence's terms below which a passage that it cites is not about the same


class _Written(NamedTuple):
    """A sentence as it was written, without its markers, which are numbers of passages from 1."""

    gap: str
    text: str
    numbers: tuple[int, ...]


class _Checked(NamedTuple):
    """A sentence with its support and the best quote of each related passage that it cites."""

    written: _Written
    support: Support
    quotes: list[Quote]


def grounded(answer: Answer, passages: Sequence[Passage], reply: str, writer: str) -> Answer:
    """An answer in a writer's words.

    Args:
        answer: The extractive one, which it replaces.
        passages: Those that the writer was given: the marker [n] points to the nth.
        reply: What it wrote.
        writer: Its name.

    Raises:
        WriterError: It wrote nothing, that the posts do not say, or no sentence that its passages support.
    """
    sentences = list(_sentences(_tidied(reply, len(passages))))
    if not sentences:
        raise WriterError("the language model wrote nothing")
    if _words(" ".join(sentence.text for sentence in sentences)) == _words(ENGLISH.refusal):
        raise WriterError("the language model found no answer in the passages")
    sources = [Source(passage) for passage in passages]
    checked = [_checked(sentence, sources) for sentence in sentences]
    if not any(sentence.support.holds for sentence in checked):
        raise WriterError("the language model wrote nothing that the passages support")
    citations = cite({_place(quote): quote for sentence in checked for quote in sentence.quotes}.values())
    segments, statements = _composed(checked, citations)
    changed = {"segments": segments, "citations": citations, "written_by": writer, "statements": statements}
    return Answer.model_validate({**dict(answer), **changed})


def _tidied(reply: str, passages: int) -> str:
    """The reply with one marker a bracket, and without those that point to no passage."""
    text = _SEVERAL.sub(lambda match: "".join(f"[{int(n)}]" for n in re.findall(r"\d+", match[1])), clean(reply))
    return known_markers_only(text, {f"[{number}]" for number in range(1, passages + 1)})


def _sentences(text: str) -> Iterator[_Written]:
    """The sentences with the markers in them or behind them; a line ends a sentence."""
    gap = ""
    for line in re.split(r"(\n+)", text):
        if line.startswith("\n"):
            gap = line[:2]
        for sentence, numbers in _in_line(line):
            yield _Written(gap, sentence, numbers)
            gap = " "


def _in_line(line: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    markers = [(match.start(), int(match[1])) for match in MARKER.finditer(line)]
    # Blanked instead of removed: a full stop must still be followed by a space, and offsets must stay.
    bare = MARKER.sub(lambda match: " " * len(match.group()), line)
    spans = [span for span in sentence_spans(bare) if any(letter.isalnum() for letter in bare[slice(*span)])]
    starts = [0, *(start for start, _ in spans[1:]), len(line)]
    for (start, end), since, until in zip(spans, starts, starts[1:], strict=False):
        numbers = tuple(dict.fromkeys(number for place, number in markers if since <= place < until))
        yield re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare[start:end].split())), numbers


def _checked(written: _Written, sources: Sequence[Source]) -> _Checked:
    wanted = frozenset(sentence_terms(written.text))
    cited = [sources[number - 1] for number in written.numbers]
    places = [(source, *source.best(wanted)) for source in cited]
    related = [(source, place, share) for source, place, share in places if share >= _UNRELATED]
    quotes = [Quote(source.passage.post, place.start, place.end, share) for source, place, share in related]
    return _Checked(written, support(written.text, [source for source, *_ in related]), quotes)


def _composed(
    checked: Sequence[_Checked], citations: Sequence[Citation]
) -> tuple[list[Segment], tuple[Statement, ...]]:
    """The text with the citations' own markers, and the offsets of each sentence in it."""
    markers = {(one.post.id, one.start, one.end): one.marker for one in citations}
    segments: list[Segment] = []
    statements: list[Statement] = []
    length = 0
    for written, supported, quotes in checked:
        gap = (written.gap or " ") if segments else ""
        own = tuple(dict.fromkeys(markers[place] for place in map(_place, quotes) if place in markers))
        statement = Statement(
            start=length + len(gap),
            end=length + len(gap) + len(written.text),
            markers=own,
            supported=supported.holds and bool(own),
            support=supported.share,
            missing=supported.missing,
        )
        added = statement_segments(gap, written.text, statement)
        length += sum(len(segment.text) for segment in added)
        segments += added
        statements.append(statement)
    return segments, tuple(statements)


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.post.id, quote.start, quote.end


def _words(text: str) -> list[str]:
    return [folded(word) for word in words(text)]

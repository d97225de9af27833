"""What a language model wrote, made an answer: every sentence with proven quotes behind it, or marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_TOUCHES = 0.25  # share of a sentence's terms below which a passage that it names has nothing to do with it


@dataclass(frozen=True)
class _Said:
    """A sentence as it was written, without its markers, which are numbers of passages from 1."""

    text: str
    numbers: tuple[int, ...]
    opens_line: int  # newlines before it, at most 2


@dataclass(frozen=True)
class _Held:
    """A sentence held against the passages it names, with the quote of each that has something of it."""

    said: _Said
    found: Support
    quotes: tuple[Quote, ...]


def grounded(answer: Answer, passages: Sequence[Passage], reply: str, writer: str) -> Answer:
    """An answer in a writer's words.

    Args:
        answer: The extractive one, whose place it takes.
        passages: Those that the writer was given: the marker [n] points to the nth.
        writer: Its name.

    Raises:
        WriterError: It wrote nothing, that the posts do not say, or no sentence that its passages bear out.
    """
    said = list(_sentences(_tidied(reply, len(passages))))
    if not said:
        raise WriterError("the language model wrote nothing")
    if _words(" ".join(one.text for one in said)) == _words(ENGLISH.refusal):
        raise WriterError("the language model found no answer in the passages")
    sources = [Source(passage) for passage in passages]
    held = [_held(one, sources) for one in said]
    if not any(one.found.holds for one in held):
        raise WriterError("the language model wrote nothing that the passages bear out")
    citations = cite({_place(quote): quote for one in held for quote in one.quotes}.values())
    segments, statements = _composed(held, citations)
    changed = {"segments": segments, "citations": citations, "written_by": writer, "statements": statements}
    return Answer.model_validate({**dict(answer), **changed})


def _tidied(reply: str, passages: int) -> str:
    """The reply with one marker a bracket, and without those that point to no passage."""
    text = _SEVERAL.sub(lambda match: "".join(f"[{int(n)}]" for n in re.findall(r"\d+", match[1])), clean(reply))
    return known_markers_only(text, {f"[{number}]" for number in range(1, passages + 1)})


def _sentences(text: str) -> Iterator[_Said]:
    """The sentences with the markers in them or behind them; a line ends a sentence."""
    newlines = 0
    for line in re.split(r"(\n+)", text):
        if line.startswith("\n"):
            newlines = min(2, len(line))
        for said, numbers in _of_line(line):
            yield _Said(said, numbers, newlines)
            newlines = 0


def _of_line(line: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    markers = [(match.start(), int(match[1])) for match in MARKER.finditer(line)]
    # Blanked and not cut out: a full stop must still be followed by a space, and places must stay.
    bare = MARKER.sub(lambda match: " " * len(match.group()), line)
    spans = [span for span in sentence_spans(bare) if any(letter.isalnum() for letter in bare[slice(*span)])]
    for at, (start, end) in enumerate(spans):
        until = spans[at + 1][0] if at + 1 < len(spans) else len(line)
        since = start if at else 0
        numbers = tuple(dict.fromkeys(number for place, number in markers if since <= place < until))
        yield re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare[start:end].split())), numbers


def _held(said: _Said, sources: Sequence[Source]) -> _Held:
    named = [sources[number - 1] for number in said.numbers]
    held = frozenset(sentence_terms(said.text))
    places = [(source, *source.best(held)) for source in named]
    kept = [(source, place, share) for source, place, share in places if share >= _TOUCHES]
    quotes = tuple(Quote(source.passage.post, place.start, place.end, share) for source, place, share in kept)
    return _Held(said, support(said.text, [source for source, *_ in kept]), quotes)


def _composed(held: Sequence[_Held], citations: Sequence[Citation]) -> tuple[list[Segment], tuple[Statement, ...]]:
    """The text with the citations' own markers, and where each sentence stands in it."""
    markers = {(one.post.id, one.start, one.end): one.marker for one in citations}
    segments: list[Segment] = []
    statements: list[Statement] = []
    length = 0
    for one in held:
        gap = ("\n" * one.said.opens_line or " ") if segments else ""
        start = length + len(gap)
        own = tuple(dict.fromkeys(markers[place] for place in map(_place, one.quotes) if place in markers))
        statement = Statement(
            start=start,
            end=start + len(one.said.text),
            markers=own,
            supported=one.found.holds and bool(own),
            support=one.found.share,
            missing=one.found.missing,
        )
        added = statement_segments(gap, one.said.text, statement)
        length += sum(len(segment.text) for segment in added)
        segments += added
        statements.append(statement)
    return segments, tuple(statements)


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.post.id, quote.start, quote.end


def _words(text: str) -> list[str]:
    return [folded(word) for word in words(text)]

"""A receipt for an answer: places, hashes and scores, without a word of the posts, from which it can be proven anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Self

from pydantic import AliasChoices, Field

from index.errors import PostqaError
from index.reader import Index
from index.records import Post, Record
from qa.answer import LEAD_END, Answer, AnswerFacts, Level
from qa.answering.citations import focus_at, quoted_segments, statement_segments
from qa.records import Citation, Marker, Passage, PassageFeatures, Segment, Statement, by_name

_FEATURES = frozenset(PassageFeatures._fields)


class ReceiptBroken(PostqaError):
    """What an answer was made of is no longer in the posts."""


class Span(Record):
    """A stretch of a post: where it is, and the SHA-256 of what stood there."""

    post: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    sha256: str
    score: float

    def post_in(self, index: Index) -> Post | None:
        """The post, if the same words are still there."""
        post = index.post(self.post)
        return post if post and _digest(post.body[self.start : self.end]) == self.sha256 else None


class QuotedSpan(Span):
    """A quote, under its marker, with the place of the sentence in it that answers."""

    marker: Marker
    focus: tuple[int, int] | None = None


class PassageSpan(Span):
    """A passage, with the features behind its rank."""

    headings: tuple[str, ...]
    features: dict[str, float] = Field(validation_alias=AliasChoices("features", "signals"))
    also_in: tuple[str, ...]


class Receipt(AnswerFacts):
    """What an answer was made of.

    Attributes:
        text: The text where it is not made of quotes: a refusal's or a reply's, what a language model wrote, facts of
            posts, or what stands before quotes that are only the nearest.
    """

    text: str = Field(validation_alias=AliasChoices("text", "said"))  # "said" in receipts of earlier versions
    quotes: tuple[QuotedSpan, ...]
    passages: tuple[PassageSpan, ...]
    nearest: tuple[str, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The receipt for an answer."""
        return cls(
            **_facts(answer),
            text=answer.lead if answer.is_quoted and answer.answered else answer.text,
            quotes=tuple(_quoted_span(citation) for citation in answer.citations),
            passages=tuple(_passage_span(passage) for passage in answer.passages),
            nearest=tuple(post.id for post in answer.nearest),
        )

    def answer(self, index: Index) -> Answer:
        """The answer again, every quote proven against the posts as they are now; passages that changed are left out.

        Raises:
            ReceiptBroken: A quote is no longer where it was; names the post and the offsets.
        """
        citations = tuple(_cited(quote, index) for quote in self.quotes)
        passages = (_passage(span, index) for span in self.passages)
        return Answer(
            **_facts(self),
            segments=tuple(self._segments(citations)),
            citations=citations,
            passages=tuple(passage for passage in passages if passage),
            nearest=_posts(self.nearest, index),
        )

    def _segments(self, citations: tuple[Citation, ...]) -> Iterator[Segment]:
        if self.text and self.level is Level.NEAREST and self.is_quoted:
            yield Segment(f"{self.text}{LEAD_END}")
        elif self.text:
            yield from _segments(self.text, self.statements)
            return
        yield from quoted_segments(citations)


def _facts(record: AnswerFacts) -> dict[str, Any]:
    return {name: getattr(record, name) for name in AnswerFacts.model_fields}


def _segments(text: str, statements: tuple[Statement, ...]) -> Iterator[Segment]:
    """A refusal's or a written text: what its statements say, and the rest."""
    at = 0
    for statement in statements:
        segments = statement_segments(text[at : statement.start], text[statement.start : statement.end], statement)
        at += sum(len(segment.text) for segment in segments)
        yield from segments
    if at < len(text):
        yield Segment(text[at:])


def _span(item: Citation | Passage, text: str) -> dict[str, Any]:
    """The fields of a span."""
    shared = {"start": item.start, "end": item.end, "score": item.score}
    return {"post": item.post.id, "sha256": _digest(text), **shared}


def _quoted_span(citation: Citation) -> QuotedSpan:
    focus = citation.focus and (citation.focus.start, citation.focus.end)
    return QuotedSpan(**_span(citation, citation.quote), marker=citation.marker, focus=focus)


def _passage_span(passage: Passage) -> PassageSpan:
    also_in = tuple(post.id for post in passage.also_in)
    span = _span(passage, passage.text)
    return PassageSpan(**span, headings=passage.headings, features=by_name(passage.features), also_in=also_in)


def _cited(quote: QuotedSpan, index: Index) -> Citation:
    post = quote.post_in(index)
    if post is None:
        raise ReceiptBroken(
            "a quote is no longer where it was",
            where=f"post {quote.post}, characters {quote.start} to {quote.end}",
            remedy="Ask the question again.",
        )
    text = post.body[quote.start : quote.end]
    shared = quote.model_dump(include={"marker", "start", "end", "score"})
    return Citation(**shared, quote=text, post=post, focus=focus_at(post, quote.focus))


def _passage(span: PassageSpan, index: Index) -> Passage | None:
    post = span.post_in(index)
    if post is None:
        return None
    shared = span.model_dump(include={"start", "end", "headings", "score"})
    # Receipts of earlier versions may hold features of other names.
    features = PassageFeatures(**{name: value for name, value in span.features.items() if name in _FEATURES})
    text, also_in = post.body[span.start : span.end], _posts(span.also_in, index)
    return Passage(**shared, post=post, text=text, features=features, also_in=also_in)


def _posts(ids: tuple[str, ...], index: Index) -> tuple[Post, ...]:
    return tuple(post for one in ids if (post := index.post(one)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""A receipt for an answer: places, hashes and scores, without a word of the posts, from which it can be proven anew."""

from __future__ import annotations

import hashlib
from typing import Self

from pydantic import Field

from index.errors import PostqaError
from index.reader import Index
from index.records import Post, Record
from qa.answering.citations import marked_text
from qa.records import Answer, Citation, Passage, Statement


class ReceiptBroken(PostqaError):
    """What an answer was made of is no longer in the posts."""


class Span(Record):
    """A stretch of a post: where it is, and the SHA-256 of what stood there."""

    post: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    sha256: str
    score: float


class QuotedSpan(Span):
    """A quote, under its marker."""

    marker: str


class FoundSpan(Span):
    """A passage, with the signals behind its rank."""

    headings: tuple[str, ...]
    signals: dict[str, float]
    also_in: tuple[str, ...]


class Receipt(Record):
    """What an answer was made of.

    Attributes:
        generation: The index generation that answered.
        said: The text where it is not made of quotes: a refusal's, or what a language model wrote.
    """

    question: str
    question_as_understood: str
    answered: bool
    confidence: float = Field(ge=0, le=1)
    generation: int
    said: str
    quotes: tuple[QuotedSpan, ...]
    passages: tuple[FoundSpan, ...]
    nearest: tuple[str, ...]
    warnings: tuple[str, ...]
    language: str = "en"
    written_by: str | None = None
    statements: tuple[Statement, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The receipt for an answer."""
        return cls(
            question=answer.question,
            question_as_understood=answer.question_as_understood,
            answered=answer.answered,
            confidence=answer.confidence,
            generation=answer.generation,
            said=answer.text if answer.written_by or not answer.answered else "",
            quotes=tuple(_quoted(citation) for citation in answer.citations),
            passages=tuple(_found(passage) for passage in answer.passages),
            nearest=tuple(post.id for post in answer.nearest),
            warnings=answer.warnings,
            language=answer.language,
            written_by=answer.written_by,
            statements=answer.statements,
        )

    def answer(self, index: Index) -> Answer:
        """The answer again, every quote proven against the posts as they are now; passages that changed are left out.

        Raises:
            ReceiptBroken: A quote no longer stands where it stood; names the post and the place.
        """
        citations = tuple(_cited(quote, index) for quote in self.quotes)
        passages = (_passage(found, index) for found in self.passages)
        return Answer(
            question=self.question,
            question_as_understood=self.question_as_understood,
            text=self.said or marked_text(citations),
            answered=self.answered,
            confidence=self.confidence,
            citations=citations,
            passages=tuple(passage for passage in passages if passage),
            nearest=_posts(self.nearest, index),
            warnings=self.warnings,
            generation=self.generation,
            language=self.language,
            written_by=self.written_by,
            statements=self.statements,
        )


def _quoted(citation: Citation) -> QuotedSpan:
    return QuotedSpan(
        post=citation.post.id,
        start=citation.start,
        end=citation.end,
        sha256=_digest(citation.quote),
        score=citation.score,
        marker=citation.marker,
    )


def _found(passage: Passage) -> FoundSpan:
    return FoundSpan(
        post=passage.post.id,
        start=passage.start,
        end=passage.end,
        sha256=_digest(passage.text),
        score=passage.score,
        headings=passage.headings,
        signals=passage.signals,
        also_in=tuple(post.id for post in passage.also_in),
    )


def _cited(quote: QuotedSpan, index: Index) -> Citation:
    post = _holding(quote, index)
    if post is None:
        raise ReceiptBroken(
            "a quote no longer stands where it stood",
            where=f"post {quote.post}, characters {quote.start} to {quote.end}",
            remedy="Ask the question again.",
        )
    text = post.body[quote.start : quote.end]
    return Citation(
        marker=quote.marker, quote=text, start=quote.start, end=quote.end, post=post, score=quote.score
    )  # fmt: skip


def _passage(found: FoundSpan, index: Index) -> Passage | None:
    post = _holding(found, index)
    if post is None:
        return None
    return Passage(
        post=post,
        text=post.body[found.start : found.end],
        start=found.start,
        end=found.end,
        headings=found.headings,
        score=found.score,
        signals=found.signals,
        also_in=_posts(found.also_in, index),
    )


def _holding(span: Span, index: Index) -> Post | None:
    """The post of a span, if the same words still stand there."""
    post = index.post(span.post)
    return post if post and _digest(post.body[span.start : span.end]) == span.sha256 else None


def _posts(ids: tuple[str, ...], index: Index) -> tuple[Post, ...]:
    return tuple(post for one in ids if (post := index.post(one)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""Frozen records of the online half: Passage, Evidence, Citation, Statement, Answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from pydantic import Field, model_validator

from index.records import Post, Record, SentenceKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence (or item, row, line of code) of a passage, weighed against a question.

    `post.body[start:end] == text`; the score is higher-is-better and comparable within one question.
    No `Record`: an answer weighs some fifty of them, and checking their fields took a twentieth of its time.
    """

    start: int
    end: int
    text: str
    kind: SentenceKind
    score: float
    signals: dict[str, float] = field(default_factory=dict)


class Passage(Record):
    """A chunk of a post, ranked for a question.

    Attributes:
        start, end: Character offsets into `post.body`.
        score: Higher is better; comparable within one question.
        signals: Each signal behind the score, by name, for `explain`.
        evidence: The passage's sentences, best first.
        also_in: Other posts that hold nearly the same passage.
    """

    post: Post
    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    score: float
    signals: dict[str, float] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    also_in: tuple[Post, ...] = ()

    def overlaps(self, citation: Citation) -> bool:
        """Whether some of a quote stands in this passage."""
        return self.post.id == citation.post.id and self.start < citation.end and citation.start < self.end


class Citation(Record):
    """A quote, proven when made: `post.body[start:end] == quote`.

    Attributes:
        marker: As it stands in the answer's text, such as `[1]`.
        score: The evidence's score; higher is better.

    Raises:
        ValueError: The quote is not what the post says at that place.
    """

    marker: str
    quote: str
    start: int = Field(ge=0)
    end: int
    post: Post
    score: float = 0.0

    @model_validator(mode="after")
    def _proven(self) -> Self:
        is_span = self.end - self.start == len(self.quote) > 0  # neither beyond the body nor counted from its end
        if not is_span or self.post.body[self.start : self.end] != self.quote:
            raise ValueError(f"post {self.post.id} does not say {self.quote!r} at {self.start}:{self.end}")
        return self


class Statement(Record):
    """A sentence that a language model wrote, held against the posts it names (see `qa.answering.llm.support`).

    Attributes:
        start, end: `answer.text[start:end]` is the sentence; its markers stand right behind it.
        markers: Of the citations it rests on; none when it named no passage that has anything of it.
        supported: Whether what is cited bears it out, as far as the words tell.
        support: Share of its words that are found there, 0 to 1.
        missing: Numbers and names in it that are not found there, or not said of the same thing.
    """

    start: int = Field(ge=0)
    end: int
    markers: tuple[str, ...] = ()
    supported: bool
    support: float = Field(ge=0, le=1)
    missing: tuple[str, ...] = ()


class Answer(Record):
    """What the corpus says to a question, or that it does not say.

    Attributes:
        text: Quotes with their markers, or one plain sentence of refusal; or what a language model wrote from
            the passages, with the markers of the quotes it rests on.
        answered: False when the corpus does not answer; a value, not an error.
        confidence: P(the corpus answers and the first citation supports it), 0 to 1.
        citations: In the order of their markers.
        passages: Ranked, best first, whether answered or not.
        nearest: On a refusal, the posts nearest to the question ("you may have meant").
        warnings: What the reader should know, such as an unsupported language, or a language model that failed.
        generation: The index generation that every part of the answer came from.
        language: Two-letter code of the question's language; what is said around the quotes is said in it.
        written_by: The language model that wrote the text; None where it is quotes alone.
        statements: The sentences of a written text, in order; empty where it is quotes alone.

    Raises:
        ValueError: A statement lies outside the text.
    """

    question: str
    question_as_understood: str
    text: str
    answered: bool
    confidence: float = Field(ge=0, le=1)
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    nearest: tuple[Post, ...] = ()
    warnings: tuple[str, ...] = ()
    generation: int = 0
    language: str = "en"
    written_by: str | None = None
    statements: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _placed(self) -> Self:
        at = 0
        for one in self.statements:
            if not at <= one.start < one.end <= len(self.text):
                raise ValueError(f"there is no statement at {one.start}:{one.end} of the answer's text")
            at = one.end
        return self

    def __str__(self) -> str:
        from qa.render import answer_text  # noqa: PLC0415  # records know nothing of faces until one is asked for

        return answer_text(self)

    def _repr_html_(self) -> str:
        from qa.render import answer_html  # noqa: PLC0415

        return answer_html(self)

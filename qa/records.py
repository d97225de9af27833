"""What an answer is made of, as frozen records: passages, evidence, citations, statements and segments of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Self

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


class SegmentKind(StrEnum):
    """What a segment of an answer's text is; `UNSUPPORTED` is a written sentence that its citations do not support."""

    WORDS = "words"
    MARKER = "marker"
    UNSUPPORTED = "unsupported"


class Segment(NamedTuple):
    """A stretch of an answer's text: words, or the marker of a citation."""

    text: str
    kind: SegmentKind = SegmentKind.WORDS

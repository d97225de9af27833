"""What an answer is made of, as frozen records: passages, evidence, citations, statements and segments of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from index.records import Post, Record, SentenceKind

Marker = Annotated[str, StringConstraints(pattern=r"^\[\d{1,3}\]$")]
"""Points to a citation from within a text: `[1]`."""


class PassageFeatures(NamedTuple):
    """What is measured of a passage; higher means nearer to the question.

    Attributes:
        dense: Cosine of question and passage.
        sentence: Best cosine of question and a sentence of the passage.
        pair: Best mean of two neighbouring sentences' cosines.
        lexical: Share of the question's term weight that the passage, its headings and its title hold under BM25.
        cognate_overlap: How much of the question recurs in similarly spelt words; 0 where it has no weight.
        rerank: The reranker's score, where there is one; its weight is a setting and not fitted.
    """

    dense: float = 0.0
    sentence: float = 0.0
    pair: float = 0.0
    lexical: float = 0.0
    cognate_overlap: float = 0.0
    rerank: float | None = None


class SentenceFeatures(NamedTuple):
    """What is measured of a sentence of a passage; each is 0 to 1, or a cosine.

    Attributes:
        similarity: Cosine of question and sentence.
        coverage_context: Share of the question's term weight in the sentence, the title and the headings above.
        coverage_neighbours: The same of the sentence and its two neighbours.
        pairs: Share of the question's neighbouring terms that are close together in the sentence too.
        carried: Cosine of the sentence before, where this one refers back to it.
        author: It names an author of its post, and the question asks for one.
        asked_noun: It holds the X of "which X …".
        announces: It introduces a list, and the question asks for one.
        holds_number, holds_time, holds_person, holds_place, holds_name: It holds a value of the type asked for.
        is_heading, is_row, is_code: What it is, if not prose or a list item.
        length: Its length on a logarithmic scale, 1 from 400 characters on.
        sentence, lexical: Of the whole passage.
        cognate_overlap: As of the passage.
    """

    similarity: float = 0.0
    coverage_context: float = 0.0
    coverage_neighbours: float = 0.0
    pairs: float = 0.0
    carried: float = 0.0
    author: float = 0.0
    asked_noun: float = 0.0
    announces: float = 0.0
    holds_number: float = 0.0
    holds_time: float = 0.0
    holds_person: float = 0.0
    holds_place: float = 0.0
    holds_name: float = 0.0
    is_heading: float = 0.0
    is_row: float = 0.0
    is_code: float = 0.0
    length: float = 0.0
    sentence: float = 0.0
    lexical: float = 0.0
    cognate_overlap: float = 0.0


def by_name(features: PassageFeatures | SentenceFeatures) -> dict[str, float]:
    """Features as they are shown and written as JSON; without what was not measured."""
    return {name: value for name, value in features._asdict().items() if value is not None}


_AS_MAPPING = PlainSerializer(by_name, return_type=dict[str, float])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence (or item, row, line of code) of a passage, scored against a question.

    `text` is what is visible of `post.body[start:end]`; the score is higher-is-better, comparable within one question.
    `reader` is how far the reader puts it above "none of these"; None where it did not read it.
    Not a `Record`: an answer scores about fifty of them, and validating their fields took a twentieth of its time.
    """

    start: int
    end: int
    text: str
    kind: SentenceKind
    score: float
    features: Annotated[SentenceFeatures, _AS_MAPPING] = field(default_factory=SentenceFeatures)
    reader: float | None = None


class Passage(Record):
    """A chunk of a post, ranked for a question.

    Attributes:
        start, end: Character offsets into `post.body`.
        score: Higher is better; comparable within one question.
        text: `post.body[start:end]`; `shown` is what of it its reader sees, without markup.
        evidence: The passage's sentences, best first.
        also_in: Other posts that hold nearly the same passage.
    """

    post: Post
    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    score: float
    features: Annotated[PassageFeatures, _AS_MAPPING] = PassageFeatures()
    evidence: tuple[Evidence, ...] = ()
    also_in: tuple[Post, ...] = ()

    @property
    def shown(self) -> str:
        """The passage as its reader sees it."""
        return self.post.visible.between(self.start, self.end)

    def overlaps(self, citation: Citation) -> bool:
        """Whether a part of a quote is in this passage."""
        return self.post.id == citation.post.id and self.start < citation.end and citation.start < self.end


class SearchResult(Record):
    """The passages of a search, best first, and what to know of them."""

    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()


class Focus(Record):
    """The sentence (item, row or code block) of a quote that answers, at `post.body[start:end]` like the quote."""

    start: int = Field(ge=0)
    end: int
    quote: str


class Citation(Record):
    """A quote, proven when made: `post.body[start:end] == quote`, and its focus, which lies inside it, likewise.

    Attributes:
        marker: As it stands in the answer's text, such as `[1]`.
        quote: As it stands in the post; `shown` is what of it its reader sees, without markup and link targets.
        score: The evidence's score; higher is better.
        focus: The sentence that answers; the rest of the quote is what it cannot be read without. None where the
            quote was not chosen for one sentence.

    Raises:
        ValueError: The quote or its focus is not what the post says at that place, or the focus lies outside.
    """

    marker: Marker
    quote: str
    start: int = Field(ge=0)
    end: int
    post: Post
    score: float = 0.0
    focus: Focus | None = None

    @property
    def shown(self) -> str:
        """The quote as the post's reader sees it."""
        return self.post.visible.between(self.start, self.end)

    @property
    def shown_focus(self) -> str:
        """The sentence that answers as the post's reader sees it; the whole quote where none is known."""
        return self.post.visible.between(self.focus.start, self.focus.end) if self.focus else self.shown

    @property
    def shown_around(self) -> tuple[str, str]:
        """What of the quote stands before and after its focus, as the post's reader sees it."""
        if self.focus is None:
            return "", ""
        visible = self.post.visible
        (start, end), (first, last) = visible.span(self.start, self.end), visible.span(self.focus.start, self.focus.end)
        return visible.text[start:first], visible.text[last:end]

    @model_validator(mode="after")
    def _proven(self) -> Self:
        parts: list[Citation | Focus] = [self, self.focus] if self.focus else [self]
        for part in parts:
            is_span = part.end - part.start == len(part.quote) > 0  # neither beyond the body nor counted from its end
            if not is_span or self.post.body[part.start : part.end] != part.quote:
                raise ValueError(f"post {self.post.id} does not say {part.quote!r} at {part.start}:{part.end}")
        if self.focus and not self.start <= self.focus.start < self.focus.end <= self.end:
            focus = f"{self.focus.start}:{self.focus.end}"
            raise ValueError(f"the focus at {focus} lies outside the quote at {self.start}:{self.end}")
        return self


class Statement(Record):
    """A sentence that a language model wrote, checked against the posts it names (see `qa.answering.llm.support`).

    Attributes:
        start, end: `answer.text[start:end]` is the sentence; its markers follow it directly.
        markers: Of the citations it rests on; none when it named no passage that has anything of it.
        supported: Whether its citations support it, as far as the words tell.
        support: Share of its words that are there, 0 to 1.
        missing: Numbers and names in it that are not there, or not near what the sentence says of them.
    """

    start: int = Field(ge=0)
    end: int
    markers: tuple[Marker, ...] = ()
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

"""The answer to a question: its data, and the same as plain text and as HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator
from enum import StrEnum
from hashlib import blake2b
from textwrap import indent
from typing import Any, Self

from pydantic import Field, model_validator

from index.records import Post, Record
from qa.links import sentence_address, source_line
from qa.messages import Messages, messages_in
from qa.records import Citation, Passage, Segment, SegmentKind, Statement

LEAD_END = "\n\n"
"""What ends the segment before quotes that are only the nearest."""
_LEAST_TO_SUGGEST = 0.05


class Level(StrEnum):
    """How far the posts answer: outright, nearly, or not at all; or that they were not asked.

    A `REPLY` is the assistant's own: it returns a greeting, or asks what a question refers to.
    """

    ANSWER = "answer"
    NEAREST = "nearest"
    REFUSAL = "refusal"
    REPLY = "reply"


def unstated_level(fields: dict[str, Any]) -> Level:
    """The level of what says only whether it is `answered`, as receipts of earlier versions do."""
    return Level.ANSWER if fields.get("answered") else Level.REFUSAL


class AnswerFacts(Record):
    """What an answer and its receipt have in common.

    Attributes:
        level: Whether the posts say so outright, or the citations are only the nearest there is, or neither; or whether
            they were not asked.
        answered: False when the corpus does not answer; a value, not an error.
        confidence: P(the corpus answers and the first citation supports it), 0 to 1.
        warnings: What the reader should know, such as an unsupported language, or a language model that failed.
        generation: The index generation that every part of the answer came from.
        language: Two-letter code of the question's language; the text around the quotes is in it.
        written_by: The language model that wrote the text; None where it is quotes alone.
        statements: The sentences of a text that is not quotes: a language model's, or facts of a cited post, such as
            its author.
    """

    question: str
    question_as_understood: str
    answered: bool
    level: Level = Field(default_factory=unstated_level)
    confidence: float = Field(ge=0, le=1)
    warnings: tuple[str, ...] = ()
    generation: int = 0
    language: str = "en"
    written_by: str | None = None
    statements: tuple[Statement, ...] = ()

    @property
    def is_reply(self) -> bool:
        """Whether the posts were not asked."""
        return self.level is Level.REPLY

    @property
    def is_quoted(self) -> bool:
        """Whether the text is the posts' own words; else a language model wrote it, or it states facts of posts."""
        return self.written_by is None and not self.statements

    @property
    def states_facts(self) -> bool:
        """Whether the text states facts of the cited posts that stand beside their text, such as the author."""
        return self.written_by is None and bool(self.statements)

    @property
    def other_words(self) -> str:
        """The question as understood, where follow-ups or typing errors make it another than was asked; else empty.

        Empty as well where it is next to certain that no post answers: then nothing of theirs was meant.
        """
        is_as_asked = self.question_as_understood == " ".join(self.question.split())
        return "" if is_as_asked or self._is_surely_unanswered else self.question_as_understood

    @property
    def _is_surely_unanswered(self) -> bool:
        return self.level is Level.REFUSAL and self.confidence < _LEAST_TO_SUGGEST


class Answer(AnswerFacts):
    """What the corpus says to a question, or that it does not say.

    Attributes:
        segments: The text: quotes with their markers, or one plain sentence of refusal; or what a language model
            wrote from the passages, with the markers of the quotes it rests on.
        citations: In the order of their markers.
        passages: Ranked, best first, whether answered or not.
        nearest: On a refusal, the posts nearest to the question ("you may have meant").

    Raises:
        ValueError: A statement lies outside the text, or a marker belongs to no citation.
    """

    segments: tuple[Segment, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    nearest: tuple[Post, ...] = ()

    @property
    def text(self) -> str:
        """The segments' text in one piece."""
        return "".join(segment.text for segment in self.segments)

    @property
    def lead(self) -> str:
        """What stands before quotes that are only the nearest there is; empty for an answer and a refusal."""
        if self.level is not Level.NEAREST:
            return ""
        first = self.segments[0].text if self.segments else ""
        return first.rstrip() if first.endswith(LEAD_END) else messages_in(self.language).nearest_quotes

    @property
    def certainty(self) -> str:
        """The confidence in words and as a figure: how sure an answer is, how near the nearest comes.

        Of facts of posts it says where they are stated; it is empty where the posts were not asked.
        """
        messages = messages_in(self.language)
        if self.states_facts:
            return messages.from_facts
        return "" if self.is_reply else messages.confidence_words(self.confidence, self.level)

    @property
    def suggested_posts(self) -> tuple[Post, ...]:
        """The posts that may have been meant: the nearest, unless it is next to certain that none answers."""
        return () if self._is_surely_unanswered else self.nearest

    def __bool__(self) -> bool:
        """Whether it is an answer: the posts say so outright."""
        return self.level is Level.ANSWER

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {citation.marker for citation in self.citations}
        if unknown := {text for text, kind in self.segments if kind is SegmentKind.MARKER} - known:
            raise ValueError(f"no citation has the marker {', '.join(sorted(unknown))}")
        at = 0
        for statement in self.statements:
            if not at <= statement.start < statement.end <= len(self.text):
                raise ValueError(f"there is no statement at {statement.start}:{statement.end} of the answer's text")
            at = statement.end
        return self

    def __str__(self) -> str:
        """The answer with its sources, as plain text; quotes that are only the nearest are indented."""
        messages = messages_in(self.language)
        text = flagged_text(self)
        if self.level is Level.NEAREST:
            text = f"{self.lead}\n\n{indent(text.removeprefix(self.lead).lstrip(), '    ')}"
        lines = [text, ""]
        if self.other_words:
            lines.insert(0, f"{messages.understood} {self.other_words}")
        if self.answered:
            lines += [_source_text(citation, quoted=not self.is_quoted) for citation in self.citations]
        elif self.suggested_posts:
            lines += [messages.nearest_posts, *(f"  {source_line(post)}" for post in self.suggested_posts)]
        lines += [f"{messages.note}: {warning}" for warning in self.warnings]
        if self.written_by is not None:
            lines.append(messages.written_by.format(writer=self.written_by))
        return "\n".join([*lines, self.certainty]).rstrip()

    def _repr_html_(self) -> str:
        """The answer with its sources for a notebook: markers link to quotes; all text from posts is escaped."""
        messages = messages_in(self.language)
        notes = "".join(f"<p>{messages.note}: {html.escape(warning)}</p>" for warning in self.warnings)
        writer = self.written_by and f"{html.escape(messages.written_by.format(writer=self.written_by))} · "
        certainty = "" if self.is_reply else f"<p><small>{writer or ''}{html.escape(self.certainty)}</small></p>"
        if not self.answered:
            titles = "".join(f"<li>{html.escape(post.title)}</li>" for post in self.suggested_posts)
            nearest = f"<p>{messages.nearest_posts}</p><ul>{titles}</ul>" if titles else ""
            return f"<div><p><em>{_escaped(self.text)}</em></p>{nearest}{notes}{certainty}</div>"
        prefix = _id_prefix(self)
        text = (
            f"<p>{''.join(_segments_html(self, prefix, messages))}</p>"
            if not self.is_quoted
            else _quotes_html(self, prefix)
        )
        if self.level is Level.NEAREST:
            text = f"<p><em>{_escaped(self.lead)}</em></p><blockquote>{text}</blockquote>"
        sources = "".join(_source_html(citation, prefix) for citation in self.citations)
        return f"<div>{text}<ol>{sources}</ol>{notes}{certainty}</div>"


def flagged_text(answer: Answer) -> str:
    """The answer's text, with "[unsupported]" behind each sentence that is."""
    flag = f" [{messages_in(answer.language).unsupported}]"
    return "".join(
        segment.text + (flag if segment.kind is SegmentKind.UNSUPPORTED else "") for segment in answer.segments
    )


def _source_text(citation: Citation, *, quoted: bool) -> str:
    line = f"{citation.marker} {source_line(citation.post)}"
    return f"{line}\n    “{' '.join(citation.shown.split())}”" if quoted else line


def _segments_html(answer: Answer, prefix: str, messages: Messages) -> Iterator[str]:
    for text, kind in answer.segments:
        if kind is SegmentKind.MARKER:
            yield _marker_html(text, prefix)
        elif kind is SegmentKind.UNSUPPORTED:
            yield f"<u>{_escaped(text)}</u> <small>({messages.unsupported})</small>"
        else:
            yield _escaped(text)


def _quotes_html(answer: Answer, prefix: str) -> str:
    """Each quote with its marker; of an answer, the sentence that answers in bold."""
    tag = "b" if answer else "span"
    return "".join(
        f"<p>{_escaped(citation.shown_around[0])}<{tag}>{_escaped(citation.shown_focus)}</{tag}>"
        f"{_escaped(citation.shown_around[1])} {_marker_html(citation.marker, prefix)}</p>"
        for citation in answer.citations
    )


def _marker_html(marker: str, prefix: str) -> str:
    return f'<a href="#{prefix}{marker.strip("[]")}">{html.escape(marker)}</a>'


def _source_html(citation: Citation, prefix: str) -> str:
    about, quote = html.escape(source_line(citation.post)), _escaped(citation.shown)
    address = sentence_address(citation.post, citation.shown)
    if address is not None:
        about = f'<a href="{html.escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{about}</a>'
    where = f"<small>(characters {citation.start}–{citation.end})</small>"
    return f'<li id="{prefix}{citation.marker.strip("[]")}"><mark>{quote}</mark><br>{about} {where}</li>'


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _id_prefix(answer: Answer) -> str:
    """A prefix for ids: a notebook shows many answers on one page."""
    identity = f"{answer.generation}\n{answer.question}\n{answer.text}"
    return f"pq-{blake2b(identity.encode('utf-8', 'replace'), digest_size=6).hexdigest()}-"

"""What an answer says around its quotes, in the language of the question, and what it warns of."""

from __future__ import annotations

from collections.abc import Sequence

from index.encoders.languages import languages_of
from index.filters import Filters
from index.reader import Index
from qa.answer import LEAD_END, Level
from qa.answering.citations import quoted_segments
from qa.answering.decision import Decision
from qa.answering.refusal_reason import missing_value
from qa.answering.snapshot import Snapshot
from qa.messages import Messages, messages_in
from qa.question.language import known_languages
from qa.question.query import Query
from qa.records import Citation, Segment


def answer_segments(query: Query, decision: Decision, citations: Sequence[Citation]) -> tuple[Segment, ...]:
    """The answer's text: quotes with their markers below what must be said first, or a refusal with its reason."""
    messages = messages_in(query.language)
    missing = missing_value(query, decision.passages) if decision.level is not Level.ANSWER else None
    reason = messages.missing_values[missing] if missing else ""
    if not citations:
        return (Segment(f"{messages.refusal} {reason}".rstrip()),)
    quoted = quoted_segments(citations)
    if decision.level is not Level.NEAREST:
        return quoted
    return (Segment(f"{f'{reason} {messages.nearest_quotes}'.lstrip()}{LEAD_END}"), *quoted)


def warnings_of(
    query: Query, snapshot: Snapshot, filters: Filters | None, citations: Sequence[Citation] = ()
) -> tuple[str, ...]:
    """What to know of an answer or of passages: the filters, languages that differ, a damaged generation."""
    messages = messages_in(query.language)
    filtered = messages.filtered(_titled(filters, snapshot.index)) if filters else None
    warnings = (filtered, _language_warning(query, snapshot, citations, messages), snapshot.index.degraded)
    return tuple(warning for warning in warnings if warning)


def _titled(filters: Filters, index: Index) -> Filters:
    """Filters that name posts by their titles, for a reader."""
    posts = ((post_id, index.post(post_id)) for post_id in filters.posts)
    return filters.model_copy(update={"posts": tuple(post.title if post else post_id for post_id, post in posts)})


def _language_warning(
    query: Query, snapshot: Snapshot, citations: Sequence[Citation], messages: Messages
) -> str | None:
    """That the posts, or those quoted, are in another language than the question."""
    posts, read = known_languages(query.languages), languages_of(snapshot.encoder.identity.name)
    if query.is_foreign and (query.language not in read or read.isdisjoint(posts)):
        return messages.other_language.format(asked=messages.language(query.language), posts=messages.named(posts))
    quoted = dict.fromkeys(citation.post.language for citation in citations)
    foreign = [code for code in quoted if query.is_foreign_to(code) and code in messages.languages]
    return messages.quoted_languages.format(languages=messages.named(foreign)) if foreign else None

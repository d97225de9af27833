"""Queries for the map: questions that were asked, refused or missed; map.js gathers them from the page.

The queries in any part of the page that holds `map_queries_html` are on the map as long as the part is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from index.records import Record
from qa.answer import Answer
from qa.web.safe import safe


class MapSpot(Record):
    """A position in a post that belongs to a query.

    Attributes:
        start: In characters of the post's body.
        number: Of the quote from there, as in the answer; 0 for what was found and not quoted.
    """

    post: str
    start: int
    number: int = 0


class MapQuery(Record):
    """A query on the map.

    Attributes:
        kind: A miss is a question whose answer the posts should hold, or whose post was not found.
        question: As it was asked; a click on a query without a turn asks it.
        understood: What its point is computed from, where that is not the question.
        turn: Its number in the conversation; 0 for one that is not of it.
    """

    kind: Literal["question", "refusal", "miss"]
    question: str
    understood: str = ""
    turn: int = 0
    spots: tuple[MapSpot, ...] = ()


def map_queries_html(queries: Sequence[MapQuery]) -> Markup:
    """Queries in a hidden element."""
    data = json.dumps([query.model_dump() for query in queries])
    return Markup(f'<pre class="pq-map-queries" hidden>{safe(data)}</pre>')  # noqa: S704  # inert


def answer_query(answer: Answer, turn: int) -> MapQuery:
    """The query of a turn of the conversation, with what was quoted and what was found beside it."""
    quoted = [
        MapSpot(post=citation.post.id, start=citation.start, number=number)
        for number, citation in enumerate(answer.citations, start=1)
    ]
    found = [MapSpot(post=passage.post.id, start=passage.start) for passage in answer.passages]
    return MapQuery(
        kind="question" if answer.answered else "refusal",
        question=answer.question,
        understood=answer.question_as_understood,
        turn=turn,
        spots=(*quoted, *found),
    )

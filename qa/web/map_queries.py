"""Questions for the map: what was asked, what was refused, what is not found; map.js gathers them from the page.

Any part of the page that holds `marks_html` has its questions on the map, for as long as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from index.records import Record
from qa.answer import Answer
from qa.web.safe import safe


class Spot(Record):
    """A place in a post that belongs to a question.

    Attributes:
        start: In characters of the post's body.
        number: Of the quote from there, as in the answer; 0 for what was found and not quoted.
    """

    post: str
    start: int
    number: int = 0


class Mark(Record):
    """A question on the map.

    Attributes:
        kind: A miss is a question whose answer the posts should hold, or whose post was not found.
        question: As it was asked; a click on a mark without a turn asks it.
        understood: What its place is worked out from, where that is not the question.
        turn: Its number in the conversation; 0 for one that is not of it.
    """

    kind: Literal["question", "refusal", "miss"]
    question: str
    understood: str = ""
    turn: int = 0
    spots: tuple[Spot, ...] = ()


def marks_html(marks: Sequence[Mark]) -> str:
    """Marks as an element that nobody sees."""
    told = json.dumps([mark.model_dump() for mark in marks])
    return f'<pre class="pq-marks" hidden>{safe(told)}</pre>'


def answer_mark(answer: Answer, turn: int) -> Mark:
    """The mark of a question of the conversation, with what was quoted and what was found beside."""
    quoted = [
        Spot(post=one.post.id, start=one.start, number=number) for number, one in enumerate(answer.citations, start=1)
    ]
    found = [Spot(post=one.post.id, start=one.start) for one in answer.passages]
    return Mark(
        kind="question" if answer.answered else "refusal",
        question=answer.question,
        understood=answer.question_as_understood,
        turn=turn,
        spots=(*quoted, *found),
    )

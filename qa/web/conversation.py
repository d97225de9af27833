"""A question typed into the chat, and what is shown of its answer from moment to moment."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from index.errors import PostqaError
from index.filters import Filters, stated_filters
from qa.records import Answer
from qa.web.render import answer_html, error_html, finished_html, notice_html, pieces, question_html
from qa.web.sources import Turn, sources_html

_LOG = logging.getLogger(__name__)
_STEPS = 12
_PAUSE = 0.02  # seconds; steps times pause stay well under the 0.4 s that streaming may add
_KEPT = 30  # turns of one conversation
_BROKEN = "Something went wrong here, and the question was not answered. Please ask it again."


class Asks(Protocol):
    """Whatever answers questions: an Assistant, or a stand-in."""

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None) -> Answer:
        """Answer a question that may lean on earlier answers; a PostqaError says what is wrong with it."""


def converse(
    assistant: Asks, question: str, turns: tuple[Turn, ...], stated: Mapping[str, object] | None = None
) -> Iterator[tuple[Turn, ...]]:
    """The conversation with a new turn that grows: first the question alone, last the whole answer.

    A question that cannot be used, or a failure, becomes a message in the chat; nothing is raised.

    Args:
        stated: Filters as they were typed.
    """
    before = turns[-(_KEPT - 1) :]
    blank = Turn(_next_number(turns), question, question_html(question) if question.strip() else "")
    yield (*before, blank)
    try:
        filters = stated_filters(**(stated or {}))
        answer = assistant.ask(question, history=[turn.answer for turn in before if turn.answer], filters=filters)
    except PostqaError as error:
        yield (*before, replace(blank, reply_html=error_html(error)))
        return
    except Exception:  # a page that stands open must outlive a fault; the log says which it was
        _LOG.exception("a question could not be answered")
        yield (*before, replace(blank, reply_html=notice_html(_BROKEN)))
        return
    sources = sources_html(answer, blank.number)
    for reply in _growing(answer, blank.number):
        yield (*before, replace(blank, reply_html=reply, sources_html=sources, answer=answer))


def _growing(answer: Answer, number: int) -> Iterator[str]:
    if answer.answered:
        words = pieces(answer, number)
        step = max(1, -(-len(words) // _STEPS))
        for end in range(step, len(words), step):
            yield answer_html(words[:end])
            time.sleep(_PAUSE)
    yield finished_html(answer, number)


def _next_number(turns: tuple[Turn, ...]) -> int:
    return turns[-1].number + 1 if turns else 1

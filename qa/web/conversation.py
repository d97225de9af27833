"""A question typed into the chat, and what is shown of its answer from moment to moment."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from index.errors import PostqaError
from index.filters import Filters, stated_filters
from qa.answer import Answer
from qa.question.followup import MOST_TURNS
from qa.web.render import Piece, answer_html, error_html, live_html, notice_html, pieces
from qa.web.turns import Turn, Turns, next_number

_LOG = logging.getLogger(__name__)
_STEPS = 12
_PAUSE = 0.02  # seconds; steps times pause stay well under the 0.4 s that streaming may add
_SHOWN_EACH = 0.05  # seconds between two looks at words that come by themselves
_BROKEN = "Something went wrong here, and the question was not answered. Please ask it again."


class Asks(Protocol):
    """Whatever answers questions: an Assistant, a gate before one, or a stand-in."""

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None) -> Answer:
        """Answer a question that may lean on earlier answers; a PostqaError says what is wrong with it."""


class Streams(Asks, Protocol):
    """Whatever also answers word by word."""

    def stream(
        self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None
    ) -> Iterator[str | Answer]:
        """The words of an answer as they come, and at last the answer."""


@dataclass(frozen=True)
class Place:
    """Where in a conversation a question is asked: what stands before it stays, and so does what stands behind."""

    before: Turns = ()
    after: Turns = ()

    def around(self, turn: Turn) -> Turns:
        """The conversation with a turn in this place, the oldest turns dropped where it has too many."""
        return (*self.before, turn, *self.after)[-MOST_TURNS:]

    @property
    def turns(self) -> Turns:
        """The conversation without a turn in this place."""
        return (*self.before, *self.after)


@dataclass(frozen=True)
class Conversation:
    """Asks questions for the chat.

    Attributes:
        assistant: Answers them.
        suggest: Gives questions to go on with after an answer.
    """

    assistant: Streams
    suggest: Callable[[Answer], Sequence[str]] = field(default=lambda _: ())

    def ask(self, question: str, place: Place, stated: Mapping[str, object] | None = None) -> Iterator[Turns]:
        """The conversation with a new turn that grows: first the question alone, last the whole answer.

        A question that cannot be used, or a failure, becomes a message in the chat; nothing is raised.

        Args:
            place: Where the turn stands, and so which answers it may lean on.
            stated: Filters as they were typed.
        """
        blank = Turn(next_number(place.turns), question, stated=dict(stated or {}), is_whole=False)
        yield place.around(blank)
        for turn in self._growing(blank, [turn.answer for turn in place.before if turn.answer]):
            yield place.around(turn)

    def _growing(self, blank: Turn, history: Sequence[Answer]) -> Iterator[Turn]:
        try:
            filters = stated_filters(**blank.stated)
            answer: Answer | None = None
            has_begun = False
            for told in _timed(self.assistant.stream(blank.question, history=history, filters=filters)):
                if isinstance(told, Answer):
                    answer = told
                else:
                    has_begun = True
                    yield replace(blank, reply_html=live_html(told))
        except PostqaError as error:
            yield replace(blank, reply_html=error_html(error), is_whole=True)
        except Exception:  # a page that stands open must outlive a fault; the log says which it was
            _LOG.exception("a question could not be answered")
            yield replace(blank, reply_html=notice_html(_BROKEN), is_whole=True)
        else:
            if answer is not None:
                yield from self._finishing(replace(blank, answer=answer), has_begun=has_begun)

    def _finishing(self, turn: Turn, *, has_begun: bool) -> Iterator[Turn]:
        answer = turn.answer
        if answer and answer.answered and not has_begun:  # it was all there at once: the eye is led through it
            for words in _steps(pieces(answer, turn.number)):
                yield replace(turn, reply_html=answer_html(words))
                time.sleep(_PAUSE)
        yield turn
        questions = self.suggest(answer) if answer and answer.answered else ()
        yield replace(turn, suggestions=tuple(questions), is_whole=True)


def _timed(told: Iterator[str | Answer]) -> Iterator[str | Answer]:
    """The text so far, each time that a moment has passed since it was last shown; at last the answer."""
    text, shown = "", time.monotonic()
    for one in told:
        if isinstance(one, Answer):
            yield one
            return
        text += one
        if time.monotonic() - shown >= _SHOWN_EACH:
            yield text
            shown = time.monotonic()


def _steps(words: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    step = max(1, -(-len(words) // _STEPS))
    return (words[:end] for end in range(step, len(words), step))

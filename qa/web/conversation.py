"""A question typed into the chat, and the states of the conversation while it is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Protocol

from index.errors import PostqaError
from index.filters import Filters, stated_filters
from qa.answer import Answer
from qa.question.followup import MOST_TURNS
from qa.web.render import ask_all_html, error_html, notice_html, unfinished_html
from qa.web.turns import Turn, Turns, next_number

_LOG = logging.getLogger(__name__)
_UPDATE_SECONDS = 0.05  # between two updates while a language model writes
_FAILED = "Something went wrong here, and the question was not answered. Please ask it again."


class StreamingAssistant(Protocol):
    """What answers questions: an Assistant, a gate before one, or a stand-in."""

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None) -> Answer:
        """Answer a question that may refer to earlier answers; a PostqaError says what is wrong with it."""

    def stream(
        self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None
    ) -> Iterator[str | Answer]:
        """The words of an answer as they come, and at last the answer."""


@dataclass(frozen=True)
class Position:
    """Where in a conversation a question is asked: the turns before it and behind it stay."""

    before: Turns = ()
    after: Turns = ()

    def around(self, turn: Turn) -> Turns:
        """The conversation with a turn in this position, the oldest turns dropped where it has too many."""
        return (*self.before, turn, *self.after)[-MOST_TURNS:]


@dataclass(frozen=True)
class Conversation:
    """Asks questions for the chat.

    Attributes:
        suggest: Gives questions to go on with after an answer.
    """

    assistant: StreamingAssistant
    suggest: Callable[[Answer], Sequence[str]] = field(default=lambda _: ())

    def ask(self, question: str, position: Position, stated: Mapping[str, object] | None = None) -> Iterator[Turns]:
        """The conversation with a new turn that grows: first the question alone, last the whole answer.

        A question that cannot be used, or a failure, becomes a message in the chat; nothing is raised.

        Args:
            position: Where the turn stands, and so which answers it may refer to.
            stated: Filters as they were typed.
        """
        number = next_number((*position.before, *position.after))
        blank = Turn(number, question, stated=dict(stated or {}), is_whole=False)
        yield position.around(blank)
        for turn in self._answered(
            blank, [earlier.answer for earlier in position.before if earlier.answer is not None]
        ):
            yield position.around(turn)

    def _answered(self, turn: Turn, history: Sequence[Answer]) -> Iterator[Turn]:
        answer: Answer | None = None
        try:
            filters = stated_filters(**turn.stated)
            for update in _updates(self.assistant.stream(turn.question, history=history, filters=filters)):
                if isinstance(update, Answer):
                    answer = update
                else:
                    yield replace(turn, reply_html=unfinished_html(update))
        except PostqaError as error:
            everywhere = ask_all_html(turn.number) if turn.question.strip() and any(turn.stated.values()) else ""
            yield replace(turn, reply_html=error_html(error) + everywhere, is_whole=True)
        except Exception:  # an open page must go on after an error; the log has the traceback
            _LOG.exception("a question could not be answered")
            yield replace(turn, reply_html=notice_html(_FAILED), is_whole=True)
        if answer is not None:
            turn = replace(turn, answer=answer)
            yield turn
            suggestions = tuple(self.suggest(answer)) if answer.answered else ()
            yield replace(turn, suggestions=suggestions, is_whole=True)


def _updates(pieces: Iterator[str | Answer]) -> Iterator[str | Answer]:
    """The text so far, each time that it is worth an update; at last the answer."""
    text, shown = "", monotonic()
    for piece in pieces:
        if isinstance(piece, Answer):
            yield piece
            return
        text += piece
        if monotonic() - shown >= _UPDATE_SECONDS:
            yield text
            shown = monotonic()

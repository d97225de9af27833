"""Actions of the links below an answer: ask on, ask again, ask all posts, edit, vote."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from index.errors import PostqaError
from qa.answering.receipt import Receipt
from qa.web.conversation import Conversation, Position
from qa.web.turns import Turn, Turns

_LOG = logging.getLogger(__name__)
_VOTES = {"like": 1, "dislike": -1}


class Votes(Protocol):
    """Keeps votes on answers."""

    def vote(self, receipt: Receipt, vote: int, key: str) -> str:
        """Keep a vote, in place of an earlier one with the same key; gives its id."""

    def comment(self, vote_id: str, word: str) -> None:
        """Keep a comment on a vote."""


@dataclass(frozen=True)
class ChatState:
    """The chat after an action.

    Attributes:
        entry: The text of the question's field; None leaves it as it is, and `editing` with it.
        editing: The number of the turn that the next question replaces.
        voted: The id of a vote that a comment can be added to.
    """

    turns: Turns
    entry: str | None = None
    editing: int | None = None
    voted: str | None = None


@dataclass(frozen=True)
class Actions:
    """Performs the actions of a chat.

    Attributes:
        votes: Where votes are kept; None keeps none.
    """

    conversation: Conversation
    votes: Votes | None = None

    def perform(
        self, action: str, number: int, turns: Turns, stated: Mapping[str, object], text: str
    ) -> Iterator[ChatState]:
        """The chat as it changes; an unknown action or turn changes nothing.

        Args:
            number: Of the turn it is performed on.
            stated: The filters as they are typed now.
            text: The question, for a suggestion.
        """
        at = next((at for at, turn in enumerate(turns) if turn.number == number), None)
        if action == "ask":
            yield from self._ask(text, Position(turns), stated)
        elif at is not None and action == "retry":
            yield from self._ask(turns[at].question, Position(turns[:at], turns[at + 1 :]), turns[at].stated)
        elif at is not None and action == "all":
            yield from self._ask(turns[at].question, Position(turns), {})
        elif at is not None and action == "edit":
            yield ChatState(turns, entry=turns[at].question, editing=number)
        elif at is not None and action in _VOTES:
            yield self._vote(turns, at, _VOTES[action])
        else:
            yield ChatState(turns)

    def comment(self, voted: str | None, text: str) -> None:
        """Keep a comment on a vote, unless it is empty."""
        if self.votes is None or voted is None or not text.strip():
            return
        try:
            self.votes.comment(voted, text.strip())
        except PostqaError:
            _LOG.exception("a comment on an answer could not be kept")

    def _ask(self, question: str, position: Position, stated: Mapping[str, object]) -> Iterator[ChatState]:
        yield from map(ChatState, self.conversation.ask(question, position, stated))

    def _vote(self, turns: Turns, at: int, vote: int) -> ChatState:
        """A second vote of the same kind takes the first one back."""
        turn = replace(turns[at], vote=0 if turns[at].vote == vote else vote)
        vote_id = self._keep(turn)
        if vote_id is None:
            return ChatState(turns)
        return ChatState((*turns[:at], turn, *turns[at + 1 :]), voted=vote_id if turn.vote else None)

    def _keep(self, turn: Turn) -> str | None:
        if self.votes is None or turn.answer is None:
            return None
        try:
            return self.votes.vote(Receipt.of(turn.answer), turn.vote, turn.key)
        except PostqaError:
            _LOG.exception("a vote could not be kept")
            return None

"""What the links below an answer do: ask on, ask again, edit, vote."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from index.errors import PostqaError
from qa.answering.receipt import Receipt
from qa.web.conversation import Conversation, Place
from qa.web.turns import Turn, Turns

_LOG = logging.getLogger(__name__)
_VOTES = {"like": 1, "dislike": -1}


class Votes(Protocol):
    """Keeps what people think of answers."""

    def vote(self, receipt: Receipt, vote: int, key: str) -> str:
        """Keep a vote, in place of an earlier one with the same key; returns its key."""

    def comment(self, key: str, comment: str) -> None:
        """Keep a comment on a vote."""


@dataclass(frozen=True)
class After:
    """The chat after a deed.

    Attributes:
        entry: What stands in the question's field; None leaves it as it is, and what is edited with it.
        editing: The number of the turn that the next question replaces.
        voted: The id of a vote that a word can be added to.
    """

    turns: Turns
    entry: str | None = None
    editing: int | None = None
    voted: str | None = None


@dataclass(frozen=True)
class Deeds:
    """Does what a link asks for.

    Attributes:
        votes: Where votes are kept; None keeps none.
    """

    conversation: Conversation
    votes: Votes | None = None

    def done(self, deed: str, number: int, turns: Turns, stated: Mapping[str, object], text: str) -> Iterator[After]:
        """The chat as it changes; a deed or a turn that is not known changes nothing.

        Args:
            number: The turn it is done to.
            stated: The filters as they are typed now.
            text: The question, for a suggestion.
        """
        at = next((place for place, turn in enumerate(turns) if turn.number == number), None)
        if deed == "ask":
            yield from self._asked(text, Place(turns), stated)
        elif at is None:
            yield After(turns)
        elif deed == "retry":
            yield from self._asked(turns[at].question, Place(turns[:at], turns[at + 1 :]), turns[at].stated)
        elif deed == "edit":
            yield After(turns, entry=turns[at].question, editing=number)
        elif deed in _VOTES:
            yield self._voted(turns, at, _VOTES[deed])
        else:
            yield After(turns)

    def comment(self, voted: str | None, word: str) -> None:
        """Keep a word on a vote; an empty one is none."""
        if self.votes is None or voted is None or not word.strip():
            return
        try:
            self.votes.comment(voted, word.strip())
        except PostqaError:
            _LOG.exception("a word on an answer could not be kept")

    def _asked(self, question: str, place: Place, stated: Mapping[str, object]) -> Iterator[After]:
        for turns in self.conversation.ask(question, place, stated):
            yield After(turns)

    def _voted(self, turns: Turns, at: int, vote: int) -> After:
        """A second vote of the same kind takes the first one back."""
        turn = replace(turns[at], vote=0 if turns[at].vote == vote else vote)
        kept = self._kept(turn)
        if kept is None:
            return After(turns)
        return After((*turns[:at], turn, *turns[at + 1 :]), voted=kept if turn.vote else None)

    def _kept(self, turn: Turn) -> str | None:
        if self.votes is None or turn.answer is None:
            return None
        try:
            return self.votes.vote(Receipt.of(turn.answer), turn.vote, turn.key)
        except PostqaError:
            _LOG.exception("a vote could not be kept")
            return None

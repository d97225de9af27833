"""A conversation in the reader's own browser: kept as receipts, and proven anew before it is shown again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from index.errors import PostqaError
from index.reader import Index
from index.records import Record
from qa.answering.receipt import Receipt
from qa.web.turns import Turn, Turns

_MAX_LENGTH = 600_000  # characters: what a page sends when it is loaded must stay below a server's limit


class SavedTurn(Record):
    """A turn as a browser keeps it."""

    number: int
    receipt: Receipt
    stated: dict[str, str | list[str]]
    suggestions: tuple[str, ...]
    vote: int
    key: str


def saved(turns: Turns) -> list[dict[str, object]]:
    """The turns that have an answer, as plain values; of a long conversation the last that fit."""
    kept: list[dict[str, object]] = []
    length = 0
    for turn in reversed(turns):
        if turn.answer is None:
            continue
        values = SavedTurn(
            number=turn.number,
            receipt=Receipt.of(turn.answer),
            stated={name: value for name, value in turn.stated.items() if isinstance(value, str | list)},
            suggestions=tuple(turn.suggestions),
            vote=turn.vote,
            key=turn.key,
        ).model_dump(mode="json")
        length += len(json.dumps(values))
        if length > _MAX_LENGTH:
            break
        kept.insert(0, values)
    return kept


def restored(kept: Sequence[object], index: Index) -> Turns:
    """The turns whose every quote still stands in the posts; what is not such a turn is left out.

    Turns are numbered anew where two windows have added to a conversation.
    """
    turns: list[Turn] = []
    for values in kept:
        if turn := _restored(values, index):
            at_least = turns[-1].number + 1 if turns else 1
            turns.append(replace(turn, number=max(turn.number, at_least)))
    return tuple(turns)


def _restored(values: object, index: Index) -> Turn | None:
    try:
        kept = SavedTurn.model_validate(values)
        answer = kept.receipt.answer(index)
    except (ValidationError, PostqaError):
        return None
    fields = {name: value for name, value in kept if name != "receipt"}
    return Turn(question=answer.question, answer=answer, **fields)

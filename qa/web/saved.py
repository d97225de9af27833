"""A conversation in the reader's own browser: kept as receipts, and proven anew before it is shown again."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError

from index.errors import PostqaError
from index.reader import Index
from index.records import Record
from qa.answering.receipt import Receipt
from qa.web.turns import Turn, Turns

_MOST = 600_000  # characters: what a page sends at its start must stay below what a server takes


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
    size = 0
    for turn in reversed(turns):
        if turn.answer is None:
            continue
        one = SavedTurn(
            number=turn.number,
            receipt=Receipt.of(turn.answer),
            stated={name: value for name, value in turn.stated.items() if isinstance(value, str | list)},
            suggestions=tuple(turn.suggestions),
            vote=turn.vote,
            key=turn.key,
        ).model_dump(mode="json")
        size += len(json.dumps(one))
        if size > _MOST:
            break
        kept.insert(0, one)
    return kept


def restored(kept: Sequence[object], index: Index) -> Turns:
    """The turns whose every quote still stands in the posts; what is not a turn, or no longer true, is left out."""
    return tuple(turn for one in kept if (turn := _restored(one, index)))


def _restored(one: object, index: Index) -> Turn | None:
    try:
        kept = SavedTurn.model_validate(one)
        answer = kept.receipt.answer(index)
    except (ValidationError, PostqaError):
        return None
    return Turn(
        number=kept.number,
        question=answer.question,
        answer=answer,
        stated=kept.stated,
        suggestions=kept.suggestions,
        vote=kept.vote,
        key=kept.key,
    )

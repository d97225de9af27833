"""What one training step reads: questions, each with a window that answers and several that do not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.inputs import ReaderInput, reader_input
from qa.reading.windows import Unit, Window, cut_windows
from training.reader.shelf import Question, StoredPassage
from training.reader.tokens import Tokens

_BUDGETS = (48, 72, 104, 104, 128)  # tokens of a window's units: the reader must take windows of any size
_NEGATIVES = 4
_NO_CONTEXT = 0.1  # share of windows without title and headings
_ONLY_NEGATIVES = 0.12  # share of answerable questions that are shown without their answer
_REMOVED = 0.5  # share of questions shown the answering passage without its answer
_EASY = 0.15  # share of retrieved negatives drawn from the lower ranks


@dataclass(frozen=True)
class LabelledWindow:
    """An input, and of its scored units which answer and which are neither right nor wrong."""

    reads: ReaderInput
    gold: tuple[bool, ...]
    ignored: tuple[bool, ...]


Group = list[LabelledWindow]
"""The windows of one question."""


class GroupSampler:
    """Groups of windows, drawn anew at every step from nothing but the seed and the step's number.

    Args:
        questions: To draw from.
        passages: By the keys that the questions use.
        weights: How often each question is drawn, relative to the others.
        tokens: The reader's tokenizer.
        seed: Of the draws.
        near_misses: False shows every answerable question with its answer, and no texts marked as near misses.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        passages: dict[str, StoredPassage],
        weights: Sequence[float],
        tokens: Tokens,
        seed: int,
        *,
        near_misses: bool = True,
    ) -> None:
        self._questions = questions
        self._passages = passages
        self._weights = weights
        self._tokens = tokens
        self._seed = seed
        self._near_misses = near_misses

    def step(self, number: int, groups: int) -> list[Group]:
        """The groups of a step."""
        draw = random.Random(f"{self._seed}-{number}")
        chosen = draw.choices(self._questions, self._weights, k=groups)
        return [group for question in chosen if (group := self._group(question, draw))]

    def _group(self, question: Question, draw: random.Random) -> Group:
        asked = self._tokens.ids(_varied(question.question, draw))
        group: Group = []
        answered = bool(question.gold) and (draw.random() >= _ONLY_NEGATIVES or not self._near_misses)
        if answered:
            group += self._window(question, draw.choice(sorted(question.gold)), asked, draw, with_gold=True)
        removed = (not answered or draw.random() < _REMOVED) and self._near_misses
        for key in self._negatives(question, draw, removed=removed):
            group += self._window(question, key, asked, draw, with_gold=False)
        return group

    def _negatives(self, question: Question, draw: random.Random, *, removed: bool) -> list[str]:
        """Keys of passages to be shown without an answer, hardest kinds first."""
        keys = [draw.choice(sorted(question.gold))] if removed and question.gold else []
        keys += draw.sample(question.same, min(len(question.same), 2 if question.gold else 3))
        keys += draw.sample(question.near, min(len(question.near), 1 if self._near_misses else 0))
        retrieved = [candidate.key for candidate in question.retrieved if candidate.key not in keys]
        wanted = max(0, _NEGATIVES - len(keys))
        first, rest = retrieved[: 2 * wanted], retrieved[2 * wanted :]
        for _ in range(wanted):
            pool = rest if rest and (not first or draw.random() < _EASY) else first
            if pool:
                keys.append(pool.pop(draw.randrange(len(pool))))
        return keys[:_NEGATIVES]

    def _window(
        self, question: Question, key: str, asked: list[int], draw: random.Random, *, with_gold: bool
    ) -> list[LabelledWindow]:
        """One window of a passage; with the answer in it, or with the answer taken out of the passage."""
        passage = self._passages[key]
        gold = set(question.gold.get(key, ()))
        announcing = {at - 1 for at in gold if at and passage.units[at - 1].text.endswith(":")} - gold
        ignored = announcing | set(question.ignored.get(key, ()))
        left_out = set() if with_gold else gold | announcing
        places = [at for at in range(len(passage.units)) if at not in left_out]
        units = [replace(passage.units[at], start=at) for at in places]  # its place, to be found again in a window
        context = "" if draw.random() < _NO_CONTEXT else passage.context
        windows = cut_windows(context, units, self._tokens.ids, budget=draw.choice(_BUDGETS))
        if with_gold:
            windows = [window for window in windows if any(unit.start in gold for unit in window.units)]
        if not windows:
            return []
        window = draw.choice(windows)
        return [_labelled(reader_input(asked, window, self._tokens.special), window, gold, ignored)]


def _labelled(reads: ReaderInput, window: Window, gold: set[int], ignored: set[int]) -> LabelledWindow:
    scored: list[Unit] = [unit for unit in window.units if unit.is_scored]
    return LabelledWindow(
        reads, tuple(unit.start in gold for unit in scored), tuple(unit.start in ignored for unit in scored)
    )


def _varied(question: str, draw: random.Random) -> str:
    """Some questions without their question mark, as people type them."""
    return question.rstrip("? ") if draw.random() < 0.25 else question

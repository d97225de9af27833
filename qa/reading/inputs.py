"""Question and window as one input: `[CLS] question [SEP] title. sentences [SEP]`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from qa.reading.windows import Window

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_TOKENS = 40  # a longer question is cut


@dataclass(frozen=True)
class ReaderInput:
    """What the reader is given at once.

    Attributes:
        token_ids: The whole input.
        question: Half-open range of the question's tokens.
        units: Half-open ranges of the tokens of the scored units, in order.
    """

    token_ids: tuple[int, ...]
    question: tuple[int, int]
    units: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SpecialTokens:
    """Ids of the tokens around question and window."""

    cls: int
    sep: int

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Self:
        """Those of a BERT tokenizer.

        Raises:
            ValueError: The tokenizer has none.
        """
        first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        if first is None or last is None:
            raise ValueError("the tokenizer has no [CLS] or no [SEP]")
        return cls(first, last)


def reader_input(question: Sequence[int], window: Window, special: SpecialTokens) -> ReaderInput:
    """Join a question's token ids and a window."""
    asked = tuple(question[:QUESTION_TOKENS])
    front = (special.cls, *asked, special.sep)
    shift = len(front)
    units = tuple(
        (first + shift, last + shift)
        for unit, (first, last) in zip(window.units, window.ranges, strict=True)
        if unit.is_scored
    )
    return ReaderInput((*front, *window.token_ids, special.sep), (1, 1 + len(asked)), units)

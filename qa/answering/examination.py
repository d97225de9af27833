"""What an evaluation looks at: an answer with the passages behind it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer import Answer
from qa.records import Citation, Passage


@dataclass(frozen=True)
class Examination:
    """An answer and what an evaluation looks at beside it.

    Attributes:
        passages: The best of the posts, best first; more than an answer carries.
        quotes: What the answer quotes, or what a refusal held back.
        milliseconds: That the answer took, without the search for more passages.
    """

    answer: Answer
    passages: tuple[Passage, ...]
    quotes: tuple[Citation, ...] = ()
    milliseconds: float = 0.0

"""What is decided of a question and some passages: how far they answer it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer import Level
from qa.answering.citations import Quote
from qa.answering.reread import ReadFeatures
from qa.records import Passage


@dataclass(frozen=True)
class Decision:
    """How far the posts answer a question, and how sure that is.

    Attributes:
        passages: With their sentences as ranked for it.
        quotes: What they say to it, the best first.
        read: What the probability follows from where they were read.
    """

    level: Level
    probability: float
    passages: list[Passage]
    quotes: list[Quote]
    read: ReadFeatures | None = None

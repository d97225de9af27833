"""What is decided of a question and some passages: how far they answer it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer import Level
from qa.answering.reread import ReadFeatures
from qa.records import Passage


@dataclass(frozen=True)
class Decision:
    """How far the posts answer a question, how sure that is, and the passages with their sentences as ranked for it."""

    level: Level
    probability: float
    passages: list[Passage]
    quote_margin: float
    read: ReadFeatures | None = None

"""Settings of the online half: values only, unknown keys rejected, nothing built here."""

from __future__ import annotations

import os
from enum import StrEnum
from importlib.util import find_spec

from pydantic import Field

from index.errors import SettingsError
from index.settings import Settings

REFUSAL_COST = 29.0
"""What a needless refusal costs when a wrong answer, whose quotes the reader sees and can judge, costs 1."""

FOREIGN_REFUSAL_COST = 9.0
"""The same of a question in another language than the posts: the reader may not be able to judge the quotes."""

PRECISION = 0.85
"""The share right of what is shown as an answer, by which `qa calibrate` chooses its threshold."""

SHOWN = 0.93
"""The share of the answerable questions shown as an answer or as the nearest, by which it chooses the other one."""


class ReaderMode(StrEnum):
    """How much the reader reads: nothing, the windows with the best-ranked sentences, or all that were ranked."""

    OFF = "off"
    FAST = "fast"
    FULL = "full"


WINDOWS = {ReaderMode.OFF: 0, ReaderMode.FAST: 8, ReaderMode.FULL: 40}
"""Most windows that are read for a question: its time grows with them."""


def stated_reader() -> ReaderMode:
    """What `QA_READER` names; else fast where the reader is installed.

    Raises:
        SettingsError: It names something else than `off`, `fast` or `full`.
    """
    named = os.environ.get("QA_READER")
    if not named:
        return ReaderMode.FAST if find_spec("postqa_reader") else ReaderMode.OFF
    try:
        return ReaderMode(named)
    except ValueError:
        raise SettingsError(
            "not a mode of the reader", where="QA_READER", seen=named, remedy="Use off, fast or full."
        ) from None


class AskSettings(Settings):
    """How questions are answered.

    Attributes:
        max_question_characters: A longer question is refused before anything is computed.
        candidates: Chunks that each way of searching (passage, sentence, lexical) may put forward.
        evidence_depth: How many of the best passages have their sentences scored one by one.
        passages: How many passages an answer carries.
        quotes: Most quotes of an answer; the steps of a list count as one with the line that announces them.
        reader: Whether the best passages are read together with the question, and how many of them.
        threshold: Below this confidence an answer is a refusal; None means the fitted one.
        link_list_penalty: What is taken off the scores of a page that is a list of links.
        reranker: Folder of a cross-encoder, or name of a plug-in, that reads question and passage together; None
            means none.
        rerank_depth: How many of the best passages it reads; its time grows with them.
        rerank_weight: What its score of 1 adds to a passage's score, on the scale of the fitted weights.
    """

    max_question_characters: int = Field(default=2_000, gt=0)
    max_k: int = Field(default=1_000, gt=0)
    candidates: int = Field(default=50, gt=0)
    evidence_depth: int = Field(default=12, gt=0)
    passages: int = Field(default=8, gt=0)
    quotes: int = Field(default=3, ge=1, le=4)
    reader: ReaderMode = Field(default_factory=stated_reader)
    link_list_penalty: float = Field(default=10.0, ge=0, allow_inf_nan=False)
    threshold: float | None = Field(default=None, ge=0, le=1)
    reranker: str | None = None
    rerank_depth: int = Field(default=10, gt=0)
    rerank_weight: float = Field(default=10.0, ge=0, allow_inf_nan=False)

"""Settings of the online half: values only, unknown keys rejected, nothing built here."""

from __future__ import annotations

from pydantic import Field

from index.settings import Settings

REFUSAL_COST = 29.0
"""What a needless refusal costs when a wrong answer, whose quotes the reader sees and can judge, costs 1."""

FOREIGN_REFUSAL_COST = 9.0
"""The same of a question in another language than the posts: the reader may not be able to judge the quotes."""


class AskSettings(Settings):
    """How questions are answered.

    Attributes:
        max_question_characters: A longer question is refused before anything is computed.
        candidates: Chunks that each way of searching (passage, sentence, lexical) may put forward.
        evidence_depth: How many of the best passages have their sentences scored one by one.
        passages: How many passages an answer carries.
        quotes: Most quotes of an answer; the steps of a list count as one with the line that announces them.
        threshold: Below this confidence an answer is a refusal; None means the fitted one.
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
    threshold: float | None = Field(default=None, ge=0, le=1)
    reranker: str | None = None
    rerank_depth: int = Field(default=10, gt=0)
    rerank_weight: float = Field(default=10.0, ge=0, allow_inf_nan=False)

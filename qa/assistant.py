"""The whole way from a question to an answer, as one short class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from index.encoders import Encoder, load_encoder
from index.errors import QuestionError
from index.live import LiveIndex
from index.reader import Index
from index.records import Post
from qa.answer import choose_quotes
from qa.cite import cite, marked_text
from qa.followup import Turn, standalone
from qa.language import language_warning
from qa.query import Query, checked_question, understand
from qa.records import Answer, Passage
from qa.rerank import Reranker, load_reranker, rerank
from qa.retrieve import retrieve
from qa.settings import AskSettings
from qa.trigger import confidence
from qa.weights import Weights, weights_for

REFUSAL = "The posts do not say."
_NEAREST = 3


class Assistant:
    """Answers questions over one index; may be shared by threads.

    Args:
        index: An opened index, its folder, or None for the default folder.
        encoder: Instead of the one the index was built with; must be the same.
        weights: Instead of those that come with the package.
        reranker: Instead of the one that the settings name, which may be none.

    Raises:
        IndexMissing: There is no index; names the command that makes one.
        IndexCorrupt: The index is not as it was published.
        EncoderMismatch: The index was built by another encoder.
        EncoderError: The encoder or the reranker cannot be loaded.
    """

    def __init__(
        self,
        index: Index | str | Path | None = None,
        *,
        encoder: Encoder | None = None,
        settings: AskSettings | None = None,
        weights: Weights | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._live = LiveIndex(index)
        built = self.index.manifest
        self.encoder = encoder or load_encoder(built.settings.encoder, built.encoder.backend)
        self._live.require(self.encoder)
        self.settings = settings or AskSettings()
        self.weights = weights or weights_for(self.index.root, self.encoder.identity)
        named = self.settings.reranker
        self.reranker = reranker or (load_reranker(named) if named is not None else None)

    @property
    def index(self) -> Index:
        """The generation to answer from now; a new one is picked up when it is published."""
        return self._live.current()

    @property
    def encoder_name(self) -> str:
        """The encoder's name, for reports."""
        return self.encoder.identity.name

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question with quotes, or say that the posts do not.

        Args:
            question: In the words of whoever asks.
            history: Earlier answers (or only the questions) of the conversation, oldest first; a question
                that leans on them is understood with their subject.

        Raises:
            QuestionError: The question is empty or too long.
        """
        index = self.index  # one generation for the whole answer
        query = self._understood(question, history, index)
        wide = max(self.settings.passages, self.settings.weighed)
        passages = self._ranked(query, wide, index)
        sure = confidence(query, passages, self.weights)
        threshold = self.weights.threshold if self.settings.threshold is None else self.settings.threshold
        quotes = choose_quotes(query, passages, self.settings, self.weights.quote_margin)
        citations = cite(quotes) if sure >= threshold else ()
        return Answer(
            question=question.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be written
            question_as_understood=query.text,
            text=marked_text(citations) if citations else REFUSAL,
            answered=bool(citations),
            confidence=sure,
            citations=citations,
            passages=tuple(passages[: self.settings.passages]),
            nearest=() if citations else _nearest(passages),
            warnings=_warnings(query, index),
            generation=index.manifest.generation,
        )

    def search(self, question: str, k: int = 10) -> list[Passage]:
        """The k best passages, best first.

        Raises:
            QuestionError: The question is empty or too long, or k is not between 1 and the largest allowed.
        """
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= self.settings.max_k:
            raise QuestionError("k is out of range", where="k", seen=repr(k), remedy=f"Use 1 to {self.settings.max_k}.")
        index = self.index
        return self._ranked(self._understood(question, (), index), k, index)

    def close(self) -> None:
        """Let go of the index's files."""
        self._live.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _understood(self, question: str, history: Sequence[Turn], index: Index) -> Query:
        text = checked_question(question, self.settings.max_question_characters)
        return understand(standalone(text, history), self.encoder, index.lexical)

    def _ranked(self, query: Query, k: int, index: Index) -> list[Passage]:
        if self.reranker is None:
            return retrieve(query, index, self.weights, self.settings, k)
        depth, weight = self.settings.rerank_depth, self.settings.rerank_weight
        passages = retrieve(query, index, self.weights, self.settings, max(k, depth))
        return rerank(query.text, passages, self.reranker, weight, depth)[:k]


def _warnings(query: Query, index: Index) -> tuple[str, ...]:
    found = (language_warning(query.text, index.manifest.languages), index.degraded)
    return tuple(warning for warning in found if warning)


def _nearest(passages: list[Passage]) -> tuple[Post, ...]:
    posts = {passage.post.id: passage.post for passage in passages}
    return tuple(posts.values())[:_NEAREST]
